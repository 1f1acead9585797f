"""EM in one pass: held to the readable E-step and M-step at every iteration, whatever the spread of the data."""

import tracemalloc
from itertools import islice

import numpy as np
import pytest

from gmm_lab import Mixture, datasets, e_step, em, fit, k_means_plus_plus, m_step, statistics
from gmm_lab.scale import ridge
from gmm_lab.sources import source_of
from gmm_lab.statistics import Statistics, by_cholesky, by_features, climb


def problem(seed, spread, n_dimensions=None, n_components=None, n_points=400):
    """Return points from tilted components of many sizes, `spread` apart, some far away, and a start."""
    rng = np.random.default_rng(seed)
    n_dimensions, n_components = n_dimensions or rng.integers(1, 7), n_components or rng.integers(1, 7)
    places = spread * rng.normal(size=(n_components, n_dimensions))
    tilts = rng.normal(size=(n_components, n_dimensions, n_dimensions)) * 10 ** rng.uniform(-1, 1, (n_components, 1, 1))
    labels = rng.integers(n_components, size=n_points)
    points = places[labels] + np.einsum("nij,nj->ni", tilts[labels], rng.normal(size=(n_points, n_dimensions)))
    points[: seed % 3] *= 30
    return points, k_means_plus_plus(points, n_components, rng=seed)


def assert_same(found, expected):
    """Compare two mixtures, each covariance in units of its own standard deviations."""
    np.testing.assert_allclose(found.weights, expected.weights, rtol=1e-10)
    deviations = np.sqrt(np.diagonal(expected.covariances, axis1=1, axis2=2))
    assert (np.abs(found.means - expected.means) <= 1e-10 * (deviations + np.abs(expected.means))).all()
    scales = deviations[:, :, None] * deviations[:, None, :]
    assert (np.abs(found.covariances - expected.covariances) <= 1e-10 * scales).all()


@pytest.mark.parametrize("spread", [1, 1e2, 1e4, 1e6, 1e8])
@pytest.mark.parametrize("seed", range(8))
def test_every_iteration_is_the_readable_one(seed, spread):
    points, start = problem(seed, spread)
    added = ridge(points, None)
    mixture = start
    for step in islice(climb(source_of(points), start, added), 25):
        responsibilities, log_likelihood = e_step(points, step.mixture)
        assert step.log_likelihood == pytest.approx(log_likelihood, rel=1e-10)
        assert_same(step.mixture, mixture)
        mixture = m_step(points, responsibilities)


@pytest.mark.parametrize("name", ["old_faithful", "penguins", "three_gaussians"])
def test_whole_histories_are_those_of_em(name):
    points = getattr(datasets, name)().points
    start = k_means_plus_plus(points, 3)
    fast = [step.log_likelihood for step in islice(climb(source_of(points), start, ridge(points, None)), 60)]
    plain = [step.log_likelihood for step in islice(em(points, start), 60)]
    np.testing.assert_allclose(fast, plain, rtol=1e-10)


@pytest.mark.parametrize(("spread", "form"), [(3, "by_features"), (1e4, "by_cholesky")])
def test_features_are_used_where_they_keep_the_digits(spread, form, monkeypatch):
    used = []
    for name in ("by_features", "by_cholesky"):
        plain = getattr(statistics, name)
        monkeypatch.setattr(statistics, name, lambda *given, name=name, plain=plain: used.append(name) or plain(*given))
    points, _ = problem(0, spread, n_dimensions=2, n_components=2)
    found = fit(points, 2)
    used.clear()
    fit(points, 2, start=found.mixture)
    assert set(used) == {form}


def test_a_component_that_becomes_small_is_computed_to_the_last_digit():
    """Features would lose half of the digits in the iteration in which it shrinks to a ten-thousandth."""
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(size=(200, 2)), [9, 9] + 1e-4 * rng.normal(size=(200, 2))])
    start = Mixture([0.5, 0.5], [[0, 0], [9, 9]], [np.eye(2)] * 2)
    source, added = source_of(points), np.zeros(2)
    assert source.frame(added).theta(start) is not None
    _, second = islice(climb(source, start, added), 2)
    assert source.frame(added).theta(second.mixture) is None
    assert_same(second.mixture, m_step(points, e_step(points, start)[0], reg_covar=0))


@pytest.fixture
def parts():
    """Points, what stands for a mixture in each form, and the statistics of all points."""
    points, start = problem(2, 3, n_dimensions=3, n_components=4, n_points=1000)
    frame = source_of(points).frame(np.zeros(3))
    return points, {
        "features": lambda rows: by_features(rows, frame.theta(start), frame),
        "cholesky": lambda rows: by_cholesky(rows, start),
    }


@pytest.mark.parametrize("form", ["features", "cholesky"])
def test_statistics_of_parts_add_up(form, parts):
    points, forms = parts
    whole, cut = forms[form](points), [forms[form](rows) for rows in np.split(points, [1, 300, 301, 950])]
    for order in ([0, 1, 2, 3, 4], [4, 2, 0, 3, 1]):
        total = sum((cut[i] for i in order[1:]), start=cut[order[0]])
        for name in ("log_likelihood", "counts", "means", "covariances"):
            np.testing.assert_allclose(getattr(total, name), getattr(whole, name), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("form", ["features", "cholesky"])
def test_the_size_of_blocks_changes_nothing(form, parts, monkeypatch):
    points, forms = parts
    whole = forms[form](points)
    monkeypatch.setattr(statistics, "CACHED", 1)
    monkeypatch.setattr(statistics, "SHORTEST", 128)  # the last block has 104
    blocks = forms[form](points)
    for name in ("log_likelihood", "counts", "means", "covariances"):
        np.testing.assert_allclose(getattr(blocks, name), getattr(whole, name), rtol=1e-11, atol=1e-12)


def test_adding_keeps_the_digits_far_from_the_origin():
    values = 1e8 + np.array([0.0, 1.0, 2.0, 5.0])
    one = [Statistics(0.0, np.ones(1), np.array([[value]]), np.zeros((1, 1, 1))) for value in values]
    total = sum(one[1:], start=one[0])
    assert total.covariances[0, 0, 0] == pytest.approx(3.5, rel=1e-7)
    assert total.means[0, 0] == 1e8 + 2


def test_a_component_without_points_in_a_block_leaves_the_sums_as_they_are():
    none = Statistics(-1.0, np.zeros(1), np.zeros((1, 2)), np.zeros((1, 2, 2)))
    some = Statistics(-2.0, np.ones(1), np.ones((1, 2)), np.ones((1, 2, 2)))
    for total in (none + some, some + none):
        assert total.log_likelihood == -3
        np.testing.assert_array_equal(total.means, some.means)
        np.testing.assert_array_equal(total.covariances, some.covariances)
    assert not (none + none).means.any()


def test_memory_does_not_grow_with_the_points():
    """The working memory of a fit above its points, from a start that is given: at most 4 MiB, as for a million."""
    points = np.random.default_rng(0).normal(size=(400_000, 3))  # 9.2 MiB
    start = k_means_plus_plus(points[:1000], 3)
    tracemalloc.start()
    try:
        with pytest.warns(RuntimeWarning, match="not converged"):
            fit(points, 3, start=start, tol=0, max_iter=2)
        assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    finally:
        tracemalloc.stop()
