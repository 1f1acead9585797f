"""Answers to the exercise sample: mixture, n_points, rng -> points, labels."""

import numpy as np

from answers.registry import right, wrong


@right("sample")
def one_by_one(mixture, n_points, rng):
    points, labels = [], []
    for _ in range(n_points):
        k = rng.choice(mixture.n_components, p=mixture.weights)
        points.append(rng.multivariate_normal(mixture.means[k], mixture.covariances[k]))
        labels.append(k)
    return points, labels


@right("sample")
def by_darts(mixture, n_points, rng):
    labels = np.searchsorted(mixture.weights[:-1].cumsum(), rng.uniform(size=n_points))
    L = np.linalg.cholesky(mixture.covariances)[labels]
    return mixture.means[labels] + np.einsum("nde,ne->nd", L, rng.standard_normal(mixture.means[labels].shape)), labels


@right("sample")
def group_by_group_shuffled(mixture, n_points, rng):
    counts = rng.multinomial(n_points, mixture.weights)
    labels = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    points = np.zeros((n_points, mixture.n_dimensions))
    for k, covariance in enumerate(mixture.covariances):
        variances, directions = np.linalg.eigh(covariance)
        u = rng.standard_normal((counts[k], mixture.n_dimensions))
        points[labels == k] = mixture.means[k] + (u * np.sqrt(variances)) @ directions.T
    return points, labels


@right("sample")
def of_the_package(mixture, n_points, rng):
    return mixture.sample(n_points, rng)


def apart(mixture, labels, rng):
    """Return how far from their means draws of the components with these labels are, (N, D)."""
    L = np.linalg.cholesky(mixture.covariances)[labels]
    return (L @ rng.standard_normal((len(labels), mixture.n_dimensions, 1)))[..., 0]


@wrong("sample", "weights ignored")
def any_component(mixture, n_points, rng):
    labels = rng.integers(mixture.n_components, size=n_points)
    return apart(mixture, labels, rng) + mixture.means[labels], labels


@wrong("sample", "axis by axis")
def stretched_along_the_axes(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    deviations = np.sqrt(np.diagonal(mixture.covariances, axis1=1, axis2=2))
    return rng.normal(mixture.means[labels], deviations[labels]), labels


@wrong("sample", "covariance where its factor belongs")
def stretched_by_the_covariance(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    u = rng.standard_normal((n_points, mixture.n_dimensions))
    return np.array([mixture.means[k] + mixture.covariances[k] @ u[n] for n, k in enumerate(labels)]), labels


@wrong("sample", "other triangle")
def factor_transposed(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    points = np.empty((n_points, mixture.n_dimensions))
    for n, k in enumerate(labels):
        L = np.linalg.cholesky(mixture.covariances[k])
        points[n] = mixture.means[k] + rng.standard_normal(mixture.n_dimensions) @ L
    return points, labels


@wrong("sample", "one mean for all")
def averaged_component(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    return apart(mixture, labels, rng) + mixture.weights @ mixture.means, labels


@wrong("sample", "labels from 1")
def labels_for_people(mixture, n_points, rng):
    points, labels = mixture.sample(n_points, rng)
    return points, labels + 1


@wrong("sample", "counts arranged")
def exact_shares(mixture, n_points, rng):
    counts = np.round(mixture.weights * n_points).astype(int)
    labels = np.repeat(np.arange(mixture.n_components), counts)
    return apart(mixture, labels, rng) + mixture.means[labels], labels


@wrong("sample", "one number for all coordinates")
def one_draw_a_point(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    L = np.linalg.cholesky(mixture.covariances)
    u = [np.full(mixture.n_dimensions, rng.standard_normal()) for _ in labels]
    return np.array([mixture.means[k] + L[k] @ u[n] for n, k in enumerate(labels)]), labels


@wrong("sample", "labels")
def labels_below_0(mixture, n_points, rng):
    points, labels = mixture.sample(n_points, rng)
    return points, labels - 1


@wrong("sample", "whole numbers")
def room_for_whole_numbers(mixture, n_points, rng):
    points, labels = mixture.sample(n_points, rng)
    return points.astype(int), labels


@wrong("sample", "not drawn")
def rounded(mixture, n_points, rng):
    points, labels = mixture.sample(n_points, rng)
    return points.round(1), labels


@wrong("sample", "component missing")
def always_the_likeliest(mixture, n_points, rng):
    k = int(mixture.weights.argmax())
    return rng.multivariate_normal(mixture.means[k], mixture.covariances[k], n_points), np.full(n_points, k)


@wrong("sample", "component missing")
def darts_at_the_weights_themselves(mixture, n_points, rng):
    labels = np.searchsorted(mixture.weights, rng.uniform(size=n_points)).clip(0, mixture.n_components - 1)
    return np.array([rng.multivariate_normal(mixture.means[k], mixture.covariances[k]) for k in labels]), labels


@wrong("sample", "not drawn")
def never_filled(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    return np.zeros((n_points, mixture.n_dimensions)), labels


@wrong("sample", "not drawn")
def returns_in_the_loop(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    points = np.zeros((n_points, mixture.n_dimensions))
    for n, k in enumerate(labels):
        points[n] = rng.multivariate_normal(mixture.means[k], mixture.covariances[k])
        return points, labels


@wrong("sample", "not drawn")
def one_draw_for_all(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    u = rng.standard_normal(mixture.n_dimensions)
    return np.array([mixture.means[k] + np.linalg.cholesky(mixture.covariances[k]) @ u for k in labels]), labels


@wrong("sample", "not drawn")
def last_point_missing(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    points = np.zeros((n_points, mixture.n_dimensions))
    for n in range(n_points - 1):
        points[n] = rng.multivariate_normal(mixture.means[labels[n]], mixture.covariances[labels[n]])
    return points, labels


@wrong("sample", "labels of floats")
def labels_in_floats(mixture, n_points, rng):
    points, labels = mixture.sample(n_points, rng)
    return points, labels.astype(float)


@wrong("sample", "seed ignored")
def own_generator(mixture, n_points, rng):
    return mixture.sample(n_points, np.random.default_rng(0))


@wrong("sample", "one covariance for all")
def first_factor_for_all(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    L = np.linalg.cholesky(mixture.covariances[0])
    return mixture.means[labels] + rng.standard_normal((n_points, mixture.n_dimensions)) @ L.T, labels


@wrong("sample", "uniform draws")
def darts_for_coordinates(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    L = np.linalg.cholesky(mixture.covariances)
    u = rng.uniform(size=(n_points, mixture.n_dimensions))
    return np.array([mixture.means[k] + L[k] @ u[n] for n, k in enumerate(labels)]), labels


@wrong("sample", "not a bell curve")
def uniform_of_variance_1(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    L = np.linalg.cholesky(mixture.covariances)
    u = np.sqrt(12) * (rng.uniform(size=(n_points, mixture.n_dimensions)) - 0.5)
    return np.array([mixture.means[k] + L[k] @ u[n] for n, k in enumerate(labels)]), labels
