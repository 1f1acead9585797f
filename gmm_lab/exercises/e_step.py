"""Exercise: the E-step."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from gmm_lab.datasets import eight_points, eight_points_start
from gmm_lab.exercises import log_density
from gmm_lab.exercises.engine import Case, Exercise, Parts, Reader, Run, Trouble, random_covariance, reading
from gmm_lab.mixture import Mixture

POSTERIOR, TOTAL = "the responsibility", "the log-likelihood"


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield points and mixtures: those of the lesson, and others drawn anew."""
    points, start = eight_points().points, eight_points_start()
    yield Case(
        "the eight points and the start of section 1",
        (points, start),
        "there are round components of the same size and weight, in 2-D.",
        by_hand="at (1, 2) the log-joints are -3.4742 and -5.7242, their log-sum-exp is -3.3740, and the"
        " responsibilities are 0.9047 and 0.0953.",
    )
    uneven = Mixture([0.9, 0.1], start.means, start.covariances)
    yield Case("the eight points with the weights 0.9 and 0.1", (points, uneven), "the weights are not the same.")
    sizes = Mixture(start.weights, start.means, [np.diag([0.5, 3.0]), np.diag([4.0, 1.5])])
    new = "the covariances are not the same, so that the determinants matter."
    yield Case("the eight points with two ellipses of different size", (points, sizes), new)
    for n_points, n_components, n_dimensions, new in (
        (7, 3, 3, "there are three components in 3-D, with covariances that are tilted."),
        (5, 3, 1, "there is one dimension."),
        (9, 2, 2, "there are other points, and a tilt."),
    ):
        name = f"{n_points} points, {n_components} components in {n_dimensions}-D"
        yield Case(name, _random_arguments(rng, n_points, n_components, n_dimensions), new)
    _, mixture = _random_arguments(rng, 3, 2, 2)
    far = np.vstack([mixture.means[0], rng.uniform(500, 900, (2, 2))])
    yield Case("two points far away, and one near", (far, mixture), "densities underflow to 0 there.")


def _random_arguments(rng, n_points, n_components, n_dimensions):
    weights = rng.permutation(np.arange(1, n_components + 1)) + rng.uniform(0, 0.5, n_components)
    means = rng.uniform(-2, 2, (n_components, n_dimensions))
    scales = rng.permutation(np.linspace(0.5, 2, n_components))
    covariances = [scale * random_covariance(rng, n_dimensions) for scale in scales]
    return rng.uniform(-3, 3, (n_points, n_dimensions)), Mixture(weights / weights.sum(), means, covariances)


def read(answer: Any, array: Reader, *given: Any) -> Parts:
    """Return responsibilities (N, K), which must be an array, and the log-likelihood, a number."""
    found, total = reading.parts(answer, "my_e_step", ("responsibilities", "log_likelihood"))
    parts = {POSTERIOR: array(POSTERIOR, found, "`responsibilities`"), TOTAL: array(TOTAL, total, "`log_likelihood`")}
    if isinstance(found, list | tuple):
        raise exercise.trouble("no array", kind=type(found).__name__)
    return parts


exercise = Exercise(
    "e_step",
    "my_e_step(points, mixture)",
    "3.3 (3)",
    parts={POSTERIOR: ("posterior", "point", "component"), TOTAL: ("total",)},
    cases=cases,
    read=read,
    hints={
        POSTERIOR: """
Everything that you need is there: `log_joint` makes the table, `log_sum_exp` its logarithmic row sums, a column.

In (3), the logarithm of a responsibility is the log-joint minus the log-sum-exp of its row. Return the responsibilities
themselves: `np.exp` of that.""",
        TOTAL: """
The log-sum-exp of a row is the log-density of its point. What is the log-density of all points together?

Points are independent: the log-likelihood is the sum of their log-densities. Return both, `return responsibilities,
log_likelihood`.""",
    },
)

log_weights = exercise.stage("log_weights", lambda mixture: np.log(mixture.weights))
log_weights.slip("no weights", lambda: 0, "3.4").told("""
if every component counts alike. Multiply each density by the weight of its component, or add the logarithm of the
weight.""")
log_weights.slip("weights, not their logarithms", lambda mixture: mixture.weights).told("""
if the weight itself is added to a log-density. Add its logarithm.""")
log_weights.slip("components' order", lambda log_weights: log_weights[::-1], "3.2 (1)").told("""
if the weights are joined with other components than their own, in the opposite order. Give `weights[k]` to the density
of `means[k]` and `covariances[k]`.""")
log_weights.slip("weights twice", lambda log_weights: 2 * log_weights, "3.3").told("""
if the weights count twice. Their logarithms are in `log_joint` already: add no more.""")
table = exercise.stage("table", lambda log_density, log_weights: log_density.T + log_weights)
table.slip("weight times the log-density", lambda log_density, mixture: log_density.T * mixture.weights).told("""
if a weight multiplies a log-density. A weight multiplies a density; to its logarithm, add the logarithm of the
weight.""")

exercise.stage("joint", lambda table: np.exp(table))
exercise.stage("sums", lambda joint: joint.sum(axis=1, keepdims=True))
exercise.stage("log_sums", lambda table: np.logaddexp.reduce(table, axis=1, keepdims=True))
exercise.stage("right", lambda table, log_sums: np.exp(table - log_sums))
posterior = exercise.stage("posterior", lambda right: right)
posterior.slip("normalised over points", lambda joint: joint / joint.sum(axis=0), "3.3").told("""
Each *column* of your responsibilities adds up to 1, where each row should: a point came from one of the components.
Divide by the sum over components, `axis=1` with `keepdims=True`.""")
posterior.slip("not normalised", lambda joint: joint, "3.2 (1)").told("""
Your rows do not add up to 1: this is weight times density, the numerator. Divide each row by its sum.""")
posterior.slip("logarithms of the responsibilities", lambda table, log_sums: table - log_sums).told("""
These are the logarithms of the responsibilities. Take `np.exp` of them at the very end.""")
posterior.slip("hard decision", lambda table: np.eye(table.shape[1])[table.argmax(axis=1)], "3.6").told("""
Each point is given to one component, as if that were certain. A responsibility is a probability: keep the numbers from
before the largest was chosen.""")
posterior.slip("divided by the largest", lambda joint: joint / joint.max(axis=1, keepdims=True), "3.2 (1)").told("""
if each row is divided by its largest value. Divide it by its sum.""")
posterior.slip("normalised over everything", lambda joint: joint / joint.sum(), "3.2 (1)").told("""
All your responsibilities together add up to 1, where each row should. Divide each row by its own sum, `axis=1` with
`keepdims=True`.""")
posterior.slip("columns in another order", lambda right: right[:, ::-1], "3.2 (1)").told("""
The columns stand in the opposite order. Column k is for component k of the mixture.""")
posterior.slip("underflow", lambda joint, sums: joint / sums, "2.4", log_sums=lambda sums: np.log(sums)).told("""
Far from all components the densities underflow to 0, and 0/0 is not a number. Stay in logarithms, subtract the
log-sum-exp of each row, and take `np.exp` of the difference.""")
posterior.slip("logarithms divided", lambda table, log_sums: table / log_sums).told("""
Here one logarithm is divided by another. In logarithms a division becomes a subtraction: subtract the log-sum-exp, and
take `np.exp` of the difference.""")
posterior.slip("logarithms divided, then exp", lambda table, log_sums: np.exp(table / log_sums)).told("""
Here one logarithm is divided by another, before `np.exp`. In logarithms a division becomes a subtraction: subtract the
log-sum-exp of the row.""")
posterior.slip("largest subtracted", lambda table: np.exp(table - table.max(axis=1, keepdims=True))).told("""
if only the largest log-joint of each row is subtracted. Subtract the log-sum-exp of the row, in which all components
count.""")
posterior.slip("sum of logarithms subtracted", lambda table: np.exp(table - table.sum(axis=1, keepdims=True))).told("""
if the plain sum of the row's logarithms is subtracted. Adding logarithms multiplies: subtract the log-sum-exp of the
row.""")
posterior.slip("upside down", lambda right: 1 / right).told("""
if the difference has the opposite sign, the whole divided by the part. Subtract the log-sum-exp from the table.""")
posterior.slip("log-likelihood subtracted", lambda table, log_sums: np.exp(table - log_sums.sum())).told("""
if the log-likelihood of all points is subtracted from every row. From each row, subtract its own log-sum-exp.""")
posterior.slip("logarithms divided by their sum", lambda table: table / table.sum(axis=1, keepdims=True)).told("""
Here logarithms are divided by their sum. What adds up are densities: subtract the log-sum-exp of the row, and take
`np.exp` of the difference.""")

total = exercise.stage("total", lambda log_sums: log_sums.sum())
total.slip("summed once for each component", lambda total, mixture: mixture.n_components * total).told("""
Your log-likelihood is counted once for each component. The log-density of a point is one number, in which all
components are added up already: sum it over the points only.""")
total.slip("mean, not sum", lambda log_sums: log_sums.mean()).told("""
Your log-likelihood is the mean over the points. Return the sum, as the package does.""")
total.slip("base 10", lambda total: total / np.log(10)).told("""
Your log-likelihood is to the base 10. Natural logarithms were asked for: `np.log`.""")
total.slip("base 2", lambda total: total / np.log(2)).told("""
Your log-likelihood is to the base 2. Natural logarithms were asked for: `np.log`.""")
total.slip("minus the log-likelihood", lambda total: -total).told("""
Your log-likelihood has the opposite sign. Leave out the minus.""")
total.slip("sum of all log-joints", lambda table: table.sum()).told("""
Your log-likelihood adds up the log-joints of all components. What adds up inside a point are densities: take the
log-sum-exp of each row, and add those.""")
total.slip("sum of densities", lambda log_sums: np.exp(log_sums).sum()).told("""
Your log-likelihood is a sum of densities. Take the logarithm of the density of each point, and add those.""")
total.slip("logarithm of the summed densities", lambda log_sums: np.log(np.exp(log_sums).sum()), "2.3 (6)").told("""
Your log-likelihood is the logarithm of a sum over the points. Points are independent: take the logarithm of each, then
add.""")
total.slip("log-likelihood of the likeliest components", lambda table: table.max(axis=1).sum()).told("""
Your log-likelihood counts only the most responsible component of each point. Take the log-sum-exp of the row.""")
total.slip("sum of the logarithms of responsibilities", lambda right: np.log(right).sum()).told("""
Your log-likelihood adds up logarithms of responsibilities. What is to be added are the logarithms of p(x), the
denominator.""")
total.slip("average by the responsibilities", lambda right, table: (right * table).sum()).told("""
Your log-likelihood averages the log-joints by the responsibilities. That is another sum, which lesson 4 calls Q: here,
add up the log-sum-exp of the rows.""")
total.slip("sum of the responsibilities", lambda points: float(len(points))).told("""
Your log-likelihood is the number of points: responsibilities add up to that. Add up the log-sum-exp of the rows.""")
total.slip("logarithm of the sum of the responsibilities", lambda: 0.0).told("""
Your log-likelihood is 0, as is the logarithm of responsibilities that add up to 1. Add up the log-sum-exp of the rows
of the table.""")
total.slip("first component only", lambda table: table[:, 0].sum()).told("""
Your log-likelihood adds up the first column of the table only. Take the log-sum-exp of each row, in which all
components count.""")

exercise.stage("mean", lambda mixture: mixture.means)
exercise.stage("covariance", lambda mixture: mixture.covariances)
exercise.borrow(log_density.exercise, but="log_density", rows="mean", shared=("points",))

exercise.sight("row never filled", "3.3").told("""
Row {row} of your responsibilities is 0 throughout. Was it never filled, because a loop ends too early? Or did every
density underflow there?""")
exercise.sight("column never filled", "3.3").told("""
Column {column} of your responsibilities is 0 throughout. Does a loop leave a component out? There are
`mixture.n_components` of them, not always two.""")
exercise.sight("rows do not add up to 1", "3.2 (1)").told("""
Row {row} of your responsibilities adds up to {total:.4g}, and every row should add up to 1. Divide each row by its sum
at the end.""")
exercise.sight("no array").told("""
`responsibilities` is a {kind}, and the M-step will compute with arrays. Fill an array, `np.zeros((N, K))`, or return
`np.array(responsibilities)`.""")


@exercise.seen
def look(runs: list[Run]) -> Trouble | None:
    """Tell of properties that every right answer has, in the first example that goes wrong."""
    first = next((run for run in runs if not run.agrees(POSTERIOR)), None)
    if first is None:
        return None
    found = first.found[POSTERIOR]
    for axis, name in ((1, "row"), (0, "column")):
        empty = (found == 0).all(axis=axis)
        if empty.any():
            return exercise.trouble(f"{name} never filled", **{name: int(empty.argmax()) + 1})
    sums = found.sum(axis=1)
    n = int(np.abs(sums - 1).argmax())
    if np.isfinite(found).all() and not np.isclose(sums[n], 1):
        return exercise.trouble("rows do not add up to 1", row=n + 1, total=sums[n])
    return None
