"""Whole fits: published numbers, the stop rule, several starts, and data at the edge of what can be fitted."""

import math
import re
import warnings

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from gmm_lab import Fit, Mixture, Step, datasets, em, fit, fitting, k_means_plus_plus, m_step
from gmm_lab.sources import source_of


def bic(result):
    """Return the Bayesian information criterion as scikit-learn counts it: smaller is better."""
    n_points, n_dimensions = result.steps[0].points.shape
    n_parameters = result.mixture.n_components * (1 + n_dimensions + n_dimensions * (n_dimensions + 1) / 2) - 1
    return n_parameters * math.log(n_points) - 2 * result.log_likelihood


# Published numbers


def test_old_faithful_is_mclusts():
    """mclust (Scrucca et al. 2016) prints both for its model VVV,2; its BIC has the opposite sign."""
    result = fit(datasets.old_faithful().points, 2)
    assert result.converged
    assert f"{result.log_likelihood:.3f}" == "-1130.264"
    assert f"{-bic(result):.3f}" == "-2322.192"


def test_penguins_are_three_species(penguins, penguins_fit):
    assert [f"{bic(fit(penguins.points, k, n_init=10)):.1f}" for k in (1, 2, 3)] == ["6040.0", "5613.5", "5580.5"]
    to_the_end = fit(penguins.points, 3, start=penguins_fit.mixture, tol=1e-9)
    assert f"{to_the_end.log_likelihood:.3f}" == "-2705.634"
    np.testing.assert_allclose(sorted(penguins_fit.mixture.weights), [0.185, 0.36, 0.456], atol=0.001)
    groups = penguins_fit.mixture.predict(penguins.points)
    assert f"{adjusted_rand_score(penguins.labels, groups):.3f}" == "0.930"


def test_a_fourth_component_for_penguins_is_not_worth_its_parameters(penguins):
    """From a start that ends where scikit-learn ends; other optima owe their height to needles of a few birds."""
    result = fit(penguins.points, 4, start="k-means++", rng=16)
    assert f"{bic(result):.1f}" == "5618.3"
    assert result.mixture.weights.min() > 0.05


def test_the_three_clouds_are_found():
    data, truth = datasets.three_gaussians(), datasets.three_gaussians_truth()
    found = fit(data.points, 3).mixture.aligned_to(truth)
    np.testing.assert_allclose(found.weights, truth.weights, atol=0.01)
    np.testing.assert_allclose(found.means, truth.means, atol=0.04)
    np.testing.assert_allclose(found.covariances, truth.covariances, atol=0.008)


def test_one_component_is_found_at_once_and_the_second_iteration_gains_nothing(points):
    result = fit(points, 1, reg_covar=1e-6)
    np.testing.assert_allclose(result.mixture.covariances[0], np.cov(points.T, bias=True) + 1e-6 * np.eye(2))
    assert result.n_iterations == 2


def test_a_whole_fit_ends_where_scikit_learns_ends(penguins):
    start = k_means_plus_plus(penguins.points, 3, rng=1)
    theirs = GaussianMixture(
        3,
        weights_init=start.weights,
        means_init=start.means,
        precisions_init=np.linalg.inv(start.covariances),
        tol=1e-6,
        max_iter=500,
    ).fit(penguins.points)
    ours = fit(penguins.points, 3, start=start)
    assert theirs.converged_
    assert abs(theirs.n_iter_ - 1 - ours.n_iterations) <= 1
    assert theirs.lower_bound_ * len(penguins.points) == pytest.approx(ours.log_likelihood, rel=1e-6)


# The stop rule


def test_it_stops_at_the_first_gain_per_point_below_tol(penguins):
    for tol in (1e-2, 1e-4, 1e-6):
        result = fit(penguins.points, 3, tol=tol, rng=1)
        gains = np.diff(result.log_likelihoods) / len(penguins.points)
        assert result.converged
        assert gains[-1] < tol
        assert (gains[:-1] >= tol).all()


def test_a_fall_is_no_convergence_in_disguise():
    """A fall beyond rounding never ends a run, however small, and a large one is told."""
    clouds = np.random.default_rng(0).normal(size=(200, 2))
    clouds[100:] += 4
    with pytest.warns(RuntimeWarning, match="the log-likelihood fell by .* reg_covar is large beside their variances"):
        result = fit(clouds, 2, reg_covar=0.3, tol=1e-6, start="k-means++")
    gains = np.diff(result.log_likelihoods) / len(clouds)
    assert gains.min() < -1e-6
    assert result.converged
    assert abs(gains[-1]) < 1e-9


def test_failing_to_converge_shows(points):
    with pytest.warns(RuntimeWarning, match=r"not converged after 3 iterations: .* Raise max_iter or tol") as caught:
        result = fit(points, 3, max_iter=3, n_init=4)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert not result.converged
    assert result.n_iterations == 3
    assert repr(result).startswith("<Fit: not converged after 3 iterations")


def test_the_result_is_the_last_step(penguins_fit, penguins):
    last = penguins_fit.steps[-1]
    assert penguins_fit.mixture is last.mixture
    assert penguins_fit.log_likelihood == last.log_likelihood == penguins_fit.log_likelihoods[-1]
    assert len(penguins_fit.log_likelihoods) == len(penguins_fit.steps) == penguins_fit.n_iterations + 1
    np.testing.assert_array_equal(penguins_fit.responsibilities, last.mixture.predict_proba(penguins.points))
    assert last.log_likelihood == pytest.approx(last.mixture.log_density(penguins.points).sum(), rel=1e-12)


def test_fit_is_the_loop_and_nothing_else(points):
    start = k_means_plus_plus(points, 3, rng=2)
    result = fit(points, 3, start=start)
    for ours, step in zip(result.steps, em(points, start), strict=False):
        assert ours.log_likelihood == pytest.approx(step.log_likelihood, rel=1e-12)
        np.testing.assert_allclose(ours.mixture.means, step.mixture.means, rtol=1e-9)


def test_reg_covar_reaches_start_and_steps(points):
    result = fit(points, 1, reg_covar=4)
    np.testing.assert_allclose(result.mixture.covariances[0], np.cov(points.T, bias=True) + 4 * np.eye(2))
    np.testing.assert_allclose(result.steps[0].mixture.covariances, result.mixture.covariances)


# The stop rule, on histories made by hand

APART = Mixture([0.5, 0.5], [[0], [9]], [[[1]], [[1]]])
TWINS = Mixture([0.5, 0.5], [[0], [0]], [[[1]], [[1]]])


@pytest.fixture
def run_through(monkeypatch):
    """Return a function that runs until the stop rule says so, through these log-likelihoods of 100 points."""

    def run(values, tol=1e-3, max_iter=50, mixtures=()):
        mixtures = [*mixtures, *[APART] * (len(values) - len(mixtures))]
        steps = [Step(np.zeros((100, 1)), *state) for state in zip(mixtures, values, strict=True)]
        monkeypatch.setattr(fitting, "climb", lambda *arguments: iter(steps))
        return fitting._run(source_of(steps[0].points), lambda: APART, tol, max_iter, None, None)

    return run


@pytest.mark.parametrize(
    ("values", "n_iterations"),
    [
        ([-50, -49.95, 0], 1),  # a gain of 0.05, where tol asks for 0.1 of 100 points
        ([-50, -49.85, -49.76, 0], 2),
        ([-50, -49.85, -49.85, 0], 2),  # no gain at all
        ([-50, -49.85, -49.85 - 1e-10, 0], 2),  # rounding is no fall
        ([-50, -49.85, -49.86, -49.8, 0], 3),  # a fall is no convergence
        ([-50, -60, -70, -69.95, 0], 3),
    ],
)
def test_a_run_ends_after_its_first_small_gain(values, n_iterations, run_through):
    found = run_through(values)
    assert (found.converged, found.n_iterations) == (True, n_iterations)
    assert found.log_likelihoods.tolist() == values[: n_iterations + 1]


def test_a_gain_of_just_tol_is_not_too_small(run_through):
    assert run_through([-50, -50 + 100 * 2**-7, -49, -49], tol=2**-7).n_iterations == 2


def test_without_a_tol_a_run_ends_where_only_rounding_is_gained(run_through):
    values = [-50, -49, -49 + 1e-8, -49 + 1e-8 + 1e-10, 0]
    assert run_through(values, tol=0).n_iterations == 3
    large = [-1e9, -1e9 + 1, -1e9 + 1.005, 0]  # rounding grows with the log-likelihood
    assert run_through(large, tol=0).n_iterations == 2


@pytest.mark.parametrize("max_iter", [1, 3])
def test_a_run_makes_at_most_max_iter_iterations(max_iter, run_through):
    found = run_through([-50, -40, -30, -20, -10, 0], max_iter=max_iter)
    assert (found.converged, found.n_iterations) == (False, max_iter)


def test_a_plateau_is_waited_out_until_nothing_is_gained(run_through):
    values = [-50, -49.99, -49.98, -40, -39.99, 0]
    found = run_through(values, mixtures=[TWINS] * 3)
    assert (found.converged, found.n_iterations) == (True, 4)
    for_ever = run_through([-50, -49.99, -49.99, -49.99], mixtures=[TWINS] * 4)
    assert (for_ever.converged, for_ever.n_iterations) == (False, 2)


def test_off_a_plateau_and_without_a_needle_goes_before_high(monkeypatch):
    def run_of(name, value):
        return Fit((Step(np.zeros((9, 1)), name, value),), converged=True)

    plain, higher = run_of("plain", -9.0), run_of("plain", -8.0)
    needle, twins, both = run_of("needle", -3.0), run_of("twins", -2.0), run_of("needle, twins", -1.0)
    monkeypatch.setattr(fitting, "alike", lambda mixture: (0, 1) if "twins" in mixture else None)
    monkeypatch.setattr(fitting, "needles", lambda mixture, source, added: [0] if "needle" in mixture else [])
    best_first = sorted(
        [both, plain, twins, higher, needle], key=lambda run: fitting._rank(run, None, None), reverse=True
    )
    assert best_first == [higher, plain, needle, twins, both]


# Several starts


def test_more_starts_are_never_worse(penguins):
    single = [fit(penguins.points, 3, start="k-means++", n_init=n, rng=0).log_likelihood for n in (1, 2, 4, 8)]
    assert single == sorted(single)
    assert single[0] < single[-1]


def test_runs_start_from_children_of_the_seed(points):
    children = np.random.default_rng(7).spawn(3)
    runs = [fit(points, 3, start=k_means_plus_plus(points, 3, rng=child)) for child in children]
    best = fit(points, 3, start="k-means++", n_init=3, rng=7)
    assert best.log_likelihood == max(run.log_likelihood for run in runs)


@pytest.mark.parametrize("start", ["short runs", "k-means++", "random"])
def test_a_seed_gives_the_same_fit_again(points, start):
    first, second = fit(points, 3, start=start, rng=5), fit(points, 3, start=start, rng=np.random.default_rng(5))
    np.testing.assert_array_equal(first.log_likelihoods, second.log_likelihoods)
    assert fit(points, 3, start=start, rng=6).log_likelihoods[0] != first.log_likelihoods[0]


def test_points_stay_as_they_are(points):
    before = points.copy()
    fit(points, 3)
    np.testing.assert_array_equal(points, before)


# What can't be asked for


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_components": 0}, ValueError, "n_components is 0, but at least 1 was expected: try n_components=3"),
        ({"n_components": 2.0}, TypeError, r"n_components is 2\.0, but a whole number was expected"),
        ({"n_components": True}, TypeError, "n_components is True, but a whole number"),
        ({"n_components": "3"}, TypeError, "n_components is '3', but a whole number"),
        ({"n_components": 201}, ValueError, "points has 200 rows, but n_components is 201: give more points or ask"),
        ({"tol": -1e-6}, ValueError, "tol is -1e-06, but a finite number of at least 0 was expected: try tol=1e-06"),
        ({"tol": math.nan}, ValueError, "tol is nan"),
        ({"tol": None}, TypeError, "tol is None, but a number was expected"),
        ({"max_iter": 0}, ValueError, "max_iter is 0, but at least 1 was expected"),
        ({"max_iter": 1e3}, TypeError, r"max_iter is 1000\.0, but a whole number"),
        ({"n_init": 0}, ValueError, "n_init is 0, but at least 1 was expected"),
        ({"reg_covar": -1}, ValueError, "reg_covar is -1, but a finite number of at least 0"),
        ({"reg_covar": np.array([1, -1])}, ValueError, "reg_covar is -1, but a finite number of at least 0"),
        ({"reg_covar": np.array([math.nan, 1])}, ValueError, "reg_covar is nan"),
        ({"rng": "seed"}, TypeError, "rng is 'seed', but a seed or a np.random.Generator was expected: try rng=0"),
        ({"rng": None}, TypeError, "rng is None, but a seed"),
        ({"rng": -1}, ValueError, "rng is -1, but at least 0 was expected"),
        ({"rng": 0.5}, TypeError, r"rng is 0\.5, but a seed"),
        (
            {"start": "kmeans"},
            ValueError,
            r"start is 'kmeans', but one of 'short runs', 'k-means\+\+', 'random' or a Mixture was",
        ),
        ({"start": np.eye(2)}, ValueError, "but one of 'short runs"),
        ({"start": Mixture([1], [[0, 0]], [np.eye(2)])}, ValueError, "n_components is 3.*give a mixture that fits"),
        ({"start": Mixture([1 / 3] * 3, [[0]] * 3, [[[1]]] * 3)}, ValueError, "in 1-D.*give a mixture that fits"),
    ],
)
def test_what_cannot_be_asked_for(points, arguments, error, message):
    with pytest.raises(error, match=message):
        fit(points, **{"n_components": 3} | arguments)


def test_one_start_given_cannot_be_tried_many_times(points, mixture):
    with pytest.raises(ValueError, match=r"n_init is 5.*leave n_init at 1"):
        fit(points, 3, start=mixture, n_init=5)


# At the edge


def edge_cases():
    clouds = np.random.default_rng(0).normal(size=(120, 2))
    clouds[60:] += 6
    return {
        "duplicates": np.repeat(clouds[::30], 20, axis=0),
        "a constant column": np.c_[clouds, np.ones(120)],
        "all points equal": np.ones((50, 2)),
        "all points zero": np.zeros((9, 1)),
        "two values": np.repeat([[0.0], [1.0]], 30, axis=0),
        "columns that depend on each other": np.c_[clouds, clouds.sum(axis=1)],
        "as many points as components": clouds[:3],
        "more columns than points": np.random.default_rng(1).normal(size=(10, 20)),
        "one far outlier": np.r_[clouds, [[1e9, 1e9]]],
        "an offset of 1e8": clouds + 1e8,
        "an offset of 1e15": clouds + 1e15,
        "scale 1e-300": clouds * 1e-300,
        "scale 1e-150": clouds * 1e-150,
        "scale 1e40": clouds * 1e40,
        "scale 1e99": clouds * 1e99,
        "scale 1e300": clouds * 1e300,
        "units far apart": clouds * [1e40, 1e-40],
        "whole numbers": np.arange(40).reshape(20, 2),
        "single precision": clouds.astype(np.float32),
    }


MAY_FAIL = r"not positive definite|no points left|choose a larger unit|is flat"
TOLD = "EM has not converged|component|the log-likelihood fell"
FITS = {"scale 1e40", "an offset of 1e8", "whole numbers", "single precision", "a constant column", "duplicates"}


@pytest.mark.parametrize("reg_covar", [None, 1e-6, 0])
@pytest.mark.parametrize("start", ["short runs", "k-means++", "random"])
@pytest.mark.parametrize("name", edge_cases())
def test_a_fit_is_valid_or_says_why_not(name, start, reg_covar):
    """Warnings of NumPy are errors here; only what `fit` tells is let through."""
    points = edge_cases()[name]
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", TOLD, RuntimeWarning)
            result = fit(points, 3, start=start, reg_covar=reg_covar)
    except ValueError as error:
        assert not (name in FITS and reg_covar)
        assert re.search(MAY_FAIL, str(error)), error
        return
    mixture = Mixture(result.mixture.weights, result.mixture.means, result.mixture.covariances)
    assert math.isfinite(result.log_likelihood)
    np.testing.assert_allclose(mixture.predict_proba(points).sum(axis=1), 1, rtol=1e-9)
    assert (mixture.means >= points.min(axis=0) - 1e-9 * np.abs(points).max()).all()
    assert (mixture.means <= points.max(axis=0) + 1e-9 * np.abs(points).max()).all()


def test_an_offset_of_1e8_costs_no_more_than_its_rounding(points):
    plain, moved = fit(points, 3, tol=1e-4), fit(points + 1e8, 3, tol=1e-4)
    assert moved.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-6)
    np.testing.assert_allclose(moved.mixture.covariances, plain.mixture.covariances, rtol=1e-3, atol=1e-4)


def test_a_component_that_loses_its_points_is_told(points, mixture):
    far = Mixture(mixture.weights, np.add(mixture.means, [[0], [0], [1e4]]), mixture.covariances)
    with pytest.raises(ValueError, match=r"component 3 has no points left.*start it nearer"):
        fit(points, 3, start=far)


def test_a_collapsing_component_is_held_by_reg_covar():
    points = np.r_[np.random.default_rng(0).normal(size=(50, 1)), [[8.0]]]
    start = Mixture([0.9, 0.1], [[0], [8]], [[[1]], [[1]]])
    with pytest.warns(RuntimeWarning, match=r"component 2 \(1.0 points\) has no variance along some direction"):
        held = fit(points, 2, start=start, reg_covar=1e-6)
    assert held.mixture.covariances.min() == pytest.approx(1e-6, rel=1e-3)
    with pytest.raises(ValueError, match=r"component 2 is flat: all its points have the same value in column 1"):
        fit(points, 2, start=start, reg_covar=0)


def test_m_step_shares_reg_covar_with_fit_by_default(points):
    everything = np.ones((len(points), 1))
    same = m_step(points, everything).covariances
    np.testing.assert_allclose(fit(points, 1).mixture.covariances, same, rtol=1e-14)


def test_a_run_that_fails_is_left_out_and_the_best_of_the_others_is_kept(points, monkeypatch):
    runs = iter([ValueError("first"), -7.0, ValueError("third"), -5.0, -6.0])

    def run(source, draw, *arguments):
        points, start, result = source.shown, draw(), next(runs)
        if isinstance(result, ValueError):
            raise result
        return Fit((Step(points, start, result - 1), Step(points, start, result)), converged=True)

    monkeypatch.setattr(fitting, "_run", run)
    monkeypatch.setattr(fitting, "alike", lambda mixture: None)
    monkeypatch.setattr(fitting, "warnings_of", lambda *arguments: [])
    assert fit(points, 2, n_init=5).log_likelihood == -5
    runs = iter([ValueError("first"), ValueError("second")])
    with pytest.raises(ValueError, match=r"^all of the 2 runs failed, the first because first$"):
        fit(points, 2, n_init=2)
    runs = iter([ValueError("alone")])
    with pytest.raises(ValueError, match=r"^alone$"):
        fit(points, 2)


def test_what_is_not_said_is_as_documented(points):
    plain = fit(points, 2)
    said = fit(points, 2, start="short runs", tol=1e-6, max_iter=500, n_init=1, reg_covar=None, rng=0)
    np.testing.assert_array_equal(plain.log_likelihoods, said.log_likelihoods)
    np.testing.assert_array_equal(plain.mixture.covariances, said.mixture.covariances)


def test_as_many_points_as_components_may_be_asked_for():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", TOLD, RuntimeWarning)
        found = fit([[0.0], [1.0]], 2, reg_covar=1.0, start="random")
    assert found.mixture.n_components == 2
    with pytest.raises(ValueError, match="points has 2 rows, but n_components is 3"):
        fit([[0.0], [1.0]], 3)


def test_a_result_tells_how_it_ended(points):
    found = fit(points, 2)
    ending = f"after {found.n_iterations} iterations, log-likelihood {found.log_likelihood:.6g}>"
    assert repr(found) == f"<Fit: converged {ending}"
    assert repr(Fit(found.steps, converged=False)) == f"<Fit: not converged {ending}"
