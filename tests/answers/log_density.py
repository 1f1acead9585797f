"""Answers to the exercise log_density: points, mean, covariance -> (N,)."""

import numpy as np
from scipy.stats import multivariate_normal, norm

from answers.registry import right, wrong


@right("log_density")
def density_by_loops(points, mean, covariance):
    result = []
    for x in points:
        squared = (x - mean) @ np.linalg.inv(covariance) @ (x - mean)
        result.append(-(len(x) * np.log(2 * np.pi) + np.log(np.linalg.det(covariance)) + squared) / 2)
    return result


@right("log_density")
def density_by_einsum(points, mean, covariance):
    difference = points - mean
    squared = np.einsum("nd,de,ne->n", difference, np.linalg.inv(covariance), difference)
    return -0.5 * (squared + np.linalg.slogdet(2 * np.pi * covariance)[1])


@right("log_density")
def density_by_scipy(points, mean, covariance):
    return multivariate_normal(mean, covariance).logpdf(points)


@right("log_density")
def density_by_cholesky(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    u = np.linalg.solve(L, (points - mean).T)
    return -0.5 * (u**2).sum(axis=0) - np.log(np.diag(L)).sum() - points.shape[1] / 2 * np.log(2 * np.pi)


@wrong("log_density", "outside logarithms")
def density_then_log(points, mean, covariance):
    return np.log(multivariate_normal(mean, covariance).pdf(points))


@wrong("log_density", "density, not its logarithm")
def density_itself(points, mean, covariance):
    return np.exp(density_by_einsum(points, mean, covariance))


@wrong("log_density", "2 pi to the power 1/2")
def constant_of_one_dimension(points, mean, covariance):
    squared = ((points - mean) @ np.linalg.inv(covariance) * (points - mean)).sum(axis=1)
    return -0.5 * (np.log(2 * np.pi) + np.log(np.linalg.det(covariance)) + squared)


@wrong("log_density", "mean not subtracted")
def around_the_origin(points, mean, covariance):
    return density_by_einsum(points, 0 * mean, covariance)


@wrong("log_density", "half of the log-determinant")
def diagonal_not_doubled(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    u = np.linalg.solve(L, (points - mean).T)
    return -0.5 * (points.shape[1] * np.log(2 * np.pi) + np.log(np.diag(L)).sum() + (u**2).sum(axis=0))


@wrong("log_density", "only the diagonal")
def axes_on_their_own(points, mean, covariance):
    return norm.logpdf(points, mean, np.sqrt(np.diag(covariance))).sum(axis=1)


def with_terms(points, mean, covariance, squared, log_determinant):
    return -0.5 * (points.shape[1] * np.log(2 * np.pi) + log_determinant + squared)


@wrong("log_density", "determinant without its logarithm")
def plain_determinant(points, mean, covariance):
    u = np.linalg.solve(np.linalg.cholesky(covariance), (points - mean).T)
    return with_terms(points, mean, covariance, (u**2).sum(axis=0), np.linalg.det(covariance))


@wrong("log_density", "added, not squared")
def not_squared(points, mean, covariance):
    u = np.linalg.solve(np.linalg.cholesky(covariance), (points - mean).T)
    return with_terms(points, mean, covariance, u.sum(axis=0), np.log(np.linalg.det(covariance)))


@wrong("log_density", "multiplied by the factor")
def not_solved(points, mean, covariance):
    u = np.linalg.cholesky(covariance) @ (points - mean).T
    return with_terms(points, mean, covariance, (u**2).sum(axis=0), np.log(np.linalg.det(covariance)))


@wrong("log_density", "mean of the points")
def around_their_own_mean(points, mean, covariance):
    return density_by_einsum(points, points.mean(axis=0), covariance)


@wrong("log_density", "all pairs")
def every_pair(points, mean, covariance):
    squared = (points - mean) @ np.linalg.inv(covariance) @ (points - mean).T
    return with_terms(points, mean, covariance, squared, np.log(np.linalg.det(covariance)))


@wrong("log_density", "covariance where its factor belongs")
def solved_with_the_covariance(points, mean, covariance):
    u = np.linalg.solve(covariance, (points - mean).T)
    return with_terms(points, mean, covariance, (u**2).sum(axis=0), np.log(np.linalg.det(covariance)))
