"""E-step, M-step and loop: by brute force, by hand, by properties, and beside scikit-learn at every iteration."""

import itertools
import math
import warnings
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from gmm_lab import Fit, Mixture, Step, datasets, e_step, em, k_means_plus_plus, m_step, uniform_in_box
from gmm_lab.algorithm import steps_of
from gmm_lab.scale import is_constant, ridge

SEEDS = st.integers(0, 700)  # some later ones collapse, as they may where reg_covar is 0


def first_steps(points, start, n_steps, **steps):
    return list(itertools.islice(em(points, start, **steps), n_steps))


def random_problem(seed):
    """Return points, (150, 1 to 3), of three overlapping clouds and a start."""
    rng = np.random.default_rng(seed)
    n_dimensions = 1 + seed % 3
    centres = rng.normal(size=(3, n_dimensions)) * 2
    tilt = np.eye(n_dimensions) + rng.uniform(-0.3, 0.3, size=(3, n_dimensions, n_dimensions))  # never flat
    points = np.concatenate([c + rng.normal(size=(50, n_dimensions)) @ t for c, t in zip(centres, tilt, strict=True)])
    return points, k_means_plus_plus(points, 3, rng=seed)


def gaussian(point, mean, covariance):
    """Return a density in 2-D without any help from linear algebra."""
    (a, b), (_, d) = covariance
    u, v = point[0] - mean[0], point[1] - mean[1]
    determinant = a * d - b * b
    distance = (d * u * u - 2 * b * u * v + a * v * v) / determinant
    return math.exp(-distance / 2) / (2 * math.pi * math.sqrt(determinant))


# By brute force


def test_e_step_by_triple_loop(mixture, points):
    points = points[:7]
    expected, log_likelihood = [], 0
    for point in points.tolist():
        joint = []
        for k in range(3):
            joint.append(mixture.weights[k] * gaussian(point, mixture.means[k], mixture.covariances[k]))
        expected.append([value / sum(joint) for value in joint])
        log_likelihood += math.log(sum(joint))
    responsibilities, found = e_step(points, mixture)
    np.testing.assert_allclose(responsibilities, expected, rtol=1e-12)
    assert found == pytest.approx(log_likelihood, rel=1e-13)


def test_log_likelihood_sums_over_every_way_of_labelling(mixture, points):
    """The density of all points is a sum over 3^5 labellings, and a responsibility is a share of that sum."""
    points = points[:5].tolist()
    total, shares = 0, np.zeros((5, 3))
    for labels in itertools.product(range(3), repeat=5):
        density = math.prod(
            mixture.weights[k] * gaussian(point, mixture.means[k], mixture.covariances[k])
            for point, k in zip(points, labels, strict=True)
        )
        total += density
        shares[np.arange(5), labels] += density
    responsibilities, log_likelihood = e_step(points, mixture)
    assert log_likelihood == pytest.approx(math.log(total), rel=1e-12)
    np.testing.assert_allclose(responsibilities, shares / total, rtol=1e-10)


def test_m_step_by_triple_loop(points, rng):
    points, shares = points[:6], rng.dirichlet([1, 1], size=6)
    found = m_step(points, shares, reg_covar=0.25)
    for k in range(2):
        count = sum(shares[n, k] for n in range(6))
        mean = [sum(shares[n, k] * points[n, d] for n in range(6)) / count for d in range(2)]
        covariance = [
            [
                sum(shares[n, k] * (points[n, i] - mean[i]) * (points[n, j] - mean[j]) for n in range(6)) / count
                + 0.25 * (i == j)
                for j in range(2)
            ]
            for i in range(2)
        ]
        assert found.weights[k] == pytest.approx(count / 6, rel=1e-14)
        np.testing.assert_allclose(found.means[k], mean, rtol=1e-12)
        np.testing.assert_allclose(found.covariances[k], covariance, rtol=1e-12)


def test_one_component_is_the_sample_mean_and_covariance(points):
    found = m_step(points, np.ones((len(points), 1)), reg_covar=0)
    np.testing.assert_allclose(found.means[0], points.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(found.covariances[0], np.cov(points.T, bias=True), rtol=1e-13)


def test_no_other_mixture_explains_the_shares_better(mixture, points, rng):
    """The M-step's answer maximises the expected log-likelihood: any small change of it is worse."""
    responsibilities, _ = e_step(points, mixture)
    best = m_step(points, responsibilities, reg_covar=0)

    def expected(mixture):
        return np.sum(responsibilities * mixture.log_joint(points))

    for _ in range(30):
        weights = best.weights * np.exp(0.02 * rng.normal(size=3))
        turn = np.eye(2) + 0.02 * rng.normal(size=(3, 2, 2))
        means = best.means + 0.02 * rng.normal(size=(3, 2))
        covariances = turn @ best.covariances @ np.swapaxes(turn, 1, 2)
        assert expected(Mixture(weights / weights.sum(), means, covariances)) < expected(best)


# Beside scikit-learn


@pytest.mark.parametrize("make_start", [k_means_plus_plus, uniform_in_box])
@pytest.mark.parametrize("name", ["three_gaussians", "old_faithful", "penguins"])
def test_every_iteration_is_scikit_learns(name, make_start):
    """Its mixture after n iterations is our step n; its bound there, a mean per point, is our step n - 1."""
    points = getattr(datasets, name)().points
    start = make_start(points, 3, rng=1)
    theirs = GaussianMixture(
        3,
        weights_init=start.weights,
        means_init=start.means,
        precisions_init=np.linalg.inv(start.covariances),
        warm_start=True,
        max_iter=1,
        tol=0,
        reg_covar=1e-6,
    )
    ours = first_steps(points, start, 41, m_step=partial(m_step, reg_covar=1e-6))
    for before, step in itertools.pairwise(ours):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            theirs.fit(points)
        assert before.log_likelihood == pytest.approx(theirs.lower_bound_ * len(points), rel=1e-10)
        np.testing.assert_allclose(step.mixture.weights, theirs.weights_, rtol=1e-9)
        np.testing.assert_allclose(step.mixture.means, theirs.means_, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(step.mixture.covariances, theirs.covariances_, rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(step.responsibilities, theirs.predict_proba(points), atol=1e-9)


# Properties


@given(SEEDS)
@settings(max_examples=50)
def test_the_log_likelihood_never_falls(seed):
    points, start = random_problem(seed)
    m_step_alone = lambda points, responsibilities: m_step(points, responsibilities, reg_covar=0)  # noqa: E731
    steps = first_steps(points, start, 20, m_step=m_step_alone)
    gains = np.diff([step.log_likelihood for step in steps])
    assert gains.min() >= -1e-10 * abs(steps[-1].log_likelihood)
    assert gains[0] > 0


@given(SEEDS, st.permutations(range(3)))
@settings(max_examples=25)
def test_permuting_the_start_permutes_every_step(seed, order):
    points, start = random_problem(seed)
    permuted = Mixture(start.weights[order], start.means[order], start.covariances[order])
    for one, other in zip(first_steps(points, start, 6), first_steps(points, permuted, 6), strict=True):
        assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-11)
        np.testing.assert_allclose(other.mixture.means, one.mixture.means[order], rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(other.responsibilities, one.responsibilities[:, order], atol=1e-9)


@given(SEEDS, st.sampled_from([k_means_plus_plus, uniform_in_box]), st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
@settings(max_examples=40)
def test_other_units_tell_the_same_story(seed, make_start, shift, scale):
    """Moving and stretching the data moves and stretches the start and every step; shares stay as they are."""
    points, _ = random_problem(seed)
    moved = points * scale + shift
    plain = lambda points, responsibilities: m_step(points, responsibilities, reg_covar=0)  # noqa: E731
    histories = [
        first_steps(each, make_start(each, 3, reg_covar=0, rng=seed), 5, m_step=plain) for each in (points, moved)
    ]
    for one, other in zip(*histories, strict=True):
        stretch = points.size * math.log(scale)
        assert other.log_likelihood == pytest.approx(one.log_likelihood - stretch, rel=1e-6, abs=1e-6)
        np.testing.assert_allclose(other.mixture.means, one.mixture.means * scale + shift, rtol=1e-6, atol=1e-6 * scale)
        np.testing.assert_allclose(other.responsibilities, one.responsibilities, atol=1e-5)


@given(SEEDS)
@settings(max_examples=25)
def test_responsibilities_are_shares(seed):
    responsibilities, log_likelihood = e_step(*random_problem(seed))
    assert responsibilities.min() >= 0
    np.testing.assert_allclose(responsibilities.sum(axis=1), 1, rtol=1e-12)
    assert math.isfinite(log_likelihood)


def test_inputs_stay_as_they_are(mixture, points):
    before = points.copy()
    responsibilities, _ = e_step(points, mixture)
    kept = responsibilities.copy()
    m_step(points, responsibilities)
    first_steps(points, mixture, 3)
    np.testing.assert_array_equal(points, before)
    np.testing.assert_array_equal(responsibilities, kept)


# The loop


def test_the_first_step_is_the_start(mixture, points):
    step = next(em(points, mixture))
    assert step.mixture is mixture
    assert step.log_likelihood == e_step(points, mixture)[1]
    np.testing.assert_array_equal(step.responsibilities, e_step(points, mixture)[0])


def test_em_goes_on_for_ever_and_computes_nothing_ahead(mixture, points):
    calls = []

    def my_m_step(points, responsibilities):
        calls.append(len(calls))
        return m_step(points, responsibilities)

    steps = em(points, mixture, m_step=my_m_step)
    assert calls == []
    next(steps)
    assert calls == []
    for _ in range(300):
        next(steps)
    assert len(calls) == 300


def test_em_runs_a_learners_own_steps(mixture, points):
    def hard_e_step(points, mixture):
        labels = mixture.predict(points)
        return np.eye(mixture.n_components)[labels], float(mixture.log_joint(points).max(axis=1).sum())

    own = first_steps(points, mixture, 3, e_step=hard_e_step)
    labels = mixture.predict(points)
    np.testing.assert_allclose(own[1].mixture.means[0], points[labels == 0].mean(axis=0), rtol=1e-12)
    assert own[1].log_likelihood != first_steps(points, mixture, 3)[1].log_likelihood


def test_a_history_stores_no_responsibilities(mixture, points):
    steps = first_steps(points, mixture, 4)
    assert all(step.points is steps[0].points for step in steps)
    assert set(vars(steps[0])) == {"points", "mixture", "log_likelihood", "columns", "n_points"}
    assert repr(steps[0]).startswith("<Step: log-likelihood -")


# What is added to a variance


def test_a_share_of_each_columns_middle_half_is_added_whatever_the_outliers(rng):
    points = rng.normal(size=(400, 2)) * [1, 1000]
    added = ridge(points, None)
    np.testing.assert_allclose(added, (1e-5 * np.subtract(*np.quantile(points, [0.75, 0.25], axis=0))) ** 2)
    np.testing.assert_allclose(ridge(np.r_[points, [[1e6, 1e9]]], None), added, rtol=0.05)
    np.testing.assert_allclose(ridge(points * 1e-9, None), added * 1e-18)


def test_where_the_middle_half_is_equal_the_standard_deviation_counts():
    values = np.r_[np.zeros(90), np.arange(10.0)][:, None]
    np.testing.assert_allclose(ridge(values, None), (1e-5 * values.std()) ** 2)


@pytest.mark.parametrize(("value", "size"), [(0, 1), (7, 7), (-7, 7), (1e-30, 1e-30)])
def test_a_constant_column_is_measured_by_its_value_and_zeros_by_one(value, size):
    points = np.c_[np.full(9, value), np.arange(9.0)]
    assert is_constant(points).tolist() == [True, False]
    assert ridge(points, None)[0] == pytest.approx((1e-5 * size) ** 2)
    assert ridge(points, None)[1] == pytest.approx((1e-5 * 4) ** 2)


def test_what_is_added_is_never_hidden_by_rounding():
    """Beside an offset of 1e12, a hundred-thousandth of the spread would be lost: ten roundings are added."""
    points = 1e12 + np.arange(9.0)[:, None]
    assert ridge(points, None)[0] == pytest.approx((10 * 1e-15 * 1e12) ** 2)
    assert ridge(points * [1, 0] + [0, 5], None)[1] == pytest.approx((1e-5 * 5) ** 2)
    assert not is_constant(points).any()
    assert is_constant(1e12 + np.array([[0.0], [1e-4]])).all()


def test_each_column_may_have_a_reg_covar_of_its_own(points):
    everything = np.ones((len(points), 1))
    plain, raised = (m_step(points, everything, reg_covar=each) for each in (0, np.array([0.5, 2])))
    np.testing.assert_allclose(raised.covariances - plain.covariances, [np.diag([0.5, 2])], atol=1e-12)
    np.testing.assert_array_equal(ridge(points, 3), [3, 3])
    with pytest.raises(TypeError, match=r"reg_covar is .*, but a number was expected"):
        m_step(points, everything, reg_covar=np.ones(3))


# What is no input


def test_a_history_is_a_fit_or_a_list_of_steps(mixture, points):
    step = Step(points, mixture, 1.0)
    for history in ([step], (step, step), Fit((step, step), converged=True)):
        assert steps_of(history) == (step,) * len(getattr(history, "steps", history))
        assert type(steps_of(history)) is tuple
    for wrong in ([], (), [step, 1], [1, step], [mixture], iter([step]), {step}, step, None, "steps"):
        with pytest.raises(TypeError, match="but a Fit or a list of at least one Step was expected"):
            steps_of(wrong)


def test_shares_may_be_off_by_rounding_and_no_more(points):
    shares = np.full((len(points), 2), 0.5)
    shares[7] += [0, 5e-7]
    assert m_step(points, shares).weights.sum() == pytest.approx(1)
    shares[7] += [0, 1e-6]
    with pytest.raises(ValueError, match=r"row 7 sums to 1\.0000015, but each row"):
        m_step(points, shares)
    shares[3] = [0.2, 0.2]
    with pytest.raises(ValueError, match=r"hold a value of 0\.2 and row 3 sums to 0\.4, but each row"):
        m_step(points, shares)
    shares[:] = [1.25, -0.25]
    with pytest.raises(ValueError, match=r"hold a value of -0\.25 and row 0 sums to 1, but"):
        m_step(points, shares)


def test_weights_sum_to_one_though_shares_are_rounded(points):
    shares = np.full((len(points), 2), 0.5) + 4e-7
    assert m_step(points, shares).weights.sum() == pytest.approx(1, abs=1e-15)


def test_a_component_is_empty_where_nothing_is_left_and_not_where_little_is(points):
    shares = np.zeros((len(points), 2))
    shares[:, 1] = 1
    shares[:, 0] = 1e-90 / len(points)
    assert m_step(points, shares).weights[0] == pytest.approx(1e-90 / len(points))
    shares[:, 0] = 1e-110
    with pytest.raises(ValueError, match=r"component 1 has no points left: its responsibilities sum to 2e-108"):
        m_step(points, shares)


@pytest.mark.parametrize("value", [3, 0, -1e9])
def test_a_flat_component_is_told_with_its_column(value):
    points = np.array([[0.0, 1, 2], [1, 5, 7], [4, value, 3], [5, value, 8], [7, value, 9]])
    shares = np.array([[1.0, 0], [1, 0], [0, 1], [0, 1], [0, 1]])
    with pytest.raises(ValueError, match=r"component 2 is flat: all its points have the same value in column 2\."):
        m_step(points, shares, reg_covar=0)
    assert m_step(points, shares, reg_covar=1e-3).covariances[1][1, 1] == pytest.approx(1e-3)


def test_names_of_columns_go_along(penguins):
    start = k_means_plus_plus(penguins, 3)
    assert {step.columns for step in first_steps(penguins, start, 3)} == {penguins.columns}
    assert next(em(penguins.points, start)).columns is None


@pytest.mark.parametrize(
    ("points", "error", "message"),
    [
        ([[1, 2], [np.nan, 1]], ValueError, r"points holds nan at index \(1, 0\).*remove or replace what is missing"),
        ([[1, 2], [1, -np.inf]], ValueError, r"points holds -inf at index \(1, 1\)"),
        ([[1, 2e300]], ValueError, r"points holds 2e\+300 at index \(0, 1\).*choose a larger unit"),
        ([[1, 2j]], TypeError, r"points holds values of type complex128, but real numbers were expected"),
        ([["1", "2"]], TypeError, r"points holds values of type <U1.*numeric columns only"),
        ([[None, 1]], TypeError, r"points holds values of type object"),
        ([1, 2], ValueError, r"points has shape \(2,\), but \(N, D\) was expected: use \.reshape\(-1, 1\)"),
        (np.ones((2, 2, 2)), ValueError, r"points has shape \(2, 2, 2\), but \(N, D\) was expected"),
        (np.ones((0, 2)), ValueError, r"points is empty \(shape \(0, 2\)\)"),
        ([[1, 2], [3]], ValueError, r"points has rows of different lengths"),
    ],
)
def test_what_is_no_points_is_refused(points, error, message, mixture):
    for use in (lambda: e_step(points, mixture), lambda: m_step(points, [[1]]), lambda: next(em(points, mixture))):
        with pytest.raises(error, match=message):
            use()


def test_points_must_live_where_the_mixture_lives(mixture):
    with pytest.raises(ValueError, match=r"points has shape \(5, 3\), but the mixture lives in 2 dimensions"):
        e_step(np.ones((5, 3)), mixture)
    with pytest.raises(TypeError, match="mixture is 'three', but a Mixture was expected"):
        e_step(np.ones((5, 2)), "three")


@pytest.mark.parametrize(
    ("responsibilities", "message"),
    [
        (np.full((3, 2), 0.5), r"responsibilities has shape \(3, 2\), but there are 4 points: give one row for each"),
        (np.ones((4, 2)), r"row 0 sums to 2, but each row must hold shares that sum to 1: divide each row by its sum"),
        ([[2, -1]] * 4, r"responsibilities hold a value of -1 "),
        ([[1, 0]] * 4, r"component 2 has no points left: its responsibilities sum to 0\. Use fewer components"),
        ([1] * 4, r"responsibilities has shape \(4,\), but \(N, K\) was expected"),
    ],
)
def test_what_is_no_responsibilities_is_refused(responsibilities, message):
    with pytest.raises(ValueError, match=message):
        m_step(np.arange(8.0).reshape(4, 2), responsibilities)


def test_reg_covar_is_a_variance(points):
    everything = np.ones((len(points), 1))
    for wrong, error in ((-1, ValueError), (np.inf, ValueError), ("1", TypeError), (True, TypeError)):
        with pytest.raises(error, match=r"reg_covar is .* expected: try reg_covar=1e-06"):
            m_step(points, everything, reg_covar=wrong)


def test_a_step_is_made_by_hand_too(mixture, points):
    assert Step(points, mixture, 1.5).responsibilities.shape == (len(points), 3)
