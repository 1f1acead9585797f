"""Checking one function: it is run on examples, and what comes of that makes the verdict."""

from typing import Any

import numpy as np

from gmm_lab.exercises.engine import defining, reading, running, telling
from gmm_lab.exercises.engine.cases import Run
from gmm_lab.exercises.engine.stopping import TooLong, bounded
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
                with bounded(running.SECONDS, running.PATIENCE) as clocks:
                    return self._judged()
            except TooLong:
                limit = running.SECONDS if clocks.ran_out == "computing" else running.PATIENCE
                found = Trouble(clocks.ran_out, seconds=limit)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # whatever an answer does when it is looked at
                found = Trouble("unreadable", error=in_brief(error))
            return self._troubled(found)

    def _judged(self):
        try:
            function = require_function(self.given, self.exercise)
            self._run(function)
        except Trouble as found:
            verdict = self._wrong(self.runs)
            vague = verdict is None or (verdict.diagnosis == telling.OTHER and (found.parts or found.name != RAISES))
            if vague or found.name == "remembers":
                return self._refused(found.parts) or self._troubled(found)
            return verdict
        return self._wrong(self.runs) or self._seen() or self._right(function)

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
        run = Run(self.exercise, self.case, {}, kept, self.printed.told())
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
        """Return the verdict on the first run that went wrong; None where all went well."""
        part, first = next(((part, run) for run in runs for part in run.expected if not run.agrees(part)), (None, None))
        if first is None:
            return None
        self.part = part
        name, told = self._diagnosis(runs, first, part)
        seen = telling.difference(part, first.found[part], first.expected[part], self.exercise.axes[part])
        seen = f"{seen} Example: {first.case.name}. {first.case.numbers}".rstrip()
        return self._verdict(name, [seen, *told], first.case, first.printed)

    def _diagnosis(self, runs, first, part):
        """Return the name of what went wrong, and the paragraphs that tell it."""
        if len(runs) > 1 and all(reading.alike(run.answer, runs[0].answer) for run in runs):
            same = Trouble("ignores its arguments")
            return same.name, same.told
        right = [name for name in first.expected if all(run.agrees(name) for run in runs)]
        for parts in (first.expected, [part]):
            slips = self.exercise.fitting(runs, parts, right)
            if slips:
                more = "That is one of two things; the other, “{}”, comes when this is mended."
                return slips[0].name, [slips[0].say(), *(more.format(slip.name) for slip in slips[1:])]
        common = telling.in_common(runs, part)
        if common:
            return telling.OTHER, [common]
        seen = self.exercise.look(runs)
        if seen:
            return seen[0], [self.exercise.sights[seen[0]].say(**seen[1])]
        return telling.OTHER, [telling.of_another_kind(runs, first, part, self.exercise.axes[part])]

    def _seen(self):
        """Return the verdict on what is not right although all its numbers are; None where there is nothing."""
        seen = self.exercise.look(self.runs)
        return seen and self._verdict(seen[0], [self.exercise.sights[seen[0]].say(**seen[1])], self.runs[0].case)

    def _refused(self, parts):
        """Return the verdict on the parts of a mixture that could not be made; None where they are right."""
        if not parts or parts.keys() != self.exercise.axes.keys():
            return None
        run = Run(self.exercise, self.case, {}, printed=self.printed.told())
        array = self._reader(run)
        try:
            run.found = {part: array(part, value, f"`{part.removeprefix('the ')}s`") for part, value in parts.items()}
        except Trouble as found:
            return self._troubled(found)
        return self._wrong([*self.runs, run])

    def _troubled(self, found):
        """Return the verdict on an answer that could not be compared, or not to the end."""
        if found.name == UNFINISHED:
            names = {"function": self.exercise.function_name, "exercise": self.exercise.name}
            return Verdict(NOT_ATTEMPTED, tuple(Trouble(UNFINISHED, left=found.told[0], **names).told))
        told = found.told
        if self.case:
            told = [*told, f"It happened with this example: {self.case.name}. {self.case.numbers}".rstrip()]
        return self._verdict(found.name, told, self.case, self.printed.told())

    def _verdict(self, name, told, case, printed=()):
        again = case and name not in ("computing", "waiting")  # which would not end in the learner's hands either
        closer = [f"To look closer, run `{self.exercise.function_name}(*verdict.example)`."] * bool(again)
        told = (f"Not yet. {told[0]}", *told[1:], *printed, *closer)
        return Verdict(WRONG, told, None, name, case.arguments if case else ())

    def _right(self, function):
        names = "; ".join(dict.fromkeys(run.case.name for run in self.runs))
        return Verdict(RIGHT, ("Right.", f"Checked on: {names}."), function)
