"""Exercise: draw points from a mixture."""

import numpy as np

from gmm_lab.exercises import draws, reading
from gmm_lab.exercises.cases import Case
from gmm_lab.exercises.densities import random_covariance
from gmm_lab.exercises.diagnoses import slips_of
from gmm_lab.exercises.exercise import Exercise
from gmm_lab.mixture import Mixture

SHARE, MEAN, COVARIANCE, TAIL = "the share", "the mean", "the covariance", "the weight of the tails"
N_POINTS = 6000
SIGMAS = 6  # how far chance may take an average: further in about one of 500 million


def _cases(rng):
    tilted = Mixture(
        [0.5, 0.3, 0.2], [[1, 3], [8, -2], [-5, -6]], [[[4, 2], [2, 5]], [[2, -1], [-1, 1]], [[1, 0.5], [0.5, 3]]]
    )
    for seed in ("", ", from another seed"):
        yield Case(
            f"{N_POINTS} points of three components in 2-D, with weights 0.5, 0.3 and 0.2{seed}",
            _arguments(tilted, rng),
            "component 1 is the Gaussian of section 3, and there are others.",
            numbers="Take one component out, as in `points[labels == 0]`, and look at its mean and `np.cov`.",
        )
    for weights, n_dimensions in (([0.25, 0.75], 3), ([0.15, 0.18, 0.2, 0.22, 0.25], 1)):
        K = len(weights)
        means = rng.uniform(2, 3, (K, n_dimensions)) * rng.permutation(np.arange(1, K + 1))[:, None]
        mixture = Mixture(rng.permutation(weights), means, [random_covariance(rng, n_dimensions) for _ in range(K)])
        yield Case(
            f"{N_POINTS} points of {K} components in {n_dimensions}-D",
            _arguments(mixture, rng),
            f"there are {K} components and {n_dimensions} dimensions.",
        )


def _arguments(mixture, rng):
    return mixture, N_POINTS, np.random.default_rng(rng.integers(2**32))


def _read(answer, case):
    mixture, n_points, _ = case.arguments
    points, labels = reading.parts(answer, "my_sample", ("points", "labels"))
    points = reading.array(points, "`points`", (n_points, mixture.n_dimensions), ("point", "coordinate"))
    draws.check_type(labels)
    labels = reading.array(labels, "`labels`", (n_points,), ("point",))
    draws.check_labels(labels, mixture)
    draws.check_draws(points)
    groups = [points[labels == k] for k in range(mixture.n_components)]
    return {
        SHARE: np.array([len(group) / n_points for group in groups]),
        MEAN: np.array([group.mean(axis=0) for group in groups]),
        COVARIANCE: np.array([np.cov(group.T, bias=True).reshape(mixture.n_dimensions, -1) for group in groups]),
        TAIL: np.array([_kurtosis(group) for group in groups]),
    }


def _kurtosis(group):
    """Return the mean fourth power of whitened coordinates, which is 3 for a Gaussian."""
    centred = group - group.mean(axis=0)
    variances, directions = np.linalg.eigh(np.atleast_2d(np.cov(centred.T)))
    if variances.min() < 1e-9:
        return 3.0  # on a line, which the covariance tells
    return float(np.mean((centred @ directions / np.sqrt(variances)) ** 4))


def _solve(mixture, n_points, rng, share="", mean="", covariance="", draw=""):
    weights, means, covariances = mixture.weights, mixture.means, mixture.covariances
    if mean:
        means = np.zeros_like(means) if mean == "mean not added" else np.tile(weights @ means, (len(means), 1))
    if draw == "uniform draws":  # with the mean 1/2 and the variance 1/12
        means, covariances = means + 0.5 * mixture.cholesky.sum(axis=2), covariances / 12
    if draw == "draws from -1 to 1":  # with the variance 1/3
        covariances = covariances / 3
    if covariance == "one covariance for all":
        covariances = np.tile(covariances[:1], (len(means), 1, 1))
    chosen = {
        "": weights,
        "weights ignored": np.full(len(weights), 1 / len(weights)),
        "components' order": weights[::-1],
    }
    return {
        SHARE: chosen[share],
        MEAN: means,
        COVARIANCE: np.array([_spread(matrix, covariance) for matrix in covariances]),
        TAIL: np.full(len(weights), 3.0),
    }


def _spread(covariance, way):
    L, variances = np.linalg.cholesky(covariance), np.diag(covariance)
    return {
        "element by element": np.diag(L.sum(axis=0) ** 2),
        "axis by axis": np.diag(variances),
        "covariance where its factor belongs": covariance @ covariance,
        "other triangle": L.T @ L,
        "covariance ignored": np.eye(len(variances)),
        "variance taken for standard deviation": np.diag(variances**2),
        "one number for all coordinates": np.outer(L.sum(axis=1), L.sum(axis=1)),
    }.get(way, covariance)


def _agree(found, expected):
    """Say whether averages over a sample are as near to what was expected as chance leaves them."""
    n_points = N_POINTS * 0.15  # in the smallest component, nearly
    if found.ndim == 3:
        variances = np.diagonal(expected, axis1=1, axis2=2)
        error = np.sqrt((variances[:, :, None] * variances[:, None] + expected**2) / n_points) + 1e-9
    elif found.ndim == 2:
        error = 2.5 / np.sqrt(n_points)  # no coordinate here has a larger standard deviation
    else:
        error = np.sqrt(24 / n_points) if expected.min() > 1 else 0.5 / np.sqrt(N_POINTS)
    return bool((np.abs(found - expected) <= SIGMAS * error).all())


def _look(runs):
    """Tell of draws of which all is right but the tails, and of those that no seed changes."""
    right = {part: all(_agree(run.found[part], run.expected[part]) for run in runs) for part in runs[0].expected}
    if right[SHARE] and right[MEAN] and right[COVARIANCE] and not right[TAIL]:
        return "not a bell curve", {}
    if len(runs) > 1 and reading.alike(runs[0].answer, runs[1].answer):
        return "seed ignored", {}
    return None


sample = Exercise(
    name="sample",
    signature="my_sample(mixture, n_points, rng)",
    axes={
        SHARE: ("component",),
        MEAN: ("component", "coordinate"),
        COVARIANCE: ("component", "row", "column"),
        TAIL: ("component",),
    },
    cases=_cases,
    read=_read,
    solve=_solve,
    slips=slips_of("sample"),
    look=_look,
    agree=_agree,
)
