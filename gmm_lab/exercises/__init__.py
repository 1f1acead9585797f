"""Exercises that say what went wrong, and predictions that are kept.

`check.e_step(my_e_step)` checks a learner's function; `check.e_step.hint()` gives one hint more each time.
"""

from types import SimpleNamespace

from gmm_lab.exercises.averages import m_step
from gmm_lab.exercises.best_of import restarts
from gmm_lab.exercises.densities import log_density
from gmm_lab.exercises.frames import frame
from gmm_lab.exercises.log_sums import log_sum_exp
from gmm_lab.exercises.loops import loop
from gmm_lab.exercises.predictions import predict
from gmm_lab.exercises.radii import radius
from gmm_lab.exercises.responsibilities import e_step
from gmm_lab.exercises.sampling import sample
from gmm_lab.exercises.verdict import Verdict

__all__ = ["Verdict", "check", "predict"]

check = SimpleNamespace(
    **{
        exercise.name: exercise
        for exercise in (sample, radius, log_density, log_sum_exp, e_step, m_step, loop, restarts, frame)
    }
)
