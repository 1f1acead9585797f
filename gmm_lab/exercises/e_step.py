"""Exercise: the E-step."""

import numpy as np

from gmm_lab.datasets import eight_points, eight_points_start
from gmm_lab.exercises import log_density
from gmm_lab.exercises.engine import reading
from gmm_lab.exercises.engine.cases import Case, random_covariance
from gmm_lab.exercises.engine.exercise import Exercise
from gmm_lab.exercises.engine.trouble import Trouble
from gmm_lab.mixture import Mixture

SHARE, TOTAL = "the responsibility", "the log-likelihood"


def cases(rng):
    points, guess = eight_points().points, eight_points_start()
    yield Case(
        "the six points and the guess of section 1",
        (points, guess),
        "there are round components of the same size and weight, in 2-D.",
        by_hand="at (3, 2) the log-joints are -4.4742 and -3.7242, their log-sum-exp is -3.3373, and the shares are"
        " 0.3208 and 0.6792.",
    )
    uneven = Mixture([0.9, 0.1], guess.means, guess.covariances)
    yield Case("the six points with the weights 0.9 and 0.1", (points, uneven), "the weights are not the same.")
    sizes = Mixture(guess.weights, guess.means, [np.diag([0.5, 3.0]), np.diag([4.0, 1.5])])
    new = "the covariances are not the same, so that the determinants matter."
    yield Case("the six points with two ellipses of different size", (points, sizes), new)
    for n_points, n_components, n_dimensions, new in (
        (7, 3, 3, "there are three components in 3-D, with covariances that are tilted."),
        (5, 3, 1, "there is one dimension."),
        (8, 2, 2, "there are other points, and a tilt."),
    ):
        name = f"{n_points} points, {n_components} components in {n_dimensions}-D"
        yield Case(name, random_arguments(rng, n_points, n_components, n_dimensions), new)
    _, mixture = random_arguments(rng, 3, 2, 2)
    far = np.vstack([mixture.means[0], rng.uniform(500, 900, (2, 2))])
    yield Case("two points far away, and one near", (far, mixture), "densities underflow to 0 there.")


def random_arguments(rng, n_points, n_components, n_dimensions):
    weights = rng.permutation(np.arange(1, n_components + 1)) + rng.uniform(0, 0.5, n_components)
    means = rng.uniform(-2, 2, (n_components, n_dimensions))
    scales = rng.permutation(np.linspace(0.5, 2, n_components))
    covariances = [scale * random_covariance(rng, n_dimensions) for scale in scales]
    points = rng.uniform(-3, 3, (n_points, n_dimensions))
    return points, Mixture(weights / weights.sum(), means, covariances)


def read(answer, array, *given):
    shares, total = reading.parts(answer, "my_e_step", ("responsibilities", "log_likelihood"))
    parts = {SHARE: array(SHARE, shares, "`responsibilities`"), TOTAL: array(TOTAL, total, "`log_likelihood`")}
    if isinstance(shares, list | tuple):
        raise Trouble(
            "no array",
            f"`responsibilities` is a {type(shares).__name__}, and the M-step will compute with arrays.",
            "Fill an array, `np.zeros((N, K))`, or return `np.array(responsibilities)`.",
        )
    return parts


exercise = Exercise(
    "e_step",
    "my_e_step(points, mixture)",
    "lesson 3, section 3, equation (3)",
    parts={SHARE: ("shares", "point", "component"), TOTAL: ("total",)},
    cases=cases,
    read=read,
)
exercise.hints = """
Everything that you need is there: `log_joint` makes the table, `log_sum_exp` its logarithmic row sums, a column.

In (3), the logarithm of a responsibility is the log-joint minus the log-sum-exp of its row. Return the
responsibilities themselves: `np.exp` of that.

The log-sum-exp of a row is the log-density of its point. The log-likelihood is their sum: return both, `return
responsibilities, log_likelihood`."""

table = exercise.stage("table", lambda log_density, mixture: log_density.T + np.log(mixture.weights))
table.slip("no weights", lambda log_density: log_density.T, "lesson 3, section 4").told("""
These are the numbers if every component counts alike. Multiply each density by the weight of its component, or add the
logarithm of the weight.""")
table.slip("weights, not their logarithms", lambda log_density, mixture: log_density.T + mixture.weights).told("""
These are the numbers if the weight itself is added to a log-density. Add its logarithm.""")
table.slip(
    "components' order",
    lambda log_density, mixture: log_density.T + np.log(mixture.weights[::-1]),
    "lesson 3, section 2, equation (1)",
).told("""
These are the numbers if the weights are joined with other components than their own, in the opposite order. Give
`weights[k]` to the density of `means[k]` and `covariances[k]`.""")
table.slip("weights twice", lambda table, mixture: table + np.log(mixture.weights), "lesson 3, section 3").told("""
These are the numbers if the weights count twice. `log_joint` holds their logarithms already: add no more.""")
table.slip("weight times the log-density", lambda log_density, mixture: log_density.T * mixture.weights).told("""
These are the numbers if a weight multiplies a log-density. A weight multiplies a density; to its logarithm, add the
logarithm of the weight.""")

exercise.stage("joint", lambda table: np.exp(table))
exercise.stage("log_sums", lambda table: np.logaddexp.reduce(table, axis=1, keepdims=True))
exercise.stage("right", lambda table, log_sums: np.exp(table - log_sums))
shares = exercise.stage("shares", lambda right: right)
shares.slip("normalised over points", lambda joint: joint / joint.sum(axis=0), "lesson 3, section 3").told("""
Each *column* of your responsibilities adds up to 1, where each row should: a point shares itself out among the
components. Divide by the sum over components, `axis=1` with `keepdims=True`.""")
shares.slip("not normalised", lambda joint: joint, "lesson 3, section 2, equation (1)").told("""
Your rows do not add up to 1: this is weight times density, the numerator. Divide each row by its sum.""")
shares.slip("logarithms of the responsibilities", lambda table, log_sums: table - log_sums).told("""
These are the logarithms of the responsibilities. Take `np.exp` of them at the very end.""")
shares.slip("hard decision", lambda table: np.eye(table.shape[1])[table.argmax(axis=1)], "lesson 3, section 6").told("""
Each point is given whole to one component. A responsibility is a share: keep the numbers from before the largest was
chosen.""")
shares.slip(
    "divided by the largest",
    lambda joint: joint / joint.max(axis=1, keepdims=True),
    "lesson 3, section 2, equation (1)",
).told("""
These are the numbers if each row is divided by its largest value. Divide it by its sum.""")
shares.slip(
    "normalised over everything", lambda joint: joint / joint.sum(), "lesson 3, section 2, equation (1)"
).told("""
All your responsibilities together add up to 1, where each row should. Divide each row by its own sum, `axis=1` with
`keepdims=True`.""")
shares.slip("columns in another order", lambda right: right[:, ::-1], "lesson 3, section 2, equation (1)").told("""
The columns stand in the opposite order. Column k belongs to component k of the mixture.""")
shares.slip(
    "underflow",
    lambda joint: joint / joint.sum(axis=1, keepdims=True),
    "lesson 2, section 4",
    log_sums=lambda joint: np.log(joint.sum(axis=1, keepdims=True)),
).told("""
Far from all components the densities underflow to 0, and 0/0 is not a number. Stay in logarithms, subtract the
log-sum-exp of each row, and take `np.exp` of the difference.""")
shares.slip("logarithms divided", lambda table, log_sums: table / log_sums).told("""
Here one logarithm is divided by another. In logarithms a division becomes a subtraction: subtract the log-sum-exp, and
take `np.exp` of the difference.""")
shares.slip("logarithms divided, then exp", lambda table, log_sums: np.exp(table / log_sums)).told("""
Here one logarithm is divided by another, before `np.exp`. In logarithms a division becomes a subtraction: subtract the
log-sum-exp of the row.""")
shares.slip("largest subtracted", lambda table: np.exp(table - table.max(axis=1, keepdims=True))).told("""
These are the numbers if only the largest log-joint of each row is subtracted. Subtract the log-sum-exp of the row, in
which all components count.""")
shares.slip("sum of the logarithms subtracted", lambda table: np.exp(table - table.sum(axis=1, keepdims=True))).told("""
These are the numbers if the plain sum of the row's logarithms is subtracted. Adding logarithms multiplies: subtract
the log-sum-exp of the row.""")
shares.slip("upside down", lambda right: 1 / right).told("""
These are the numbers if the difference has the opposite sign, the whole divided by the part. Subtract the log-sum-exp
from the table.""")
shares.slip("log-likelihood subtracted", lambda table, log_sums: np.exp(table - log_sums.sum())).told("""
These are the numbers if the log-likelihood of all points is subtracted from every row. From each row, subtract its own
log-sum-exp.""")
shares.slip("logarithms divided by their sum", lambda table: table / table.sum(axis=1, keepdims=True)).told("""
Here logarithms are divided by their sum. Shares are parts of a sum of densities: subtract the log-sum-exp of the row,
and take `np.exp` of the difference.""")

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
total.slip(
    "logarithm of the summed densities",
    lambda log_sums: np.log(np.exp(log_sums).sum()),
    "lesson 2, section 3, equation (6)",
).told("""
Your log-likelihood is the logarithm of a sum over the points. Points are independent: take the logarithm of each, then
add.""")
total.slip("log-likelihood of the largest shares", lambda table: table.max(axis=1).sum()).told("""
Your log-likelihood counts only the most responsible component of each point. Take the log-sum-exp of the row.""")
total.slip("sum of the logarithms of responsibilities", lambda right: np.log(right).sum()).told("""
Your log-likelihood adds up logarithms of responsibilities. What is to be added are the logarithms of p(x), the
denominator.""")
total.slip("average by the shares", lambda right, table: (right * table).sum()).told("""
Your log-likelihood averages the log-joints by the responsibilities. That is another sum, which lesson 4 calls Q: here,
add up the log-sum-exp of the rows.""")
total.slip("sum of the responsibilities", lambda points: float(len(points))).told("""
Your log-likelihood is the number of points: responsibilities add up to that. Add up the log-sum-exp of the rows.""")
total.slip("logarithm of the sum of the shares", lambda: 0.0).told("""
Your log-likelihood is 0, as is the logarithm of shares that add up to 1. Add up the log-sum-exp of the rows of the
table.""")
total.slip("first component only", lambda table: table[:, 0].sum()).told("""
Your log-likelihood adds up the first column of the table only. Take the log-sum-exp of each row, in which all
components count.""")

exercise.stage("mean", lambda mixture: mixture.means)
exercise.stage("covariance", lambda mixture: mixture.covariances)
exercise.borrow(log_density.exercise, but="log_density", rows="mean", shared=("points",))

exercise.sight("row never filled", "lesson 3, section 3").told("""
Row {row} of your responsibilities is 0 throughout. Was it never filled, because a loop ends too early? Or did every
density underflow there?""")
exercise.sight("column never filled", "lesson 3, section 3").told("""
Column {column} of your responsibilities is 0 throughout. Does a loop leave a component out? There are
`mixture.n_components` of them, not always two.""")
exercise.sight("rows do not add up to 1", "lesson 3, section 2, equation (1)").told("""
Row {row} of your responsibilities adds up to {total:.4g}, and every row should add up to 1. Divide each row by its sum
at the end.""")


@exercise.seen
def look(runs):
    """Tell of properties that every right answer has, in the first example that goes wrong."""
    first = next((run for run in runs if not run.agrees(SHARE)), None)
    if first is None:
        return None
    shares = first.found[SHARE]
    empty = {axis: (shares == 0).all(axis=axis) for axis in (0, 1)}
    if empty[1].any():
        return "row never filled", {"row": int(empty[1].argmax()) + 1}
    if empty[0].any():
        return "column never filled", {"column": int(empty[0].argmax()) + 1}
    sums = shares.sum(axis=1)
    if np.isfinite(shares).all() and not np.allclose(sums, 1):
        n = int(np.abs(sums - 1).argmax())
        return "rows do not add up to 1", {"row": n + 1, "total": sums[n]}
    return None
