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
        "component 1 holds 20.0 % around (0, 0);\n"
        "component 2 holds 50.0 % around (3, 1);\n"
        "component 3 holds 30.0 % around (-2, 4)."
    )


def test_step(steps):
    holds = "components hold 20.0 %, 50.0 %, 30.0 % of the points"
    assert captions.step(steps[0], 0) == f"Start: {holds}; log-likelihood -100."
    assert captions.step(steps[1], 7, steps[0]) == f"After iteration 7: {holds}; log-likelihood -12.3456 (+87.65)."
    assert captions.step(steps[2], 8, steps[1]).endswith("log-likelihood -12.3454 (+2e-04).")
    assert captions.step(steps[0], 2, steps[1]).endswith("log-likelihood -100 (-87.65).")


def test_many_components_are_summed_up():
    many = Mixture(np.arange(1, 7) / 21, np.zeros((6, 1)), np.ones((6, 1, 1)))
    assert "6 components hold from 4.8 % to 28.6 % of the points each" in captions.step(Step(None, many, 0.0), 0)
    alone = Mixture([1], [[0]], [[[1]]])
    assert "one component holds all points" in captions.step(Step(None, alone, 0.0), 0)


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
        "Iteration 1, M-step: the ellipses move to their points\ncomponents hold 20.0 %, 50.0 %, 30.0 % of the points"
    )
    assert captions.half_step("end", 2, steps[2], steps[1]) == "After 2 iterations\nlog-likelihood -12.3454 (+2e-04)"


def test_what_cannot_be_told(steps):
    with pytest.raises(ValueError, match="columns has 1 names, but points has 2 columns"):
        captions.points(np.eye(2), columns=["a"])
    with pytest.raises(TypeError, match="history is 'none', but a Fit or a list of at least one Step was expected"):
        captions.history("none")
