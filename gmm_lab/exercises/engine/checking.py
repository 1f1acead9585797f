"""Checking one function: it is run on examples, and what comes of that makes the verdict."""

from typing import Any

import numpy as np

from gmm_lab.exercises.engine import defining, reading, running, telling
from gmm_lab.exercises.engine.cases import Run
from gmm_lab.exercises.engine.stopping import COMPUTES, WAITS, Clocks, TooLong
from gmm_lab.exercises.engine.trouble import Trouble, in_brief, require_function
from gmm_lab.exercises.engine.verdict import NOT_ATTEMPTED, RIGHT, WRONG, Verdict
from gmm_lab.exercises.engine.words import RAISES, UNFINISHED


class Check:
    """A check by an exercise of what was `given`: `runs` on the examples so far, the `case` and `part` in question."""

    def __init__(self, exercise: Any, given: tuple) -> None:
        self.exercise, self.given = exercise, given
        self.runs, self.case, self.part, self.printed = [], None, None, running.Printed()

    def verdict(self) -> Verdict:
        """Return the verdict: right, wrong and how, or not attempted yet."""
        with running.quietly() as self.printed:
            try:
                with Clocks(running.SECONDS, running.PATIENCE) as clocks:
                    found = self._judged()
            except TooLong:
                limit = running.SECONDS if clocks.ran_out == COMPUTES else running.PATIENCE
                found = Trouble(clocks.ran_out, seconds=limit)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # whatever an answer does when it is looked at
                found = Trouble("unreadable", error=in_brief(error))
            return self._told(found) if found else self._right()

    def _judged(self):
        """Return the Trouble with an answer; None where all is right."""
        try:
            self._run(require_function(self.given, self.exercise))
        except Trouble as found:
            wrong = self._wrong(self.runs)
            vague = wrong is None or (wrong.name == telling.OTHER and (found.parts or found.name != RAISES))
            return (self._refused(found.parts) or found) if vague or found.name == "remembers" else wrong
        return self._wrong(self.runs) or self._seen()

    def _run(self, function):
        """Run a function on all examples, and on the last twice."""
        defining.require_current(function)
        for case in self.exercise.cases(np.random.default_rng()):
            self.case, self.printed.text = case, ""
            try:
                self.runs.append(self._read(running.call(function, self.case.arguments)))
            except Trouble as found:
                if not (found.name == RAISES and self.case.may_raise):
                    raise
        last = self.runs[-1]
        if not reading.alike(last.answer, running.call(function, last.case.arguments)):
            raise Trouble("remembers")

    def _read(self, answer):
        """Return the run that has the parts of an answer."""
        kept = list(answer) if isinstance(answer, list) else answer  # a list may grow in a later call
        run = Run(self.exercise, self.case, {}, kept, self.printed.text)
        try:
            run.found = self.exercise.read(answer, self._reader(run), *self.case.arguments)
        except Trouble:
            if self.runs and reading.alike(answer, self.runs[-1].answer):
                raise Trouble("ignores its arguments") from None
            raise
        return run

    def _reader(self, run):
        """Return what reads a part of the answer as an array."""

        def array(part, value, name):
            self.part = part
            return reading.array(value, name, run.expected[part].shape, self.exercise.axes[part])

        return array

    def _wrong(self, runs):
        """Return the Trouble with the first run whose numbers are not right; None where all are."""
        part, first = next(((part, run) for run in runs for part in run.expected if not run.agrees(part)), (None, None))
        if first is None:
            return None
        self.part = part
        self._look_at(first)
        found = self._diagnosis(runs, first, part)
        found.told.insert(
            0, telling.difference(part, first.found[part], first.expected[part], self.exercise.axes[part])
        )
        return found

    def _look_at(self, run):
        self.case, self.printed.text = run.case, run.printed

    def _diagnosis(self, runs, first, part):
        """Return the Trouble that names what went wrong, and tells it."""
        if len(runs) > 1 and all(reading.alike(run.answer, runs[0].answer) for run in runs):
            return Trouble("ignores its arguments")
        right = [name for name in first.expected if all(run.agrees(name) for run in runs)]
        for parts in (first.expected, [part]):
            slips = self.exercise.fitting(runs, parts, right)
            if slips:
                told = [slips[0].say(), *(f"That is one of two things. The other: {slip.say()}" for slip in slips[1:])]
                return Trouble(slips[0].name, "\n\n".join(told))
        if common := telling.in_common(runs, part):
            return Trouble(telling.OTHER, common)
        kind = telling.of_another_kind(runs, first, part, self.exercise.axes[part])
        return self.exercise.look(runs) or Trouble(telling.OTHER, kind)

    def _seen(self):
        """Return the Trouble with what is not right although all its numbers are; None where there is nothing."""
        self._look_at(self.runs[0])
        return self.exercise.look(self.runs)

    def _refused(self, parts):
        """Return the Trouble with the parts of a mixture that could not be made; None where they are right."""
        if not parts or parts.keys() != self.exercise.axes.keys():
            return None
        run = Run(self.exercise, self.case, {}, printed=self.printed.text)
        array = self._reader(run)
        try:
            run.found = {part: array(part, value, f"`{part.removeprefix('the ')}s`") for part, value in parts.items()}
        except Trouble as found:
            return found
        return self._wrong([*self.runs, run])

    def _told(self, found):
        """Return the verdict that tells a Trouble, the example and what was printed there."""
        if found.name == UNFINISHED:
            names = {"function": self.exercise.function_name, "exercise": self.exercise.name}
            return Verdict(NOT_ATTEMPTED, tuple(Trouble(UNFINISHED, left=found.told[0], **names).told))
        first, *told = found.told
        if self.case:
            first = f"{first} Example: {self.case.name}. {self.case.numbers}".rstrip()
        told = [f"Not yet. {first}", *told, *self.printed.told()]
        if self.case and found.name not in (COMPUTES, WAITS):  # which would not end in the learner's hands either
            told.append(f"To look closer, run `{self.exercise.function_name}(*verdict.example)`.")
        return Verdict(WRONG, tuple(told), None, found.name, self.case.arguments if self.case else ())

    def _right(self):
        names = "; ".join(dict.fromkeys(run.case.name for run in self.runs))
        return Verdict(RIGHT, ("Right.", f"Checked on: {names}."), self.given[0])
