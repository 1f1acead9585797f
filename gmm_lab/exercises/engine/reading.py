"""Reading what a learner's function returned: as arrays of the shape that was asked for."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from gmm_lab.exercises.engine.trouble import Trouble, brief
from gmm_lab.exercises.engine.words import UNFINISHED


def array(value: Any, name: str, shape: tuple[int, ...], axes: Sequence[str]) -> np.ndarray:
    """Return `value` as floats of `shape`, whose axes are named like ("point", "component"). Raises Trouble."""
    if value is ...:
        raise Trouble(UNFINISHED, "three dots are left")
    places = ("a row", "a column") if len(axes) == 2 else ("a matrix",) if axes[2:] else ("one entry",)
    each = " and ".join(f"{place} for each {axis}" for place, axis in zip(places, axes, strict=False))
    expected = f"expected was {f'shape {shape}: {each}' if axes else 'a single number'}."
    try:
        found = np.asarray(value)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise Trouble("ragged", name=name, expected=expected) from None
    if found.dtype.kind not in "biuf" or isinstance(value, np.ma.MaskedArray | np.matrix):  # these compute otherwise
        raise Trouble(
            "type", name=name, kind=brief(type(value).__name__, 60), held=brief(found.dtype, 60), expected=expected
        )
    if found.shape != shape:
        each, other = (*axes, "", "")[:2]
        seen = f"{name} has shape {found.shape}; {expected}"
        raise Trouble(_difference(found, shape), seen=seen, each=each, other=other)
    return found.astype(float)


def _difference(found, shape):
    """Return the name of the trouble with an array of another shape."""
    if len(shape) == 2 and found.shape == shape[::-1]:
        return "transposed"
    if found.size == 1 and shape:
        return "one number"
    if found.size > 1 and not shape:
        return "several numbers"
    if found.size == np.prod(shape, dtype=int):
        return "arranged otherwise"
    if len(shape) == found.ndim == 1:
        return "wrong axis"
    pairs = found.ndim == len(shape) + 1 and shape and found.shape[:2] == 2 * shape[:1]
    return "all pairs" if pairs else "shape"


def parts(value: Any, name: str, names: Sequence[str]) -> Sequence:
    """Return `value`, which should be a tuple of as many parts as `names`. Raises Trouble."""
    if isinstance(value, tuple | list) and len(value) == len(names):
        return value
    found = f"{len(value)} things" if isinstance(value, tuple) else f"one {brief(type(value).__name__, 60)}"
    raise Trouble("parts", name=name, found=found, number=len(names), names=", ".join(names))


def alike(answer: Any, other: Any) -> bool:
    """Say whether two answers hold the same numbers, to the last digit."""
    first, second = _numbers_of(answer), _numbers_of(other)
    return len(first) == len(second) and all(map(_equal, first, second))


def _numbers_of(answer):
    """Return all arrays in an answer, in order: of tuples, lists, mixtures and steps, what they hold."""
    if is_dataclass(answer):
        answer = [getattr(answer, field.name) for field in fields(answer)]
    if isinstance(answer, tuple | list):
        return [array for part in answer for array in _numbers_of(part)]
    return [np.asarray(answer)]


def _equal(first, second):
    numeric = first.dtype.kind in "biuf" and second.dtype.kind in "biuf"
    return np.array_equal(first, second, equal_nan=numeric)
