"""Examples on which a learner's function is run, and what it made of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Case:
    """An example: its name, the arguments, and what is new in it, told where an answer goes wrong here first.

    numbers : what to tell of its numbers where an answer goes wrong.  by_hand : what the right computation has on its
    way, to compare with where no cause is known.  may_raise : whether an error is right, too.
    """

    name: str
    arguments: tuple
    new: str
    numbers: str = ""
    by_hand: str = ""
    may_raise: bool = False


@dataclass(frozen=True, eq=False)
class Run:
    """What a learner's function made of a case, as named arrays, and what was expected."""

    case: Case
    answer: object
    found: Mapping[str, np.ndarray]
    expected: Mapping[str, np.ndarray]


def close(found, expected):
    """Say whether two arrays agree to six digits; what isn't a number must be so in both."""
    return found.shape == expected.shape and np.allclose(found, expected, rtol=1e-6, atol=1e-9, equal_nan=True)
