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
from typing import TYPE_CHECKING

import numpy as np

from gmm_lab.algorithm import Step, expectation, mixture_of, moments
from gmm_lab.log_space import LOG_2_PI, log_of
from gmm_lab.mixture import Mixture

if TYPE_CHECKING:
    from gmm_lab.sources import Source

CACHED, SHORTEST = 2**16, 512  # numbers in a block, half of a core's cache; points in a block, at least
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

    def mixture(self, added: np.ndarray) -> Mixture:
        """Return what the M-step makes of them; added : to each column's variance, (D,)."""
        return mixture_of(self.counts, self.means, self.covariances, added)


class Frame:
    """The coordinates z in which all points together have mean 0 and covariance I, and their products two by two.

    With h = [1, z], the P = (D + 1)(D + 2) / 2 features are the h_i h_j with i <= j. A component's log-joint is
    linear in them: it is a constant less half of h' A h, where A = R' R and R = [L^-1 (centre - mean), L^-1 cholesky].
    centre : (D,), the points' mean.  cholesky : (D, D), of their covariance.
    """

    def __init__(self, centre: np.ndarray, cholesky: np.ndarray):
        self.centre, self.cholesky = centre, cholesky
        self.whiten = np.linalg.inv(cholesky)
        size = len(centre) + 1
        i, j = np.triu_indices(size)
        self.upper, self.halves = i * size + j, np.where(i == j, -0.5, -1.0)
        self.square = np.empty((size, size), dtype=int)  # which feature is h_i h_j
        self.square[i, j] = self.square[j, i] = range(len(i))

    def theta(self, mixture: Mixture) -> np.ndarray | None:
        """Return the natural parameters, (K, P), with log-joint = theta @ features; None where they cost digits."""
        scale = np.linalg.inv(mixture.cholesky)
        shifts = scale @ (self.centre - mixture.means)[:, :, None]
        roots = np.concatenate([shifts, scale @ self.cholesky], axis=2)
        products = roots.transpose(0, 2, 1) @ roots
        if products.trace(axis1=1, axis2=2).max() > DIGITS:
            return None
        theta = products.reshape(len(products), -1)[:, self.upper] * self.halves
        log_diagonals = np.log(scale.diagonal(axis1=1, axis2=2)).sum(axis=1)
        theta[:, 0] += log_of(mixture.weights) + log_diagonals - 0.5 * len(self.centre) * LOG_2_PI
        return theta

    def statistics(self, sums: np.ndarray, log_likelihood: float) -> Statistics:
        """Return the statistics that the features' sums, (K, P), weighted by responsibilities, stand for."""
        counts = sums[:, 0]
        products = sums[:, self.square] / np.where(counts > 0, counts, 1)[:, None, None]
        means, back = products[:, 0, 1:], self.cholesky
        within = products[:, 1:, 1:] - means[:, :, None] * means[:, None, :]
        return Statistics(log_likelihood, counts, self.centre + means @ back.T, back @ within @ back.T)


def by_features(points: np.ndarray, theta: np.ndarray, frame: Frame) -> Statistics:
    """Return the statistics of the points, (N, D), for a mixture whose natural parameters are `theta`."""
    n_components, n_features = theta.shape
    n_dimensions = points.shape[1]
    size = min(len(points), max(SHORTEST, CACHED // (n_features + n_components)))
    room = np.empty((n_features + n_components + n_dimensions, size))
    room[0] = 1
    sums, log_likelihood = np.zeros((n_features, n_components)), 0.0
    for first in range(0, len(points), size):
        block = points[first : first + size].T
        here = room[:, : block.shape[1]]
        features, joints, centred = here[:n_features], here[n_features:-n_dimensions], here[-n_dimensions:]
        np.subtract(block, frame.centre[:, None], out=centred)
        np.matmul(frame.whiten, centred, out=features[1 : n_dimensions + 1])
        place = n_dimensions + 1
        for d in range(1, n_dimensions + 1):
            following = place + n_dimensions + 1 - d
            np.multiply(features[d], features[d : n_dimensions + 1], out=features[place:following])
            place = following
        np.matmul(theta, features, out=joints)
        peaks = joints.max(axis=0)
        joints -= peaks
        densities = np.exp(joints, out=joints)
        totals = densities.sum(axis=0)
        log_likelihood += peaks.sum() + np.log(totals).sum()
        responsibilities = np.divide(densities, totals, out=joints)
        sums += features @ responsibilities.T
    return frame.statistics(sums.T, log_likelihood)


def by_cholesky(points: np.ndarray, mixture: Mixture) -> Statistics:
    """Return the statistics of the points, (N, D), from the readable E-step and M-step of one block after another."""
    size = max(SHORTEST, CACHED // (4 * mixture.n_components + 2 * mixture.n_dimensions))
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
        mixture, theta = _next(source, mixture, theta, frame, added, sums)


def _next(source, mixture, theta, frame, added, sums):
    """Return the next mixture, with its natural parameters where its components are large enough for them."""
    if theta is not None:
        with suppress(ValueError):
            following = sums.mixture(added)
            if (its_theta := frame.theta(following)) is not None:
                return following, its_theta
        sums = source.statistics(mixture, None, frame)  # once more, to the last digit
    following = sums.mixture(added)
    return following, frame and frame.theta(following)
