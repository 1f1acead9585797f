"""Any scale, any start: units change nothing, and plateaus, falls and needles are told."""

import contextlib
import sys
import warnings

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from gmm_lab import Mixture, datasets, e_step, fit, k_means_plus_plus, m_step, short_runs
from gmm_lab.diagnostics import alike, needles
from gmm_lab.sources import source_of

UNITS = [1e-9, 1e-6, 1e-3, 25.4, 1e3, 1e6, 1e9]


@pytest.fixture
def outlier():
    rng = np.random.default_rng(0)
    return np.concatenate([rng.normal(0, 1, 300), rng.normal(5, 1, 300), [1000]])[:, None]


@pytest.mark.parametrize("far", [1e5, 1e6, 1e50])
def test_far_points_between_two_components_are_shared(far):
    mixture = Mixture([0.5, 0.5], [[-1, 0], [1, 0]], [1e-6 * np.eye(2)] * 2)
    np.testing.assert_array_equal(e_step([[0, far]], mixture)[0], [[0.5, 0.5]])
    moved = m_step([[0, far], [0, 1]], mixture.predict_proba([[0, far], [0, 1]]))
    np.testing.assert_allclose(moved.weights, 0.5)


@pytest.mark.parametrize("start", ["short runs", "k-means++", "random"])
@pytest.mark.parametrize("data", ["penguins", "old_faithful"])
def test_units_change_nothing(data, start):
    points = getattr(datasets, data)().points
    expected = fit(points, 3, start=start, rng=1)
    for unit in UNITS:
        found = fit(points * unit, 3, start=start, rng=1)
        assert found.n_iterations == expected.n_iterations
        np.testing.assert_allclose(found.mixture.weights, expected.mixture.weights, rtol=1e-6)
        np.testing.assert_allclose(found.mixture.means, expected.mixture.means * unit, rtol=1e-6)
        assert (found.mixture.predict(points * unit) == expected.mixture.predict(points)).all()


def test_each_column_has_a_unit_of_its_own(penguins):
    units = [1e9, 1e-9, 1]
    expected, found = fit(penguins.points, 3, rng=1), fit(penguins.points * units, 3, rng=1)
    assert found.n_iterations == expected.n_iterations
    np.testing.assert_allclose(found.mixture.weights, expected.mixture.weights, rtol=1e-6)


def test_cells_of_ten_and_twenty_micrometres_given_in_metres():
    rng = np.random.default_rng(2)
    cells = np.concatenate([rng.normal(10e-6, 1e-6, 200), rng.normal(20e-6, 2e-6, 200)])[:, None]
    for seed in range(10):
        found = fit(cells, 2, rng=seed)
        assert found.converged
        np.testing.assert_allclose(np.sort(found.mixture.means[:, 0]), [10e-6, 20e-6], rtol=0.05)


def test_an_offset_changes_nothing():
    points = np.random.default_rng(0).normal([[0, 5]] * 100).ravel()[:, None]
    expected, found = fit(points, 2), fit(points + 1.7e9, 2)
    np.testing.assert_allclose(found.mixture.means - 1.7e9, expected.mixture.means, atol=1e-3)


@pytest.mark.parametrize("reg_covar", [1e-6, 1e-3, 1])
def test_an_absolute_reg_covar_is_scikit_learns(penguins, reg_covar):
    start = k_means_plus_plus(penguins.points, 3, reg_covar=reg_covar, rng=1)
    theirs = GaussianMixture(
        3,
        reg_covar=reg_covar,
        weights_init=start.weights,
        means_init=start.means,
        precisions_init=np.linalg.inv(start.covariances),
        tol=0,
        max_iter=20,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.fit(penguins.points)
        ours = fit(penguins.points, 3, start=start, reg_covar=reg_covar, tol=0, max_iter=20)
    np.testing.assert_allclose(ours.mixture.means, theirs.means_, rtol=1e-9)
    np.testing.assert_allclose(ours.mixture.covariances, theirs.covariances_, rtol=1e-7, atol=1e-9)


# A plateau is not converged


def test_an_outlier_is_found(outlier):
    with pytest.warns(RuntimeWarning, match=r"component \d \(1\.0 points\) .* a needle.* such as an outlier"):
        found = fit(outlier, 3, n_init=10, reg_covar=1e-6)
    assert found.converged
    assert found.log_likelihood == pytest.approx(-1242.04, abs=0.01)
    np.testing.assert_allclose(np.sort(found.mixture.means[:, 0]), [0, 5, 1000], atol=0.2)


def test_an_outlier_is_found_from_one_start_and_in_its_own_units(outlier):
    for n_init in (1, 10):
        with pytest.warns(RuntimeWarning, match="a needle"):
            found = fit(outlier, 3, n_init=n_init)
        assert found.converged
        np.testing.assert_allclose(np.sort(found.mixture.means[:, 0]), [0, 5, 1000], atol=0.2)


def test_old_faithful_with_a_slip_of_the_pen():
    waits = np.append(datasets.old_faithful().points[:, 1], 9999)[:, None]
    with pytest.warns(RuntimeWarning, match="a needle"):
        found = fit(waits, 3, n_init=10, reg_covar=1e-6)
    assert found.log_likelihood == pytest.approx(-1034.62, abs=0.01)


def test_a_plateau_is_told_and_never_called_converged(points):
    twins = Mixture([0.5, 0.5], [points.mean(axis=0)] * 2, [np.cov(points.T)] * 2)
    with pytest.warns(RuntimeWarning, match="components 1 and 2 are the same, a plateau"):
        found = fit(points, 2, start=twins)
    assert not found.converged
    assert alike(found.mixture) == (0, 1)
    assert alike(fit(points, 2).mixture) is None


# Starts


def test_a_start_that_fails_does_not_end_the_others():
    points = np.random.default_rng(10).integers(1, 9, (40, 2)) * 1e6
    assert np.isfinite(fit(points, 4, n_init=12, reg_covar=1e-6).log_likelihood)
    assert np.isfinite(fit(points, 4, n_init=12).log_likelihood)


def test_where_all_starts_fail_it_is_told_how_many_and_why():
    points = np.c_[np.arange(10.0), np.zeros(10)]
    with pytest.raises(ValueError, match=r"all of the 5 runs failed, the first because .*flat"):
        fit(points, 2, n_init=5, reg_covar=0)


def test_short_runs_are_the_default_and_better_than_any_of_their_starts(penguins):
    start = short_runs(penguins, 3, rng=np.random.default_rng(0).spawn(1)[0])
    np.testing.assert_array_equal(fit(penguins, 3).steps[0].mixture.means, start.means)
    ends = [fit(penguins, 3, rng=seed).log_likelihood for seed in range(20)]
    assert np.mean(np.array(ends) > -2705.7) > 0.9


def test_short_runs_with_fewer_different_points_than_components():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        assert fit(np.repeat([[0.0], [1.0]], 10, axis=0), 3).mixture.n_components == 3


# Needles


def test_a_needle_is_told_with_its_number_and_what_to_try(penguins):
    with pytest.warns(RuntimeWarning, match=r"component 2 \(3\.0 points\) .* a needle.*n_init=10") as caught:
        found = fit(penguins, 4, start="k-means++", rng=22)
    assert caught[0].filename == __file__
    assert needles(found.mixture, source_of(penguins), np.full(3, 1e-6)) == [1]


def test_no_needle_is_handed_over_where_a_run_has_none(penguins):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for start in ("short runs", "k-means++"):
            found = fit(penguins, 4, start=start, n_init=30, reg_covar=1e-6)
            assert found.mixture.weights.min() * 342 > 4
            assert found.log_likelihood < -2680


def test_a_needle_is_one_in_any_unit(penguins):
    for unit in UNITS:
        with pytest.warns(RuntimeWarning, match="component 2 .* a needle"):
            fit(penguins.points * unit, 4, start="k-means++", rng=22)


def test_where_every_run_has_a_needle_the_best_is_returned_and_told():
    points = np.concatenate([np.zeros((20, 1)), np.random.default_rng(0).normal(5, 1, (50, 1))])
    with pytest.warns(RuntimeWarning, match=r"component \d \(20\.0 points\).* a needle"):
        fit(points, 2, n_init=5)


def test_a_large_reg_covar_is_no_needle(penguins):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(penguins.points, 3, reg_covar=0.5, tol=1e-4)


# Flat and extreme data


def test_a_constant_column_without_reg_covar_is_refused(points):
    flat = np.c_[points, np.full(len(points), 0.1)]
    for start in ("short runs", "k-means++", "random"):
        with pytest.raises(ValueError, match=r"flat|not positive definite"):
            fit(flat, 2, start=start, reg_covar=0)


def test_a_repeated_column_without_reg_covar_is_refused(points):
    with pytest.raises(ValueError, match=r"not positive definite.*drop constant or repeated columns"):
        fit(np.c_[points, points[:, 0] * 3], 2, reg_covar=0)


def test_a_constant_column_is_fitted_as_if_it_were_not_there(points):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = fit(np.c_[points, np.full(len(points), 7.0)], 3, rng=1)
    expected = fit(points, 3, rng=1)
    assert found.n_iterations == expected.n_iterations
    np.testing.assert_allclose(found.mixture.weights, expected.mixture.weights, rtol=1e-6)


@pytest.mark.parametrize("unit", [1e-48, 1e48])
def test_extreme_units_are_no_other(points, unit):
    expected, found = fit(points, 3), fit(points * unit, 3)
    assert found.n_iterations == expected.n_iterations
    np.testing.assert_allclose(found.mixture.weights, expected.mixture.weights, rtol=1e-6)


def test_no_run_ends_on_a_fall_in_silence():
    rng = np.random.default_rng(8)
    for _ in range(150):
        n_components, n_dimensions = rng.integers(1, 5), rng.integers(1, 4)
        points = rng.normal(size=(rng.integers(5, 60), n_dimensions)).round(rng.integers(0, 3))
        reg_covar = rng.choice([None, 0, 1e-6, 0.1])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                found = fit(points, n_components, reg_covar=reg_covar, rng=int(rng.integers(99)))
            except ValueError as error:
                assert any(word in str(error) for word in ("flat", "points left", "more points"))
                continue
        assert np.isfinite(found.log_likelihoods).all()
        gains = np.diff(found.log_likelihoods)
        if gains.min() < -1e-6 * len(points):
            assert any("fell" in str(warning.message) for warning in caught)
        if found.converged:
            assert gains[-1] >= -1e-10 * max(abs(found.log_likelihood), len(points))


def interrupt_at(moment, run):
    """Run a function, with Ctrl-C pressed as the package begins the line of this number; return how many it began."""
    begun = 0

    def trace(frame, event, argument):
        nonlocal begun
        if not frame.f_globals.get("__name__", "").startswith("gmm_lab."):
            return None
        if event == "line":
            begun += 1
            if begun == moment:
                raise KeyboardInterrupt
        return trace

    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(None)
    return begun


def test_an_interrupt_leaves_numpy_as_it_was(penguins):
    """As Ctrl-C does, at many moments: no state is left changed, since none is ever changed."""
    before = np.geterr()
    found = []

    def run():
        found.append(fit(penguins.points, 4, n_init=2, rng=1, tol=1e-2))

    for moment in np.linspace(1, interrupt_at(0, run), 60, dtype=int):
        found.clear()
        with warnings.catch_warnings(), contextlib.suppress(KeyboardInterrupt):
            warnings.filterwarnings("ignore", "interrupted: the best so far", RuntimeWarning)
            interrupt_at(moment, run)
        assert all(result.interrupted for result in found)
        assert np.geterr() == before


@pytest.mark.parametrize("far", [1e2, 1e4, 1e6, 1e8])
def test_a_point_however_far_away_gets_a_component(penguins, far):
    points = np.r_[penguins.points, penguins.points.mean(axis=0, keepdims=True) * far]
    with pytest.warns(RuntimeWarning, match=r"component \d \(1\.0 points\) has .* a needle"):
        found = fit(points, 4)
    assert found.converged
    assert found.mixture.weights.min() == pytest.approx(1 / 343)
