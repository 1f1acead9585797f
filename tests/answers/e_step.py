"""Answers to the exercise e_step: points, mixture -> responsibilities, log_likelihood."""

import numpy as np
from scipy.special import logsumexp
from scipy.stats import multivariate_normal, norm

from answers.log_density import constant_of_one_dimension, density_by_cholesky, density_by_einsum
from answers.registry import right, wrong


def gaussian(points, mean, covariance):
    """The density (2) of lesson 2, outside logarithms."""
    return multivariate_normal(mean, covariance).pdf(points).reshape(len(points))


def joint(points, mixture):
    """The numerators of Bayes' theorem, (N, K)."""
    parts = zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    return np.stack([weight * gaussian(points, mean, covariance) for weight, mean, covariance in parts], axis=1)


def log_joint(points, mixture, density=density_by_cholesky):
    parts = zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    return np.stack([np.log(weight) + density(points, mean, cov) for weight, mean, cov in parts], axis=1)


def shares_of(table):
    """Right from here on: the shares and the log-likelihood of a table of log-joints."""
    log_density = logsumexp(table, axis=1)
    return np.exp(table - log_density[:, None]), log_density.sum()


@right("e_step")
def e_step_by_loops(points, mixture):
    N, K = len(points), mixture.n_components
    responsibilities, log_likelihood = np.zeros((N, K)), 0.0
    for n in range(N):
        row = []
        for k in range(K):
            difference = points[n] - mixture.means[k]
            squared = difference @ np.linalg.solve(mixture.covariances[k], difference)
            log_determinant = np.linalg.slogdet(2 * np.pi * mixture.covariances[k])[1]
            row.append(np.log(mixture.weights[k]) - 0.5 * (log_determinant + squared))
        log_density = max(row) + np.log(sum(np.exp(v - max(row)) for v in row))
        responsibilities[n] = [np.exp(v - log_density) for v in row]
        log_likelihood += log_density
    return responsibilities, log_likelihood


@right("e_step")
def e_step_by_einsum(points, mixture):
    difference = points[:, None] - mixture.means
    squared = np.einsum("nkd,kde,nke->nk", difference, np.linalg.inv(mixture.covariances), difference)
    log_determinants = np.linalg.slogdet(2 * np.pi * mixture.covariances)[1]
    return shares_of(np.log(mixture.weights) - 0.5 * (log_determinants + squared))


@right("e_step")
def e_step_by_scipy(points, mixture):
    return shares_of(
        np.log(mixture.weights)
        + np.array(
            [
                multivariate_normal(mean, covariance).logpdf(points)
                for mean, covariance in zip(mixture.means, mixture.covariances, strict=True)
            ]
        ).T
    )


@right("e_step")
def e_step_by_hand(points, mixture):
    table = log_joint(points, mixture)
    peak = table.max(axis=1, keepdims=True)
    scaled = np.exp(table - peak)
    sums = scaled.sum(axis=1, keepdims=True)
    return scaled / sums, float((peak + np.log(sums)).sum())


@wrong("e_step", "no weights")
def without_weights(points, mixture):
    parts = zip(mixture.means, mixture.covariances, strict=True)
    return shares_of(np.stack([density_by_cholesky(points, mean, cov) for mean, cov in parts], axis=1))


@wrong("e_step", "not normalised")
def numerators(points, mixture):
    table = joint(points, mixture)
    return table, logsumexp(log_joint(points, mixture), axis=1).sum()


@wrong("e_step", "normalised over points")
def shares_of_a_component(points, mixture):
    table = joint(points, mixture)
    return table / table.sum(axis=0), np.log(table.sum(axis=1)).sum()


@wrong("e_step", "determinant without its square root")
def whole_determinant(points, mixture):
    def density(points, mean, covariance):
        return density_by_einsum(points, mean, covariance) - 0.5 * np.log(np.linalg.det(covariance))

    return shares_of(log_joint(points, mixture, density))


@wrong("e_step", "2 pi to the power 1/2")
def constant_of_one_dimension_everywhere(points, mixture):
    return shares_of(log_joint(points, mixture, constant_of_one_dimension))


@wrong("e_step", "2 pi to the power D")
def whole_power(points, mixture):
    def density(points, mean, covariance):
        return density_by_einsum(points, mean, covariance) - points.shape[1] / 2 * np.log(2 * np.pi)

    return shares_of(log_joint(points, mixture, density))


@wrong("e_step", "covariance where its inverse belongs")
def not_inverted(points, mixture):
    def density(points, mean, covariance):
        squared = ((points - mean) @ covariance * (points - mean)).sum(axis=1)
        return -0.5 * (np.linalg.slogdet(2 * np.pi * covariance)[1] + squared)

    return shares_of(log_joint(points, mixture, density))


@wrong("e_step", "variance taken for standard deviation")
def squared_once_more(points, mixture):
    return shares_of(log_joint(points, mixture, lambda x, mean, cov: density_by_einsum(x, mean, cov @ cov)))


@wrong("e_step", "variance taken for standard deviation")
def variances_as_scales(points, mixture):
    def density(points, mean, covariance):
        return norm.logpdf(points, mean, np.diag(covariance)).sum(axis=1)

    return shares_of(log_joint(points, mixture, density))


@wrong("e_step", "underflow")
def outside_logarithms(points, mixture):
    table = joint(points, mixture)
    sums = table.sum(axis=1)
    return table / sums[:, None], np.log(sums).sum()


@wrong("e_step", "hard decision")
def all_or_nothing(points, mixture):
    table = log_joint(points, mixture)
    return np.eye(mixture.n_components)[table.argmax(axis=1)], logsumexp(table, axis=1).sum()


@wrong("e_step", "logarithms of the responsibilities")
def still_logarithms(points, mixture):
    table = log_joint(points, mixture)
    log_density = logsumexp(table, axis=1)
    return table - log_density[:, None], log_density.sum()


@wrong("e_step", "transposed")
def a_row_for_each_component(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities.T, log_likelihood


@wrong("e_step", "summed once for each component")
def total_as_in_the_seed(points, mixture):
    responsibilities, _ = e_step_by_scipy(points, mixture)
    totals = [logsumexp(log_joint(points, mixture), axis=1) for _ in range(mixture.n_components)]
    return responsibilities, np.sum(totals)


@wrong("e_step", "mean, not sum")
def total_per_point(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities, log_likelihood / len(points)


@wrong("e_step", "base 10")
def total_to_base_10(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities, log_likelihood * np.log10(np.e)


@wrong("e_step", "base 2")
def total_in_bits(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities, log_likelihood / np.log(2)


@wrong("e_step", "components' order")
def weights_of_others(points, mixture):
    parts = zip(reversed(mixture.weights), mixture.means, mixture.covariances, strict=True)
    return shares_of(np.stack([np.log(w) + density_by_cholesky(points, m, c) for w, m, c in parts], axis=1))


@wrong("e_step", "columns in another order")
def columns_reversed(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities[:, ::-1], log_likelihood


@wrong("e_step", "rows do not add up to 1")
def weighted_twice(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities * mixture.weights, log_likelihood


@wrong("e_step", "logarithms divided")
def one_log_by_another(points, mixture):
    table = log_joint(points, mixture)
    log_density = logsumexp(table, axis=1)
    return table / log_density[:, None], log_density.sum()


@wrong("e_step", "largest subtracted")
def peak_for_sum(points, mixture):
    table = log_joint(points, mixture)
    return np.exp(table - table.max(axis=1, keepdims=True)), logsumexp(table, axis=1).sum()


@wrong("e_step", "average by the responsibilities")
def expected_log_joint(points, mixture):
    responsibilities, _ = e_step_by_scipy(points, mixture)
    return responsibilities, (responsibilities * log_joint(points, mixture)).sum()


@wrong("e_step", "logarithm of the sum of the responsibilities")
def log_of_ones(points, mixture):
    responsibilities, _ = e_step_by_scipy(points, mixture)
    return responsibilities, np.log(responsibilities.sum(axis=1)).sum()


@wrong("e_step", "weights twice")
def weights_once_more(points, mixture):
    return shares_of(log_joint(points, mixture) + np.log(mixture.weights))


@wrong("e_step", "row never filled")
def loop_too_short(points, mixture):
    right, log_likelihood = e_step_by_scipy(points, mixture)
    responsibilities = np.zeros_like(right)
    for n in range(len(points) - 1):
        responsibilities[n] = right[n]
    return responsibilities, log_likelihood


@wrong("e_step", "column never filled")
def always_two_components(points, mixture):
    table = np.exp(log_joint(points, mixture))
    responsibilities = np.zeros_like(table)
    for k in range(2):
        responsibilities[:, k] = table[:, k] / table.sum(axis=1)
    return responsibilities, logsumexp(log_joint(points, mixture), axis=1).sum()


@wrong("e_step", "no array")
def lists_of_lists(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities.tolist(), log_likelihood


@wrong("e_step", "logarithms divided by their sum")
def logs_normalised(points, mixture):
    table = log_joint(points, mixture)
    return table / table.sum(axis=1, keepdims=True), logsumexp(table, axis=1).sum()


@wrong("e_step", "sum of the logarithms of responsibilities")
def log_of_the_shares(points, mixture):
    responsibilities, _ = e_step_by_scipy(points, mixture)
    with np.errstate(divide="ignore"):
        return responsibilities, np.log(responsibilities).sum()
