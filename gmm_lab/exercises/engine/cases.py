"""Examples on which a learner's function is run, and what it made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gmm_lab.exercises.engine.stages import Diagnosis
from gmm_lab.exercises.engine.trouble import Trouble


@dataclass(frozen=True)
class Case:
    """An example: its name, the arguments, and what is new in it, told where an answer goes wrong here first.

    numbers : what to tell of its numbers where an answer goes wrong.  by_hand : what the right computation has on its
    way, to compare with where no cause is known.  may_raise : whether an error is right, too.  known : what stages can
    ask for besides arguments.
    """

    name: str
    arguments: tuple
    new: str
    numbers: str = ""
    by_hand: str = ""
    may_raise: bool = False
    known: Mapping[str, object] = field(default_factory=dict)


@dataclass(eq=False)
class Run:
    """What a learner's function made of a case of an exercise, as named arrays, beside the right computation.

    answer : what it returned.  printed : the end of what it printed.  values : (name, slips) -> value of an argument
    or stage with these slips, each computed once, when it is needed.
    """

    exercise: Any
    case: Case
    found: Mapping[str, np.ndarray]
    answer: object = None
    printed: str = ""
    values: dict = field(default_factory=dict)
    _agreed: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = dict(zip(self.exercise.arguments, self.case.arguments, strict=True)) | self.case.known
        self.values = self.values or {(name, ()): value for name, value in given.items()}

    def value(self, name: str, slips: tuple[Diagnosis, ...] = ()) -> Any:
        """Return the value of a stage, or of an argument, with slips or as it is right."""
        key = name, self.exercise.chain.reaching(name, slips)
        if key not in self.values:
            way, needs = self.exercise.chain.way(*key)
            with np.errstate(all="ignore"):
                self.values[key] = way.function(*[self.value(*needed) for needed in needs])
        return self.values[key]

    @cached_property
    def expected(self) -> dict[str, np.ndarray]:
        """What the parts should be: part -> array."""
        return {part: np.asarray(self.value(stage)) for part, (stage, *_) in self.exercise.parts.items()}

    def agrees(self, part: str, slips: tuple[Diagnosis, ...] = ()) -> bool:
        """Say whether a part is as it should be, or as it comes out with slips; these may lead nowhere."""
        stage = self.exercise.parts[part][0]
        key = part, self.exercise.chain.reaching(stage, slips)
        if key not in self._agreed:
            try:
                self._agreed[key] = self.exercise.agree(self.found[part], np.asarray(self.value(stage, slips)))
            except (np.linalg.LinAlgError, Trouble):
                self._agreed[key] = False
        return self._agreed[key]


def close(found: np.ndarray, expected: np.ndarray) -> bool:
    """Say whether two arrays agree to six digits; what isn't a number must be so in both."""
    return found.shape == expected.shape and np.allclose(found, expected, rtol=1e-6, atol=1e-9, equal_nan=True)


def random_covariance(rng: np.random.Generator, n_dimensions: int) -> np.ndarray:
    """Return a covariance (D, D) that is tilted, and nowhere near 1."""
    root = rng.uniform(0.3, 1.2, (n_dimensions, n_dimensions)) * rng.choice([-1, 1], (n_dimensions, n_dimensions))
    return root @ root.T + 0.4 * np.eye(n_dimensions)
