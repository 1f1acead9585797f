"""Exercise: draw points from a mixture."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from gmm_lab.exercises.engine import Case, Exercise, Parts, Reader, Run, Trouble, random_covariance, reading
from gmm_lab.mixture import Mixture

FRACTION, MEAN, COVARIANCE = "the fraction of points", "the mean", "the covariance"
TAIL = "the mean fourth power, in standard deviations,"
N_POINTS = 2000
SIGMAS = 6  # how far chance may take an average: further in about one of 500 million
FEWEST = 0.15  # the smallest weight in the examples
LARGEST = 5  # standard deviations are at most 3 in the examples, and larger with slips, which move means by chance


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield mixtures, how many points to draw, and generators."""
    tilted = Mixture(
        [0.5, 0.3, 0.2], [[1, 3], [12, -4], [-9, -10]], [[[4, 2], [2, 5]], [[8, -5], [-5, 4]], [[1, 1.5], [1.5, 8]]]
    )
    for seed in ("", ", from another seed"):
        yield Case(
            f"{N_POINTS} points of three components in 2-D, with weights 0.5, 0.3 and 0.2{seed}",
            _arguments(tilted, rng),
            "component 1 is the Gaussian of section 3, and there are others.",
            numbers="Take one component out, as in `points[labels == 0]`, and look at its mean and `np.cov`.",
        )
    for weights, n_dimensions in (([0.25, 0.75], 3), ([FEWEST, 0.18, 0.2, 0.22, 0.25], 1)):
        K = len(weights)
        means = rng.uniform(3, 4, (K, n_dimensions)) * rng.permutation(np.arange(1, K + 1))[:, None]
        mixture = Mixture(rng.permutation(weights), means, [random_covariance(rng, n_dimensions) for _ in range(K)])
        name = f"{N_POINTS} points of {K} components in {n_dimensions}-D"
        yield Case(name, _arguments(mixture, rng), f"there are {K} components and {n_dimensions} dimensions.")


def _arguments(mixture, rng):
    return mixture, N_POINTS, np.random.default_rng(rng.integers(2**32))


def read(answer: Any, array: Reader, mixture: Mixture, n_points: int, rng: np.random.Generator) -> Parts:
    """Return what averages over the points (N, D) and their labels (N,) say of each component."""
    points, labels = reading.parts(answer, "my_sample", ("points", "labels"))
    points = reading.array(points, "`points`", (n_points, mixture.n_dimensions), ("point", "coordinate"))
    floats = isinstance(labels, np.ndarray) and labels.dtype.kind == "f"
    labels = reading.array(labels, "`labels`", (n_points,), ("point",))
    for name, seen in _oddities(points, labels, floats, mixture):
        raise exercise.trouble(name, **seen)
    groups = [points[labels == k] for k in range(mixture.n_components)]
    return {
        FRACTION: np.array([len(group) / n_points for group in groups]),
        MEAN: np.array([group.mean(axis=0) for group in groups]),
        COVARIANCE: np.array([np.cov(group.T, bias=True).reshape(mixture.n_dimensions, -1) for group in groups]),
        TAIL: np.mean(np.vstack([_standardised(group) for group in groups]) ** 4),
    }


def _oddities(points, labels, floats, mixture):
    """Yield names of sights, with what was seen, where labels or points can't be those of draws."""
    K, used = mixture.n_components, np.unique(labels)
    odd = used[~np.isin(used, np.arange(K + 1))]
    if odd.size:
        yield "labels", {"found": odd[0], "last": K - 1}
    if used[-1] == K:
        yield "labels from 1", {"K": K, "last": K - 1}
    if floats:
        yield "labels of floats", {}
    far = ~(np.abs(points) < 1e3)
    if not far.any() and (points == points.round()).all() and points.any(axis=1).mean() > 0.5:
        yield "whole numbers", {}
    strange = (far | (np.abs(points) < 1e-200)).any(axis=1)
    _, first, times = np.unique(points, axis=0, return_index=True, return_counts=True)
    if strange.any() or times.max() > 1:
        n = int(strange.argmax()) if strange.any() else int(first[times.argmax()])
        place = ", ".join(f"{value:.4g}" for value in points[n])
        yield "not drawn", {"number": n + 1, "n": n, "place": place}
    counts = np.bincount(labels.astype(int), minlength=K)
    k = int(counts.argmin())
    if counts[k] < FEWEST * len(labels) / 5:
        yield "component missing", {"count": counts[k], "k": k + 1, "weight": mixture.weights[k]}
    if K == 5 and np.allclose(counts, mixture.weights * len(labels), atol=0.5, rtol=0):  # by chance: one in a million
        yield "counts arranged", {}


def _standardised(group):
    """Return coordinates along the axes of a group's ellipsoid, in standard deviations."""
    centred = group - group.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(centred.T).reshape(centred.shape[1], -1))
    flat = variances < 1e-9  # on a line, which the covariance tells
    return np.where(flat, 3**0.25, centred @ directions / np.sqrt(np.where(flat, 1, variances))).reshape(-1, 1)


def agree(found: np.ndarray, expected: np.ndarray) -> bool:
    """Say whether averages over a sample are as near to what was expected as chance leaves them."""
    fewest = N_POINTS * FEWEST
    if found.ndim == 3:
        variances = np.diagonal(expected, axis1=1, axis2=2)
        error = np.sqrt((variances[:, :, None] * variances[:, None] + expected**2) / fewest) + 1e-9
    else:
        error = {0: np.sqrt(24 / N_POINTS), 1: 0.5 / np.sqrt(N_POINTS), 2: LARGEST / np.sqrt(fewest)}[found.ndim]
    return bool((np.abs(found - expected) <= SIGMAS * error).all())


exercise = Exercise(
    "sample",
    "my_sample(mixture, n_points, rng)",
    "1.3 (3)",
    parts={
        FRACTION: ("fractions", "component"),
        MEAN: ("means", "component", "coordinate"),
        COVARIANCE: ("covariances", "component", "row", "column"),
        TAIL: ("tail",),
    },
    cases=cases,
    read=read,
    agree=agree,
    hints={
        FRACTION: """
There are two sentences in the story. The labels come first: `rng.uniform(size=n_points)` throws a dart for each point,
and section 2 finds the piece that it hits.

`np.searchsorted(mixture.weights.cumsum(), darts)` finds the pieces of all darts at once.""",
        MEAN: """
What is different for each point? Its component, and with it mean and covariance. `for n, k in enumerate(labels)` hands
out both numbers.

A point with label k is `mixture.means[k]`, and its draw around that.""",
        COVARIANCE: """
By (3), standard numbers become a draw of any Gaussian. Which factor of the covariance mixes them?

For a point with label k, `L = np.linalg.cholesky(mixture.covariances[k])`, and its draw around the mean is `L @
rng.standard_normal(mixture.n_dimensions)`.""",
    },
)

fractions = exercise.stage("fractions", lambda mixture: mixture.weights, "1.2")
fractions.slip("weights ignored", lambda fractions: 0 * fractions + 1 / len(fractions)).told("""
Every component was chosen equally often. Choose component k with probability `weights[k]`.""")
fractions.slip("components' order", lambda fractions: fractions[::-1]).told("""
The weights were used in the opposite order. Give `weights[k]` to component k.""")

centres = exercise.stage("centres", lambda mixture: mixture.means)
centres.slip("mean not added", lambda centres: 0 * centres).told("""
The points of every component lie around 0. Add the component's mean to its draw.""")
centres.slip(
    "one mean for all", lambda centres, mixture: 0 * centres + mixture.weights @ mixture.means, "1.1 (2)"
).told("""
The points of every component lie around the same place, the average of the means. Does each point come from one
component, and is its label the number of *that* component?""")

exercise.stage("L", lambda spreads: np.linalg.cholesky(spreads))
exercise.stage("variances", lambda spreads: spreads * np.eye(spreads.shape[1]))
covariances = exercise.stage("covariances", lambda spreads: spreads)
covariances.slip("axis by axis", lambda variances: variances, "1.3").told("""
Each axis is stretched by its own standard deviation, so the tilt is lost: beside the diagonal there is 0. Mix the
coordinates with the Cholesky factor.""")
covariances.slip("covariance where its factor belongs", lambda spreads: spreads @ spreads).told("""
The standard draws are multiplied by the covariance itself, which makes the cloud's covariance its square. Multiply by
its Cholesky factor.""")
covariances.slip("other triangle", lambda L: L.swapaxes(1, 2) @ L).told("""
The Cholesky factor is used transposed. For one draw, `L @ u`; for draws in rows, `u @ L.T`.""")
covariances.slip("covariance ignored", lambda spreads: np.tile(np.eye(spreads.shape[1]), (len(spreads), 1, 1))).told("""
All clouds are round, with variance 1. Multiply the standard draws by the Cholesky factor of the covariance.""")
covariances.slip("variance taken for standard deviation", lambda variances: variances**2, "1.3").told("""
Each axis is stretched by its variance, and the tilt is lost. Mix the coordinates with the Cholesky factor.""")
covariances.slip("one number for all coordinates", lambda L: np.einsum("kij,klm->kil", L, L), "1.3").told("""
All coordinates of a point are made from one and the same standard number, so the points lie on a line. Draw one for
each coordinate.""")
covariances.slip("one covariance for all", lambda spreads: np.tile(spreads[:1], (len(spreads), 1, 1))).told("""
Every component has the covariance of component 1. Use the Cholesky factor of the component that was chosen for the
point.""")
covariances.slip("element by element", lambda L: L.sum(axis=1)[:, None] ** 2 * np.eye(L.shape[1])).told("""
if the Cholesky factor is multiplied element by element. The matrix product is `L @ u`.""")

draw = exercise.stage("spreads", lambda mixture: mixture.covariances, "1.3")
draw.slip(
    "uniform draws",
    lambda mixture: mixture.covariances / 12,
    means=lambda centres, mixture: centres + mixture.cholesky.sum(axis=2) / 2,
).told("if `u` is drawn evenly between 0 and 1. Draw it from the standard Gaussian: `rng.standard_normal`.")
draw.slip("draws from -1 to 1", lambda mixture: mixture.covariances / 3).told("""
if `u` is drawn evenly between -1 and 1. Draw it from the standard Gaussian: `rng.standard_normal`.""")
exercise.stage("means", lambda centres: centres)
exercise.stage("tail", lambda: 3.0)

exercise.sight("not a bell curve", "1.3").told("""
Mean and covariance are right, but the points thin out in another way than a Gaussian. Draw the standard numbers with
`rng.standard_normal`.""")
exercise.sight("seed ignored", "1.2").told("""
Given generators with two different seeds, your function drew the same points. Draw from `rng`, and make no generator of
your own.""")
exercise.sight("labels", "1.2").told("""
`labels` has {found:g} among its numbers, and whole numbers from 0 to {last} were expected: the label of a point is the
index of its component.""")
exercise.sight("labels from 1", "1.2").told("""
The labels go up to {K}, and the last of {K} components has the index {last}. Let labels count from 0, as Python does;
people may count from 1 when they read them.""")
exercise.sight("labels of floats", "1.2").told("""
`labels` is an array of floats, which can't be indices. Make room for them with `np.empty(n_points, dtype=int)`, or
return `labels.astype(int)`.""")
exercise.sight("whole numbers").told("""
All coordinates of your points are whole numbers. Is `points` an array of whole numbers, which cuts off what is behind
the point, or rounded? Keep all digits, and make room with `np.empty((n_points, mixture.n_dimensions))`.""")
exercise.sight("not drawn").told("""
Point {number} (index {n}) is ({place}), which can hardly be a draw, or is there more than once. Is every row filled,
each with a fresh draw, not rounded? `np.empty` makes room, and what is in it is by accident; nan comes from the root of
a number below 0.""")
exercise.sight("component missing", "1.2").told("""
Only {count} points come from component {k}, whose weight is {weight:g}. Choose the component anew for *each* point; if
a dart does that, its pieces end at the running sums of the weights, `mixture.weights.cumsum()`.""")
exercise.sight("counts arranged", "1.2").told("""
Each component has exactly its weight in points. A weight is a probability, not a promise: let chance choose a component
for each point.""")


@exercise.seen
def look(runs: list[Run]) -> Trouble | None:
    """Tell of draws of which all is right but the tails, and of those that no seed changes."""
    if {part for run in runs for part in run.expected if not run.agrees(part)} == {TAIL}:
        return exercise.trouble("not a bell curve")
    if len(runs) > 1 and reading.alike(runs[0].answer, runs[1].answer):
        return exercise.trouble("seed ignored")
    return None
