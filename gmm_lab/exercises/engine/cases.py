"""Examples on which a learner's function is run, and what it made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gmm_lab.exercises.engine.stages import Worked
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
    """What a learner's function made of a case, as named arrays, beside the right computation, `worked`.

    parts : part -> its stage.  agree(found, expected) : whether a part is right.
    """

    case: Case
    answer: object
    found: Mapping[str, np.ndarray]
    worked: Worked
    parts: Mapping[str, str]
    agree: Callable
    _agreed: dict = field(default_factory=dict)

    @cached_property
    def expected(self):
        return {part: np.asarray(self.worked.value(stage)) for part, stage in self.parts.items()}

    def agrees(self, part, slips=()):
        """Say whether a part is as it should be, or as it comes out with slips; a slip may lead nowhere."""
        key = part, self.worked.chain.reaching(self.parts[part], slips)
        if key not in self._agreed:
            try:
                other = np.asarray(self.worked.value(self.parts[part], slips))
                self._agreed[key] = self.agree(self.found[part], other)
            except (np.linalg.LinAlgError, Trouble):
                self._agreed[key] = False
        return self._agreed[key]


def close(found, expected):
    """Say whether two arrays agree to six digits; what isn't a number must be so in both."""
    return found.shape == expected.shape and np.allclose(found, expected, rtol=1e-6, atol=1e-9, equal_nan=True)


def random_covariance(rng, n_dimensions):
    """Return a covariance (D, D) that is tilted, and nowhere near 1."""
    root = rng.uniform(0.3, 1.2, (n_dimensions, n_dimensions)) * rng.choice([-1, 1], (n_dimensions, n_dimensions))
    return root @ root.T + 0.4 * np.eye(n_dimensions)
