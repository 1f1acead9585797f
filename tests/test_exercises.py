"""Checks of the exercises: they pass what is right, and name what is wrong, by what it does."""

import functools
import itertools
import re
import warnings

import numpy as np
import pytest
import stubs
from answers import RIGHT, WRONG
from answers.log_density import density_by_scipy

from gmm_lab import Mixture, datasets, e_step, em, m_step
from gmm_lab.exercises import check
from gmm_lab.exercises.engine import reading
from gmm_lab.exercises.engine.cases import Run

EXERCISES = vars(check)
SLIPS = [
    pytest.param(name, slip, id=f"{name}-{slip.name}")
    for name, exercise in EXERCISES.items()
    for slip in exercise.slips
]
TAKES = {"sample": 2, "restarts": 1}  # of 3 otherwise: examples are drawn anew in each call


def verdicts(exercise, function):
    return [EXERCISES[exercise](function) for _ in range(TAKES.get(exercise, 3))]


@pytest.mark.parametrize(("exercise", "function"), [(name, f) for name, found in RIGHT.items() for f in found])
def test_right_answers_pass_in_every_style(exercise, function):
    for verdict in verdicts(exercise, function):
        assert verdict, verdict
        assert "Checked on" in repr(verdict)
        assert verdict.or_else(None) is function


def test_every_exercise_is_tried_in_four_styles():
    assert {name: len(RIGHT[name]) >= 4 for name in EXERCISES} == dict.fromkeys(EXERCISES, True)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_solutions_are_right_and_stubs_not_attempted(exercise):
    name = EXERCISES[exercise].function_name
    lines = stubs.solutions()[name.removeprefix("my_")]
    for text, status in ((stubs.solution(lines), "right"), (stubs.stub(lines), "not attempted")):
        names = {}
        exec(stubs.SOURCE, names)
        exec(text, names)
        verdict = EXERCISES[exercise](names[name])
        assert verdict.status == status, verdict
    assert verdict.or_else(e_step) is e_step


@pytest.mark.parametrize(("exercise", "diagnosis", "function"), WRONG)
def test_a_wrong_answer_is_named(exercise, diagnosis, function):
    for verdict in verdicts(exercise, function):
        assert (verdict.status, verdict.diagnosis) == ("wrong", diagnosis), verdict
        assert verdict.or_else(e_step) is e_step
        told = repr(verdict)
        assert "Not yet." in told
        assert re.search(r"\d", told)
        assert f"`{EXERCISES[exercise].function_name}(*verdict.example)`" in " ".join(told.split())


def test_all_known_wrong_answers_are_among_them():
    """Those that learners are known to give, as the design lists them."""
    known = {
        "e_step": {
            "no weights",
            "not normalised",
            "normalised over points",
            "determinant without its square root",
            "2 pi to the power D",
            "covariance where its inverse belongs",
            "variance taken for standard deviation",
            "underflow",
            "hard decision",
            "logarithms of the responsibilities",
            "transposed",
            "summed once for each component",
            "mean, not sum",
            "base 10",
            "components' order",
        },
        "m_step": {
            "plain mean",
            "mean divided by N",
            "around the old mean",
            "around the mean of all points",
            "unweighted covariance",
            "weights divided by K",
            "weights that sum to N",
            "only the diagonal",
            "standard deviations",
            "N_k - 1",
            "reg_covar forgotten",
            "changes its input",
        },
        "loop": {"stops near 0", "never stops", "one iteration too late", "fall taken for convergence"},
    }
    for exercise, names in known.items():
        assert names <= {diagnosis for name, diagnosis, _ in WRONG if name == exercise}


@functools.cache
def examples(exercise, seed=5):
    """Return runs of the examples, in which stages and slips are worked out once for all tests."""
    found = EXERCISES[exercise]
    with warnings.catch_warnings(action="ignore"):  # of needles
        return [Run(found, case, {}) for case in found.cases(np.random.default_rng(seed))]


def made_by(exercise, slip):
    """Return runs of an answer with the numbers of a slip."""
    for run in examples(exercise):
        found = {part: np.asarray(run.value(stage, (slip,))) for part, (stage, *_) in run.exercise.parts.items()}
        yield Run(run.exercise, run.case, found, values=run.values)


@pytest.mark.parametrize(("exercise", "slip"), SLIPS)
def test_no_slip_is_taken_for_another(exercise, slip):
    """Whatever has the numbers of one slip does not have those of another, on all examples of a call."""
    runs = list(made_by(exercise, slip))
    assert not all(run.agrees(part) for run in runs for part in run.found), "it is right"
    if exercise != "sample":  # where a slip is known by averages, which chance moves
        for other in (other for other in EXERCISES[exercise].slips if other is not slip):
            assert not all(run.agrees(part, (other,)) for run in runs for part in run.found), other.name


def test_a_hard_coded_result_is_wrong():
    """Right on the example of the lesson, and the same whatever it is given."""
    shares, total = e_step(datasets.eight_points().points, datasets.eight_points_start())
    verdict = check.e_step(lambda points, mixture: (shares.copy(), total))
    assert (verdict.status, verdict.diagnosis) == ("wrong", "ignores its arguments")


def test_examples_differ_from_call_to_call():
    for name in EXERCISES:
        first, second = ([list(run.expected.values()) for run in examples(name, seed)] for seed in (0, 1))
        assert not reading.alike(first, second), name


def test_two_slips_at_once_are_both_named():
    def my_e_step(points, mixture):
        shares, total = e_step(points, mixture)
        return np.eye(mixture.n_components)[shares.argmax(axis=1)], total / len(points)

    verdict = check.e_step(my_e_step)
    assert verdict.diagnosis == "hard decision"
    assert "The other: Your log-likelihood is the mean over the points." in " ".join(repr(verdict).split())


@pytest.mark.parametrize("divisor", [len, lambda points: 1, lambda points: len(points) ** 2])
def test_no_slip_contradicts_a_part_that_is_right(divisor):
    def my_m_step(points, responsibilities, reg_covar=0.0):
        right = RIGHT["m_step"][0](points, responsibilities, reg_covar)
        apart = points - points.mean(axis=0)
        spreads = np.array([(share * apart.T) @ apart / divisor(points) for share in responsibilities.T])
        return Mixture(right.weights, right.means, spreads + reg_covar * np.eye(points.shape[1]))

    verdict = check.m_step(my_m_step)
    assert verdict.diagnosis not in [slip.name for slip in check.m_step.slips if slip.stage in ("means", "weights")]
    assert "the mean are right" in " ".join(repr(verdict).split()) or "two things" in repr(verdict)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda x: np.round(x, 3), "rounded to 3 digits"),
        (lambda x: x + 1e-5, "off only a little"),
        (lambda x: 7 * x, "7 times what it should be"),
        (lambda x: x + 3, "differs by the same amount, 3"),
    ],
)
def test_what_unknown_answers_have_in_common_is_told(change, seen):
    verdict = check.log_density(lambda points, mean, covariance: change(density_by_scipy(points, mean, covariance)))
    assert verdict.diagnosis == "of another kind"
    assert seen in " ".join(repr(verdict).split())


def test_steps_in_the_opposite_order_are_seen_although_the_one_in_the_middle_is_right():
    def my_em(*given):
        return RIGHT["loop"][0](*given)[::-1]

    assert "in the opposite order along the steps" in " ".join(repr(check.loop(my_em)).split())


def test_parts_that_are_right_are_told_as_a_list():
    def my_frame(*given):
        places, colours, outlines = RIGHT["frame"][0](*given)
        return places, colours**2, outlines

    told = " ".join(repr(check.frame(my_frame)).split())
    assert "The place, the centre of the outline and the matrix of the outline are right." in told


@pytest.mark.parametrize(("exercise", "ours"), [("e_step", e_step), ("m_step", functools.partial(m_step, reg_covar=0))])
def test_a_right_function_runs_in_em(exercise, ours):
    points, start = datasets.eight_points().points, datasets.eight_points_start()
    mine = EXERCISES[exercise](RIGHT[exercise][0]).or_else(None)
    runs = (itertools.islice(em(points, start, **{exercise: function}), 4) for function in (mine, ours))
    for step, expected in zip(*runs, strict=True):
        assert step.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-9)
