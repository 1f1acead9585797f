"""What can be wrong with a run: each warning from a small history made by hand, and none where nothing is wrong."""

import numpy as np
import pytest

from gmm_lab import Fit, Mixture, Step
from gmm_lab.diagnostics import alike, needles, warnings_of
from gmm_lab.sources import source_of

APART = Mixture([0.5, 0.5], [[0, 0], [9, 9]], [np.eye(2)] * 2)
TWINS = Mixture([0.2, 0.5, 0.3], [[9, 9], [0, 0], [0, 0.01]], [np.eye(2)] * 3)


@pytest.fixture
def clouds(rng):
    return rng.normal(size=(100, 2)) * [1, 2] + np.repeat([[0], [9]], 50, axis=0)


def run_of(points, values, mixture=APART, converged=True):
    return Fit(tuple(Step(points, mixture, value) for value in values), converged)


def told(run, tol=1e-6, max_iter=500, added=1e-10):
    points = run.steps[0].points
    return list(warnings_of(run, source_of(points), tol, max_iter, np.full(points.shape[1], added)))


def test_nothing_is_told_of_a_run_that_is_right(clouds):
    assert told(run_of(clouds, [-500, -400, -399.99999])) == []


def test_a_fall_is_told_with_its_size_and_the_iteration(clouds):
    (warning,) = told(run_of(clouds, [-500, -400, -402.5, -401, -401.5, -400.9]))
    assert warning.startswith("the log-likelihood fell by 2.5 nats in iteration 2, and exact EM never falls")


@pytest.mark.parametrize(("fall", "tol", "n_told"), [(0.9e-4, 1e-6, 0), (1.1e-4, 1e-6, 1), (1.1e-4, 1e-3, 0)])
def test_a_fall_that_no_stop_rule_would_see_is_not_told(fall, tol, n_told, clouds):
    """The limit is `tol` per point, as for gains: here of 100 points."""
    assert len(told(run_of(clouds, [-500, -400, -400 - fall]), tol)) == n_told


def test_rounding_is_no_fall_even_without_a_tol(clouds):
    assert told(run_of(clouds, [-500, -400, -400 - 5e-10]), tol=0) == []
    assert len(told(run_of(clouds, [-500, -400, -400 - 5e-9]), tol=0)) == 1


def test_two_that_are_the_same_are_named(clouds):
    assert alike(TWINS) == (1, 2)
    assert alike(APART) is None
    (warning,) = told(run_of(clouds, [-500, -400], TWINS, converged=False))
    assert warning.startswith("components 2 and 3 are the same, a plateau")


def test_one_component_is_like_no_other():
    assert alike(Mixture([1], [[0]], [[[1]]])) is None


@pytest.mark.parametrize(("distance", "same"), [(0.25, True), (0.32, False)])
def test_nobody_sees_a_difference_of_a_quarter_of_a_standard_deviation(distance, same):
    """Of two unit Gaussians so far apart the Bhattacharyya distance is an eighth of the square."""
    found = alike(Mixture([0.5, 0.5], [[0], [distance]], [[[1]], [[1]]]))
    assert (found == (0, 1)) == same


def test_the_two_most_alike_are_named():
    mixture = Mixture([0.25] * 4, [[0], [0.1], [5], [5.01]], [[[1]]] * 4)
    assert alike(mixture) == (2, 3)


def test_a_run_that_was_stopped_tells_its_last_gain_per_point(clouds):
    (warning,) = told(run_of(clouds, [-500, -400, -375], converged=False), tol=1e-4, max_iter=2)
    assert warning.startswith("EM has not converged after 2 iterations: the last one gained 0.25 nats a point, and tol")
    assert "tol is 0.0001. Raise max_iter or tol" in warning


def needle(variance, weights=(0.97, 0.03)):
    return Mixture(weights, [[0, 0], [9, 9]], [np.eye(2), np.diag([variance, 4])])


@pytest.mark.parametrize(("variance", "found"), [(1.0e-6, [1]), (1.9e-6, [1]), (2.1e-6, []), (1, [])])
def test_a_needle_owes_half_of_its_variance_or_more_to_reg_covar(variance, found, clouds):
    assert needles(needle(variance), source_of(clouds), np.full(2, 1e-6)) == found


def test_a_needle_is_seen_in_any_direction_and_in_any_unit(clouds):
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    units = np.array([1e3, 1e-3])
    tilted = turn @ np.diag([1e-6, 4]) @ turn.T
    mixture = Mixture([0.5, 0.5], [[0, 0], [9, 9]], [tilted, np.eye(2)])
    assert needles(mixture, source_of(clouds), np.full(2, 1e-6)) == [0]
    other = Mixture([0.5, 0.5], mixture.means * units, mixture.covariances * np.outer(units, units))
    assert needles(other, source_of(clouds * units), 1e-6 * units**2) == [0]


def test_a_large_reg_covar_and_a_column_that_does_not_vary_make_no_needle(clouds):
    """A reg_covar beside which the points' own variances are small is meant; without any, nothing is held up."""
    for added in (np.zeros(2), np.full(2, 0.5), np.array([0.5, 1e-6]), np.array([0, 1e-6])):
        assert needles(needle(1e-6), source_of(clouds), added) == []
    assert needles(needle(1e-6), source_of(clouds * [0, 1]), np.full(2, 1e-6)) == []
    assert needles(needle(1e-6), source_of(clouds * [1, 0]), np.full(2, 1e-6)) == [1]


@pytest.mark.parametrize(("share", "n_found"), [(0.9e-3, 1), (1.1e-3, 0)])
def test_a_reg_covar_is_large_from_a_thousandth_of_a_columns_variance_on(share, n_found, clouds):
    added = share * clouds.var(axis=0)
    mixture = Mixture([0.5, 0.5], [[0, 0], [9, 9]], [np.eye(2), np.diag(added)])
    assert len(needles(mixture, source_of(clouds), added)) == n_found


def test_needles_are_told_with_their_points(clouds):
    (one,) = told(run_of(clouds, [-500, -400], needle(1e-6)), added=1e-6)
    assert one.startswith("component 2 (3.0 points) has no variance along some direction but that of reg_covar")
    both = Mixture([0.4, 0.6], [[0, 0], [9, 9]], [np.diag([1e-6, 1]), np.diag([1, 1e-6])])
    (two,) = told(run_of(clouds, [-500, -400], both), added=1e-6)
    assert two.startswith("component 1 (40.0 points) and component 2 (60.0 points) have no variance along")


def test_all_that_is_wrong_is_told(clouds):
    run = run_of(clouds, [-400, -410, -409], needle(1e-6), converged=False)
    assert [warning.split()[0] for warning in told(run, max_iter=2, added=1e-6)] == ["the", "EM", "component"]
