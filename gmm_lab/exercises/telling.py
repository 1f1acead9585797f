"""Telling a learner, in numbers, how an answer differs from what was expected."""

import numpy as np

OTHER = "of another kind"
SIMPLE = {
    0.5: "half of",
    2: "twice",
    -1: "minus",
    1 / 3: "a third of",
    3: "three times",
    0.25: "a quarter of",
    4: "four times",
}


def number(value):
    """Return a number as a learner would print it."""
    return f"{value:.6g}" if np.isfinite(value) else str(float(value))


def difference(part, found, expected, axes):
    """Return a sentence that names the entry of `part` where `found` is furthest from what was `expected`."""
    if found.shape != expected.shape:
        return f"{part.capitalize()} has {len(found)} entries, and {len(expected)} were expected."
    apart = np.where(np.isfinite(found), np.abs(found - expected), np.inf)
    apart = np.where(found == expected, 0, apart)
    place = np.unravel_index(apart.argmax(), apart.shape)
    where = ", ".join(f"{axis} {index + 1}" for axis, index in zip(axes, place, strict=True))
    index = f" (index {', '.join(map(str, map(int, place)))})" if place else ""
    return (
        f"{part.capitalize()}{' of ' * bool(where)}{where}{index} is {number(found[place])}, and"
        f" {number(expected[place])} was expected."
    )


def of_another_kind(runs, first, part, agree):
    """Return what the numbers of an answer have in common whose cause is not known, or where it goes wrong first."""
    right = [run.case.name for run in runs if agree(run.found[part], run.expected[part])]
    so_far = f"It is right on this: {'; '.join(right)}. " if right else ""
    return _in_common(runs, part) or f"{so_far}What is new in this example: {first.case.new}"


def _in_common(runs, part):
    """Return a sentence on what holds of every number in a part, or None."""
    pairs = [(run.found[part], run.expected[part]) for run in runs if run.found[part].shape == run.expected[part].shape]
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
    ratios = (found / expected)[expected != 0]
    if ratios.size > 1 and np.allclose(ratios, ratios[0], rtol=1e-6) and (found[expected == 0] == 0).all():
        how = next((words for ratio, words in SIMPLE.items() if np.isclose(ratios[0], ratio)), None)
        factor = how or f"{number(ratios[0])} times"
        return f"Each time, {part} is {factor} what it should be. Look for that factor in your formula."
    gaps = found - expected
    if gaps.size > 1 and np.allclose(gaps, gaps[0], rtol=1e-6):
        return f"Each time, {part} differs by the same amount, {number(gaps[0])}. Look for a term of that size."
    return None
