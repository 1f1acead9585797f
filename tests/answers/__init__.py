"""What learners write: right answers in different styles, and wrong ones with the name of their slip.

Each is written as a learner would write it, from the lesson's formulas, and shares no code with the checks.
"""

from answers import e_step, frame, log_density, log_sum_exp, loop, m_step, radius, restarts, sample  # noqa: F401
from answers.registry import RIGHT, WRONG

__all__ = ["RIGHT", "WRONG"]
