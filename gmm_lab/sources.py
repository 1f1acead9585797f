"""Where points come from: an array, blocks that are read anew for each pass, or a Dask array on several machines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from typing import Any, TypeAlias

import numpy as np

from gmm_lab.algorithm import Step, moments
from gmm_lab.mixture import Mixture
from gmm_lab.scale import EPSILON, SAMPLE, drawn, keys_from
from gmm_lab.statistics import Frame, Statistics, statistics_of
from gmm_lab.validation import finite, names_of, numeric_array

PIECE = 2**13  # rows that a first look takes at once

Work: TypeAlias = Callable[[Any, int], Any]  # what is done with some of the points, and the number of their first row


@dataclass(frozen=True, eq=False)
class View:
    """What a first look at some of the points finds; those of two parts add up.

    total : their statistics as one component.  largest : (D,) by size.  keys, rows : a random sample, (n,) and (n, D).
    """

    columns: tuple[str, ...] | None
    total: Statistics
    largest: np.ndarray
    keys: np.ndarray
    rows: np.ndarray

    def __add__(self, other: "View") -> "View":
        if len(self.largest) != len(other.largest):
            raise ValueError(
                f"points come in blocks of {len(self.largest)} and of {len(other.largest)} columns, but the same"
                " columns were expected in each: choose them by name where the blocks are read"
            )
        both, rows = np.concatenate([self.keys, other.keys]), np.concatenate([self.rows, other.rows])
        chosen = drawn(both)
        largest = np.maximum(self.largest, other.largest)
        return View(self.columns, self.total + other.total, largest, both[chosen], rows[chosen])


def look(points: Any, first: int) -> View:
    """Return what is found in some of the points, (n, D), from row `first` on; raise where one is no number."""
    columns, points = names_of(points), numeric_array(points, "points", "(N, D)")
    random, view = keys_from(first), None
    for start in range(0, len(points), PIECE):
        piece = np.asfortranarray(points[start : start + PIECE], dtype=float)
        finite(piece, "points", first + start)
        total = Statistics(0.0, *moments(piece, np.ones((len(piece), 1))))
        drawn_keys = random.random(len(piece))
        chosen = drawn_keys <= (1 if view is None or len(view.keys) < SAMPLE else view.keys.max())
        part = View(columns, total, np.abs(piece).max(axis=0), drawn_keys[chosen], piece[chosen])
        view = part if view is None else view + part
    return view


@dataclass(frozen=True, eq=False)
class Source:
    """Points that can be passed over again and again.

    each : does some work on every part of them, in order, and yields what comes of it.
    view : what a first look has found.  shown : the points, (N, D), or a sample of them.
    """

    each: Callable[[Work], Iterable]
    view: View
    shown: np.ndarray

    @property
    def n_points(self) -> int:
        """N: how many points there are."""
        return round(self.view.total.counts[0])

    @property
    def variances(self) -> np.ndarray:
        """The variance of each column, (D,)."""
        return np.diagonal(self.view.total.covariances[0])

    @property
    def constant(self) -> np.ndarray:
        """Whether all values of a column are the same, as far as floating point can tell, (D,)."""
        return np.sqrt(self.variances) <= EPSILON * self.view.largest

    def frame(self, added: np.ndarray) -> Frame | None:
        """Return the coordinates in which the points have covariance I, or None where some have no variance at all."""
        try:
            cholesky = np.linalg.cholesky(self.view.total.covariances[0] + np.diag(added))
        except np.linalg.LinAlgError:
            return None
        return Frame(self.view.total.means[0], cholesky)

    def statistics(self, mixture: Mixture, theta: np.ndarray | None, frame: Frame | None) -> Statistics:
        """Return what all the points add up to under a mixture."""

        def work(part, first):
            return statistics_of(numeric_array(part, "points", "(N, D)"), mixture, theta, frame)

        return reduce(add, self.each(work))

    def step(self, mixture: Mixture, log_likelihood: float) -> Step:
        """Return a Step that shows these points."""
        return Step(self.shown, mixture, log_likelihood, self.view.columns, self.n_points)


def source_of(points: Any) -> Source:
    """Return points in an array, in a data frame, in blocks or on a Dask cluster as a Source, after a first look.

    Blocks are a list of arrays (n, D), or a function that returns an iterable of them, anew each time it is called.
    """
    if hasattr(points, "__dask_graph__"):
        return _seen(_on_cluster(points), names_of(points))
    if (read := _reader(points)) is not None:
        return _seen(_in_blocks(read))
    array = numeric_array(points, "points", "(N, D)")
    if len(array) <= SAMPLE:
        array = np.array(array, dtype=float, order="F")
    return _seen(lambda work: [work(array, 0)], names_of(points), array)


def _seen(each, columns=None, shown=None):
    view = reduce(add, each(look))
    view = replace(view, columns=columns or view.columns)
    return Source(each, view, view.rows if shown is None else shown)


def _reader(points):
    """Return a function that begins to read blocks, or None where the points are no blocks."""
    if callable(points):
        return points
    if isinstance(points, list | tuple) and points and all(getattr(block, "ndim", 0) == 2 for block in points):
        return lambda: points
    if hasattr(points, "__next__"):
        raise TypeError(
            f"points is {points!r:.80}, which can be read only once, but EM passes over the points again and again:"
            ' give a function that starts anew, as in fit(lambda: pandas.read_csv("big.csv", chunksize=100_000), 3)'
        )
    return None


def _in_blocks(read):
    def each(work):
        first = 0
        for block in read():
            if len(block):
                yield work(block, first)
                first += len(block)
        if not first:
            raise ValueError("points has no block with a row in it, but at least one point was expected")

    return each


def _on_cluster(points):
    import dask

    if hasattr(points, "to_dask_array"):
        points = points.to_dask_array(lengths=True)
    points = points.rechunk({1: -1})
    if np.isnan(points.chunks[0]).any():
        points = points.compute_chunk_sizes()
    lengths = points.chunks[0]
    firsts = np.cumsum([0, *lengths[:-1]]).tolist()
    parts = points.to_delayed().ravel()

    def each(work):
        chosen = zip(parts, firsts, lengths, strict=True)
        return dask.compute(*[dask.delayed(work)(part, first) for part, first, length in chosen if length])

    return each
