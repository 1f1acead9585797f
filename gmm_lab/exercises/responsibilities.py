"""Exercise: the E-step."""

import numpy as np

from gmm_lab.datasets import six_points, six_points_start
from gmm_lab.exercises import densities, reading
from gmm_lab.exercises.cases import Case, close
from gmm_lab.exercises.diagnoses import slips_of
from gmm_lab.exercises.exercise import Exercise
from gmm_lab.exercises.shares import shares_of, total_of
from gmm_lab.exercises.trouble import Trouble
from gmm_lab.mixture import Mixture

SHARE, TOTAL = "the responsibility", "the log-likelihood"


def _cases(rng):
    points, guess = six_points().points, six_points_start()
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
    yield Case(
        "the six points with two ellipses of different size",
        (points, sizes),
        "the covariances are not the same, so that the determinants matter.",
    )
    for n_points, n_components, n_dimensions, new in (
        (7, 3, 3, "there are three components in 3-D, with covariances that are tilted."),
        (5, 3, 1, "there is one dimension."),
        (8, 2, 2, "there are other points, and a tilt."),
    ):
        name = f"{n_points} points, {n_components} components in {n_dimensions}-D"
        yield Case(name, _random(rng, n_points, n_components, n_dimensions), new)
    _, mixture = _random(rng, 3, 2, 2)
    far = np.vstack([mixture.means[0], rng.uniform(500, 900, (2, 2))])
    yield Case("two points far away, and one near", (far, mixture), "densities underflow to 0 there.")


def _random(rng, n_points, n_components, n_dimensions):
    weights = rng.permutation(np.arange(1, n_components + 1)) + rng.uniform(0, 0.5, n_components)
    means = rng.uniform(-2, 2, (n_components, n_dimensions))
    scales = rng.permutation(np.linspace(0.5, 2, n_components))
    covariances = [scale * densities.random_covariance(rng, n_dimensions) for scale in scales]
    points = rng.uniform(-3, 3, (n_points, n_dimensions))
    return points, Mixture(weights / weights.sum(), means, covariances)


def _read(answer, case):
    points, mixture = case.arguments
    shares, total = reading.parts(answer, "my_e_step", ("responsibilities", "log_likelihood"))
    shape = (len(points), mixture.n_components)
    parts = {
        SHARE: reading.array(shares, "`responsibilities`", shape, ("point", "component")),
        TOTAL: reading.array(total, "`log_likelihood`", (), ()),
    }
    if isinstance(shares, list | tuple):
        raise Trouble(
            "no array",
            f"`responsibilities` is a {type(shares).__name__}, and the M-step will compute with arrays.",
            "Fill an array, `np.zeros((N, K))`, or return `np.array(responsibilities)`.",
        )
    return parts


def _solve(points, mixture, weights="", shares="", total="", **ways):
    table = np.stack(
        [
            densities.log_gaussian(points, mean, covariance, **ways)
            for mean, covariance in zip(mixture.means, mixture.covariances, strict=True)
        ],
        axis=1,
    )
    if weights == "weight times the log-density":
        table *= mixture.weights
    table += {
        "": np.log(mixture.weights),
        "no weights": 0,
        "weights, not their logarithms": mixture.weights,
        "weights twice": 2 * np.log(mixture.weights),
        "weight times the log-density": 0,
        "components' order": np.log(mixture.weights[::-1]),
    }[weights]
    with np.errstate(all="ignore"):
        return {SHARE: shares_of(table, shares), TOTAL: np.array(total_of(table, total, shares))}


def _look(runs):
    """Tell of properties that every right answer has, in the first example that goes wrong."""
    first = next((run for run in runs if not close(run.found[SHARE], run.expected[SHARE])), None)
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


e_step = Exercise(
    name="e_step",
    signature="my_e_step(points, mixture)",
    axes={SHARE: ("point", "component"), TOTAL: ()},
    cases=_cases,
    read=_read,
    solve=_solve,
    slips=slips_of("e_step"),
    look=_look,
)
