"""Telling a learner, in numbers, how an answer differs from what was expected."""

from collections.abc import Sequence

import numpy as np

from gmm_lab.exercises.engine.cases import Run

OTHER = "of another kind"
SIMPLE = {0.5: "half of", 2: "twice", -1: "minus", 1 / 3: "a third of", 3: "three times"}
SIMPLE |= {0.25: "a quarter of", 4: "four times"}


def difference(part: str, found: np.ndarray, expected: np.ndarray, axes: Sequence[str]) -> str:
    """Return a sentence that names the entry of `part` where `found` is furthest from what was `expected`."""
    apart = np.where(np.isfinite(found), np.abs(found - expected), np.inf)
    apart = np.where(found == expected, 0, apart)
    place = np.unravel_index(apart.argmax(), apart.shape)
    where = ", ".join(f"{axis} {index + 1}" for axis, index in zip(axes, place, strict=True))
    index = f" (index {', '.join(map(str, map(int, place)))})" if place else ""
    return (
        f"{part.capitalize()}{' of ' * bool(where)}{where}{index} is {found[place]:.6g}, and"
        f" {expected[place]:.6g} was expected."
    )


def of_another_kind(runs: list[Run], first: Run, part: str, axes: Sequence[str]) -> str:
    """Return what can be said of numbers whose cause is not known: what they have in common, or where they go wrong."""
    right = [run.case.name for run in runs if all(map(run.agrees, run.expected))]
    if right:
        return f"It is right on this: {'; '.join(right)}. What is new in this example: {first.case.new}"
    parts = [name for name in first.expected if first.agrees(name)]
    listed = " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:]))).capitalize()
    so_far = f"{listed} {'are' if len(parts) > 1 else 'is'} right. " if parts else ""
    told = _where(first.found[part], first.expected[part], part, axes)
    compare = f", and compare: {first.case.by_hand}" if first.case.by_hand else "."
    return so_far + (told or f"Print what goes into {part}, line by line, for this example{compare}")


def _where(found, expected, part, axes):
    """Return a sentence on which entries are right, or on what those that are not look like; None if there is none."""
    if np.isnan(found).any():
        return f"Where {part} is nan, something undefined was computed: 0/0, or the root or logarithm of one below 0."
    if (found == 0).all():
        return f"Every entry of {part} is 0: is anything added to what you began with?"
    alike = np.isclose(found, expected, rtol=1e-6, atol=1e-9)
    for n_axis, axis in enumerate(axes):
        if np.allclose(np.flip(found, n_axis), expected, rtol=1e-6):
            return f"The numbers are right, but in the opposite order along the {axis}s."
        others = tuple(n for n in range(len(axes)) if n != n_axis)
        right = [str(n + 1) for n in np.flatnonzero(alike.all(axis=others))]
        if 0 < len(right) < found.shape[n_axis]:
            return (
                f"It is right for {axis} {' and '.join(right)} and nowhere else: does something stay the same, or add"
                f" up, that should be new for each {axis}? Or does a loop leave one out?"
            )
        if axis not in ("row", "column") and found.shape[n_axis] > 1 and np.ptp(found, axis=n_axis).max() < 1e-12:
            return f"Your numbers are the same for every {axis}. Which of them should depend on the {axis}?"
        if found.shape[n_axis] > 1 and np.ptp(found - expected, axis=n_axis).max() < 1e-9:
            return (
                f"You are off by the same amount for every {axis}: is a term that all share wrong, missing or too many?"
            )
    return None


def in_common(runs: list[Run], part: str) -> str | None:
    """Return a sentence on what holds of every number in a part, or None."""
    pairs = [(run.found[part], run.expected[part]) for run in runs if run.found[part].shape == run.expected[part].shape]
    if not pairs:
        return None
    found, expected = (np.concatenate([np.ravel(side) for side in sides]) for sides in zip(*pairs, strict=True))
    known = np.isfinite(expected)
    if not np.isfinite(found[known]).all():
        return None
    found, expected = found[known], expected[known]
    for digits in range(1, 6):
        if np.allclose(found, np.round(expected, digits), rtol=0, atol=1e-9):
            return f"Your numbers are right, but rounded to {digits} digits: round what you print, not what you return."
    if np.allclose(found, expected, rtol=1e-3, atol=1e-4):
        return (
            "Your numbers are off only a little. Is something small added, such as 1e-6 to keep from dividing by 0, or"
            " is a constant written with too few digits? Leave out the one, and take the other from NumPy (`np.pi`)."
        )
    return _factor(found, expected, part) or _shift(found, expected, part)


def _factor(found, expected, part):
    nonzero = expected != 0
    ratios = found[nonzero] / expected[nonzero]
    if ratios.size < 2 or not np.allclose(ratios, ratios[0], rtol=1e-6, atol=0) or found[~nonzero].any():
        return None
    how = next((words for ratio, words in SIMPLE.items() if np.isclose(ratios[0], ratio)), None)
    return f"Each time, {part} is {how or f'{ratios[0]:.6g} times'} what it should be. Look for that factor."


def _shift(found, expected, part):
    gaps = found - expected
    if gaps.size < 2 or not np.allclose(gaps, gaps[0], rtol=1e-6):
        return None
    return f"Each time, {part} differs by the same amount, {gaps[0]:.6g}. Look for a term of that size."
