"""The mixture: its density against SciPy and by hand, samples, alignment, and what is no mixture."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from gmm_lab import Mixture
from gmm_lab.distances import bhattacharyya
from gmm_lab.labels import labels_array
from gmm_lab.mixture import log_sum_exp, shares

SQUARES = [np.eye(2), np.eye(2)]


def test_log_density_is_scipys(mixture, points):
    parts = [
        np.log(weight) + multivariate_normal(mean, covariance).logpdf(points)
        for weight, mean, covariance in zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    ]
    np.testing.assert_allclose(mixture.log_density(points), logsumexp(parts, axis=0), rtol=1e-13)
    np.testing.assert_allclose(mixture.log_joint(points), np.transpose(parts), rtol=1e-13)


def test_density_integrates_to_one(mixture):
    x, step = np.linspace(-12, 12, 481, retstep=True)
    grid = np.array(list(itertools.product(x, x)))
    assert np.exp(mixture.log_density(grid)).sum() * step**2 == pytest.approx(1, abs=1e-9)


def test_one_standard_gaussian_by_hand():
    standard = Mixture([1], [[0]], [[[1]]])
    np.testing.assert_allclose(standard.log_density([[0.0], [2.0]]), -0.5 * np.log(2 * np.pi) - [0, 2], rtol=1e-15)


def test_predictions_are_the_posterior(mixture, points):
    responsibilities = mixture.predict_proba(points)
    density = np.exp(mixture.log_joint(points))
    np.testing.assert_allclose(responsibilities, density / density.sum(axis=1, keepdims=True), rtol=1e-12)
    np.testing.assert_array_equal(mixture.predict(points), density.argmax(axis=1))


def test_points_far_from_everything_keep_their_shares():
    """Their densities underflow to 0, so only a computation with logarithms can compare them."""
    mixture = Mixture([0.5, 0.5], [[-1], [1]], [[[1]], [[1]]])
    far = mixture.predict_proba([[1000.0], [-1e6]])
    np.testing.assert_array_equal(far, [[0, 1], [1, 0]])
    assert mixture.log_density([[1e6]])[0] == pytest.approx(-0.5 * (1e6 - 1) ** 2, rel=1e-9)


def test_a_component_without_weight_has_no_share():
    mixture = Mixture([1, 0], [[0], [0]], [[[1]], [[1]]])
    np.testing.assert_array_equal(mixture.predict_proba([[0.3]]), [[1, 0]])


def test_samples_have_the_mixtures_moments(mixture):
    points, labels = mixture.sample(200_000, rng=0)
    np.testing.assert_allclose(np.bincount(labels) / len(labels), mixture.weights, atol=0.005)
    for k in range(3):
        np.testing.assert_allclose(points[labels == k].mean(axis=0), mixture.means[k], atol=0.03)
        np.testing.assert_allclose(np.cov(points[labels == k].T), mixture.covariances[k], atol=0.04)


def test_a_seed_gives_the_same_sample_again(mixture):
    for first, second in zip(mixture.sample(9, rng=3), mixture.sample(9, np.random.default_rng(3)), strict=True):
        np.testing.assert_array_equal(first, second)


@given(st.permutations(range(3)))
def test_alignment_undoes_any_order(order):
    mixture = Mixture([0.2, 0.5, 0.3], [[0, 0], [0, 0], [5, 1]], [np.eye(2), np.diag([9, 0.1]), np.eye(2)])
    shuffled = Mixture(*(part[order] for part in (mixture.weights, mixture.means, mixture.covariances)))
    aligned = shuffled.aligned_to(mixture)
    np.testing.assert_array_equal(aligned.weights, mixture.weights)
    np.testing.assert_array_equal(aligned.covariances, mixture.covariances)


def test_alignment_is_the_best_of_all_orders(rng):
    """Against every order of four components, by the Bhattacharyya distance written out (Kailath 1967)."""
    roots = rng.normal(size=(2, 4, 2, 2))
    covariances = roots @ np.swapaxes(roots, -1, -2) + 0.1 * np.eye(2)
    first, second = (Mixture(np.full(4, 0.25), rng.normal(size=(4, 2)), covariance) for covariance in covariances)

    def distance(i, j):
        between = (first.covariances[i] + second.covariances[j]) / 2
        away = first.means[i] - second.means[j]
        volumes = np.linalg.det(first.covariances[i]) * np.linalg.det(second.covariances[j])
        return away @ np.linalg.inv(between) @ away / 8 + math.log(np.linalg.det(between) / math.sqrt(volumes)) / 2

    best = min(itertools.permutations(range(4)), key=lambda order: sum(distance(i, j) for i, j in enumerate(order)))
    np.testing.assert_array_equal(second.aligned_to(first).means, second.means[list(best)])


def test_arrays_are_copied_and_read_only():
    means = np.zeros((2, 2))
    mixture = Mixture([0.5, 0.5], means, SQUARES)
    means += 1
    assert not mixture.means.any()
    for array in (mixture.weights, mixture.means, mixture.covariances):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2


@pytest.mark.parametrize(
    ("weights", "means", "covariances", "message"),
    [
        ([0.5, 0.6], [[0, 0], [1, 1]], SQUARES, r"weights sum to 1\.1, expected 1: divide them by their sum"),
        ([1.5, -0.5], [[0, 0], [1, 1]], SQUARES, r"weights holds -0\.5, but a weight is at least 0"),
        ([1], [[0, 0], [1, 1]], SQUARES, r"weights has 1 values, but means has 2 rows: give one weight for each"),
        ([0.5, 0.5], [[0, 0], [1, 1]], [np.eye(3)] * 2, r"covariances has shape \(2, 3, 3\): expected .* \(2, 2, 2\)"),
        ([0.5, 0.5], [[0, 0], [1, 1]], np.eye(2), r"covariances has shape \(2, 2\), but \(K, D, D\) was expected"),
        ([0.5, 0.5], [0, 1], SQUARES, r"means has shape \(2,\), but \(K, D\) was expected: use \.reshape\(-1, 1\)"),
        ([1], [[0, 0]], [[[1, 0.5], [0.4, 1]]], r"covariances\[0\] is not symmetric.*give \(covariance \+ covariance"),
        (
            [1],
            [[0, 0]],
            [[[1, 2], [2, 1]]],
            r"covariances\[0\] is not positive definite: its eigenvalues go from -1 to 3",
        ),
        ([0.5, 0.5], [[0], [0]], [[[1]], [[0]]], r"covariances\[1\] is not positive definite.*larger reg_covar"),
        ([1], [[0, np.nan]], [np.eye(2)], r"means holds nan at index \(0, 1\), but finite numbers .*: remove or repl"),
        ([1], [[0, 0]], [[[np.inf, 0], [0, 1]]], r"covariances holds inf at index \(0, 0, 0\)"),
    ],
)
def test_what_is_no_mixture_is_refused(weights, means, covariances, message):
    with pytest.raises(ValueError, match=f"(?s){message}"):
        Mixture(weights, means, covariances)


def test_other_numbers_of_components_cannot_be_aligned(mixture):
    with pytest.raises(ValueError, match=r"\(3, 2\), but the other mixture's has shape \(1, 2\)"):
        mixture.aligned_to(Mixture([1], [[0, 0]], [np.eye(2)]))
    with pytest.raises(TypeError, match="other is 3, but a Mixture was expected"):
        mixture.aligned_to(3)


def test_points_beyond_floating_point_are_told():
    with pytest.raises(ValueError, match=r"further from every component.*same units"):
        Mixture([1], [[0]], [[[1e-250]]]).log_density([[1e99]])


# Distances, sums and limits


def test_bhattacharyya_is_the_logarithm_of_an_overlap():
    """- log of the integral of sqrt(p q), here as a sum over a fine grid, between components in 1-D."""
    first = Mixture([0.5, 0.5], [[0], [2]], [[[1]], [[0.25]]])
    second = Mixture([0.2, 0.3, 0.5], [[0], [1], [-3]], [[[4]], [[1]], [[0.5]]])
    x, step = np.linspace(-30, 30, 20_001, retstep=True)

    def densities(mixture):
        return np.exp(mixture.log_joint(x[:, None])) / mixture.weights

    overlaps = np.sqrt(densities(first)).T @ np.sqrt(densities(second)) * step
    np.testing.assert_allclose(bhattacharyya(first, second), -np.log(overlaps), atol=1e-9)


def test_alignment_carries_weights_and_covariances_along(mixture):
    moved = Mixture([0.1, 0.2, 0.7], mixture.means[[2, 0, 1]] + 0.1, mixture.covariances[[2, 0, 1]])
    aligned = moved.aligned_to(mixture)
    np.testing.assert_array_equal(aligned.weights, [0.2, 0.7, 0.1])
    np.testing.assert_array_equal(aligned.covariances, mixture.covariances)
    np.testing.assert_allclose(aligned.means, mixture.means + 0.1)


@pytest.mark.parametrize("offset", [0, 1e4, -1e4])
def test_sums_of_exponentials_neither_overflow_nor_underflow(offset, rng):
    values = rng.normal(size=(4, 5)) + offset
    np.testing.assert_allclose(log_sum_exp(values), logsumexp(values, axis=1), rtol=1e-14)
    np.testing.assert_allclose(log_sum_exp(values.ravel()), logsumexp(values), rtol=1e-14)
    np.testing.assert_allclose(shares(values), np.exp(values - logsumexp(values, axis=1, keepdims=True)), rtol=1e-10)


def test_rounding_of_single_precision_is_let_through_and_no_more():
    for off, refused in ((5e-7, False), (2e-6, True)):
        for parts in (
            ([0.5, 0.5 + off], [[0, 0], [1, 1]], SQUARES),
            ([0.5, 0.5 - off], [[0, 0], [1, 1]], SQUARES),
            ([1], [[0, 0]], [[[100, 1], [1 + 100 * off, 100]]]),
        ):
            if refused:
                with pytest.raises(ValueError, match=r"weights sum to|is not symmetric"):
                    Mixture(*parts)
            else:
                Mixture(*parts).sample(5)


@pytest.mark.parametrize("scale", [1, 1e-40, 1e40])
def test_a_covariance_is_flat_where_rounding_is_all_that_is_left(scale):
    nearly = np.array([[1, 1], [1, 1 + 1e-12]])
    Mixture([1], [[0, 0]], [scale * nearly])
    for flat in (np.array([[1, 1], [1, 1 + 4e-16]]), np.array([[1, 0], [0, 0]])):
        with pytest.raises(ValueError, match=r"covariances\[1\] is not positive definite"):
            Mixture([0.5, 0.5], [[0, 0], [1, 1]], [scale * np.eye(2), scale * flat])


def test_cholesky_is_a_lower_triangular_root(mixture):
    roots = mixture.cholesky
    np.testing.assert_allclose(roots @ np.swapaxes(roots, 1, 2), mixture.covariances)
    assert not np.triu(roots, 1).any()


def test_it_tells_its_size_and_weights(mixture):
    assert repr(mixture) == "<Mixture of 3 Gaussians in 2-D, weights 0.200, 0.500, 0.300>"
    assert (mixture.n_components, mixture.n_dimensions) == (3, 2)


def test_labels_are_of_the_kind_of_an_index_whatever_chance_gives(mixture):
    """In a web page an index has 32 bits, what `choice` returns 64, and NumPy does not count by what is wider."""

    class Wide(np.random.Generator):
        def choice(self, *arguments, **options):
            return super().choice(*arguments, **options).astype(np.uint64)

    _, labels = mixture.sample(50, Wide(np.random.PCG64(0)))
    assert labels.dtype == np.intp
    assert labels_array(np.array([0, 1], np.uint64)).dtype == np.intp


def test_a_sample_is_of_the_size_that_is_asked_for(mixture):
    points, labels = mixture.sample(1)
    assert (points.shape, labels.shape) == ((1, 2), (1,))
    np.testing.assert_array_equal(mixture.sample(4)[0], mixture.sample(4, rng=0)[0])
    with pytest.raises(ValueError, match="n_points is 0, but at least 1 was expected"):
        mixture.sample(0)
