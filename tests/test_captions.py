"""Captions say in words, and to the digit, what a picture shows."""

import numpy as np
import pytest

from gmm_lab import Mixture, Step, captions


@pytest.fixture
def steps(mixture):
    points = np.zeros((10, 2))
    return [Step(points, mixture, value) for value in (-100.0, -12.3456, -12.3454)]


def test_points():
    points = [[1, 2.5], [3, -4], [2, 0]]
    assert captions.points(points) == "3 points in 2-D: x 1 to 3, y -4 to 2.5."
    named = captions.points(points, columns=("bill (mm)", "wing (mm)"), labels=[1, 1, 0], label_names=("auk", "gull"))
    assert named == "3 points in 2-D: bill (mm) 1 to 3, wing (mm) -4 to 2.5;\nauk 1, gull 2."
    assert captions.points(points, labels=[0, 0, 1]).endswith("component 1 2, component 2 1.")


def test_mixture(mixture):
    assert captions.mixture(mixture) == (
        "Mixture of 3 Gaussians in 2-D:\n"
        "component 1 of weight 0.200 around (0, 0);\n"
        "component 2 of weight 0.500 around (3, 1);\n"
        "component 3 of weight 0.300 around (-2, 4)."
    )


def test_step(steps):
    weights = "weights 0.200, 0.500, 0.300"
    assert captions.step(steps[0], 0) == f"Start: {weights}; log-likelihood -100."
    assert captions.step(steps[1], 7, steps[0]) == f"After iteration 7: {weights}; log-likelihood -12.3456 (+87.65)."
    assert captions.step(steps[2], 8, steps[1]).endswith("log-likelihood -12.3454 (+2e-04).")
    assert captions.step(steps[0], 2, steps[1]).endswith("log-likelihood -100 (-87.65).")


def test_many_components_are_summed_up():
    many = Mixture(np.arange(1, 7) / 21, np.zeros((6, 1)), np.ones((6, 1, 1)))
    assert "6 weights from 0.048 to 0.286" in captions.step(Step(None, many, 0.0), 0)
    alone = Mixture([1], [[0]], [[[1]]])
    assert "a single component" in captions.step(Step(None, alone, 0.0), 0)


def test_history(steps):
    assert captions.history(steps) == "Log-likelihood from -100 to -12.3454 nats in 2 iterations; it never falls."
    assert captions.history([steps[0], steps[0]]).endswith("in 1 iteration; it never falls.")
    back = [steps[0], steps[2], steps[1]]
    assert captions.history(back) == "Log-likelihood from -100 to -12.3456 nats in 2 iterations; it falls 1 time."


def test_responsibilities():
    shares = [[0.95, 0.05], [0.6, 0.4], [0.2, 0.8], [0.01, 0.99]]
    assert captions.responsibilities(shares) == (
        "Most responsible: component 1 for 2, component 2 for 2 of 4 points.\nPoints without a component above 90 %: 2."
    )


def test_half_steps(steps):
    assert captions.half_step("start", 0, steps[0]) == "Start\n3 Gaussians; no point has a colour yet"
    assert captions.half_step("E", 0, steps[0]) == (
        "Iteration 1, E-step: each point is coloured anew\nlog-likelihood -100"
    )
    assert captions.half_step("E", 52, steps[1], steps[0], left_out=8) == (
        "Iteration 53 (8 not shown), E-step: each point is coloured anew\nlog-likelihood -12.3456 (+87.65)"
    )
    assert captions.half_step("M", 1, steps[1], steps[0]) == (
        "Iteration 1, M-step: the ellipses move to their points\nweights 0.200, 0.500, 0.300"
    )
    assert captions.half_step("end", 2, steps[2], steps[1]) == "After 2 iterations\nlog-likelihood -12.3454 (+2e-04)"


def test_each_component_is_most_responsible_for_the_points_where_its_share_is_largest():
    """Also a component that has none; and a share of exactly 90 % is clear."""
    shares = [[0.9, 0.1, 0], [0.89, 0.11, 0], [0.7, 0.2, 0.1], [0, 1, 0]]
    assert captions.responsibilities(shares) == (
        "Most responsible: component 1 for 3, component 2 for 1, component 3 for 0 of 4 points.\n"
        "Points without a component above 90 %: 2."
    )


@pytest.mark.parametrize(
    ("n_dimensions", "shapes"), [(1, "curves"), (2, "ellipses"), (3, "ellipsoids"), (4, "components")]
)
def test_shapes_are_called_by_what_a_picture_shows(n_dimensions, shapes):
    one = Mixture([1], [[0] * n_dimensions], [np.eye(n_dimensions)])
    told = captions.half_step("M", 3, Step(None, one, 0.0))
    assert told == f"Iteration 3, M-step: the {shapes} move to their points\na single component"


def test_up_to_four_components_are_told_one_by_one():
    def told(n):
        even = Mixture(np.full(n, 1 / n), np.zeros((n, 1)), np.ones((n, 1, 1)))
        return captions.step(Step(None, even, 0.0), 1)

    assert "weights 0.250, 0.250, 0.250, 0.250" in told(4)
    assert "5 weights from 0.200 to 0.200" in told(5)


@pytest.mark.parametrize(("gain", "told"), [(0.01, "+0.01"), (0.0096, "+1e-02"), (-0.02, "-0.02"), (-2e-5, "-2e-05")])
def test_small_gains_are_told_by_their_size(gain, told, mixture):
    before, after = (Step(np.zeros((1, 2)), mixture, value) for value in (0.0, gain))
    assert captions.step(after, 1, before).endswith(f"log-likelihood {gain:.6g} ({told}).")


def test_counts_agree_with_their_nouns(steps):
    assert captions.half_step("end", 1, steps[1], steps[0]).startswith("After 1 iteration\n")
    assert captions.half_step("end", 0, steps[0]).startswith("After 0 iterations\n")
    falling = [steps[2], steps[1], steps[0]]
    assert captions.history(falling).endswith("in 2 iterations; it falls 2 times.")


def test_what_cannot_be_told(steps):
    with pytest.raises(ValueError, match="columns has 1 names, but points has 2 columns"):
        captions.points(np.eye(2), columns=["a"])
    with pytest.raises(TypeError, match="step is 3, but a Step was expected"):
        captions.step(3, 1)
    with pytest.raises(TypeError, match="mixture is 3, but a Mixture was expected"):
        captions.mixture(3)
    with pytest.raises(ValueError, match="labels"):
        captions.points(np.eye(2), labels=[-1, 0])
    with pytest.raises(TypeError, match="history is 'none', but a Fit or a list of at least one Step was expected"):
        captions.history("none")
