"""An exercise: examples on which a learner's function is run, and a verdict on what it made of them.

A diagnosis rests on what an answer *does*. A slip is the right computation with one stage done in another way; if a
learner's numbers are those of a slip, on every example, then that is the diagnosis.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from gmm_lab.exercises import defining, diagnoses, reading, telling, trouble
from gmm_lab.exercises.cases import Run, close
from gmm_lab.exercises.running import call
from gmm_lab.exercises.trouble import Trouble
from gmm_lab.exercises.verdict import NOT_ATTEMPTED, RIGHT, WRONG, Verdict


@dataclass(eq=False, repr=False)
class Exercise:
    """A check: called with a learner's function, it returns a Verdict.

    name : what `check` calls it.  signature : how the learner's function is called.  axes : part -> names of its axes.
    cases(rng) : examples, the tiniest first.  read(answer, case) : part -> array; raises Trouble.
    solve(*arguments, **ways) : the same by the right computation, or with a stage done in another way.
    slips : stage -> names of these ways.  look(runs) : name of a diagnosis of another kind and what was seen, or None;
    it is asked about right numbers, too.
    """

    name: str
    signature: str
    axes: Mapping[str, tuple[str, ...]]
    cases: Callable
    read: Callable
    solve: Callable
    slips: Mapping[str, tuple[str, ...]]
    look: Callable = lambda runs: None
    agree: Callable = close
    _hints_told: int = field(default=0, init=False)

    def __repr__(self):
        return f"<Exercise {self.name}: check.{self.name}({self.function_name}), check.{self.name}.hint()>"

    @property
    def function_name(self):
        return self.signature.partition("(")[0]

    def hint(self) -> Verdict:
        """Return the hints that were given before, and one more."""
        hints = diagnoses.TEXTS[self.name]["hints"]
        self._hints_told = min(self._hints_told + 1, len(hints))
        told = [f"Hint {n} of {len(hints)}: {hint}" for n, hint in enumerate(hints, 1)][: self._hints_told]
        if self._hints_told == len(hints):
            told.append("That was the last hint. A solution is folded under the exercise.")
        return Verdict(NOT_ATTEMPTED, tuple(told))

    def __call__(self, function) -> Verdict:
        """Say whether `function` is right, wrong and how, or not attempted yet."""
        runs, case = [], None
        try:
            trouble.require_function(function, f"check.{self.name}", self.signature)
            defining.require_current(function)
            for case in self.cases(np.random.default_rng()):
                answer = self._answer(function, case)
                if reading.unfinished(answer):
                    return self._not_attempted()
                if answer is not Exception:
                    runs.append(Run(case, answer, self._read(answer, case, runs), self.solve(*case.arguments)))
            if not reading.alike(runs[-1].answer, call(function, runs[-1].case.arguments)):
                return self._troubled(trouble.changing_answers(), runs, case)
        except Trouble as found:
            verdict = self._wrong(runs)
            told_more = found.refused or found.name != "raises"  # than a verdict that names no cause
            vague = verdict is None or (verdict.diagnosis == telling.OTHER and told_more)
            return self._troubled(found, runs, case) if vague else verdict
        return self._wrong(runs) or self._seen(runs) or self._right(runs, function)

    def _answer(self, function, case):
        """Return the answer to a case; Exception where there is an error, and that is a right answer, too."""
        try:
            return call(function, case.arguments)
        except Trouble as found:
            if found.name == "raises" and case.may_raise:
                return Exception
            raise

    def _read(self, answer, case, runs):
        try:
            return self.read(answer, case)
        except Trouble as found:
            if runs and reading.alike(answer, runs[-1].answer):
                raise trouble.same_answers() from None
            raise found

    def _wrong(self, runs):
        """Return the verdict on the first run that went wrong; None where all went well."""
        first = next((run for run in runs if self._parts_that_differ(run)), None)
        if first is None:
            return None
        part = self._parts_that_differ(first)[0]
        name, told = self._diagnosis(runs, first, part)
        seen = telling.difference(part, first.found[part], first.expected[part], self.axes[part])
        told = (f"Not yet. {seen} Example: {first.case.name}. {first.case.numbers}".rstrip(), *told, self._closer())
        return Verdict(WRONG, told, None, name, first.case.arguments)

    def _seen(self, runs):
        """Return the verdict on what is not right although all its numbers are; None where there is nothing."""
        seen = self.look(runs)
        if seen is None:
            return None
        told = (f"Not yet. {self._told(seen[0], **seen[1])}", self._closer())
        return Verdict(WRONG, told, None, seen[0], runs[0].case.arguments)

    def _parts_that_differ(self, run):
        return [part for part in run.expected if not self.agree(run.found[part], run.expected[part])]

    def _diagnosis(self, runs, first, part):
        """Return the name of what went wrong, and the paragraphs that tell it."""
        if len(runs) > 1 and all(reading.alike(run.answer, runs[0].answer) for run in runs):
            same = trouble.same_answers()
            return same.name, same.told
        for parts in (first.expected, [part]):
            names = diagnoses.fitting(self.slips, runs, parts, self.solve, self.agree)
            if names:
                more = [
                    f"That is one of two things; the other, “{name}”, comes when this is mended." for name in names[1:]
                ]
                return names[0], [self._told(names[0]), *more]
        common = telling.in_common(runs, part)
        if common:
            return telling.OTHER, [common]
        seen = self.look(runs)
        if seen:
            return seen[0], [self._told(seen[0], **seen[1])]
        return telling.OTHER, [telling.of_another_kind(runs, first, part, self.axes[part], self.agree)]

    def _told(self, diagnosis, **seen):
        return diagnoses.told(self.name, diagnosis, **seen)

    def _troubled(self, found, runs, case):
        """Return the verdict on an answer that could not be compared, or not to the end."""
        if found.refused and found.refused.keys() == self.axes.keys():
            verdict = self._refused(found.refused, runs, case)
            if verdict:
                return verdict
        told = (f"Not yet. {found.told[0]}", *found.told[1:])
        if case is None:
            return Verdict(WRONG, told, None, found.name)
        closer = "" if found.name == trouble.TOO_LONG else self._closer()
        happened = " ".join(filter(None, [f"It happened with this example: {case.name}.", case.numbers, closer]))
        return Verdict(WRONG, (*told, happened), None, found.name, case.arguments)

    def _refused(self, parts, runs, case):
        """Return the verdict on the parts of a mixture that could not be made; None where they are right."""
        expected = self.solve(*case.arguments)
        try:
            for part, array in parts.items():
                reading.array(array, f"`{part.removeprefix('the ')}s`", expected[part].shape, self.axes[part])
        except Trouble as shape:
            return self._troubled(shape, runs, case)
        return self._wrong([*runs, Run(case, ..., parts, expected)])

    def _closer(self):
        return f"To look closer, run `{self.function_name}(*verdict.example)`."

    def _not_attempted(self):
        told = (
            f"Not attempted yet, or not to the end: three dots are left in `{self.function_name}`. Replace them, run"
            " its cell, then this one again.",
            f"Stuck? `check.{self.name}.hint()` gives a hint, and one more each time. A solution is folded under the"
            " exercise.",
        )
        return Verdict(NOT_ATTEMPTED, told)

    def _right(self, runs, function):
        names = "; ".join(dict.fromkeys(run.case.name for run in runs))
        return Verdict(RIGHT, ("Right.", f"Checked on: {names}."), function)
