"""The stages of an exercise: which value a slip changes, what is computed anew, and in which order slips are tried."""

import numpy as np
import pytest

from gmm_lab.exercises.engine.cases import Case, Run
from gmm_lab.exercises.engine.exercise import Exercise


@pytest.fixture
def mean():
    """An exercise of three stages, which notes how often each is computed."""
    exercise = Exercise("mean", "my_mean(values, unit=1)", "1.1", {"the mean": ("mean",)}, None, None)
    exercise.computed = []

    def noted(name, value):
        exercise.computed.append(name)
        return value

    total = exercise.stage("total", lambda values: noted("total", values.sum()))
    total.slip("squares", lambda values: (values**2).sum()).told("These are squares.")
    count = exercise.stage("count", lambda values: noted("count", len(values)), "1.2")
    count.slip("one too few", lambda count: count - 1).told("The divisor\nis one too small.")
    count.slip("always two", lambda: 2)
    end = exercise.stage("mean", lambda total, count, unit: noted("mean", total / count * unit))
    end.slip("total", total=lambda total: total, count=lambda: 1)
    return exercise


def run_of(exercise, found=np.nan):
    return Run(exercise, Case("three", (np.array([1.0, 2.0, 6.0]), 10), "new"), {"the mean": np.array(found)})


@pytest.mark.parametrize(
    ("names", "value"),
    [((), 30), (("squares",), 410 / 3), (("one too few",), 45), (("squares", "always two"), 205), (("total",), 90)],
)
def test_a_slip_changes_what_comes_after_it(mean, names, value):
    slips = tuple(slip for slip in mean.slips if slip.name in names)
    assert run_of(mean).value("mean", slips) == pytest.approx(value)


def test_only_what_a_slip_changes_is_computed_anew(mean):
    run = run_of(mean)
    for slips in ((), (mean.slips[1],), (), (mean.slips[1],)):
        run.value("mean", slips)
    assert mean.computed == ["total", "count", "mean", "mean"]


@pytest.mark.parametrize(
    ("found", "names"), [(45, ["one too few"]), (90, ["total"]), (205, ["squares", "one too few"]), (7, [])]
)
def test_single_slips_come_first_and_pairs_are_of_different_stages(mean, found, names):
    assert [slip.name for slip in mean.fitting([run_of(mean, found)], ["the mean"])] == names


def test_a_slip_tells_where_its_stage_is_explained(mean):
    assert mean.slips[0].say() == "These are squares. Explained in lesson 1, section 1."
    assert mean.slips[1].say() == "The divisor is one too small. Explained in lesson 1, section 2."


def test_borrowed_stages_are_done_for_each_row(mean):
    table = Exercise("means", "my_means(table, unit)", "1.1", {"the mean": ("mean", "row")}, None, None)
    table.stage("values", lambda table: table)
    table.borrow(mean, but="mean", rows="values", shared=("unit",))
    run = Run(table, Case("rows", (np.array([[1.0, 2.0, 6.0], [2.0, 2.0, 5.0]]), 10), "new"), {})
    assert run.value("mean") == pytest.approx([30, 30])
    assert run.value("mean", (table.slips[0],)) == pytest.approx([410 / 3, 110])
    assert [slip.name for slip in table.slips] == ["squares", "one too few", "always two"]
