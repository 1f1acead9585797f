"""EM in one pass over the points: sums that add up, over blocks of memory, over files, over machines.

A mixture of Gaussians is an exponential family: its log-joint is linear in the features F = [1, z, z_i z_j] of a point,
and the M-step needs no more of the points than the sums of F weighted by the responsibilities. E-step and M-step are
then two matrix products, theta @ F and responsibilities @ F.T, and blocks that stay in the cache make them fast.

The products z_i z_j cost digits where a component is small beside the data, or far from their middle. There the same
sums come from the readable E-step and M-step, block by block.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gmm_lab.algorithm import Step, expectation, mixture_of, moments
from gmm_lab.log_space import LOG_2_PI, log_of
from gmm_lab.mixture import Mixture

if TYPE_CHECKING:
    from gmm_lab.sources import Source

CACHED = 2**16  # numbers that a block's features and log-joints may take: half of a core's cache
DIGITS = 1e4  # largest squared ratio of the data's spread to a component's at which features keep 11 digits


@dataclass(frozen=True, eq=False)
class Statistics:
    """What some of the points add to a log-likelihood and to the next M-step; those of two parts add up.

    log_likelihood : in nats.  counts : (K,) sums of responsibilities.  means : (K, D), and covariances : (K, D, D),
    of each component's part of the points.
    """

    log_likelihood: float
    counts: np.ndarray
    means: np.ndarray
    covariances: np.ndarray

    def __add__(self, other: "Statistics") -> "Statistics":
        """Return the statistics of both parts, without a loss of digits (Chan, Golub and LeVeque 1983)."""
        counts = self.counts + other.counts
        shift = np.divide(other.counts, counts, out=np.zeros_like(counts), where=counts > 0)[:, None]
        between = other.means - self.means
        means = self.means + shift * between
        outer = ((1 - shift) * between)[:, :, None] * between[:, None, :]
        within = self.covariances + shift[:, :, None] * (other.covariances - self.covariances + outer)
        return Statistics(self.log_likelihood + other.log_likelihood, counts, means, within)


@dataclass(frozen=True, eq=False)
class Frame:
    """The coordinates z in which all points together have mean 0 and covariance I.

    centre : (D,), the points' mean.  cholesky : (D, D), of their covariance.
    """

    centre: np.ndarray
    cholesky: np.ndarray

    @cached_property
    def whiten(self) -> np.ndarray:
        """The matrix, (D, D), of z = whiten @ (x - centre)."""
        return np.linalg.inv(self.cholesky)

    def theta(self, mixture: Mixture) -> np.ndarray | None:
        """Return the natural parameters, (K, P), with log-joint = theta @ F; None where F would cost digits."""
        scale = np.linalg.inv(mixture.cholesky)  # to coordinates in which a component has covariance I
        roots = scale @ self.cholesky
        centres = (scale @ (self.centre - mixture.means)[:, :, None])[:, :, 0]
        squares = np.square(centres).sum(axis=1)
        precisions = roots.transpose(0, 2, 1) @ roots
        if max(squares.max(), np.trace(precisions, axis1=1, axis2=2).max()) > DIGITS:
            return None
        log_determinants = 2 * np.log(np.diagonal(scale, axis1=1, axis2=2)).sum(axis=1)
        constants = log_of(mixture.weights) + 0.5 * (log_determinants - squares - len(self.centre) * LOG_2_PI)
        rows, columns = np.triu_indices(len(self.centre))
        products = -precisions[:, rows, columns]
        products[:, rows == columns] /= 2
        return np.concatenate([constants[:, None], -np.einsum("kd,kde->ke", centres, roots), products], axis=1)


def by_features(points: np.ndarray, theta: np.ndarray, frame: Frame) -> Statistics:
    """Return the statistics of the points, (N, D), for a mixture whose natural parameters are `theta`."""
    n_components, n_features = theta.shape
    n_dimensions = points.shape[1]
    size = min(len(points), max(128, CACHED // (n_features + n_components)))
    features, joints = np.empty((n_features, size)), np.empty((n_components, size))
    features[0] = 1
    centred, z = np.empty((n_dimensions, size)), features[1 : n_dimensions + 1]
    sums, log_likelihood = np.zeros((n_components, n_features)), 0.0
    for first in range(0, len(points), size):
        block = points[first : first + size].T
        if block.shape[1] < size:
            features, joints, centred = (array[:, : block.shape[1]] for array in (features, joints, centred))
            z = features[1 : n_dimensions + 1]
        np.subtract(block, frame.centre[:, None], out=centred)
        np.matmul(frame.whiten, centred, out=z)
        place = n_dimensions + 1
        for d in range(n_dimensions):
            np.multiply(z[d], z[d:], out=features[place : place + n_dimensions - d])
            place += n_dimensions - d
        np.matmul(theta, features, out=joints)
        peaks = joints.max(axis=0)
        joints -= peaks
        densities = np.exp(joints, out=joints)
        totals = densities.sum(axis=0)
        log_likelihood += peaks.sum() + np.log(totals).sum()
        responsibilities = np.divide(densities, totals, out=joints)
        sums += responsibilities @ features.T
    return _unfolded(sums, log_likelihood, frame)


def _unfolded(sums, log_likelihood, frame):
    """Return the statistics that the sums of the features, (K, P), stand for."""
    n_dimensions = len(frame.centre)
    counts = sums[:, 0]
    averages = np.divide(sums, counts[:, None], out=np.zeros_like(sums), where=counts[:, None] > 0)
    means = averages[:, 1 : n_dimensions + 1]
    squares = np.empty((len(counts), n_dimensions, n_dimensions))
    rows, columns = np.triu_indices(n_dimensions)
    squares[:, rows, columns] = squares[:, columns, rows] = averages[:, n_dimensions + 1 :]
    within = squares - means[:, :, None] * means[:, None, :]
    back = frame.cholesky
    return Statistics(log_likelihood, counts, frame.centre + means @ back.T, back @ within @ back.T)


def by_cholesky(points: np.ndarray, mixture: Mixture) -> Statistics:
    """Return the statistics of the points, (N, D), from the readable E-step and M-step of one block after another."""
    size = max(128, CACHED // (4 * mixture.n_components + 2 * mixture.n_dimensions))
    total = None
    for first in range(0, len(points), size):
        block = np.asfortranarray(points[first : first + size], dtype=float)
        responsibilities, log_likelihood = expectation(block, mixture)
        part = Statistics(log_likelihood, *moments(block, responsibilities))
        total = part if total is None else total + part
    return total


def statistics_of(points: np.ndarray, mixture: Mixture, theta: np.ndarray | None, frame: Frame | None) -> Statistics:
    """Return what the points, (N, D), add up to, by their features where there is a `theta`."""
    return by_cholesky(points, mixture) if theta is None else by_features(points, theta, frame)


def climb(source: "Source", start: Mixture, added: np.ndarray) -> Iterator[Step]:
    """Yield the same steps as `em`, from one pass over the points each."""
    frame = source.frame(added)
    mixture, theta = start, frame and frame.theta(start)
    while True:
        sums = source.statistics(mixture, theta, frame)
        yield source.step(mixture, sums.log_likelihood)
        following, next_theta = None, None
        if theta is not None:
            with suppress(ValueError):
                following = mixture_of(sums.counts, sums.means, sums.covariances, added)
                next_theta = frame.theta(following)
            if next_theta is None:  # a component has become small: what it adds up to, once more, to the last digit
                sums = source.statistics(mixture, None, frame)
        if next_theta is None:
            following = mixture_of(sums.counts, sums.means, sums.covariances, added)
            next_theta = frame and frame.theta(following)
        mixture, theta = following, next_theta
