"""What runs a learner's function, reads its answer, searches for a slip that explains it, and tells what was found.

An exercise uses what is named here, and need not know the rest.
"""

from gmm_lab.exercises.engine import reading
from gmm_lab.exercises.engine.cases import Case, Run, random_covariance
from gmm_lab.exercises.engine.exercise import Exercise, Parts, Reader
from gmm_lab.exercises.engine.trouble import Trouble

__all__ = ["Case", "Exercise", "Parts", "Reader", "Run", "Trouble", "random_covariance", "reading"]
