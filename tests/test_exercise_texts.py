"""What checks and predictions tell: hints by and by, one next step for each slip, and where a lesson explains it."""

import dataclasses
import html
import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

from gmm_lab import datasets, e_step, m_step
from gmm_lab.exercises import check, predict
from gmm_lab.exercises.engine.stages import place as place_of

EXERCISES = vars(check)
NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


def diagnoses(exercise):
    """Return all slips and sights of an exercise, each with its sentence."""
    return [*EXERCISES[exercise].slips, *EXERCISES[exercise].sights.values()]


def fresh(exercise):
    """Return an exercise of which no hint was told yet."""
    return dataclasses.replace(EXERCISES[exercise])


def test_hints_come_one_by_one_and_stay():
    exercise = fresh("radius")
    n_hints = len(exercise.hints["the radius"].split("\n\n"))
    told = [exercise.hint().told for _ in range(n_hints + 1)]
    assert [len(texts) for texts in told] == [*range(1, n_hints), n_hints + 1, n_hints + 1]
    assert all(later[: n + 1] == earlier[: n + 1] for n, (earlier, later) in enumerate(itertools.pairwise(told)))
    assert "last hint" in repr(exercise.hint())


def test_hints_are_on_the_part_that_the_last_check_found_wrong():
    exercise, first = fresh("m_step"), "Hint 1 of 2 on the weight"
    assert exercise.hint().told[0].startswith(first)
    exercise(lambda points, responsibilities, reg_covar: m_step(points[:, ::-1], responsibilities, reg_covar=reg_covar))
    assert exercise.hint().told[0].startswith("Hint 1 of 2 on the mean")
    assert first not in repr(exercise.hint())
    assert [text[:6] for text in exercise.hint("the weight").told[:2]] == ["Hint 1", "Hint 2"]
    assert 'check.m_step.hint("the covariance")' in repr(exercise.hint())


def test_a_topic_on_which_there_is_no_hint():
    assert "There are hints on the weight, the mean, the covariance" in repr(fresh("m_step").hint("gamma"))


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_slip_has_one_next_step_and_a_place(exercise):
    assert sum(len(hints.split("\n\n")) for hints in EXERCISES[exercise].hints.values()) >= 3
    for found in diagnoses(exercise):
        assert found.cause.endswith((".", "`", "?")), found.name
        assert not found.cause[0].islower(), found.name
        assert len(found.cause.split()) <= 60, found.name
        blame = r"\b(wrong|stupid|careless|obviously|of course|simply|mistake|fail)"
        assert not re.search(blame, found.cause.lower()), found.name


def test_a_verdict_is_shown_as_text_and_as_a_page():
    verdict = check.radius(lambda mass, n_dimensions: mass < 1)
    page = verdict._repr_html_()
    assert "<code>my_radius(*verdict.example)</code>" in page
    assert max(map(len, repr(verdict).splitlines())) <= 88
    assert "<em>" in check.radius(lambda mass, n_dimensions: chi2.ppf(mass, n_dimensions))._repr_html_()
    words = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert re.sub(r"[\s`*]", "", words) == re.sub(r"[\s`*]", "", repr(verdict))


def test_a_verdict_is_true_only_where_it_is_right():
    assert check.radius(lambda mass, n_dimensions: np.sqrt(chi2.ppf(mass, n_dimensions)))
    assert not check.radius(lambda mass, n_dimensions: 1.0)
    assert not check.radius(lambda mass, n_dimensions: ...)
    assert not check.radius.hint()


def lesson_text(number):
    cells = json.loads(NOTEBOOKS[number].read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@pytest.mark.parametrize("exercise", EXERCISES)
def test_where_it_is_explained_is_a_place_in_a_lesson(exercise):
    for found in diagnoses(exercise):
        place = re.fullmatch(r"lesson (\d), section (\d)(, equation \((\d)\))?", place_of(found.where))
        section = re.search(rf"^## {place[2]} · .*?(?=^## |\Z)", lesson_text(int(place[1])), re.MULTILINE | re.DOTALL)[
            0
        ]
        assert place[4] is None or f"\\tag{{{place[4]}}}" in section, found.where


@pytest.mark.parametrize("exercise", EXERCISES)
def test_each_exercise_stands_in_a_lesson_with_its_solution(exercise):
    cells = [cell for path in NOTEBOOKS for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    name = EXERCISES[exercise].function_name.removeprefix("my_")
    places = [n for n, cell in enumerate(cells) if cell["id"] == f"stub-{name}"]
    (place,) = places
    assert f"verdict = check.{exercise}(my_{name})" in "".join(cells[place + 1]["source"])
    assert cells[place + 2]["id"] == f"solution-{name}"


def test_a_prediction_is_kept_and_shown_against_the_result():
    prediction = predict("up", "down", "neither")
    wrong = {"up": "Things fall.", "neither": "They do move."}
    assert repr(prediction) == "I predict: up / down / neither"
    assert prediction.choice is None
    open_verdict = prediction.reveal("down", wrong)
    assert open_verdict.status == "not attempted"
    assert all(text in repr(open_verdict) for text in ("down", *wrong.values()))
    prediction.choose("up")
    assert prediction.choice == "up"
    wrong_verdict = prediction.reveal("down", wrong)
    assert not wrong_verdict and wrong_verdict.status == "wrong"
    assert repr(wrong_verdict) == "You predicted: up. The answer is: down.\nThings fall."
    prediction.choose("down")
    assert prediction.reveal("down", wrong)


def test_a_prediction_says_what_it_expects():
    for choices in ((), ("one",), ("same", "same"), ("text", 1)):
        with pytest.raises(ValueError, match="at least two different texts"):
            predict(*choices)
    prediction = predict("up", "down")
    with pytest.raises(ValueError, match="'left', but one of 'up', 'down'"):
        prediction.choose("left")
    for result, wrong in (("left", {"up": "", "down": ""}), ("up", {}), ("up", {"up": "", "down": ""})):
        with pytest.raises(ValueError, match="a sentence for each of the others"):
            prediction.reveal(result, wrong)


def test_numbers_by_hand_are_right():
    """What is told to compare with, computed anew."""
    found = {
        name: next(exercise.cases(np.random.default_rng(0))).by_hand
        for name, exercise in EXERCISES.items()
        if name not in ("sample", "loop", "restarts")
    }
    row = np.array([-1.0, 0.0, 1.0])
    points, start = datasets.eight_points().points, datasets.eight_points_start()
    responsibilities, _ = e_step(points, start)
    moved = m_step(points, responsibilities, reg_covar=0)
    numbers = {
        "radius": [chi2.ppf(0.9, 1), np.sqrt(chi2.ppf(0.9, 1))],
        "log_density": [np.log(16), 2 * np.log(2 * np.pi)],
        "log_sum_exp": [np.exp(row - 1).sum(), np.log(np.exp(row - 1).sum())],
        "e_step": [*start.log_joint(points)[3], start.log_density(points)[3], *responsibilities[3]],
        "m_step": [responsibilities[:, 0].sum(), *moved.means[0], moved.covariances[0][0, 0]],
        "frame": [],
    }
    for name, expected in numbers.items():
        assert re.findall(r"-?\d+\.\d{4}", found[name]) == [f"{number:.4f}" for number in expected]
