"""Where EM starts."""

import numpy as np
import pytest

from gmm_lab import k_means_plus_plus, uniform_in_box


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
