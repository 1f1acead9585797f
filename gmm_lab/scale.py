"""The scale of the data, column by column: what is added to a variance, and what is no variance at all."""

import numpy as np

from gmm_lab.validation import real_number

FLOOR = 1e-5  # of a column's interquartile range: its square is what `reg_covar` adds where it is not given
SAMPLE = 2**13  # as many points, drawn at random, tell a column's scale, and where to start
EPSILON = 1e-15  # of a value: a standard deviation that is smaller is rounding


def ridge(points: np.ndarray, reg_covar: float | np.ndarray | None) -> np.ndarray:
    """Return what is added to each column's variance, (D,): `reg_covar`, or where that is None a share of its scale.

    The scale is the interquartile range, which a few outliers do not change; the standard deviation where that is 0,
    and the value itself in a constant column. It is never so small that rounding would hide it.
    """
    if reg_covar is None:
        if len(points) > SAMPLE:
            points = points[drawn(keys_from().random(len(points)))]
        low, high = np.quantile(points, [0.25, 0.75], axis=0)
        size = np.where(high > low, high - low, points.std(axis=0))
        largest = np.abs(points).max(axis=0)
        size = np.where(is_constant(points), np.where(largest > 0, largest, 1), size)
        return np.square(np.maximum(FLOOR * size, 10 * EPSILON * largest))
    if isinstance(reg_covar, np.ndarray) and reg_covar.shape == points.shape[1:]:
        return np.array([real_number(value, "reg_covar", 0, 1e-6) for value in reg_covar.tolist()])
    return np.full(points.shape[1], real_number(reg_covar, "reg_covar", 0, 1e-6))


def is_constant(points: np.ndarray) -> np.ndarray:
    """Say of each column whether all its values are the same, as far as floating point can tell, (D,)."""
    return points.std(axis=0) <= EPSILON * np.abs(points).max(axis=0)


def keys_from(first: int = 0) -> np.random.Generator:
    """Return what gives each point a random key, from row `first` on: the same keys, however the points are cut."""
    return np.random.Generator(np.random.PCG64(0).advance(first))


def drawn(keys: np.ndarray) -> np.ndarray:
    """Say which of the points belong to the sample, (N,): those with the smallest of the random keys, (N,)."""
    return keys < np.partition(keys, SAMPLE)[SAMPLE] if len(keys) > SAMPLE else np.full(len(keys), True)
