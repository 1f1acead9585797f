"""A history cut into half-steps: the frames of an animation, each with its caption."""

from dataclasses import dataclass, replace

import numpy as np

from gmm_lab import captions
from gmm_lab.algorithm import History, Step, steps_of
from gmm_lab.pictures.thinning import MOST_DRAWN, thinned
from gmm_lab.validation import whole_number


@dataclass(frozen=True, eq=False)
class HalfStep:
    """A state of EM between a start and an end, of which one half changed: the colours or the mixture.

    Its steps hold the points that are drawn, which are all `n_points` unless these are very many.
    """

    kind: str  # "start", "E", "M" or "end"
    number: int  # M-steps so far
    step: Step
    previous: Step | None
    n_points: int
    left_out: int = 0  # iterations between the half-step that is shown before and this one

    @property
    def coloured_by(self) -> Step | None:
        """The step whose responsibilities colour the points; they are hollow where it is None."""
        return {"start": None, "M": self.previous}.get(self.kind, self.step)

    @property
    def caption(self) -> str:
        """What the half-step shows, in two short lines."""
        return captions.half_step(self.kind, self.number, self.step, self.previous, self.left_out)


def half_steps(history: History, max_frames: int = 60) -> list[HalfStep]:
    """Return the half-steps of a Fit, or of a list of steps: the start, then E and M by turns, at most `max_frames`.

    E changes the colours only, M the mixture only. Of a long history the early iterations are shown one by one and the
    later ones ever more rarely, since most happens early; the caption of an E-step says how many are left out.
    """
    steps = steps_of(history)
    n_points = len(steps[0].points)
    if n_points > MOST_DRAWN:
        steps = [replace(step, points=thinned(step.points)) for step in steps]
    last = len(steps) - 1
    frames = [_half_step("start", 0, steps, n_points)]
    shown_before = -1
    for number in _shown(last, whole_number(max_frames, "max_frames", 4) // 2 - 1):
        frames.append(_half_step("E", number, steps, n_points, left_out=number - shown_before - 1))
        frames.append(_half_step("M", number + 1, steps, n_points))
        shown_before = number
    frames.append(_half_step("end", last, steps, n_points))
    return frames


def _half_step(kind, number, steps, n_points, left_out=0):
    return HalfStep(kind, number, steps[number], steps[number - 1] if number else None, n_points, left_out)


def _shown(n_iterations, n_shown):
    """Return which iterations to show, counted from 0: all, or the first and the last and ever fewer in between."""
    if n_iterations <= n_shown:
        return range(n_iterations)
    spread = np.geomspace(1, n_iterations, n_shown)
    return np.unique(np.rint(spread).astype(int) - 1).tolist()
