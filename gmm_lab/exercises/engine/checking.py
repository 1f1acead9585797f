"""Checking one function: it is run on examples, and what comes of that makes the verdict."""

import numpy as np

from gmm_lab.exercises.engine import defining, reading, telling, trouble
from gmm_lab.exercises.engine.cases import Run
from gmm_lab.exercises.engine.running import call
from gmm_lab.exercises.engine.trouble import Trouble
from gmm_lab.exercises.engine.verdict import NOT_ATTEMPTED, RIGHT, WRONG, Verdict


class Check:
    """A check of a learner's function by an exercise: `runs` on the examples so far, and the `case` that is tried."""

    def __init__(self, exercise, function):
        self.exercise, self.function = exercise, function
        self.runs, self.case = [], None

    def verdict(self):
        """Return the verdict: right, wrong and how, or not attempted yet."""
        name, signature, names = self.exercise.name, self.exercise.signature, self.exercise.arguments
        try:
            trouble.require_function(self.function, f"check.{name}", signature, names)
            defining.require_current(self.function)
            for case in self.exercise.cases(np.random.default_rng()):
                self.case = case
                answer = self._answer()
                if reading.unfinished(answer):
                    return self._not_attempted()
                if answer is not Exception:
                    self.runs.append(self._read(Run(self.exercise, case, answer, {})))
            last = self.runs[-1]
            if not reading.alike(last.answer, call(self.function, last.case.arguments)):
                return self._troubled(trouble.changing_answers())
        except Trouble as found:
            verdict = self._wrong(self.runs)
            told_more = found.refused or found.name != "raises"  # than a verdict that names no cause
            vague = verdict is None or (verdict.diagnosis == telling.OTHER and told_more)
            return self._troubled(found) if vague else verdict
        return self._wrong(self.runs) or self._seen() or self._right()

    def _answer(self):
        """Return the answer to the case; Exception where there is an error, and that is a right answer, too."""
        try:
            return call(self.function, self.case.arguments)
        except Trouble as found:
            if found.name == "raises" and self.case.may_raise:
                return Exception
            raise

    def _read(self, run):
        """Put the parts of its answer into a run."""

        def array(part, value, name):
            return reading.array(value, name, run.expected[part].shape, self.exercise.axes[part])

        try:
            run.found = self.exercise.read(run.answer, array, *run.case.arguments)
        except Trouble as found:
            if self.runs and reading.alike(run.answer, self.runs[-1].answer):
                raise trouble.same_answers() from None
            raise found
        return run

    def _wrong(self, runs):
        """Return the verdict on the first run that went wrong; None where all went well."""
        part, first = next(((part, run) for run in runs for part in run.expected if not run.agrees(part)), (None, None))
        if first is None:
            return None
        name, told = self._diagnosis(runs, first, part)
        seen = telling.difference(part, first.found[part], first.expected[part], self.exercise.axes[part])
        told = (f"Not yet. {seen} Example: {first.case.name}. {first.case.numbers}".rstrip(), *told, self._closer())
        return Verdict(WRONG, told, None, name, first.case.arguments)

    def _seen(self):
        """Return the verdict on what is not right although all its numbers are; None where there is nothing."""
        seen = self.exercise.look(self.runs)
        if seen is None:
            return None
        told = (f"Not yet. {self.exercise.sights[seen[0]].say(**seen[1])}", self._closer())
        return Verdict(WRONG, told, None, seen[0], self.runs[0].case.arguments)

    def _diagnosis(self, runs, first, part):
        """Return the name of what went wrong, and the paragraphs that tell it."""
        if len(runs) > 1 and all(reading.alike(run.answer, runs[0].answer) for run in runs):
            same = trouble.same_answers()
            return same.name, same.told
        for parts in (first.expected, [part]):
            slips = self.exercise.fitting(runs, parts)
            if slips:
                more = [
                    f"That is one of two things; the other, “{slip.name}”, comes when this is mended."
                    for slip in slips[1:]
                ]
                return slips[0].name, [slips[0].say(), *more]
        common = telling.in_common(runs, part)
        if common:
            return telling.OTHER, [common]
        seen = self.exercise.look(runs)
        if seen:
            return seen[0], [self.exercise.sights[seen[0]].say(**seen[1])]
        return telling.OTHER, [telling.of_another_kind(runs, first, part, self.exercise.axes[part])]

    def _troubled(self, found):
        """Return the verdict on an answer that could not be compared, or not to the end."""
        if found.refused and found.refused.keys() == self.exercise.axes.keys():
            verdict = self._refused(found.refused)
            if verdict:
                return verdict
        told = (f"Not yet. {found.told[0]}", *found.told[1:])
        if self.case is None:
            return Verdict(WRONG, told, None, found.name)
        closer = "" if found.name == trouble.TOO_LONG else self._closer()
        happened = " ".join(
            filter(None, [f"It happened with this example: {self.case.name}.", self.case.numbers, closer])
        )
        return Verdict(WRONG, (*told, happened), None, found.name, self.case.arguments)

    def _refused(self, parts):
        """Return the verdict on the parts of a mixture that could not be made; None where they are right."""
        run = Run(self.exercise, self.case, ..., parts)
        try:
            for part, array in parts.items():
                name = f"`{part.removeprefix('the ')}s`"
                reading.array(array, name, run.expected[part].shape, self.exercise.axes[part])
        except Trouble as shape:
            return self._troubled(shape)
        return self._wrong([*self.runs, run])

    def _closer(self):
        return f"To look closer, run `{self.exercise.function_name}(*verdict.example)`."

    def _not_attempted(self):
        told = (
            f"Not attempted yet, or not to the end: three dots are left in `{self.exercise.function_name}`. Replace"
            " them, run its cell, then this one again.",
            f"Stuck? `check.{self.exercise.name}.hint()` gives a hint, and one more each time. A solution is folded"
            " under the exercise.",
        )
        return Verdict(NOT_ATTEMPTED, told)

    def _right(self):
        names = "; ".join(dict.fromkeys(run.case.name for run in self.runs))
        return Verdict(RIGHT, ("Right.", f"Checked on: {names}."), self.function)
