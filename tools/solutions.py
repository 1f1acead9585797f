"""The exercises, solved. `tools/stubs.py` makes of each the reader's stub and the folded solution.

Of a line whose comment ends with "yours", an assignment or a `return`, the stub has `...` in place of the value; a line
whose comment ends with "left out" it does not have at all.
"""

import numpy as np
from scipy.stats import chi2

from gmm_lab import Mixture, Step, fit


def log_joint(points, mixture):
    """Stand in for the function of lesson 3."""
    return mixture.log_joint(points)


def log_sum_exp(table):
    """Stand in for the function of lesson 3, which returns a column."""
    return np.logaddexp.reduce(table, axis=1, keepdims=True)


def my_radius(mass, n_dimensions):
    return np.sqrt(chi2.ppf(mass, df=n_dimensions))  # (4), yours


def my_sample(mixture, n_points, rng):
    labels = np.searchsorted(mixture.weights.cumsum(), rng.uniform(size=n_points))  # (1), yours
    points = np.empty((n_points, mixture.n_dimensions))
    # for each point: draw it from its component, by (3)
    for n, k in enumerate(labels):  # left out
        L = np.linalg.cholesky(mixture.covariances[k])  # left out
        points[n] = mixture.means[k] + L @ rng.standard_normal(mixture.n_dimensions)  # (3), left out
    return points, labels


def my_log_density(points, mean, covariance):
    L = np.linalg.cholesky(covariance)  # left out
    u = np.linalg.solve(L, (points - mean).T)  # (4), left out
    squared_distances = (u**2).sum(axis=0)  # yours
    log_determinant = 2 * np.log(np.diag(L)).sum()  # yours
    return -0.5 * (len(mean) * np.log(2 * np.pi) + log_determinant + squared_distances)  # (3)


def my_log_sum_exp(table):
    peak = table.max(axis=1)  # left out
    return peak + np.log(np.exp(table - peak[:, None]).sum(axis=1))  # (7), yours


def my_e_step(points, mixture):
    table = log_joint(points, mixture)
    log_density = log_sum_exp(table)  # left out
    responsibilities = np.exp(table - log_density)  # (3), yours
    log_likelihood = log_density.sum()  # yours
    return responsibilities, log_likelihood


def my_m_step(points, responsibilities, reg_covar=0.0):
    counts = responsibilities.sum(axis=0)  # (1), yours
    means = responsibilities.T @ points / counts[:, None]  # (2), yours
    covariances = []
    for k, mean in enumerate(means):
        deviations = points - mean
        weighted = responsibilities[:, [k]] * deviations  # left out
        covariance = weighted.T @ deviations / counts[k]  # (3), yours
        covariances.append(covariance + reg_covar * np.eye(points.shape[1]))
    weights = counts / len(points)  # (4), yours
    return Mixture(weights, means, covariances)


def my_em(points, mixture, tol, e_step, m_step):
    steps = []  # left out
    while True:  # left out
        responsibilities, log_likelihood = e_step(points, mixture)  # left out
        steps.append(Step(points, mixture, log_likelihood))  # left out
        if len(steps) > 1:  # left out
            gain = steps[-1].log_likelihood - steps[-2].log_likelihood  # left out
            if abs(gain) / len(points) < tol:  # left out
                return steps  # left out
        mixture = m_step(points, responsibilities)  # left out


def my_restarts(points, starts):
    fits = [fit(points, start.n_components, start=start) for start in starts]  # left out
    least = 1e-6 * points.var(axis=0).min()  # of variance: a component with less is a needle
    sound = [run for run in fits if np.linalg.eigvalsh(run.mixture.covariances).min() > least]  # yours
    return max(sound, key=lambda run: run.log_likelihood)  # yours


def my_frame(step, B, palette, radius):
    places = step.points @ B.T  # (1), yours
    colours = step.responsibilities @ palette  # yours
    angle = np.linspace(0, 2 * np.pi, 100)
    circle = np.c_[np.cos(angle), np.sin(angle)]
    outlines = []
    for mean, covariance in zip(step.mixture.means, step.mixture.covariances, strict=True):
        L = np.linalg.cholesky(B @ covariance @ B.T)  # (2), left out
        outline = mean @ B.T + radius * circle @ L.T  # yours
        outlines.append(outline)
    return places, colours, outlines
