"""The right computation as a chain of small named stages, and slips: the same with a stage done in another way."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np


@dataclass(frozen=True, eq=False)
class Way:
    """How a stage is computed: a function, and the names of the arguments and stages whose values it is given."""

    function: Callable
    names: tuple[str, ...]

    @classmethod
    def of(cls, function):
        """Return the way that `function` is, whose parameters are called like the stages that it needs."""
        return cls(function, tuple(inspect.signature(function).parameters))

    def each(self, rows, shared):
        """Return the way that does it for each row of what is named `rows`, with rows of what isn't shared."""

        def for_each(first, *values):
            columns = [
                repeat(value) if name in shared else value for name, value in zip(self.names, values, strict=True)
            ]
            return np.array([self.function(*row) for _, *row in zip(first, *columns, strict=False)])

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

    def told(self, cause):
        """Set the sentence, which may have line breaks. {braces} are filled in with what was seen."""
        self.cause = " ".join(cause.split())

    def say(self, **seen):
        """Return what a check tells: the likely cause, and where a lesson explains it."""
        return f"{self.cause.format(**seen) if seen else self.cause} Explained in {self.where}."


@dataclass(frozen=True)
class Stage:
    """A stage, to hang slips on."""

    name: str
    where: str
    slips: list[Diagnosis]

    def slip(self, name, function=None, where="", **others):
        """Add a slip and return it: here `function` is done instead of the stage, and others instead of others.

        A function with a parameter that is called like its own stage is given what the stage is without the slip.
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

    def way(self, name, slips):
        """Return how a stage is computed, and the slips with which each of the values that it needs is."""
        slip = next((slip for slip in slips if name in slip.ways), None)
        way = slip.ways[name] if slip else self.ways[name]
        without = tuple(other for other in slips if other is not slip)
        return way, [(needed, without if needed == name else slips) for needed in way.names]

    def reaching(self, name, slips):
        """Return those of the slips on which the value of a stage depends."""
        if not slips or name not in self.ways:
            return ()
        if (name, slips) not in self._reaching:
            found = {slip for slip in slips if name in slip.ways}
            found.update(*(self.reaching(*needed) for needed in self.way(name, slips)[1]))
            self._reaching[name, slips] = tuple(slip for slip in slips if slip in found)
        return self._reaching[name, slips]


@dataclass(eq=False)
class Worked:
    """The stages of an exercise, computed from `arguments`, right or with slips, each once and when it is needed."""

    chain: Chain
    arguments: Mapping[str, object]
    _known: dict = field(default_factory=dict)

    def value(self, name, slips=()):
        """Return the value of a stage, or of an argument, with the slips."""
        if name in self.arguments:
            return self.arguments[name]
        slips = self.chain.reaching(name, slips)
        if (name, slips) not in self._known:
            way, needs = self.chain.way(name, slips)
            values = [self.value(*needed) for needed in needs]
            with np.errstate(all="ignore"):
                self._known[name, slips] = way.function(*values)
        return self._known[name, slips]
