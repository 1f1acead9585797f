"""Exercise: the M-step."""

import numpy as np

from gmm_lab.algorithm import e_step
from gmm_lab.datasets import six_points, six_points_start
from gmm_lab.exercises import reading
from gmm_lab.exercises.cases import Case, close
from gmm_lab.exercises.diagnoses import slips_of
from gmm_lab.exercises.exercise import Exercise
from gmm_lab.exercises.trouble import Trouble
from gmm_lab.mixture import Mixture

WEIGHT, MEAN, COVARIANCE = "the weight", "the mean", "the covariance"


def _cases(rng):
    points = six_points().points
    shares, _ = e_step(points, six_points_start())
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


def _read(answer, case):
    points, shares, _ = case.arguments
    if not isinstance(answer, Mixture):
        raise Trouble(
            "not a mixture",
            f"`my_m_step` returned something of type {type(answer).__name__}, and a Mixture was expected.",
            "End it with `return Mixture(weights, means, covariances)`.",
        )
    n_components, n_dimensions = shares.shape[1], points.shape[1]
    axes = ("component", "row", "column")
    return {
        WEIGHT: reading.array(answer.weights, "`weights`", (n_components,), axes),
        MEAN: reading.array(answer.means, "`means`", (n_components, n_dimensions), ("component", "coordinate")),
        COVARIANCE: reading.array(
            answer.covariances, "`covariances`", (n_components, n_dimensions, n_dimensions), axes
        ),
    }


def _solve(points, responsibilities, given_reg_covar, mean="", covariance="", weight="", reg_covar=""):
    counts = responsibilities.sum(axis=0)
    n_points, n_components = responsibilities.shape
    sums = responsibilities.T @ points
    means = {
        "": sums / counts[:, None],
        "plain mean": np.tile(points.mean(axis=0), (n_components, 1)),
        "mean divided by N": sums / n_points,
        "mean not divided": sums,
        "mean divided twice": sums / counts[:, None] ** 2,
        "means of hard groups": _group_means(points, responsibilities),
    }.get(mean, sums / counts[:, None])
    if n_components == points.shape[1] and mean == "divided along the other axis":
        means = sums / counts
    if n_components == points.shape[1] and mean == "means transposed":
        means = means.T
    covariances = np.stack(
        [_covariance(points, responsibilities[:, k], means[k], covariance) for k in range(n_components)]
    )
    if covariance == "one covariance for all":
        covariances = np.tile(np.tensordot(counts / n_points, covariances, 1), (n_components, 1, 1))
    added = {
        "": given_reg_covar,
        "always the same reg_covar": 1e-6,
        "reg_covar subtracted": -given_reg_covar,
        "reg_covar twice": 2 * given_reg_covar,
    }
    ridge = added.get(reg_covar, 0) * np.eye(points.shape[1])
    if reg_covar == "reg_covar on every entry":
        ridge = given_reg_covar
    most = np.bincount(responsibilities.argmax(axis=1), minlength=n_components) / n_points
    weights = {
        "": counts / n_points,
        "weights that sum to N": counts,
        "equal weights": np.full(n_components, 1 / n_components),
        "counts of the largest shares": most,
        "weights divided by K": counts / n_components,
        "weights always divided by 6": counts / 6,
    }[weight]
    return {WEIGHT: weights, MEAN: means, COVARIANCE: covariances + ridge}


def _group_means(points, responsibilities):
    """Return the plain mean of the points for which each component is most responsible."""
    most = responsibilities.argmax(axis=1)
    groups = [points[most == k] for k in range(responsibilities.shape[1])]
    return np.array([group.mean(axis=0) if len(group) else np.full(points.shape[1], np.nan) for group in groups])


def _covariance(points, shares, mean, way):
    """Return the covariance of one component, or what it is with one thing done otherwise."""
    middle = points.mean(axis=0)
    centres = {"around the mean of all points": middle, "covariance of all points": middle, "around the origin": 0}
    deviations = points - centres.get(way, mean)
    count = shares.sum()
    divisors = {
        "unweighted covariance": len(points),
        "covariance of all points": len(points),
        "covariance divided by N": len(points),
        "N_k - 1": count - 1,
        "np.cov corrects": count - np.square(shares).sum() / count,
        "covariance not divided": 1,
        "divided by the square of the count": count**2,
    }
    powers = {"shares counted twice": 2, "roots of the shares": 0.5}
    powers |= dict.fromkeys(("unweighted covariance", "covariance of all points", "no shares"), 0)
    terms = shares ** powers.get(way, 1) * deviations.T
    if way in ("first point left out", "last point left out"):
        terms[:, 0 if way == "first point left out" else -1] = 0
    right = terms @ deviations / divisors.get(way, count)
    variances = np.diag(right)
    if way == "inverse":
        return np.linalg.inv(right)
    return {
        "only the diagonal": np.diag(variances),
        "roots of all entries": np.sqrt(np.where(right < 0, np.nan, right)),
        "standard deviations": np.diag(np.sqrt(np.abs(variances))),
        "round": variances.mean() * np.eye(len(mean)),
        "correlations": right / np.sqrt(np.abs(np.outer(variances, variances))),
    }.get(way, right)


def _look(runs):
    """Find covariances around some other centre: they are too large by the square of its distance from the mean."""
    first = runs[0]
    if not close(first.found[MEAN], first.expected[MEAN]):
        return None
    too_large = first.found[COVARIANCE] - first.expected[COVARIANCE]
    variances, directions = np.linalg.eigh(too_large)
    steps = directions[:, :, -1] * np.sqrt(np.abs(variances[:, -1:]))
    if np.abs(too_large).max() < 1e-9 or not np.allclose(variances[:, :-1], 0, atol=1e-9) or variances[:, -1].min() < 0:
        return None
    moved = first.expected[MEAN] - six_points_start().means
    if np.allclose(np.abs(steps), np.abs(moved), atol=1e-6):
        return "around the old mean", {}
    return "around another centre", {"distance": np.linalg.norm(steps[0])}


m_step = Exercise(
    name="m_step",
    signature="my_m_step(points, responsibilities, reg_covar=0.0)",
    axes={WEIGHT: ("component",), MEAN: ("component", "coordinate"), COVARIANCE: ("component", "row", "column")},
    cases=_cases,
    read=_read,
    solve=_solve,
    slips=slips_of("m_step"),
    look=_look,
)
