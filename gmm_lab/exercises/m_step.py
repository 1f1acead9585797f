"""Exercise: the M-step."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from gmm_lab.algorithm import e_step
from gmm_lab.datasets import eight_points, eight_points_start
from gmm_lab.exercises.engine import Case, Exercise, Parts, Reader, Run, Trouble
from gmm_lab.mixture import Mixture

MEAN, COVARIANCE, WEIGHT = "the mean", "the covariance", "the weight"


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield points, responsibilities and reg_covar: those of the lesson, and others drawn anew."""
    points = eight_points().points
    yield Case(
        "the eight points and their responsibilities in section 1, `reg_covar` 0",
        (points, e_step(points, eight_points_start())[0], 0.0),
        "there are two dimensions, so that products of different coordinates count, and responsibilities between 0"
        " and 1.",
        by_hand="component 1 has the count 3.5756 and the mean (1.5078, 1.5360); its variance along x is 2.4628.",
    )
    for n_points, n_components, n_dimensions, reg_covar, new in (
        (9, 2, 2, 0.0, "there are other points and other responsibilities."),
        (7, 3, 3, 0.0, "there are three components in 3-D."),
        (7, 2, 1, 0.0, "there is one dimension, and the numbers are small."),
        (9, 2, 2, 0.3, "`reg_covar` is 0.3, and is to be added to every variance."),
    ):
        name = f"{n_points} points, {n_components} components in {n_dimensions}-D, `reg_covar` {reg_covar:g}"
        points = rng.uniform(1, 6, (n_points, n_dimensions)) * (0.01 if n_dimensions == 1 else 1)
        yield Case(name, (points, rng.dirichlet(np.arange(1, n_components + 1), n_points), reg_covar), new)


def read(answer: Any, array: Reader, *given: Any) -> Parts:
    """Return the weights (K,), means (K, D) and covariances (K, D, D) of a Mixture."""
    if not isinstance(answer, Mixture):
        raise exercise.trouble("not a mixture", kind=type(answer).__name__)
    return {part: array(part, getattr(answer, name), f"`{name}`") for part, (name, *_) in exercise.parts.items()}


exercise = Exercise(
    "m_step",
    "my_m_step(points, responsibilities, reg_covar=0.0)",
    "4.2 (3)",
    parts={
        WEIGHT: ("weights", "component"),
        MEAN: ("means", "component", "coordinate"),
        COVARIANCE: ("covariances", "component", "row", "column"),
    },
    cases=cases,
    read=read,
    hints={
        WEIGHT: """
Write down the shapes: the counts are (K,). Over which axis of the responsibilities, (N, K), must you add?

`responsibilities.sum(axis=0)` are the counts, and the weights are the counts, divided by the number of points.""",
        MEAN: """
Every point counts for every component, by its responsibility: which matrix product of responsibilities (N, K) and
points (N, D) is (K, D)?

`responsibilities.T @ points` adds up all points, weighted, a row for each component: divide each row by its count,
`counts[:, None]`.""",
        COVARIANCE: """
The deviations of all points from the mean of component k are (N, D), and the covariance is (D, D). Where does each
point's responsibility come in?

The responsibilities of component k are a column, `responsibilities[:, [k]]`. Multiply the deviations by it: `weighted`.
Then `weighted.T @ deviations / counts[k]` is (3).""",
    },
)

exercise.stage("counts", lambda responsibilities: responsibilities.sum(axis=0))
exercise.stage("groups", lambda responsibilities: np.eye(responsibilities.shape[1])[responsibilities.argmax(axis=1)])
exercise.stage("sums", lambda responsibilities, points: responsibilities.T @ points)
means = exercise.stage("means", lambda sums, counts: sums / counts[:, None], "4.2 (2)")
means.slip("plain mean", lambda means, points: 0 * means + points.mean(axis=0)).told("""
This is the plain mean of all points, the same for every component. Let each point count by its responsibility: multiply
before you add, and divide by the count, the sum of the responsibilities.""")
means.slip("mean divided by N", lambda sums, points: sums / len(points), "4.5").told("""
if the weighted sum is divided by the number of all points, N. Divide it by the count of the component, the sum of its
responsibilities.""")
means.slip("mean not divided", lambda sums: sums).told("""
This is the weighted sum, not yet divided. Divide it by the count of the component.""")
means.slip("mean divided twice", lambda means, counts: means / counts[:, None]).told("""
if the weighted sum is divided by the count twice. Once is enough.""")
means.slip(
    "divided along the other axis", lambda sums, counts, means: sums / counts if len(counts) == sums.shape[1] else means
).told("""
if each *column* of the weighted sums is divided by a count. There is a count for each component, a row: divide by
`counts[:, None]`.""")
means.slip("means transposed", lambda means: means.T if len(means) == means.shape[1] else means).told("""
Rows and columns of your means have changed places. A row is for each component, a column for each coordinate.""")
means.slip(
    "means of hard groups", lambda groups, points: groups.T @ points / groups.sum(axis=0)[:, None], "4.1"
).told("""
These are plain means of the points for which a component is most responsible. Let every point count, by its
responsibility.""")


def _roots(variances):
    """Return the roots of what is on the diagonals, (K, 1, D)."""
    return np.sqrt(np.abs(np.diagonal(variances, axis1=1, axis2=2)))[:, None]


exercise.stage("N", lambda points: len(points))
exercise.stage("identity", lambda points: np.eye(points.shape[1]))
exercise.stage("factors", lambda responsibilities: responsibilities)
exercise.stage("centres", lambda means: means)
exercise.stage("deviations", lambda points, centres: points[:, None] - centres)  # (N, K, D)
exercise.stage("products", lambda factors, deviations: np.einsum("nk,nkd,nke->kde", factors, deviations, deviations))
exercise.stage("divisor", lambda counts: counts)
spreads = exercise.stage("spreads", lambda products, divisor: products / np.reshape(divisor, (-1, 1, 1)))
spreads.slip("around the mean of all points", centres=lambda points: points.mean(axis=0)).told("""
if the deviations are taken from the mean of all points. Each component has a mean of its own: subtract that.""")
spreads.slip("around the origin", centres=lambda: 0).told("""
if no mean is subtracted from the points. Subtract the component's new mean.""")
spreads.slip("unweighted covariance", factors=lambda factors: factors**0, divisor=lambda N: N, where="4.5").told("""
if every point counts in full in the covariance. Multiply each deviation's products by the point's responsibility, and
divide by the sum of the responsibilities.""")
spreads.slip("covariance of all points", lambda spreads, points: 0 * spreads + np.cov(points.T, bias=True)).told("""
Every component has the covariance of all points. Let each point count by its responsibility, and take deviations from
the component's own mean.""")
spreads.slip("one covariance for all", lambda spreads, products, N: 0 * spreads + products.sum(axis=0) / N).told("""
All components have the same covariance, the average of what they should have. Keep one for each.""")
spreads.slip("covariance divided by N", divisor=lambda N: N).told("""
if the covariance is divided by the number of all points, N. Divide it by the count of the component.""")
spreads.slip("N_k - 1", divisor=lambda counts: counts - 1, where="4.4").told("""
if the covariance is divided by the count minus 1. The maximum of the likelihood has the count itself.""")
spreads.slip("covariance not divided", lambda products: products).told("""
This is the weighted sum of products, not yet divided. Divide it by the count of the component.""")
spreads.slip("only the diagonal", lambda spreads, identity: np.where(identity, spreads, 0)).told("""
The variances are right, and beside the diagonal you have 0. Multiply deviations along *different* axes as well:
`weighted.T @ deviations` does all at once.""")
spreads.slip("standard deviations", lambda spreads, identity: np.where(identity, np.sqrt(np.abs(spreads)), 0)).told("""
On the diagonal you have standard deviations, and the mixture wants variances: leave out the root.""")
spreads.slip("responsibilities counted twice", factors=lambda factors: factors**2).told("""
if each responsibility is multiplied twice, once on each side of the product. Multiply by it once.""")
spreads.slip("round", lambda spreads, identity: (_roots(spreads) ** 2).mean(axis=2, keepdims=True) * identity).told("""
These components are round: the same variance along every axis, and no tilt. Keep the whole matrix.""")
spreads.slip("correlations", lambda spreads: spreads / _roots(spreads) / _roots(spreads).swapaxes(1, 2)).told("""
These are correlations: on the diagonal stands 1. Keep the covariances as they are.""")
spreads.slip("no responsibilities", factors=lambda factors: factors**0, where="4.5").told("""
if every point counts in full in the covariance, and only the divisor is the count. Multiply each deviation's products
by the point's responsibility.""")
spreads.slip(
    "np.cov corrects", divisor=lambda counts, factors: counts - np.square(factors).sum(axis=0) / counts, where="4.4"
).told("""
if the divisor is corrected for small samples, as `np.cov` does unless told otherwise. Divide by the count itself:
`ddof=0`.""")
spreads.slip("divided by the square of the count", divisor=lambda counts: counts**2).told("""
if the covariance is divided by the count twice. Once is enough.""")
spreads.slip("roots of the responsibilities", factors=lambda factors: factors**0.5).told("""
if the roots of the responsibilities multiply the products. Multiply by the responsibility itself, once.""")
spreads.slip("first point left out", factors=lambda factors: np.vstack([0 * factors[:1], factors[1:]])).told("""
if the first point is missing in the sum. Does the loop begin at 1?""")
spreads.slip("last point left out", factors=lambda factors: np.vstack([factors[:-1], 0 * factors[-1:]])).told("""
if the last point is missing in the sum. Does the loop end one too early?""")
spreads.slip("inverse", lambda spreads: np.linalg.inv(spreads)).told("""
These are the inverses of the covariances. Return the covariances themselves.""")
spreads.slip("roots of all entries", lambda spreads: np.sqrt(spreads)).told("""
These are the roots of the covariances. The mixture wants variances and covariances: leave out the root.""")

weights = exercise.stage("weights", lambda counts, N: counts / N, "4.2 (4)")
weights.slip("weights that sum to N", lambda counts: counts).told("""
Your weights are the counts, and add up to the number of points. Divide them by it.""")
weights.slip("equal weights", lambda counts: np.full(len(counts), 1 / len(counts))).told("""
Your weights are all the same. The weight of a component is its count, divided by the number of points.""")
weights.slip("counts of the likeliest components", lambda groups: groups.mean(axis=0), "4.2 (1)").told("""
Your weights count points by the component that is most responsible. Add up the responsibilities instead.""")
weights.slip("weights divided by K", lambda counts: counts / len(counts)).told("""
Your weights are counts, divided by the number of components. Divide by the number of points.""")
weights.slip("weights always divided by 8", lambda counts: counts / 8).told("""
Your weights are counts divided by 8, and only the first example has 8 points. Divide by `len(points)`.""")

ridge = exercise.stage("ridge", lambda reg_covar, identity: reg_covar * identity, "4.6")
ridge.slip("reg_covar forgotten", lambda: 0).told("""
`reg_covar` is not used. Add it to every variance, the diagonal of each covariance: `reg_covar *
np.eye(n_dimensions)`.""")
ridge.slip("reg_covar on every entry", lambda reg_covar: reg_covar).told("""
`reg_covar` is added to every entry. Its place is the diagonal, with the variances: `reg_covar * np.eye(...)`.""")
ridge.slip("always the same reg_covar", lambda identity: 1e-6 * identity).told("""
Your function adds 1e-6 whatever `reg_covar` is. Use the argument.""")
ridge.slip("reg_covar subtracted", lambda ridge: -ridge).told("`reg_covar` is subtracted, and should be added.")
ridge.slip("reg_covar twice", lambda ridge: 2 * ridge).told("""
`reg_covar` is added twice. Once is enough: the last line of the loop does it.""")
exercise.stage("covariances", lambda spreads, ridge: spreads + ridge)

exercise.sight("not a mixture", "4.3").told("""
`my_m_step` returned something of type {kind}, and a Mixture was expected. End it with `return Mixture(weights, means,
covariances)`.""")
exercise.sight("around the old mean", "4.5").told("""
if the deviations are taken from the old mean, where the component was before. Subtract the new mean, the one that this
M-step has just computed.""")
exercise.sight("around another centre").told("""
Your covariances are too large, as they are when deviations are taken from another place than the component's new mean:
for component 1, from a place {distance:.4g} away from it. Subtract the new mean.""")


@exercise.seen
def look(runs: list[Run]) -> Trouble | None:
    """Find covariances around some other centre: they are too large by the square of its distance from the mean."""
    first = runs[0]
    if not first.agrees(MEAN):
        return None
    too_large = first.found[COVARIANCE] - first.expected[COVARIANCE]
    variances, directions = np.linalg.eigh(too_large)
    steps = directions[:, :, -1] * np.sqrt(np.abs(variances[:, -1:]))
    if np.abs(too_large).max() < 1e-9 or not np.allclose(variances[:, :-1], 0, atol=1e-9) or variances[:, -1].min() < 0:
        return None
    moved = first.expected[MEAN] - eight_points_start().means
    if np.allclose(np.abs(steps), np.abs(moved), atol=1e-6):
        return exercise.trouble("around the old mean")
    return exercise.trouble("around another centre", distance=np.linalg.norm(steps[0]))
