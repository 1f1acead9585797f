"""Reading what a learner's function returned: as arrays of the shape that was asked for, or all numbers in it."""

import numpy as np

from gmm_lab.exercises.engine.trouble import Trouble
from gmm_lab.mixture import Mixture


def unfinished(answer):
    """Say whether an answer, or a part of it, still is `...`."""
    return answer is ... or (isinstance(answer, tuple | list) and any(map(unfinished, answer)))


def array(value, name, shape, axes):
    """Return `value` as floats of `shape`, whose axes are named like ("point", "component"). Raises Trouble."""
    expected = _shape_in_words(shape, axes)
    if value is None:
        raise Trouble("part missing", f"{name} is {value}; expected was {expected}.", "Put what you computed there.")
    try:
        found = np.asarray(value)
    except ValueError:
        raise Trouble(
            "ragged",
            f"{name} has rows of different lengths; expected was {expected}.",
            "Print it, row by row: which row is shorter?",
        ) from None
    if found.dtype.kind not in "biuf":
        raise Trouble(
            "type",
            f"{name} is of type {type(value).__name__} and holds {found.dtype}; expected were real numbers.",
            "Return a NumPy array of numbers.",
        )
    if found.shape != shape:
        raise _wrong_shape(found, name, shape, axes, expected)
    return found.astype(float)


def parts(value, name, names):
    """Return `value`, which should be a tuple of as many parts as `names`. Raises Trouble."""
    if isinstance(value, tuple | list) and len(value) == len(names):
        return value
    found = f"{len(value)} things" if isinstance(value, tuple) else f"one {type(value).__name__}"
    raise Trouble(
        "parts",
        f"`{name}` returned {found}; {len(names)} were expected: {', '.join(names)}.",
        f"End it with `return {', '.join(word.replace('the ', '').replace(' ', '_') for word in names)}`.",
    )


def _wrong_shape(found, name, shape, axes, expected):
    seen = f"{name} has shape {found.shape}; expected was {expected}."
    if len(shape) == 2 and found.shape == shape[::-1]:
        return Trouble(
            "transposed",
            f"{seen} Rows and columns have changed places.",
            f"A row is for each {axes[0]}, a column for each {axes[1]}: return the transpose, `.T`, or stack along the"
            " other axis.",
        )
    if found.size == 1 and shape:
        return Trouble(
            "one number",
            f"{seen} It is a single number.",
            f"Was something summed over every {axes[0]}, did a loop return in its first round, or have two results"
            f" changed places? Keep one result for each {axes[0]}.",
        )
    if found.size == np.prod(shape, dtype=int):
        return Trouble(
            "shape",
            f"{seen} The numbers are as many, but arranged otherwise.",
            "Reshape, or drop `keepdims`; of a single entry, return the number itself.",
        )
    if len(shape) == 1 and found.ndim == 1:
        return Trouble(
            "wrong axis",
            f"{seen} There is not one for each {axes[0]}.",
            "Was it summed along the other axis? Try the other number in `axis=...`. Or is a variable of the notebook"
            " used where an argument should be?",
        )
    if found.ndim == len(shape) + 1 and len(shape) and found.shape[0] == found.shape[1] == shape[0]:
        return Trouble(
            "all pairs",
            f"{seen} There is a number for every pair of {axes[0]}s.",
            f"Only the pairs of each {axes[0]} with itself are wanted. Does a column meet a row, or the whole table its"
            " transpose?",
        )
    return Trouble(
        "shape",
        seen,
        "Print the shape after each line of your function, and see where it goes astray. Are the results in the order"
        " that was asked for?",
    )


def _shape_in_words(shape, axes):
    if not shape:
        return "a single number"
    ways = {1: ["one entry"], 2: ["a row", "a column"], 3: ["a matrix"]}[len(shape)]
    return f"shape {shape}: " + " and ".join(f"{way} for each {axis}" for way, axis in zip(ways, axes, strict=False))


def numbers_of(answer) -> list[np.ndarray]:
    """Return all arrays in an answer, in order: of tuples, lists and mixtures, what they hold."""
    if isinstance(answer, tuple | list):
        return [array for part in answer for array in numbers_of(part)]
    held = [getattr(answer, name) for name in ("mixture", "log_likelihood") if hasattr(answer, name)]
    if held:
        return numbers_of(held)
    if isinstance(answer, Mixture):
        return [answer.weights, answer.means, answer.covariances]
    return [np.asarray(answer)]


def alike(answer, other):
    """Say whether two answers hold the same numbers, to the last digit."""
    first, second = numbers_of(answer), numbers_of(other)
    return len(first) == len(second) and all(map(_equal, first, second))


def _equal(first, second):
    numeric = first.dtype.kind in "biuf" and second.dtype.kind in "biuf"
    return np.array_equal(first, second, equal_nan=numeric)
