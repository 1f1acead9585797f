"""Whatever is given to a check, and whatever that returns or does, gets a kind answer and leaves all as it was."""

import io
import os
import random
import re
import sys
import warnings

import hostile
import numpy as np
import pytest

from gmm_lab import e_step
from gmm_lab.exercises import check
from gmm_lab.exercises.engine.words import UNFINISHED

EXERCISES = vars(check)
VALUES = dict(hostile.values())


@pytest.fixture
def all_as_it_was():
    """See that nothing that is everybody's has changed."""

    def state():
        return (
            sys.getrecursionlimit(),
            os.getcwd(),
            random.getstate(),
            [np.asarray(part).tolist() for part in np.random.get_state()],  # noqa: NPY002
            {name: value for name, value in np.get_printoptions().items() if name != "override_repr"},
            np.geterr(),
            list(warnings.filters),
            np.exp,
            sys.gettrace(),
        )

    before = state()
    yield
    assert state() == before


def given_back(value):
    return lambda *arguments: value


def is_kind(verdict):
    """Say whether a verdict is as one of a wrong answer should be."""
    lines = repr(verdict).splitlines()
    page = verdict._repr_html_()
    words = (
        len(repr(verdict)) < 1300
        and max(map(len, lines)) <= 120
        and "Traceback" not in page
        and "{" not in "".join(lines)
    )
    return verdict.status != "right" and len(verdict.told) >= 2 and words and page.count("<code>") < 30


@pytest.mark.parametrize("exercise", EXERCISES)
def test_nothing_that_is_returned_breaks_a_check(exercise, all_as_it_was):
    verdicts = {name: EXERCISES[exercise](given_back(value)) for name, value in VALUES.items()}
    assert {name: verdict for name, verdict in verdicts.items() if not is_kind(verdict)} == {}
    unreadable = {name for name, verdict in verdicts.items() if verdict.diagnosis == "unreadable"}
    assert unreadable & hostile.SIMPLE.keys() <= hostile.UNREADABLE, "an error of ours is taken for the reader's"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_nothing_that_is_done_breaks_a_check(exercise, all_as_it_was):
    verdicts = {name: EXERCISES[exercise](function) for name, function in hostile.FUNCTIONS.items()}
    assert {name: verdict for name, verdict in verdicts.items() if not is_kind(verdict)} == {}


@pytest.mark.parametrize("given", [(), (1, 2), ([],), (np.zeros(10**6),), (hostile.raising("__repr__", "__str__"),)])
def test_what_is_no_function_is_told_in_short(given):
    verdict = check.e_step(*given)
    assert verdict.diagnosis == "not a function"
    assert len(repr(verdict)) < 300


@pytest.mark.parametrize(
    ("exercise", "value", "seen"),
    [
        (
            "loop",
            [hostile.Step(hostile.POINTS, 3.0, hostile.START)],
            "Step 1 has something of type float as its mixture",
        ),
        ("loop", [hostile.Step(hostile.START, hostile.POINTS, 3.0)], "Step 1 has something of type ndarray as its"),
        ("loop", [hostile.Step(hostile.POINTS, hostile.START, 3.0)], "Step 1 has other points"),
        (
            "loop",
            [hostile.Step(3.0, hostile.START, hostile.POINTS)],
            "something of type float as its points. The order",
        ),
        ("loop", (), "`my_em` returned 0 things of type Step, where a list of at least one Step was expected"),
        (
            "e_step",
            (np.ones((8, 2)), np.ones(8)),
            "shape (8,); expected was a single number. It is more than one number.",
        ),
        ("radius", Exception, "is of type type, as an array of dtype object; expected was a single number."),
        ("log_sum_exp", hostile.SIMPLE["itself"], "the maximum number of dimension of 64. Example: the row"),
        ("loop", (np.zeros((8, 2)), -3.0), "`my_em` returned 2 things of type float, ndarray, where a list"),
        ("frame", hostile.SIMPLE["far"], "one ndarray; 3 were expected"),
        ("e_step", hostile.SIMPLE["matrix"], "one matrix; 2 were expected"),
        (
            "log_sum_exp",
            hostile.SIMPLE["matrix"],
            "of type matrix, as an array of dtype float64; expected was shape (2,): one entry for each row.",
        ),
        ("log_sum_exp", np.ma.masked_all(2), "of type MaskedArray, as an array of dtype float64; expected"),
        ("log_sum_exp", [[1, 2], [3]], "rows of different lengths"),
        ("log_sum_exp", hostile.raising("__array__"), "looking at it ended with ValueError: inside"),
    ],
)
def test_ordinary_ones_are_told_in_particular(exercise, value, seen):
    assert seen in " ".join(repr(EXERCISES[exercise](given_back(value))).split())


def frame_with(change):
    """Return an answer to the exercise frame of which the outlines are changed."""
    from answers.frame import frame_by_matrices

    def my_frame(step, B, palette, radius):
        places, colours, outlines = frame_by_matrices(step, B, palette, radius)
        return places, colours, [change(outline) for outline in outlines]

    return my_frame


@pytest.mark.parametrize(
    ("change", "diagnosis"),
    [
        (lambda outline: outline * np.nan, "outline out of range"),
        (lambda outline: outline + 1e300, "outline out of range"),
        (lambda outline: [[1, 2], [3]] * 10, "ragged"),
        (lambda outline: np.array(3.0), "outline of another shape"),
        (lambda outline: outline[:5], "outline of another shape"),
        (lambda outline: ..., "unfinished"),
        (lambda outline: outline[::-1][np.r_[0:50, 10:100]], "not once around"),
        (lambda outline: outline**3, "not an ellipse"),
        (lambda outline: outline.T, "transposed"),
    ],
)
def test_outlines_of_other_kinds(change, diagnosis):
    verdict = check.frame(frame_with(change))
    assert (verdict.diagnosis or UNFINISHED) == diagnosis


def test_what_it_prints_at_last_is_shown_where_it_is_wrong():
    def my_e_step(points, mixture):
        for n in range(10**5):
            print("in round", n, "x" * 200 * (n % 2))
        return points

    said = repr(check.e_step(my_e_step))
    assert "The last that your function printed" in said
    assert re.findall(r"in round (\d+)", said) == ["99997", "99998", "99999"]
    assert len(said) < 1500


def test_a_right_answer_prints_nothing():
    real, sys.stdout = sys.stdout, io.StringIO()
    try:
        assert check.radius(lambda mass, n_dimensions: print("here") or 3).status == "wrong"
        assert sys.stdout.getvalue() == ""
    finally:
        sys.stdout = real


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_what_is_printed_goes_where_it_went(stream):
    before = getattr(sys, stream)
    check.radius(lambda mass, n_dimensions: setattr(sys, stream, None))
    assert getattr(sys, stream) is before


@pytest.mark.parametrize("kind", [np.ma.masked_array, lambda array: array.view(np.matrix)])
def test_right_numbers_in_an_array_of_another_kind_are_not_right(kind):
    def my_e_step(points, mixture):
        responsibilities, log_likelihood = e_step(points, mixture)
        return kind(responsibilities), log_likelihood

    assert check.e_step(my_e_step).diagnosis == "type"


def test_a_function_that_is_replaced_for_all_gets_its_meaning_back(all_as_it_was):
    def my_log_sum_exp(table):
        np.exp = lambda values: values
        return np.logaddexp.reduce(table, axis=1)

    verdict = check.log_sum_exp(my_log_sum_exp)
    assert verdict.diagnosis == "replaces a function"
    assert "`numpy.exp`" in repr(verdict)
