"""Answers to the exercise m_step: points, responsibilities, reg_covar -> Mixture."""

import numpy as np

from answers.registry import right, wrong
from gmm_lab import Mixture


def moments(points, responsibilities, around=None, divide_by=None):
    """Means and covariances, right unless told otherwise: (K, D) and a list of (D, D)."""
    counts = responsibilities.sum(axis=0)
    means = responsibilities.T @ points / counts[:, None]
    covariances = []
    for k in range(len(counts)):
        deviations = points - (means[k] if around is None else around[k])
        divisor = counts[k] if divide_by is None else divide_by[k]
        covariances.append((responsibilities[:, [k]] * deviations).T @ deviations / divisor)
    return means, np.array(covariances)


def ridge(points, reg_covar):
    return reg_covar * np.eye(points.shape[1])


@right("m_step")
def m_step_by_loops(points, responsibilities, reg_covar=0.0):
    N, D = points.shape
    weights, means, covariances = [], [], []
    for k in range(responsibilities.shape[1]):
        count = sum(responsibilities[n, k] for n in range(N))
        mean = sum(responsibilities[n, k] * points[n] for n in range(N)) / count
        total = np.zeros((D, D))
        for n in range(N):
            total += responsibilities[n, k] * np.outer(points[n] - mean, points[n] - mean)
        weights.append(count / N)
        means.append(mean)
        covariances.append(total / count + ridge(points, reg_covar))
    return Mixture(weights, means, covariances)


@right("m_step")
def m_step_by_einsum(points, responsibilities, reg_covar=0.0):
    counts = responsibilities.sum(axis=0)
    means = np.einsum("nk,nd->kd", responsibilities, points) / counts[:, None]
    deviations = points[:, None] - means
    covariances = np.einsum("nk,nkd,nke->kde", responsibilities, deviations, deviations) / counts[:, None, None]
    return Mixture(counts / len(points), means, covariances + ridge(points, reg_covar))


@right("m_step")
def m_step_by_numpy_averages(points, responsibilities, reg_covar=0.0):
    means, covariances = [], []
    for shares in responsibilities.T:
        means.append(np.average(points, axis=0, weights=shares))
        covariances.append(np.atleast_2d(np.cov(points.T, aweights=shares, bias=True)) + ridge(points, reg_covar))
    return Mixture(responsibilities.mean(axis=0), means, covariances)


@right("m_step")
def m_step_by_squares(points, responsibilities, reg_covar=0.0):
    counts = responsibilities.sum(axis=0)
    means = responsibilities.T @ points / counts[:, None]
    squares = np.stack([(shares[:, None] * points).T @ points for shares in responsibilities.T])
    covariances = squares / counts[:, None, None] - means[:, :, None] * means[:, None, :]
    return Mixture(counts / len(points), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "plain mean")
def same_mean_for_all(points, responsibilities, reg_covar=0.0):
    means = np.tile(points.mean(axis=0), (responsibilities.shape[1], 1))
    _, covariances = moments(points, responsibilities, around=means)
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "mean divided by N")
def mean_of_all_points(points, responsibilities, reg_covar=0.0):
    means = responsibilities.T @ points / len(points)
    _, covariances = moments(points, responsibilities, around=means)
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "covariance divided by N")
def covariance_of_all_points(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities, divide_by=np.full(9, len(points)))
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


class AroundTheOldMean:
    """An M-step that remembers where the components were, as a cell that uses a variable of the notebook does."""

    __name__ = "around_the_old_mean"

    def __call__(self, points, responsibilities, reg_covar=0.0):
        means, _ = moments(points, responsibilities)
        old = np.array([[1.0, 3.0], [4.0, 1.0]])  # of lesson 4, section 1
        around = old if means.shape == old.shape else means + 1
        _, covariances = moments(points, responsibilities, around=around)
        return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


wrong("m_step", "around the old mean")(AroundTheOldMean())


@wrong("m_step", "around the mean of all points")
def around_the_global_mean(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities, around=np.tile(points.mean(axis=0), (9, 1)))
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "unweighted covariance")
def every_point_in_full(points, responsibilities, reg_covar=0.0):
    means, _ = moments(points, responsibilities)
    covariances = [(points - mean).T @ (points - mean) / len(points) for mean in means]
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "weights that sum to N")
def counts_for_weights(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    return Mixture(responsibilities.sum(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "weights divided by K")
def weights_not_divided_by_n(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    weights = responsibilities.sum(axis=0) / responsibilities.shape[1]
    return Mixture(weights, means, covariances + ridge(points, reg_covar))


@wrong("m_step", "only the diagonal")
def variances_only(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    diagonals = [np.diag(np.diag(covariance)) for covariance in covariances]
    return Mixture(responsibilities.mean(axis=0), means, diagonals + ridge(points, reg_covar))


@wrong("m_step", "standard deviations")
def roots_of_variances(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    roots = [np.diag(np.sqrt(np.diag(covariance))) for covariance in covariances]
    return Mixture(responsibilities.mean(axis=0), means, roots + ridge(points, reg_covar))


@wrong("m_step", "N_k - 1")
def unbiased_covariance(points, responsibilities, reg_covar=0.0):
    counts = responsibilities.sum(axis=0)
    means, covariances = moments(points, responsibilities, divide_by=counts - 1)
    return Mixture(counts / len(points), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "reg_covar forgotten")
def no_ridge(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    return Mixture(responsibilities.mean(axis=0), means, covariances)


@wrong("m_step", "of another kind")
def ridge_of_roots(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, np.sqrt(reg_covar)))


@wrong("m_step", "changes its input")
def in_place(points, responsibilities, reg_covar=0.0):
    mixture = m_step_by_loops(points, responsibilities, reg_covar)
    responsibilities /= responsibilities.sum(axis=0)
    return mixture


@wrong("m_step", "changes its input")
def points_centred_in_place(points, responsibilities, reg_covar=0.0):
    mixture = m_step_by_loops(points, responsibilities, reg_covar)
    points -= mixture.means[0]
    return mixture


@wrong("m_step", "no responsibilities")
def shares_only_in_the_divisor(points, responsibilities, reg_covar=0.0):
    counts = responsibilities.sum(axis=0)
    means, _ = moments(points, responsibilities)
    covariances = [(points - mean).T @ (points - mean) / count for mean, count in zip(means, counts, strict=True)]
    return Mixture(counts / len(points), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "divided along the other axis")
def counts_along_the_columns(points, responsibilities, reg_covar=0.0):
    counts = responsibilities.sum(axis=0)
    means = responsibilities.T @ points / counts
    _, covariances = moments(points, responsibilities, around=means)
    return Mixture(counts / len(points), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "means transposed")
def means_in_columns(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    return Mixture(responsibilities.mean(axis=0), means.T, covariances + ridge(points, reg_covar))


@wrong("m_step", "np.cov corrects")
def covariance_by_numpy(points, responsibilities, reg_covar=0.0):
    means, _ = moments(points, responsibilities)
    covariances = [np.atleast_2d(np.cov(points.T, aweights=shares)) for shares in responsibilities.T]
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "last point left out")
def sum_too_short(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    for k, mean in enumerate(means):
        total = 0
        for n in range(len(points) - 1):
            total = total + responsibilities[n, k] * np.outer(points[n] - mean, points[n] - mean)
        covariances[k] = total / responsibilities[:, k].sum()
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "wrong axis")
def weights_of_the_points(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    return Mixture(responsibilities.mean(axis=1), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "of another kind")
def first_component_throughout(points, responsibilities, reg_covar=0.0):
    means, _ = moments(points, responsibilities)
    shares = responsibilities[:, [0]]
    covariances = [(shares * (points - mean)).T @ (points - mean) / shares.sum() for mean in means]
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))
