"""Checks of what callers hand in: every error says what was given, what was expected and what to try."""

import numbers
import operator

import numpy as np

LARGEST = 1e100  # beyond it, squared distances leave the range of floating point


def real_array(values, name, shape):
    """Return `values` as a finite float64 array; `shape` is its expected form in words, such as "(K, D)"."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(
            f"{name} has rows of different lengths, but an array of shape {shape} was expected:"
            " give every row the same number of values"
        ) from None
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} holds values of type {array.dtype}, but real numbers were expected:"
            " keep the numeric columns only, or convert with .astype(float)"
        )
    if array.ndim != shape.count(",") + (not shape.endswith(",)")):
        remedy = "use .reshape(-1, 1) for one column of numbers" if array.ndim == 1 else "reshape it"
        raise ValueError(f"{name} has shape {array.shape}, but {shape} was expected: {remedy}")
    if not array.size:
        raise ValueError(f"{name} is empty (shape {array.shape}), but {shape} was expected: give at least one value")
    array = array.astype(np.float64)
    wrong = ~(np.abs(array) <= LARGEST)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        value = array[place]
        remedy = "choose a larger unit" if np.isfinite(value) else "remove or replace what is missing"
        raise ValueError(
            f"{name} holds {value:g} at index {place}, but finite numbers up to {LARGEST:g} were expected: {remedy}"
        )
    return array


def points_array(points, n_dimensions=None):
    """Return `points` as float64 (N, D), laid out column after column: reductions run along the long axis."""
    points = np.asfortranarray(real_array(points, "points", "(N, D)"))
    if n_dimensions is not None and points.shape[1] != n_dimensions:
        raise ValueError(
            f"points has shape {points.shape}, but the mixture lives in {n_dimensions} dimensions:"
            f" give points of shape (N, {n_dimensions})"
        )
    return points


def labels_array(labels):
    """Return `labels` as whole numbers from 0, (N,)."""
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu" or not labels.size or labels.min() < 0:
        raise ValueError(
            f"labels is an array of {labels.dtype} of shape {labels.shape}, but whole numbers from 0 of shape (N,) were"
            " expected: for names, use np.unique(names, return_inverse=True)[1]"
        )
    return labels


def column_names(columns, n_dimensions):
    """Return the names of the columns as a tuple; x, y and z where there are none."""
    columns = tuple(columns or "xyz"[:n_dimensions])
    if len(columns) != n_dimensions:
        raise ValueError(f"columns has {len(columns)} names, but points has {n_dimensions} columns: give one each")
    return columns


def instance(value, kind, name, remedy):
    """Return `value` if it is a `kind`."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {value!r}, but a {kind.__name__} was expected: try {remedy}")
    return value


def whole_number(value, name, minimum):
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


def real_number(value, name, minimum, example):
    """Return `value` as a finite float of at least `minimum`."""
    if isinstance(value, bool | np.bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} is {value!r}, but a number was expected: try {name}={example}")
    if not minimum <= value < np.inf:
        raise ValueError(
            f"{name} is {value}, but a finite number of at least {minimum} was expected: try {name}={example}"
        )
    return float(value)


def generator(rng):
    """Return a `np.random.Generator` from one, or from a whole number as its seed."""
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, bool | np.bool) or not isinstance(rng, numbers.Integral):
        raise TypeError(f"rng is {rng!r}, but a seed or a np.random.Generator was expected: try rng=0")
    return np.random.default_rng(whole_number(rng, "rng", 0))
