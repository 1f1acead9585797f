"""Where EM starts."""

from itertools import islice

import numpy as np
import pytest

from gmm_lab import em, initialise, k_means_plus_plus, short_runs, uniform_in_box
from gmm_lab.initialise import _near_seeds, _scaled, _seeds


@pytest.mark.parametrize("make_start", [k_means_plus_plus, uniform_in_box])
def test_a_start_has_equal_weights_and_the_datas_spread(make_start, points):
    start = make_start(points, 4, reg_covar=0.5, rng=1)
    np.testing.assert_allclose(start.weights, 0.25)
    assert start.means.shape == (4, 2)
    variances = np.diagonal(start.covariances, axis1=1, axis2=2)
    np.testing.assert_allclose(variances, np.tile(points.var(axis=0) + 0.5, (4, 1)))
    assert (start.means >= points.min(axis=0)).all()
    assert (start.means <= points.max(axis=0)).all()


def test_k_means_plus_plus_chooses_points_and_the_datas_covariance(points):
    start = k_means_plus_plus(points, 5, reg_covar=0.5, rng=3)
    for mean in start.means:
        assert (mean == points).all(axis=1).any()
    np.testing.assert_allclose(start.covariances[0], np.cov(points.T, bias=True) + 0.5 * np.eye(2))


def test_uniform_in_box_has_no_tilt_and_fills_the_box(points):
    start = uniform_in_box(points, 2000, rng=3)
    assert start.covariances[0][0, 1] == 0
    low, high = points.min(axis=0), points.max(axis=0)
    shares = (start.means - low) / (high - low)
    np.testing.assert_allclose(shares.mean(axis=0), 0.5, atol=0.03)
    np.testing.assert_allclose(shares.var(axis=0), 1 / 12, atol=0.005)


def test_next_means_are_drawn_by_squared_distance():
    """From 0, a point at distance 3 is nine times as likely as one at distance 1 (Arthur and Vassilvitskii 2007)."""
    points = np.array([[0.0], [1.0], [3.0]])
    chosen = [tuple(k_means_plus_plus(points, 2, rng=seed).means[:, 0]) for seed in range(3000)]
    after_zero = [second for first, second in chosen if first == 0]
    assert np.mean(np.array(after_zero) == 3) == pytest.approx(0.9, abs=0.03)
    assert all(first != second for first, second in chosen)


def test_distances_are_counted_in_each_columns_own_units():
    points = np.random.default_rng(0).normal(size=(40, 2))
    stretched = points * [1, 1e6]
    for seed in range(20):
        plain, other = k_means_plus_plus(points, 3, rng=seed), k_means_plus_plus(stretched, 3, rng=seed)
        np.testing.assert_allclose(other.means, plain.means * [1, 1e6])


def test_equal_points_can_be_chosen_twice():
    start = k_means_plus_plus(np.ones((4, 2)), 3)
    np.testing.assert_array_equal(start.means, np.ones((3, 2)))


@pytest.mark.parametrize("make_start", [k_means_plus_plus, uniform_in_box])
def test_what_cannot_be_asked_for(make_start, points):
    with pytest.raises(ValueError, match="n_components is 0, but at least 1 was expected"):
        make_start(points, 0)
    with pytest.raises(TypeError, match="rng is 'x', but a seed"):
        make_start(points, 2, rng="x")
    with pytest.raises(ValueError, match="points holds nan"):
        make_start([[np.nan]], 1)


# Seeds


def test_each_column_is_measured_in_its_own_standard_deviations(rng):
    scaled = _scaled(np.c_[rng.normal(5, 2, 50), rng.normal(-1e6, 1e3, 50), np.full(50, 7.0)])
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(scaled.std(axis=0), [1, 1, 0])


def test_any_point_may_be_the_first_seed():
    points = np.arange(5.0)[:, None]
    firsts = [_seeds(points, 1, 1, np.random.default_rng(seed))[0] for seed in range(200)]
    assert set(firsts) == {0, 1, 2, 3, 4}


def test_the_last_point_that_is_left_over_is_the_next_seed_however_near():
    """Two of three points lie close together; a point that is a seed already is never drawn again."""
    points = _scaled(np.array([[0.0], [1000], [1000.1]]))
    for seed in range(20):
        assert sorted(_seeds(points, 3, 1, np.random.default_rng(seed))) == [0, 1, 2]


def test_of_three_candidates_the_one_that_leaves_the_others_nearest_is_taken():
    """Beside a crowd at 0, a crowd at 5 brings more points near to a seed than a lonely point at 12."""
    points = np.r_[np.zeros(50), np.full(50, 5.0), [12.0]][:, None]
    of_one, of_three = (
        np.mean([points[_seeds(points, 2, n, np.random.default_rng(seed))[1], 0] == 12 for seed in range(300)])
        for n in (1, 3)
    )
    assert of_one == pytest.approx(144 / (144 + 50 * 25), abs=0.06)
    assert of_three < 0.03


def test_near_seeds_are_the_means_of_what_lies_nearest_and_their_spread(rng):
    """Of three small clouds two are apart in the column of small numbers alone: each has its own mean."""
    clouds = rng.normal(size=(3, 40, 2)) * [10, 0.001] + np.array([[[0, 0]], [[3000, 1]], [[0, 2]]])
    points = clouds.reshape(-1, 2)
    start = _near_seeds(points, 3, reg_covar=0, rng=np.random.default_rng(3))
    order = start.means[:, 1].argsort()
    np.testing.assert_allclose(start.means[order], clouds.mean(axis=1))
    within = (clouds - clouds.mean(axis=1, keepdims=True)).reshape(-1, 2)
    np.testing.assert_allclose(start.covariances, [within.T @ within / 120] * 3, rtol=1e-9)
    np.testing.assert_allclose(start.weights, 1 / 3)


def test_near_seeds_have_a_point_each_where_points_are_equal():
    start = _near_seeds(np.ones((5, 2)), 3, reg_covar=1, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(start.means, np.ones((3, 2)))


# Short runs


@pytest.mark.parametrize("seed", [0, 1, 4])
def test_short_runs_return_the_best_of_two_and_two_after_five_iterations(seed, points):
    rng, starts = np.random.default_rng(seed), []
    for draw in (k_means_plus_plus, _near_seeds, k_means_plus_plus, _near_seeds):
        starts.append(draw(points, 3, reg_covar=None, rng=rng))
    reached = [next(islice(em(points, start), 5, None)).log_likelihood for start in starts]
    found = short_runs(points, 3, rng=seed)
    np.testing.assert_array_equal(found.means, starts[np.argmax(reached)].means)
    np.testing.assert_array_equal(found.covariances, starts[np.argmax(reached)].covariances)


def test_reg_covar_counts_in_short_runs_too(points):
    found = short_runs(points, 2, reg_covar=50.0)
    assert (np.diagonal(found.covariances, axis1=1, axis2=2) > 50).all()


def test_a_short_run_that_fails_is_left_out_and_told_where_all_do(points, monkeypatch):
    def fails(*args, **kwargs):
        raise ValueError("no start of this kind")

    monkeypatch.setattr(initialise, "_near_seeds", fails)
    assert short_runs(points, 3).n_components == 3
    monkeypatch.setattr(initialise, "k_means_plus_plus", fails)
    with pytest.raises(ValueError, match="no start of this kind"):
        short_runs(points, 3)


@pytest.mark.parametrize("make_start", [k_means_plus_plus, uniform_in_box, short_runs])
def test_the_seed_is_0_unless_another_is_given(make_start, points):
    np.testing.assert_array_equal(make_start(points, 3).means, make_start(points, 3, rng=0).means)
    assert (make_start(points, 3).means != make_start(points, 3, rng=1).means).any()


def test_columns_that_vary_unlike_have_variances_of_their_own(rng):
    points = rng.normal(size=(50, 3)) * [1, 10, 100]
    start = uniform_in_box(points, 2, reg_covar=0)
    np.testing.assert_allclose(start.covariances, [np.diag(points.var(axis=0))] * 2)
    np.testing.assert_allclose(k_means_plus_plus(points + 50, 2, reg_covar=0).covariances[1], np.cov(points.T, ddof=0))
