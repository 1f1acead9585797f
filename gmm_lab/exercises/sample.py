"""Exercise: draw points from a mixture."""

import numpy as np

from gmm_lab.exercises.engine import reading
from gmm_lab.exercises.engine.cases import Case, random_covariance
from gmm_lab.exercises.engine.exercise import Exercise
from gmm_lab.exercises.engine.trouble import Trouble
from gmm_lab.mixture import Mixture

SHARE, MEAN, COVARIANCE, TAIL = "the share", "the mean", "the covariance", "the weight of the tails"
N_POINTS = 6000
SIGMAS = 6  # how far chance may take an average: further in about one of 500 million


def cases(rng):
    tilted = Mixture(
        [0.5, 0.3, 0.2], [[1, 3], [8, -2], [-5, -6]], [[[4, 2], [2, 5]], [[2, -1], [-1, 1]], [[1, 0.5], [0.5, 3]]]
    )
    for seed in ("", ", from another seed"):
        yield Case(
            f"{N_POINTS} points of three components in 2-D, with weights 0.5, 0.3 and 0.2{seed}",
            arguments(tilted, rng),
            "component 1 is the Gaussian of section 3, and there are others.",
            numbers="Take one component out, as in `points[labels == 0]`, and look at its mean and `np.cov`.",
        )
    for weights, n_dimensions in (([0.25, 0.75], 3), ([0.15, 0.18, 0.2, 0.22, 0.25], 1)):
        K = len(weights)
        means = rng.uniform(2, 3, (K, n_dimensions)) * rng.permutation(np.arange(1, K + 1))[:, None]
        mixture = Mixture(rng.permutation(weights), means, [random_covariance(rng, n_dimensions) for _ in range(K)])
        yield Case(
            f"{N_POINTS} points of {K} components in {n_dimensions}-D",
            arguments(mixture, rng),
            f"there are {K} components and {n_dimensions} dimensions.",
        )


def arguments(mixture, rng):
    return mixture, N_POINTS, np.random.default_rng(rng.integers(2**32))


def read(answer, array, mixture, n_points, rng):
    points, labels = reading.parts(answer, "my_sample", ("points", "labels"))
    points = reading.array(points, "`points`", (n_points, mixture.n_dimensions), ("point", "coordinate"))
    check_type(labels)
    labels = reading.array(labels, "`labels`", (n_points,), ("point",))
    check_labels(labels, mixture)
    check_draws(points)
    groups = [points[labels == k] for k in range(mixture.n_components)]
    return {
        SHARE: np.array([len(group) / n_points for group in groups]),
        MEAN: np.array([group.mean(axis=0) for group in groups]),
        COVARIANCE: np.array([np.cov(group.T, bias=True).reshape(mixture.n_dimensions, -1) for group in groups]),
        TAIL: np.array([kurtosis(group) for group in groups]),
    }


def kurtosis(group):
    """Return the mean fourth power of whitened coordinates, which is 3 for a Gaussian."""
    centred = group - group.mean(axis=0)
    variances, directions = np.linalg.eigh(np.atleast_2d(np.cov(centred.T)))
    if variances.min() < 1e-9:
        return 3.0  # on a line, which the covariance tells
    return float(np.mean((centred @ directions / np.sqrt(variances)) ** 4))


def check_type(labels):
    """Raise Trouble where labels are an array of floats, which can't be indices."""
    if getattr(labels, "dtype", np.dtype(int)).kind == "f":
        raise Trouble(
            "labels of floats",
            f"`labels` holds {labels.dtype}; expected were whole numbers, so that they can be indices.",
            "Make room for them with `np.empty(n_points, dtype=int)`, or return `labels.astype(int)`.",
        )


def check_draws(points):
    """Raise Trouble where points can't have been drawn: not filled, or the same one twice."""
    strange = ~(np.abs(points) < 1e3).all(axis=1) | (points == 0).all(axis=1) | (np.abs(points) < 1e-200).any(axis=1)
    _, first, counts = np.unique(points, axis=0, return_index=True, return_counts=True)
    if strange.any() or counts.max() > 1:
        n = int(strange.argmax()) if strange.any() else int(first[counts.argmax()])
        place = ", ".join(f"{value:.4g}" for value in points[n])
        raise Trouble(
            "not drawn",
            f"Point {n + 1} (index {n}) is ({place}){'' if strange.any() else ', and so are others, exactly'}.",
            "A draw is never like that. Is every row filled, each with a fresh draw? `np.empty` makes room, and what is"
            " in it is by accident; nan comes from the root of a number below 0.",
        )


def check_labels(labels, mixture):
    """Raise Trouble where labels are not those of components, or have been arranged instead of drawn."""
    used, K = np.unique(labels), mixture.n_components
    if not np.array_equal(used, np.round(used)) or used.min() < 0 or used.max() > K:
        raise Trouble(
            "labels",
            f"`labels` holds {used[-1]:g}, and whole numbers from 0 to {K - 1} were expected.",
            "The label of a point is the index of its component, as in section 2.",
        )
    if used.max() == K:
        raise Trouble(
            "labels from 1",
            f"The labels go up to {K}, and the last of {K} components has the index {K - 1}.",
            "Let labels count from 0, as Python does; people may count from 1 when they read them.",
        )
    counts = np.bincount(labels.astype(int), minlength=K)
    if counts.min() < 50:
        k = int(counts.argmin())
        raise Trouble(
            "component missing",
            f"Of {len(labels)} points, {counts[k]} come from component {k + 1}, whose weight is"
            f" {mixture.weights[k]:g}.",
            "Choose the component anew for *each* point: lesson 1, section 2.",
        )
    if K == 5 and np.allclose(counts, mixture.weights * len(labels), atol=0.5, rtol=0):  # by chance once in 10 million
        raise Trouble(
            "counts arranged",
            "Each component has exactly its share of the points. A weight is a probability, not a promise.",
            "Let chance choose a component for each point: lesson 1, section 2.",
        )


def agree(found, expected):
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


exercise = Exercise(
    "sample",
    "my_sample(mixture, n_points, rng)",
    "lesson 1, section 3, equation (3)",
    parts={
        SHARE: ("shares", "component"),
        MEAN: ("means", "component", "coordinate"),
        COVARIANCE: ("covariances", "component", "row", "column"),
        TAIL: ("tails", "component"),
    },
    cases=cases,
    read=read,
    agree=agree,
)
exercise.hints = """
There are two sentences in the story. The labels come first: `rng.uniform(size=n_points)` throws a dart for each point,
and section 2 finds the piece that it hits.

What is different for each point? Its component, and with it mean and covariance. `for n, k in enumerate(labels)` hands
out both numbers.

For a point with label k, `L = np.linalg.cholesky(mixture.covariances[k])` and the point is `mixture.means[k] + L @
rng.standard_normal(mixture.n_dimensions)`."""

shares = exercise.stage("shares", lambda mixture: mixture.weights, "lesson 1, section 2")
shares.slip("weights ignored", lambda shares: np.full(len(shares), 1 / len(shares))).told("""
Every component was chosen equally often. Choose component k with probability `weights[k]`.""")
shares.slip("components' order", lambda shares: shares[::-1]).told("""
The weights were used in the opposite order. Give `weights[k]` to component k.""")

centres = exercise.stage("centres", lambda mixture: mixture.means)
centres.slip("mean not added", lambda centres: 0 * centres).told("""
The points of every component lie around 0. Add the component's mean to its draw.""")
centres.slip(
    "one mean for all",
    lambda mixture: np.tile(mixture.weights @ mixture.means, (mixture.n_components, 1)),
    "lesson 1, section 1, equation (2)",
).told("""
The points of every component lie around the same place, the average of the means. Does each point come from one
component, and is its label the number of *that* component?""")

exercise.stage("L", lambda spreads: np.linalg.cholesky(spreads))
exercise.stage("variances", lambda spreads: spreads * np.eye(spreads.shape[1]))
covariances = exercise.stage("covariances", lambda spreads: spreads)
covariances.slip("axis by axis", lambda variances: variances, "lesson 1, section 3").told("""
Each axis is stretched by its own standard deviation, so the tilt is lost: beside the diagonal there is 0. Mix the
coordinates with the Cholesky factor.""")
covariances.slip("covariance where its factor belongs", lambda spreads: spreads @ spreads).told("""
The standard draws are multiplied by the covariance itself, which makes the cloud's covariance its square. Multiply by
its Cholesky factor.""")
covariances.slip("other triangle", lambda L: L.swapaxes(1, 2) @ L).told("""
The Cholesky factor is used transposed. For one draw, `L @ u`; for draws in rows, `u @ L.T`.""")
covariances.slip("covariance ignored", lambda spreads: np.tile(np.eye(spreads.shape[1]), (len(spreads), 1, 1))).told("""
All clouds are round, with variance 1. Multiply the standard draws by the Cholesky factor of the covariance.""")
covariances.slip(
    "variance taken for standard deviation", lambda variances: variances**2, "lesson 1, section 3"
).told("""
Each axis is stretched by its variance, and the tilt is lost. Mix the coordinates with the Cholesky factor.""")
covariances.slip(
    "one number for all coordinates",
    lambda L: L.sum(axis=2)[:, :, None] * L.sum(axis=2)[:, None],
    "lesson 1, section 3",
).told("""
All coordinates of a point are made from one and the same standard number, so the points lie on a line. Draw one for
each coordinate.""")
covariances.slip("one covariance for all", lambda spreads: np.tile(spreads[:1], (len(spreads), 1, 1))).told("""
Every component has the covariance of component 1. Use the Cholesky factor of the component that was chosen for the
point.""")
covariances.slip("element by element", lambda L: L.sum(axis=1)[:, None] ** 2 * np.eye(L.shape[1])).told("""
These are the numbers if the Cholesky factor is multiplied element by element. The matrix product is `L @ u`.""")

draw = exercise.stage("spreads", lambda mixture: mixture.covariances, "lesson 1, section 3")
draw.slip(
    "uniform draws",
    lambda mixture: mixture.covariances / 12,
    means=lambda centres, mixture: centres + mixture.cholesky.sum(axis=2) / 2,
).told("""
These are the numbers if `u` is drawn evenly between 0 and 1. Draw it from the standard Gaussian:
`rng.standard_normal`.""")
draw.slip("draws from -1 to 1", lambda mixture: mixture.covariances / 3).told("""
These are the numbers if `u` is drawn evenly between -1 and 1. Draw it from the standard Gaussian:
`rng.standard_normal`.""")
exercise.stage("means", lambda centres: centres)
exercise.stage("tails", lambda mixture: np.full(mixture.n_components, 3.0))

exercise.sight("not a bell curve", "lesson 1, section 3").told("""
Mean and covariance are right, but the points thin out in another way than a Gaussian. Draw the standard numbers with
`rng.standard_normal`.""")
exercise.sight("seed ignored", "lesson 1, section 2").told("""
Given generators with two different seeds, your function drew the same points. Draw from `rng`, and make no generator
of your own.""")


@exercise.seen
def look(runs):
    """Tell of draws of which all is right but the tails, and of those that no seed changes."""
    off = {part for run in runs for part in run.expected if not run.agrees(part)}
    if off == {TAIL}:
        return "not a bell curve", {}
    if len(runs) > 1 and reading.alike(runs[0].answer, runs[1].answer):
        return "seed ignored", {}
    return None
