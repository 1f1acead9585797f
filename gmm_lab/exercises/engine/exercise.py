"""An exercise: examples, the right computation in stages, and slips beside the sentences that tell of them.

A diagnosis rests on what an answer *does*. A slip is the right computation with one stage done in another way; if a
learner's numbers are those of a slip, on every example, then that is the diagnosis:

    means = exercise.stage("means", lambda sums, counts: sums / counts[:, None])
    means.slip("mean not divided", lambda sums: sums).told("This is the weighted sum, not yet divided. ...")
"""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from gmm_lab.exercises.engine.cases import Run, close
from gmm_lab.exercises.engine.checking import Check
from gmm_lab.exercises.engine.stages import Chain, Diagnosis, Stage, Way
from gmm_lab.exercises.engine.trouble import Trouble
from gmm_lab.exercises.engine.verdict import NOT_ATTEMPTED, Verdict

Parts: TypeAlias = Mapping[str, np.ndarray]
Reader: TypeAlias = Callable[
    [str, Any, str], np.ndarray
]  # (part, value, what to call it) -> an array of the right shape


@dataclass(eq=False, repr=False)
class Exercise:
    """A check: called with a learner's function, it returns a Verdict.

    name : what `check` calls it.  signature : how the learner's function is called.  where : where it is explained,
    "3.2 (1)" for lesson 3, section 2, equation (1).
    parts : what is compared: how it is called -> its stage, and the names of its axes.
    cases(rng) : examples, the tiniest first.  read(answer, array, *arguments) : the Parts of an answer, by means of a
    Reader; raises Trouble.
    agree(found, expected) : whether a part is right.  hints : topic, a part where there are several -> hints, one in a
    paragraph.
    """

    name: str
    signature: str
    where: str
    parts: Mapping[str, tuple[str, ...]]
    cases: Callable
    read: Callable
    agree: Callable = close
    hints: Mapping[str, str] = field(default_factory=dict)
    chain: Chain = field(default_factory=Chain)
    slips: list[Diagnosis] = field(default_factory=list)
    sights: dict[str, Diagnosis] = field(default_factory=dict)
    look: Callable = lambda runs: None

    def __post_init__(self) -> None:
        self.function_name, _, names = self.signature.rstrip(")").partition("(")
        self.arguments = [name.partition("=")[0].strip() for name in names.split(",")]
        self.axes = {part: tuple(axes) for part, (_, *axes) in self.parts.items()}
        self._stuck_at, self._hints_told = None, {}

    def stage(self, name: str, function: Callable, where: str = "") -> Stage:
        """Add a stage, whose function has parameters that are called like arguments and other stages."""
        self.chain.ways[name] = Way.of(function)
        return Stage(name, where or self.where, self.slips)

    def borrow(self, other: "Exercise", but: str, rows: str, shared: tuple[str, ...]) -> None:
        """Add the stages of another exercise with their slips, done for each row of what is named `rows`.

        but : the stage that is taken without its slips.  shared : names of what is the same for all rows.
        """
        self.chain.ways.update({name: way.each(rows, shared) for name, way in other.chain.ways.items()})
        for slip in (slip for slip in other.slips if slip.stage != but):
            ways = {name: way.each(rows, shared) for name, way in slip.ways.items()}
            self.slips.append(Diagnosis(slip.name, slip.where, slip.stage, ways, slip.cause))

    def sight(self, name: str, where: str = "") -> Diagnosis:
        """Add a diagnosis that rests on a property of an answer, and return it; `seen` finds it."""
        self.sights[name] = Diagnosis(name, where or self.where)
        return self.sights[name]

    def trouble(self, name: str, **seen: object) -> Trouble:
        """Return the Trouble that tells of a sight, where an answer can't be read because of it."""
        return Trouble(name, self.sights[name].say(**seen))

    def seen(self, look: Callable) -> Callable:
        """Set the function that looks at runs, also at right ones: it returns the Trouble that tells it, or None."""
        self.look = look
        return look

    def fitting(self, runs: list[Run], parts: Iterable[str], right: Iterable[str] = ()) -> tuple[Diagnosis, ...]:
        """Return the slip, or the two of different stages, that give these parts of every run, or ().

        right : parts that are as they should be, so that no slip of theirs is told.
        """
        stages = {self.parts[part][0] for part in right}
        possible = [slip for slip in self.slips if not stages & slip.ways.keys()]
        pairs = itertools.combinations(possible, 2)
        pairs = (pair for pair in pairs if pair[0].stage != pair[1].stage and not pair[0].ways.keys() & pair[1].ways)
        for slips in itertools.chain(zip(possible, strict=True), pairs):
            if all(run.agrees(part, slips) for run in runs for part in parts):
                return slips
        return ()

    def __repr__(self) -> str:
        return f"<Exercise {self.name}: check.{self.name}({self.function_name}), check.{self.name}.hint()>"

    def hint(self, topic: str | None = None) -> Verdict:
        """Return the hints on a topic that were given before, and one more.

        topic : where it is not given, the part that the last check found wrong, or the first.
        """
        topics = list(self.hints)
        topic = topic or (self._stuck_at if self._stuck_at in topics else topics[0])
        if topic not in topics:
            return Verdict(NOT_ATTEMPTED, (f"There are hints on {', '.join(topics)}.",))
        hints = [" ".join(hint.split()) for hint in self.hints[topic].split("\n\n")]
        count = self._hints_told[topic] = min(self._hints_told.get(topic, 0) + 1, len(hints))
        told = [f"Hint {n} of {len(hints)} on {topic}: {hint}" for n, hint in enumerate(hints[:count], 1)]
        others = [f'`check.{self.name}.hint("{other}")`' for other in topics if other != topic]
        if count == len(hints):
            told.append("That was the last hint on that. A solution is folded under the exercise.")
        return Verdict(NOT_ATTEMPTED, (*told, *["\n".join(["On other parts:", *others])] * bool(others)))

    def __call__(self, *given: object) -> Verdict:
        """Say whether the function that is given is right, wrong and how, or not attempted yet."""
        check = Check(self, given)
        verdict = check.verdict()
        self._stuck_at = check.part
        return verdict
