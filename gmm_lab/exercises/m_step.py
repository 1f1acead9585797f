"""Exercise: the M-step."""

import numpy as np

from gmm_lab.algorithm import e_step
from gmm_lab.datasets import eight_points, eight_points_start
from gmm_lab.exercises.engine.cases import Case
from gmm_lab.exercises.engine.exercise import Exercise
from gmm_lab.exercises.engine.trouble import Trouble
from gmm_lab.mixture import Mixture

MEAN, COVARIANCE = "the mean", "the covariance"


def cases(rng):
    points = eight_points().points
    shares, _ = e_step(points, eight_points_start())
    yield Case(
        "the six points and their responsibilities in section 1, `reg_covar` 0",
        (points, shares, 0.0),
        "there are two dimensions, so that products of different coordinates count, and shares between 0 and 1.",
        by_hand="component 1 has the count 3.0969 and the mean (1.1851, 1.0930); its variance along x is 1.0623.",
    )
    for n_points, n_components, n_dimensions, reg_covar, new in (
        (8, 2, 2, 0.0, "there are other points and other shares."),
        (9, 3, 3, 0.0, "there are three components in 3-D."),
        (7, 2, 1, 0.0, "there is one dimension."),
        (8, 2, 2, 0.25, "`reg_covar` is 0.25, and belongs to every variance."),
    ):
        name = f"{n_points} points, {n_components} components in {n_dimensions}-D, `reg_covar` {reg_covar:g}"
        points = rng.uniform(1, 6, (n_points, n_dimensions))
        yield Case(name, (points, rng.dirichlet(np.arange(1, n_components + 1), n_points), reg_covar), new)


def read(answer, array, *given):
    if not isinstance(answer, Mixture):
        raise Trouble(
            "not a mixture",
            f"`my_m_step` returned something of type {type(answer).__name__}, and a Mixture was expected.",
            "End it with `return Mixture(weights, means, covariances)`.",
        )
    return {part: array(part, getattr(answer, name), f"`{name}`") for part, (name, *_) in exercise.parts.items()}


exercise = Exercise(
    "m_step",
    "my_m_step(points, responsibilities, reg_covar=0.0)",
    "lesson 4, section 2, equation (3)",
    parts={
        "the weight": ("weights", "component"),
        MEAN: ("means", "component", "coordinate"),
        COVARIANCE: ("covariances", "component", "row", "column"),
    },
    cases=cases,
    read=read,
)
exercise.hints = """
Compute in the order of the equations, and write down the shapes: counts (K,), means (K, D). Over which axis of the
responsibilities, (N, K), must you add?

`responsibilities.sum(axis=0)` are the counts. `responsibilities.T @ points` adds up all points by their shares, a row
for each component: divide each row by its count, `counts[:, None]`.

The shares of component k are a column, `responsibilities[:, [k]]`. Multiply the deviations by it: `weighted`. Then
`weighted.T @ deviations / counts[k]` is (3). The weights are the counts, divided by the number of points."""

exercise.stage("counts", lambda responsibilities: responsibilities.sum(axis=0))
exercise.stage("groups", lambda responsibilities: np.eye(responsibilities.shape[1])[responsibilities.argmax(axis=1)])
exercise.stage("sums", lambda responsibilities, points: responsibilities.T @ points)
means = exercise.stage("means", lambda sums, counts: sums / counts[:, None], "lesson 4, section 2, equation (2)")
means.slip("plain mean", lambda points, counts: np.tile(points.mean(axis=0), (len(counts), 1))).told("""
This is the plain mean of all points, the same for every component. Let each point count by its share: multiply by the
responsibilities before you add, and divide by the sum of the shares.""")
means.slip("mean divided by N", lambda sums, points: sums / len(points), "lesson 4, section 5").told("""
These are the numbers if the weighted sum is divided by the number of all points, N. Divide it by the sum of the
shares, the effective count of that component.""")
means.slip("mean not divided", lambda sums: sums).told("""
This is the weighted sum, not yet divided. Divide it by the effective count of the component.""")
means.slip("mean divided twice", lambda means, counts: means / counts[:, None]).told("""
These are the numbers if the weighted sum is divided by the effective count twice. Once is enough.""")
means.slip(
    "divided along the other axis", lambda sums, counts, means: sums / counts if len(counts) == sums.shape[1] else means
).told("""
These are the numbers if each *column* of the weighted sums is divided by a count. Counts belong to components, the
rows: divide by `counts[:, None]`.""")
means.slip("means transposed", lambda means: means.T if len(means) == means.shape[1] else means).told("""
Rows and columns of your means have changed places. A row is for each component, a column for each coordinate.""")
means.slip(
    "means of hard groups",
    lambda groups, points: groups.T @ points / groups.sum(axis=0)[:, None],
    "lesson 4, section 1",
).told("""
These are plain means of the points for which a component is most responsible. Let every point count, by its share.""")


def roots(variances):
    """Return the roots of what is on the diagonals, (K, 1, D)."""
    return np.sqrt(np.abs(np.diagonal(variances, axis1=1, axis2=2)))[:, None]


exercise.stage("N", lambda points: len(points))
exercise.stage("identity", lambda points: np.eye(points.shape[1]))
exercise.stage("shares", lambda responsibilities: responsibilities)
exercise.stage("deviations", lambda points, means: points[:, None] - means)  # (N, K, D)
exercise.stage("products", lambda shares, deviations: np.einsum("nk,nkd,nke->kde", shares, deviations, deviations))
exercise.stage("divisor", lambda counts: counts)
spreads = exercise.stage("spreads", lambda products, divisor: products / np.reshape(divisor, (-1, 1, 1)))
spreads.slip(
    "around the mean of all points", deviations=lambda points: (points - points.mean(axis=0))[:, None]
).told("""
These are the numbers if the deviations are taken from the mean of all points. Each component has a mean of its own:
subtract that.""")
spreads.slip("around the origin", deviations=lambda points: points[:, None]).told("""
These are the numbers if no mean is subtracted from the points. Subtract the component's new mean.""")
spreads.slip(
    "unweighted covariance", shares=lambda shares: shares**0, divisor=lambda N: N, where="lesson 4, section 5"
).told("""
These are the numbers if every point counts in full in the covariance. Multiply each deviation's products by the
point's share, and divide by the sum of the shares.""")
spreads.slip(
    "covariance of all points", lambda points, shares: np.tile(np.cov(points.T, bias=True), (shares.shape[1], 1, 1))
).told("""
Every component has the covariance of all points. Let each point count by its share, and take deviations from the
component's own mean.""")
spreads.slip("one covariance for all", lambda spreads, products, N: 0 * spreads + products.sum(axis=0) / N).told("""
All components have the same covariance, the average of what they should have. Keep one for each.""")
spreads.slip("covariance divided by N", divisor=lambda N: N).told("""
These are the numbers if the covariance is divided by the number of all points, N. Divide it by the effective count of
the component.""")
spreads.slip("N_k - 1", divisor=lambda counts: counts - 1, where="lesson 4, section 4").told("""
These are the numbers if the covariance is divided by the effective count minus 1. The maximum of the likelihood has
the count itself.""")
spreads.slip("covariance not divided", lambda products: products).told("""
This is the weighted sum of products, not yet divided. Divide it by the effective count of the component.""")
spreads.slip("only the diagonal", lambda spreads, identity: np.where(identity, spreads, 0)).told("""
The variances are right, and beside the diagonal you have 0. Multiply deviations along *different* axes as well:
`weighted.T @ deviations` does all at once.""")
spreads.slip("standard deviations", lambda spreads, identity: np.where(identity, np.sqrt(np.abs(spreads)), 0)).told("""
On the diagonal you have standard deviations, and the mixture wants variances: leave out the root.""")
spreads.slip("shares counted twice", shares=lambda shares: shares**2).told("""
These are the numbers if each share is multiplied twice, once on each side of the product. Multiply by it once.""")
spreads.slip("round", lambda spreads, identity: (roots(spreads) ** 2).mean(axis=2, keepdims=True) * identity).told("""
These components are round: the same variance along every axis, and no tilt. Keep the whole matrix.""")
spreads.slip("correlations", lambda spreads: spreads / roots(spreads) / roots(spreads).swapaxes(1, 2)).told("""
These are correlations: on the diagonal stands 1. Keep the covariances as they are.""")
spreads.slip("no shares", shares=lambda shares: shares**0, where="lesson 4, section 5").told("""
These are the numbers if every point counts in full in the covariance, and only the divisor is the effective count.
Multiply each deviation's products by the point's share.""")
spreads.slip(
    "np.cov corrects",
    divisor=lambda counts, shares: counts - np.square(shares).sum(axis=0) / counts,
    where="lesson 4, section 4",
).told("""
These are the numbers if the divisor is corrected for small samples, as `np.cov` does unless told otherwise. Divide by
the effective count itself: `ddof=0`.""")
spreads.slip("divided by the square of the count", divisor=lambda counts: counts**2).told("""
These are the numbers if the covariance is divided by the effective count twice. Once is enough.""")
spreads.slip("roots of the shares", shares=lambda shares: shares**0.5).told("""
These are the numbers if the roots of the shares multiply the products. Multiply by the share itself, once.""")
spreads.slip("first point left out", shares=lambda shares: np.vstack([0 * shares[:1], shares[1:]])).told("""
These are the numbers if the first point is missing in the sum. Does the loop begin at 1?""")
spreads.slip("last point left out", shares=lambda shares: np.vstack([shares[:-1], 0 * shares[-1:]])).told("""
These are the numbers if the last point is missing in the sum. Does the loop end one too early?""")
spreads.slip("inverse", lambda spreads: np.linalg.inv(spreads)).told("""
These are the inverses of the covariances. Return the covariances themselves.""")
spreads.slip("roots of all entries", lambda spreads: np.sqrt(spreads)).told("""
These are the roots of the covariances. The mixture wants variances and covariances: leave out the root.""")

weights = exercise.stage("weights", lambda counts, N: counts / N, "lesson 4, section 2, equation (4)")
weights.slip("weights that sum to N", lambda counts: counts).told("""
Your weights are the effective counts, and add up to the number of points. Divide them by it.""")
weights.slip("equal weights", lambda counts: np.full(len(counts), 1 / len(counts))).told("""
Your weights are all the same. The weight of a component is its effective count, divided by the number of points.""")
weights.slip(
    "counts of the largest shares", lambda groups: groups.mean(axis=0), "lesson 4, section 2, equation (1)"
).told("""
Your weights count points by the component that is most responsible. Add up the shares instead.""")
weights.slip("weights divided by K", lambda counts: counts / len(counts)).told("""
Your weights are effective counts, divided by the number of components. Divide by the number of points.""")
weights.slip("weights always divided by 6", lambda counts: counts / 6).told("""
Your weights are effective counts divided by 6, and only the first example has 6 points. Divide by `len(points)`.""")

ridge = exercise.stage("ridge", lambda reg_covar, identity: reg_covar * identity, "lesson 4, section 6")
ridge.slip("reg_covar forgotten", lambda: 0).told("""
`reg_covar` is not used. Add it to every variance, the diagonal of each covariance: `reg_covar *
np.eye(n_dimensions)`.""")
ridge.slip("reg_covar on every entry", lambda reg_covar: reg_covar).told("""
`reg_covar` is added to every entry. It belongs on the diagonal only, to the variances: `reg_covar * np.eye(...)`.""")
ridge.slip("always the same reg_covar", lambda identity: 1e-6 * identity).told("""
Your function adds 1e-6 whatever `reg_covar` is. Use the argument.""")
ridge.slip("reg_covar subtracted", lambda ridge: -ridge).told("`reg_covar` is subtracted, and should be added.")
ridge.slip("reg_covar twice", lambda ridge: 2 * ridge).told("""
`reg_covar` is added twice. Once is enough: the last line of the loop does it.""")
exercise.stage("covariances", lambda spreads, ridge: spreads + ridge)

exercise.sight("around the old mean", "lesson 4, section 5").told("""
These are the numbers if the deviations are taken from the old mean, where the component was before. Subtract the new
mean, the one that this M-step has just computed.""")
exercise.sight("around another centre").told("""
Your covariances are too large, as they are when deviations are taken from another place than the component's new mean:
for component 1, from a place {distance:.4g} away from it. Subtract the new mean.""")


@exercise.seen
def look(runs):
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
        return "around the old mean", {}
    return "around another centre", {"distance": np.linalg.norm(steps[0])}
