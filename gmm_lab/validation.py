"""Checks of what callers hand in: every error says what was given, what was expected and what to try."""

import numbers
import operator
from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame

    from gmm_lab.datasets import Dataset

# what callers may hand in
Points: TypeAlias = "np.ndarray | Sequence | Dataset | DataFrame"  # (N, D); a text, so that pandas need not be loaded
Numbers: TypeAlias = np.ndarray | Sequence
Columns: TypeAlias = Sequence[str] | None  # D names; None: those that the points bring along
Rng: TypeAlias = np.random.Generator | int
T = TypeVar("T")

LARGEST = 1e100  # beyond it, squared distances leave the range of floating point
OTHER_KINDS = {
    "M": 'count from a day on, as in (dates - dates.min()) / np.timedelta64(1, "D")',
    "m": 'count in a unit, as in durations / np.timedelta64(1, "s")',
    "c": "take the real and the imaginary part as two columns, or the absolute value",
}


def real_array(values: Points, name: str, shape: str) -> np.ndarray:
    """Return `values` as a finite float64 array; `shape` is its expected form in words, such as "(K, D)"."""
    array = numeric_array(values, name, shape).astype(np.float64)
    finite(array, name)
    return array


def numeric_array(values: Points, name: str, shape: str) -> np.ndarray:
    """Return `values` as an array of real numbers of any type, which may be missing or infinite, of the `shape`."""
    try:
        array = np.asarray(_unwrapped(values, name))
    except ValueError:
        raise ValueError(
            f"{name} has rows of different lengths, but an array of shape {shape} was expected:"
            " give every row the same number of values"
        ) from None
    if array.dtype.kind not in "biuf":
        remedy = OTHER_KINDS.get(array.dtype.kind, "keep the numeric columns only, or convert with .astype(float)")
        remedy = "read the file first, with datasets.read_csv" if isinstance(values, str | PathLike) else remedy
        raise TypeError(f"{name} holds values of type {array.dtype}, but real numbers were expected: {remedy}")
    if array.ndim != shape.count(",") + (not shape.endswith(",)")):
        remedy = "reshape it"
        if array.ndim == 1:
            remedy = "use .reshape(-1, 1) for one column of numbers, or .reshape(1, -1) for a single point"
            remedy = "use .to_frame() for one column of numbers" if hasattr(values, "to_frame") else remedy
        raise ValueError(f"{name} has shape {array.shape}, but {shape} was expected: {remedy}")
    if not array.size:
        raise ValueError(f"{name} is empty (shape {array.shape}), but {shape} was expected: give at least one value")
    return array


def finite(array: np.ndarray, name: str, first: int = 0) -> None:
    """Raise ValueError where an array holds something else than moderate numbers; its first row is row `first`."""
    wrong = ~(np.abs(array) <= LARGEST)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        value = array[place]
        missing = "remove or replace what is missing, as .dropna() does in a data frame"
        remedy = "choose a larger unit" if np.isfinite(value) else missing
        place = (place[0] + first, *place[1:])
        raise ValueError(
            f"{name} holds {value:g} at index {place}, but finite numbers up to {LARGEST:g} were expected: {remedy}"
        )


def _unwrapped(values, name):
    """Return the numbers in a Dataset or a data frame; refuse containers whose gaps or shape would get lost."""
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(
            f"{name} is a masked array, but numbers without gaps were expected:"
            f" keep the whole rows, as in {name}[~np.ma.getmaskarray({name}).any(axis=1)].data"
        )
    if hasattr(values, "toarray"):
        raise TypeError(f"{name} is a sparse matrix, but an array was expected: give {name}.toarray()")
    if hasattr(values, "label_names"):
        return values.points
    if not (hasattr(values, "to_numpy") and hasattr(values, "dtypes")):
        return values
    others = [
        f"{column} ({dtype})"
        for column, dtype in zip(names_of(values) or (), np.atleast_1d(values.dtypes), strict=False)
        if getattr(dtype, "kind", "f") not in "biuf"
    ]
    if others:
        raise TypeError(
            f"{name} holds the columns {', '.join(others)}, but real numbers were expected:"
            f" choose the numeric columns, as in {name}.select_dtypes('number')"
        )
    return values.to_numpy(dtype=float, na_value=np.nan)


def names_of(points: Any) -> tuple[str, ...] | None:
    """Return the column names that a Dataset, a data frame or a Step brings along, or None."""
    names = getattr(points, "columns", None)
    return None if names is None else tuple(map(str, names))


def points_array(points: Points, n_dimensions: int | None = None) -> np.ndarray:
    """Return `points`, which may be a Dataset or a data frame, as float64 (N, D).

    It is laid out column after column: reductions run along the long axis.
    """
    points = np.asfortranarray(real_array(points, "points", "(N, D)"))
    if n_dimensions is not None and points.shape[1] != n_dimensions:
        raise ValueError(
            f"points has shape {points.shape}, but the mixture lives in {n_dimensions} dimensions:"
            f" give points of shape (N, {n_dimensions})"
        )
    return points


def column_names(columns: Columns, n_dimensions: int, of: Any = None) -> tuple[str, ...]:
    """Return `columns`, or those that the points `of` bring along, as a tuple; x, y and z where there are none."""
    if isinstance(columns, str):
        raise TypeError(f"columns is the text {columns!r}, but a list of names was expected: try columns=[{columns!r}]")
    names = names_of(of) if columns is None else tuple(map(str, columns))
    if names is None:
        names = tuple("xyz"[:n_dimensions]) if n_dimensions <= 3 else tuple(f"x{d + 1}" for d in range(n_dimensions))
    if len(names) != n_dimensions:
        raise ValueError(f"columns has {len(names)} names, but points has {n_dimensions} columns: give one each")
    return names


def points_and_names(points: Points, columns: Columns = None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return `points` as an array (N, D), and the names of its columns: `columns`, or those that it brings along."""
    array = points_array(points)
    return array, column_names(columns, array.shape[1], points)


def instance(value: Any, kind: type[T], name: str, remedy: str) -> T:
    """Return `value` if it is a `kind`."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {value!r}, but a {kind.__name__} was expected: try {remedy}")
    return value


def whole_number(value: int, name: str, minimum: int) -> int:
    """Return `value` as an int of at least `minimum`."""
    try:
        if isinstance(value, bool | np.bool):
            raise TypeError
        value = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} is {value!r}, but a whole number was expected: try {name}={max(minimum, 3)}") from None
    if value < minimum:
        raise ValueError(f"{name} is {value}, but at least {minimum} was expected: try {name}={max(minimum, 3)}")
    return value


def real_number(value: float, name: str, minimum: float, example: float) -> float:
    """Return `value` as a finite float of at least `minimum`."""
    if isinstance(value, bool | np.bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} is {value!r}, but a number was expected: try {name}={example}")
    if not minimum <= value < np.inf:
        raise ValueError(
            f"{name} is {value}, but a finite number of at least {minimum} was expected: try {name}={example}"
        )
    return float(value)


def generator(rng: Rng) -> np.random.Generator:
    """Return a `np.random.Generator` from one, or from a whole number as its seed."""
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, bool | np.bool) or not isinstance(rng, numbers.Integral):
        raise TypeError(f"rng is {rng!r}, but a seed or a np.random.Generator was expected: try rng=0")
    return np.random.default_rng(whole_number(rng, "rng", 0))
