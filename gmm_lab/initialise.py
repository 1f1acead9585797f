"""Where EM starts. Both ways move and stretch with the data, so that a change of units changes nothing."""

import numpy as np

from gmm_lab.mixture import Mixture
from gmm_lab.validation import generator, points_array, whole_number


def k_means_plus_plus(points, n_components, *, reg_covar=1e-6, rng=0) -> Mixture:
    """Return equal weights, the data's own covariance, and means at points chosen far apart.

    Each next mean is a point drawn with probability proportional to its squared distance from the nearest mean so far
    (Arthur and Vassilvitskii 2007), each column measured in its own standard deviations.
    """
    points = points_array(points)
    n_components = whole_number(n_components, "n_components", 1)
    rng = generator(rng)
    deviations = points.std(axis=0)
    scaled = (points - points.mean(axis=0)) / np.where(deviations > 0, deviations, 1)
    chosen = [rng.integers(len(points))]
    nearest = np.full(len(points), np.inf)
    while len(chosen) < n_components:
        nearest = np.minimum(nearest, np.square(scaled - scaled[chosen[-1]]).sum(axis=1))
        total = nearest.sum()
        chosen.append(rng.choice(len(points), p=nearest / total if total > 0 else None))
    centred = points - points.mean(axis=0)
    return _equal_weights(points[chosen], centred.T @ centred / len(points), reg_covar)


def uniform_in_box(points, n_components, *, reg_covar=1e-6, rng=0) -> Mixture:
    """Return equal weights, means uniform in the data's box, and round covariances: each column's variance, no tilt."""
    points = points_array(points)
    n_components = whole_number(n_components, "n_components", 1)
    shape = (n_components, points.shape[1])
    means = generator(rng).uniform(points.min(axis=0), points.max(axis=0), shape)
    return _equal_weights(means, np.diag(points.var(axis=0)), reg_covar)


def _equal_weights(means, covariance, reg_covar):
    n_components, n_dimensions = means.shape
    covariances = np.tile(covariance + reg_covar * np.eye(n_dimensions), (n_components, 1, 1))
    return Mixture(np.full(n_components, 1 / n_components), means, covariances)


STARTS = {"k-means++": k_means_plus_plus, "random": uniform_in_box}
