"""Exercises that say what went wrong, and predictions that are kept.

`check.e_step(my_e_step)` checks a learner's function; `check.e_step.hint()` gives one hint more each time.
`keep(my_e_step)` writes it into a file when it is right, and `kept` reads it in later lessons.
There is a module for each exercise, and `engine` runs them.
"""

from importlib import import_module
from types import SimpleNamespace

from gmm_lab.exercises.engine.verdict import Verdict
from gmm_lab.exercises.keeping import keep, kept
from gmm_lab.exercises.predictions import predict

__all__ = ["Verdict", "check", "keep", "kept", "predict"]

NAMES = ("sample", "radius", "log_density", "log_sum_exp", "e_step", "m_step", "loop", "restarts", "frame")
check = SimpleNamespace(**{name: import_module(f"{__name__}.{name}").exercise for name in NAMES})
