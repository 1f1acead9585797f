"""Exercise: the log-density of a Gaussian; and what goes wrong in it, which the E-step shares."""

import numpy as np

from gmm_lab.exercises import reading
from gmm_lab.exercises.cases import Case
from gmm_lab.exercises.diagnoses import slips_of
from gmm_lab.exercises.exercise import Exercise

PART = "the log-density"


def log_gaussian(
    points, mean, covariance, *, matrix="", spread="", centre="", distance="", determinant="", constant=""
):
    """Return the log-density (N,) of points (N, D) under one Gaussian, or what it is with stages done otherwise."""
    n_dimensions = points.shape[1]
    if matrix:
        covariance = np.diag(np.diag(covariance))
    if spread:
        variances, directions = np.linalg.eigh(covariance)
        power = 2 if spread == "variance taken for standard deviation" else 0.5
        covariance = (directions * np.abs(variances) ** power) @ directions.T
    centres = {"": mean, "mean of the points": points.mean(axis=0), "mean not subtracted": 0}
    difference = points - centres[centre]
    log_determinant = np.linalg.slogdet(covariance)[1]
    if determinant == "determinant without its logarithm":
        log_determinant = np.exp(log_determinant)
    if determinant == "diagonal of the covariance":
        log_determinant = np.log(np.diag(covariance)).sum()
    if determinant == "logarithm of the summed diagonal":
        log_determinant = 2 * np.log(np.diag(np.linalg.cholesky(covariance)).sum())
    log_determinant *= {
        "": 1,
        "determinant without its square root": 2,
        "no determinant": 0,
        "half of the log-determinant": 0.5,
        "wrong sign of the determinant": -1,
    }.get(determinant, 1)
    constants = {
        "2 pi to the power 1/2": 1,
        "2 pi to the power D": 2 * n_dimensions,
        "2 pi to the power N/2": len(points),
        "no 2 pi": 0,
    }
    log_constant = constants.get(constant, n_dimensions) * np.log(np.pi if constant == "pi for 2 pi" else 2 * np.pi)
    return -0.5 * (log_constant + log_determinant + _squared_distance(difference, covariance, distance))


def _squared_distance(difference, covariance, way):
    if way == "covariance where its inverse belongs":
        return np.einsum("nd,de,ne->n", difference, covariance, difference)
    if way == "ruler":
        return np.square(difference).sum(axis=1)
    L = np.linalg.cholesky(covariance)
    u = L @ difference.T if way == "multiplied by the factor" else np.linalg.solve(L, difference.T)
    if way == "covariance where its factor belongs":
        u = np.linalg.solve(covariance, difference.T)
    if way == "other triangle":
        u = np.linalg.solve(L.T, difference.T)
    squared = np.square(u).sum(axis=0)
    if way in ("added, not squared", "squared after adding"):
        return u.sum(axis=0) ** (1 if way == "added, not squared" else 2)
    return {"not halved": 2 * squared, "not squared": np.sqrt(squared), "wrong sign": -squared}.get(way, squared)


def random_covariance(rng, n_dimensions):
    """Return a covariance (D, D) that is tilted, and nowhere near 1."""
    root = rng.uniform(0.3, 1.2, (n_dimensions, n_dimensions)) * rng.choice([-1, 1], (n_dimensions, n_dimensions))
    return root @ root.T + 0.4 * np.eye(n_dimensions)


def _cases(rng):
    lesson = np.array([[4.0, 2.0], [2.0, 5.0]])
    places = np.array([[2.0, 3.0], [2.0, -3.0], [0.5, 0.25]])
    yield Case(
        "the places (2, 3), (2, -3) and (0.5, 0.25) with the covariance of section 1",
        (places, np.zeros(2), lesson),
        "there are two dimensions, and the 2 beside the diagonal of the covariance counts.",
        by_hand="at (2, 3), the squared distance is 2, the log-determinant 2.7726, and D log 2π is 3.6758.",
    )
    for n_dimensions, name, new in (
        (1, "five points in 1-D", "there is one dimension, a mean other than 0, and a variance other than 1."),
        (3, "seven points in 3-D", "there are three dimensions, and so D is 3 wherever it stands in the formula."),
    ):
        mean = rng.uniform(1, 3, n_dimensions)
        points = mean + rng.normal(size=(2 * n_dimensions + (3 if n_dimensions == 1 else 1), n_dimensions))
        yield Case(name, (points, mean, random_covariance(rng, n_dimensions)), new)
    far = rng.uniform(200, 400, (4, 2)) * rng.choice([-1, 1], (4, 2))
    yield Case(
        "four points far away",
        (far, rng.uniform(1, 3, 2), random_covariance(rng, 2)),
        "the points are so far away that their density underflows to 0.",
    )


def _read(answer, case):
    return {PART: reading.array(answer, "The result", (len(case.arguments[0]),), ("point",))}


def _solve(points, mean, covariance, result="", **ways):
    log_density = log_gaussian(points, mean, covariance, **ways)
    if result == "density, not its logarithm":
        return {PART: np.exp(log_density)}
    if result == "outside logarithms":
        return {PART: np.log(np.exp(log_density))}
    return {PART: log_density / {"base 10": np.log(10), "base 2": np.log(2)}.get(result, 1)}


log_density = Exercise(
    name="log_density",
    signature="my_log_density(points, mean, covariance)",
    axes={PART: ("point",)},
    cases=_cases,
    read=_read,
    solve=_solve,
    slips=slips_of("log_density"),
)
