"""A history cut into half-steps: which are shown, in which order, and what each knows of the others."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_lab import Step, captions
from gmm_lab.pictures.half_steps import HalfStep, _shown, half_steps
from gmm_lab.pictures.thinning import MOST_DRAWN


@pytest.fixture
def history(mixture, points):
    """Return a function that makes a history of so many iterations, with a log-likelihood that grows by 2."""
    return lambda n_iterations: [Step(points, mixture, -900.0 + 2 * i) for i in range(n_iterations + 1)]


def test_each_half_step_knows_its_state_and_the_one_before(history):
    steps = history(3)
    start, *turns, end = half_steps(steps)
    assert (start.kind, start.number, start.step, start.previous) == ("start", 0, steps[0], None)
    assert (end.kind, end.number, end.step, end.previous) == ("end", 3, steps[3], steps[2])
    for number, (e_step, m_step) in enumerate(zip(turns[::2], turns[1::2], strict=True)):
        assert (e_step.kind, e_step.number, e_step.step) == ("E", number, steps[number])
        assert e_step.previous is (steps[number - 1] if number else None)
        assert (m_step.kind, m_step.number, m_step.step) == ("M", number + 1, steps[number + 1])
        assert m_step.previous is steps[number]


def test_points_are_coloured_by_the_last_e_step(history):
    """After an M-step the colours are still those of the mixture before it; at the start there are none."""
    steps = history(2)
    colours = [frame.coloured_by for frame in half_steps(steps)]
    assert colours == [None, steps[0], steps[0], steps[1], steps[1], steps[2]]


def test_of_a_million_points_some_are_drawn_and_their_log_likelihood_is_of_all(mixture):
    points, _ = mixture.sample(100_000, rng=0)
    steps = [Step(points, mixture, -1.0), Step(points, mixture, 2.0)]
    for frame in half_steps(steps):
        assert frame.step.points.shape == (MOST_DRAWN, 2)
        assert frame.n_points == 100_000
        assert frame.step.log_likelihood in (-1, 2)
        assert frame.coloured_by is None or frame.coloured_by.responsibilities.shape == (MOST_DRAWN, 3)


def test_captions_are_those_of_each_state(history):
    steps = history(2)
    found = [frame.caption for frame in half_steps(steps)]
    assert found == [
        captions.half_step("start", 0, steps[0]),
        captions.half_step("E", 0, steps[0]),
        captions.half_step("M", 1, steps[1], steps[0]),
        captions.half_step("E", 1, steps[1], steps[0]),
        captions.half_step("M", 2, steps[2], steps[1]),
        captions.half_step("end", 2, steps[2], steps[1]),
    ]


@pytest.mark.parametrize("n_iterations", [1, 5, 6])
def test_a_history_that_fits_is_shown_whole(n_iterations, history):
    """It needs a start, an end, and two half-steps for each iteration: with one frame less, something is left out."""
    steps = history(n_iterations)
    whole = half_steps(steps, max_frames=2 * n_iterations + 2)
    assert len(whole) == 2 * n_iterations + 2
    assert not any(frame.left_out for frame in whole)
    if n_iterations > 1:
        assert any(frame.left_out for frame in half_steps(steps, max_frames=2 * n_iterations + 1))


def test_sixty_frames_are_shown_unless_told_otherwise(history):
    assert len(half_steps(history(29))) == 60
    assert 50 < len(half_steps(history(300))) <= 60
    assert any(frame.left_out for frame in half_steps(history(30)))


def test_a_start_alone_has_two_frames(history):
    assert [(frame.kind, frame.number) for frame in half_steps(history(0))] == [("start", 0), ("end", 0)]


@pytest.mark.parametrize("max_frames", [6, 7, 20, 59])
def test_what_is_shown_and_what_is_told_to_be_left_out_are_all(max_frames, history):
    frames = half_steps(history(100), max_frames)
    shown = [frame.number for frame in frames if frame.kind == "E"]
    left_out = [frame.left_out for frame in frames if frame.kind == "E"]
    assert len(frames) <= max_frames
    assert left_out == (np.diff([-1, *shown]) - 1).tolist()
    assert len(shown) + sum(left_out) == 100
    assert not any(frame.left_out for frame in frames if frame.kind != "E")
    told = re.findall(r"\((\d+) not shown\)", " ".join(frame.caption for frame in frames))
    assert [int(number) for number in told] == [number for number in left_out if number]


@given(st.integers(0, 500), st.integers(2, 60))
def test_the_first_and_the_last_are_shown_and_ever_fewer_in_between(n_iterations, n_shown):
    shown = list(_shown(n_iterations, n_shown))
    assert len(shown) <= n_shown
    if n_iterations <= n_shown:
        assert shown == list(range(n_iterations))
        return
    assert (shown[0], shown[-1]) == (0, n_iterations - 1)
    gaps = np.diff(shown)
    assert gaps.min() >= 1
    assert (np.diff(gaps) >= -1).all()  # but for rounding
    assert gaps[-1] >= gaps.max() - 1


def test_four_frames_are_the_fewest(history):
    assert [frame.kind for frame in half_steps(history(9), max_frames=4)] == ["start", "E", "M", "end"]
    with pytest.raises(ValueError, match="max_frames is 3, but at least 4 was expected"):
        half_steps(history(9), max_frames=3)


def test_nothing_is_left_out_unless_it_is_said(history):
    assert HalfStep("E", 0, history(0)[0], None, 200).left_out == 0
