"""The right computation as a chain of small named stages, and slips: the same with a stage done in another way."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np

NUMBERS = "These are the numbers "


@dataclass(frozen=True, eq=False)
class Way:
    """How a stage is computed: a function, and the names of the arguments and stages whose values it is given."""

    function: Callable
    names: tuple[str, ...]

    @classmethod
    def of(cls, function: Callable) -> "Way":
        """Return the Way of a function whose parameters are called like what it is given."""
        return cls(function, tuple(inspect.signature(function).parameters))

    def each(self, rows: str, shared: tuple[str, ...]) -> "Way":
        """Return the Way that does this for each row of the value named `rows`; `shared` are the same for all rows."""

        def for_each(first, *values):
            values = (
                repeat(value) if name in shared else value for name, value in zip(self.names, values, strict=True)
            )
            return np.array([self.function(*row) for _, *row in zip(first, *values, strict=False)])

        return Way(for_each, (rows, *self.names))


@dataclass(eq=False)
class Diagnosis:
    """What a learner may have done: its name, a sentence with one next step, and where a lesson explains it.

    stage, ways : of a slip, the stage to which it belongs, and stage -> Way of what it does in another way.
    """

    name: str
    where: str
    stage: str = ""
    ways: Mapping[str, Way] = field(default_factory=dict)
    cause: str = ""

    def told(self, cause: str) -> None:
        """Set the sentence, which may have line breaks, or only what comes after NUMBERS, as in "if the mean ...".

        {Braces} are filled in with what was seen.
        """
        self.cause = " ".join((NUMBERS * cause.lstrip().startswith("if ") + cause).split())

    def say(self, **seen: object) -> str:
        """Return what a check tells: the likely cause, and where a lesson explains it."""
        return f"{self.cause.format(**seen) if seen else self.cause} Explained in {place(self.where)}."


def place(short: str) -> str:
    """Return in words where something is explained: "3.2 (1)" is lesson 3, section 2, equation (1)."""
    section, _, equation = short.partition(" ")
    return "lesson {}, section {}".format(*section.split(".")) + f", equation {equation}" * bool(equation)


@dataclass(frozen=True)
class Stage:
    """A stage, on which slips are hung."""

    name: str
    where: str
    slips: list[Diagnosis]

    def slip(self, name: str, function: Callable | None = None, where: str = "", **others: Callable) -> Diagnosis:
        """Add a slip and return it: `function` in place of this stage, and `others` in place of others.

        A function that has a parameter called like its own stage is given what that is without the slip.
        """
        ways = others | ({self.name: function} if function else {})
        ways = {stage: Way.of(other) for stage, other in ways.items()}
        self.slips.append(Diagnosis(name, where or self.where, self.name, ways))
        return self.slips[-1]


@dataclass(eq=False)
class Chain:
    """The stages of an exercise; a name that is none of them is an argument's."""

    ways: dict[str, Way] = field(default_factory=dict)
    _reaching: dict = field(default_factory=dict)

    def way(self, name: str, slips: tuple[Diagnosis, ...]) -> tuple[Way, list[tuple]]:
        """Return the Way of a stage, and (name, slips) of each value that it is given."""
        slip = next((slip for slip in slips if name in slip.ways), None)
        way = slip.ways[name] if slip else self.ways[name]
        without = tuple(other for other in slips if other is not slip)
        return way, [(needed, without if needed == name else slips) for needed in way.names]

    def reaching(self, name: str, slips: tuple[Diagnosis, ...]) -> tuple[Diagnosis, ...]:
        """Return those of the slips on which the value of a stage depends."""
        if not slips or name not in self.ways:
            return ()
        if (name, slips) not in self._reaching:
            found = {slip for slip in slips if name in slip.ways}
            found.update(*(self.reaching(*needed) for needed in self.way(name, slips)[1]))
            self._reaching[name, slips] = tuple(slip for slip in slips if slip in found)
        return self._reaching[name, slips]
