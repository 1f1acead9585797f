"""An exercise: examples, the right computation in stages, and slips beside the sentences that tell of them.

A diagnosis rests on what an answer *does*. A slip is the right computation with one stage done in another way; if a
learner's numbers are those of a slip, on every example, then that is the diagnosis:

    means = exercise.stage("means", lambda sums, counts: sums / counts[:, None])
    means.slip("mean not divided", lambda sums: sums).told("This is the weighted sum, not yet divided. ...")
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from gmm_lab.exercises.engine.cases import close
from gmm_lab.exercises.engine.checking import Check
from gmm_lab.exercises.engine.stages import Chain, Diagnosis, Stage, Way
from gmm_lab.exercises.engine.verdict import NOT_ATTEMPTED, Verdict


@dataclass(eq=False, repr=False)
class Exercise:
    """A check: called with a learner's function, it returns a Verdict.

    name : what `check` calls it.  signature : how the learner's function is called.  where : where it is explained.
    parts : what is compared: how it is called -> its stage, and the names of its axes.
    cases(rng) : examples, the tiniest first.  read(answer, array, *arguments) : part -> array; raises Trouble. For a
    part `array(part, value, name)` turns a value into an array, of the shape that is expected.
    agree(found, expected) : whether a part is right.  hints : one in a paragraph.
    """

    name: str
    signature: str
    where: str
    parts: Mapping[str, tuple[str, ...]]
    cases: Callable
    read: Callable
    agree: Callable = close
    hints: str = ""
    chain: Chain = field(default_factory=Chain)
    slips: list[Diagnosis] = field(default_factory=list)
    sights: dict[str, Diagnosis] = field(default_factory=dict)
    look: Callable = lambda runs: None
    _hints_told: int = field(default=0, init=False)

    def stage(self, name, function, where=""):
        """Add a stage, whose function has parameters that are called like arguments and other stages."""
        self.chain.ways[name] = Way.of(function)
        return Stage(name, where or self.where, self.slips)

    def borrow(self, other, but, rows, shared):
        """Add the stages of another exercise with their slips, done for each row of what is named `rows`.

        but : the stage that is taken without its slips.  shared : names of what is the same for all rows.
        """
        self.chain.ways.update({name: way.each(rows, shared) for name, way in other.chain.ways.items()})
        for slip in (slip for slip in other.slips if slip.stage != but):
            ways = {name: way.each(rows, shared) for name, way in slip.ways.items()}
            self.slips.append(Diagnosis(slip.name, slip.where, slip.stage, ways, slip.cause))

    def sight(self, name, where=""):
        """Add a diagnosis that rests on a property of an answer, and return it; `seen` finds it."""
        self.sights[name] = Diagnosis(name, where or self.where)
        return self.sights[name]

    def seen(self, look):
        """Set the function that looks at runs, also at right ones: it returns a sight and what was seen, or None."""
        self.look = look
        return look

    def fitting(self, runs, parts):
        """Return the slip, or the two of different stages, that give these parts of every run, or ()."""
        pairs = itertools.combinations(self.slips, 2)
        pairs = (pair for pair in pairs if pair[0].stage != pair[1].stage and not pair[0].ways.keys() & pair[1].ways)
        for slips in itertools.chain(zip(self.slips, strict=True), pairs):
            if all(run.agrees(part, slips) for run in runs for part in parts):
                return slips
        return ()

    def __repr__(self):
        return f"<Exercise {self.name}: check.{self.name}({self.function_name}), check.{self.name}.hint()>"

    @property
    def function_name(self):
        return self.signature.partition("(")[0]

    @cached_property
    def arguments(self):
        """What the arguments are called."""
        names = self.signature.partition("(")[2].rstrip(")").split(",")
        return [name.partition("=")[0].strip() for name in names]

    @cached_property
    def axes(self):
        """The names of the axes of each part."""
        return {part: tuple(axes) for part, (_, *axes) in self.parts.items()}

    def hint(self) -> Verdict:
        """Return the hints that were given before, and one more."""
        hints = [" ".join(hint.split()) for hint in self.hints.split("\n\n")]
        self._hints_told = min(self._hints_told + 1, len(hints))
        told = [f"Hint {n} of {len(hints)}: {hint}" for n, hint in enumerate(hints, 1)][: self._hints_told]
        if self._hints_told == len(hints):
            told.append("That was the last hint. A solution is folded under the exercise.")
        return Verdict(NOT_ATTEMPTED, tuple(told))

    def __call__(self, function) -> Verdict:
        """Say whether `function` is right, wrong and how, or not attempted yet."""
        return Check(self, function).verdict()
