"""A history cut into half-steps: the frames of an animation, each with its caption."""

from dataclasses import dataclass

import numpy as np

from gmm_lab import captions
from gmm_lab.algorithm import Step, steps_of
from gmm_lab.validation import whole_number


@dataclass(frozen=True, eq=False)
class HalfStep:
    """The mixture of `step`, with its points coloured as by `coloured_by`, or grey where that is None."""

    kind: str  # "start", "E", "M" or "end"
    number: int  # M-steps so far; the log-likelihood is known up to here, but for an M-step's own
    step: Step
    coloured_by: Step | None
    caption: str


def half_steps(history, max_frames=60) -> list[HalfStep]:
    """Return the half-steps of a Fit, or of a list of steps: the start, then E and M by turns, at most `max_frames`.

    E changes the colours only, M the mixture only. Of a long history the early iterations are shown one by one and the
    later ones ever more rarely, since most happens early; the caption of an E-step says how many are left out.
    """
    steps = steps_of(history)
    last = len(steps) - 1
    frames = [_half_step("start", 0, steps)]
    shown_before = -1
    for number in _shown(last, whole_number(max_frames, "max_frames", 4) // 2 - 1):
        frames.append(_half_step("E", number, steps, left_out=number - shown_before - 1))
        frames.append(_half_step("M", number + 1, steps))
        shown_before = number
    frames.append(_half_step("end", last, steps))
    return frames


def _half_step(kind, number, steps, left_out=0):
    step, previous = steps[number], steps[number - 1] if number else None
    coloured_by = {"start": None, "M": previous}.get(kind, step)
    return HalfStep(kind, number, step, coloured_by, captions.half_step(kind, number, step, previous, left_out))


def _shown(n_iterations, n_shown):
    """Return which iterations to show, counted from 0: all, or the first and the last and ever fewer in between."""
    if n_iterations <= n_shown:
        return range(n_iterations)
    spread = np.geomspace(1, n_iterations, n_shown)
    return np.unique(np.rint(spread).astype(int) - 1).tolist()
