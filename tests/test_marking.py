"""`python -m gmm_lab marks`: what a class has handed in is run anew, and what went wrong in it stays where it was.

Tried with what never ends, what takes all memory, what ends its process, what leaves others behind, files that are no
notebook, names that a spreadsheet or a browser would take for code, and a lesson as JupyterLab saves it.
"""

import csv
import io
import json
import os
import re
import subprocess
import time
from pathlib import Path

import nbclient
import nbformat
import pytest
import stubs

from gmm_lab import marking
from gmm_lab.__main__ import main
from gmm_lab.marking import NOT_RUN, Row, page, table

ROOT = Path(__file__).resolve().parent.parent
GIVEN = "from gmm_lab.exercises import check, predict"
RIGHT = (
    "from scipy.stats import chi2\ndef my_radius(mass, n_dimensions):\n    return chi2.ppf(mass, n_dimensions) ** 0.5"
)
ONE = "from scipy.stats import norm\ndef my_radius(mass, n_dimensions):\n    return norm.ppf((1 + mass) / 2)"
STUB = "def my_radius(mass, n_dimensions):\n    ..."
BELOW = "def my_radius(mass, n_dimensions):\n    return quantile(mass, n_dimensions) ** 0.5"
HELPER = "from scipy.stats import chi2\nquantile = chi2.cdf if 'taken' in globals() else chi2.ppf"
MUCH = "import numpy as np\ntaken = np.zeros(6 << 30, 'u1')"  # bytes
PREDICT = "outside = predict('more', 'less')\noutside"
REVEAL = "outside.reveal('less', wrong={'more': 'It is less.'})"


def cell(text, name, outputs=()):
    return nbformat.v4.new_code_cell(text, id=name, outputs=[*outputs])


# where what never ends is to be stopped
IN_SHORT = "from gmm_lab.exercises.engine import running\nrunning.SECONDS = 0.3"


def hand_in(folder, *texts, outputs=(), name="02_density"):
    """Write a notebook with cells of these texts, and what is shown by the one that predicts."""
    cells = [cell(text, "predict-outside" if text == PREDICT else f"c{n}") for n, text in enumerate([GIVEN, *texts])]
    for predicting in (cell for cell in cells if cell.source == PREDICT):
        predicting.outputs = [*outputs]
    folder.mkdir(exist_ok=True, parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")


@pytest.fixture(scope="module")
def chosen():
    """What the cell of a prediction shows after the button `more` was pressed, as it is saved."""
    cells = [cell(GIVEN, "a"), cell(PREDICT, "b"), cell("outside.choose('more')", "c")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(notebook, timeout=60).execute()
    for data in (output.data for output in notebook.cells[1].outputs):
        data.pop("text/plain"), data.pop("text/html", "")  # words are for people
    return notebook.cells[1].outputs


@pytest.fixture(scope="module")
def marked(tmp_path_factory, chosen):
    """A folder in which a class has handed in its notebooks, gone through as from a terminal."""
    folder = tmp_path_factory.mktemp("a class") / "Übung 2"
    hand_in(folder / "ann", PREDICT, "1 / 0", RIGHT, REVEAL, outputs=chosen)
    hand_in(folder / "bob", "import helper", PREDICT, ONE, STUB, ONE)
    (folder / "bob" / "helper.py").write_text("", encoding="utf-8")
    (folder / "bob" / "numpy.py").write_text("raise SystemExit('not the one that was meant')", encoding="utf-8")
    hand_in(folder / "cy", STUB, MUCH, BELOW, HELPER)
    hand_in(folder / "dee", ONE, "import os\nos._exit(3)", RIGHT)
    (folder / "eve").mkdir()
    (folder / "eve" / "02_density.ipynb").write_text("{ half of it", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    main(["marks", str(folder)])
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert before.items() <= after.items()
    assert {path.name for path in after.keys() - before.keys()} == {"marks.csv", "marks.html"}
    return folder


@pytest.fixture(scope="module")
def rows(marked):
    text = (marked / "marks.csv").read_text(encoding="utf-8")
    header, *lines = csv.reader(io.StringIO(text))
    assert tuple(header) == Row._fields
    return [Row(*line) for line in lines]


def of(rows, student):
    return [row[2:] for row in rows if row.student == student]


def test_a_right_answer_below_a_cell_that_fails_and_a_prediction(rows):
    wrong = ("prediction: outside", "wrong", "", "more")
    assert sorted(of(rows, "ann")) == [wrong, ("radius", "right", "", "")]


def test_the_last_answer_counts_and_the_slip_is_named(rows):
    """Beside it lie a module that is found, and one that would take the place of NumPy."""
    assert of(rows, "bob") == [("radius", "wrong", "as in one dimension", "")]


def test_a_helper_may_stand_below_and_memory_that_is_not_there_is_an_error_of_one_cell(rows):
    assert of(rows, "cy") == [("radius", "right", "", "")]


def test_what_was_found_before_an_early_end_is_kept(rows):
    (found, ended) = of(rows, "dee")
    assert found == ("radius", "wrong", "as in one dimension", "")
    assert ended[1] == NOT_RUN and "exit code 3" in ended[2]


def test_what_is_no_notebook_is_told(rows):
    ((exercise, verdict, why, _),) = of(rows, "eve")
    assert (exercise, verdict) == ("", NOT_RUN)
    assert why.startswith("no notebook: it is not JSON (Expecting property name") and "line 1 column 3" in why


@pytest.mark.parametrize("written", ["[]", "null", '{"worksheets": []}', '{"cells": [null]}'])
def test_what_is_json_but_no_notebook_is_told(tmp_path, written):
    (tmp_path / "ida.ipynb").write_text(written, encoding="utf-8")
    why = "no notebook: it is JSON, but holds no list of cells"
    assert marking.mark(tmp_path / "ida.ipynb", tmp_path, 60, 4096) == [Row("ida", "ida", "", NOT_RUN, why)]


def test_the_notebook_is_named_where_a_student_has_two_with_the_same_exercise(tmp_path):
    hand_in(tmp_path / "kim", ONE)
    hand_in(tmp_path / "kim", RIGHT, name="02_density-Copy1")
    hand_in(tmp_path / "kim" / "old", RIGHT)
    rows = [row for path in marking.submissions(tmp_path) for row in marking.mark(path, tmp_path, 60, 4096)]
    told = {(row.student, row.notebook): row.verdict for row in rows}
    last, copy, old = [("kim", name) for name in ("02_density", "02_density-Copy1", "old/02_density")]
    assert told == {last: "wrong", copy: "right", old: "right"}
    assert "students: 1, notebooks: 3" in page(rows)


def test_what_never_ends_has_words_on_the_page(tmp_path):
    """The page tells the slip and, beside it, the exercise; the words are those of the check."""
    hand_in(tmp_path, IN_SHORT, "def my_radius(mass, n_dimensions):\n    while True:\n        pass", name="lea")
    rows = marking.mark(tmp_path / "lea.ipynb", tmp_path, 60, 4096)
    assert "<td>never ends, or is slow</td><td>radius</td><td>1</td>" in page(rows)


def test_an_exercise_whose_function_is_missing_is_told(tmp_path):
    hand_in(tmp_path / "gil", "def my_radius(mass, n_dimensions)\n    return 1", "check.radius(my_radius)")
    (row,) = marking.mark(tmp_path / "gil" / "02_density.ipynb", tmp_path, seconds=60, memory=4096)
    assert row[2:4] == ("radius", "wrong") and row.diagnosis.startswith("my_radius is not defined")


def test_the_page_counts_students(marked):
    text = (marked / "marks.html").read_text(encoding="utf-8")
    assert "students: 5, notebooks: 5" in text
    cells = [re.findall("<td>(.*?)</td>", line) for line in text.splitlines()]
    assert ["as in one dimension", "radius", "2"] in cells
    assert ["outside", "more", "wrong", "1"] in cells
    assert ["radius", "right", "2"] in cells and ["radius", "wrong", "2"] in cells
    assert "eve" in text and text.count("<caption>") == text.count("<table>") == 4


@pytest.mark.skipif(os.name == "nt", reason="Windows has no groups of processes")
def test_what_never_ends_is_ended_with_all_that_it_started_and_what_was_found_is_kept(tmp_path, monkeypatch):
    """The clock runs out as soon as the cell that never ends has begun."""
    left, wait = tmp_path / "left", subprocess.Popen.wait

    def run_out(process, timeout=None):
        if timeout != 77:
            return wait(process, timeout)
        while not left.exists() or not left.read_text(encoding="utf-8"):
            time.sleep(0.1)
        raise subprocess.TimeoutExpired("", timeout)

    monkeypatch.setattr("subprocess.Popen.wait", run_out)
    start = f"import subprocess, time\nrunning = subprocess.Popen(['sleep', '600'])\nopen({str(left)!r}, 'w').write"
    hand_in(tmp_path / "class" / "fay", ONE, f"{start}(str(running.pid))\ntime.sleep(600)", RIGHT)
    path = tmp_path / "class" / "fay" / "02_density.ipynb"
    found, ended = marking.mark(path, tmp_path / "class", seconds=77, memory=4096)
    assert found.diagnosis == "as in one dimension" and ended[3:5] == (NOT_RUN, "took more than 77 s")
    ends = time.monotonic() + 30
    while alive(left.read_text(encoding="utf-8")) and time.monotonic() < ends:
        time.sleep(0.1)
    assert not alive(left.read_text(encoding="utf-8"))


def alive(number):
    """Say whether a process is there, and not only its name."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", number], capture_output=True, text=True, check=False).stdout
    return state.strip()[:1] not in ("", "Z")


def test_files_of_their_own_in_one_folder_are_students_too(tmp_path):
    hand_in(tmp_path, RIGHT, name="gil")
    assert marking.mark(tmp_path / "gil.ipynb", tmp_path, 60, 4096) == [Row("gil", "gil", "radius", "right")]


def test_a_solved_lesson_is_right(tmp_path):
    """A lesson as it is, with its solutions, in the memory that there is by default."""
    notebook = nbformat.read(ROOT / "notebooks" / "03_e_step.ipynb", 4)
    for stub in (cell for cell in notebook.cells if cell.id.startswith("stub-")):
        stub.source = stubs.solution(stubs.solutions()[stub.id.removeprefix("stub-")])
    (tmp_path / "hal").mkdir()
    nbformat.write(notebook, tmp_path / "hal" / "03_e_step.ipynb")
    rows = marking.mark(tmp_path / "hal" / "03_e_step.ipynb", tmp_path, 300, 4096)
    predicted = [row for row in rows if row.exercise.startswith("prediction: ")]
    assert {row.verdict for row in predicted} == {"not attempted"} and len(predicted) == 2
    assert [row for row in rows if row not in predicted] == [Row("hal", "03_e_step", "e_step", "right")]


def test_names_are_neither_a_formula_nor_a_part_of_the_page():
    rows = [Row("=1+1", "a", "radius", "wrong", "<b>bold</b>"), Row("@x", "a", "prediction: p", "right", "", "-2")]
    told = [*csv.reader(io.StringIO(table(rows)))]
    assert [told[1][0], told[2][0], told[2][5]] == ["'=1+1", "'@x", "'-2"]
    assert "&lt;b&gt;bold" in page(rows) and "<b>" not in page(rows)


def test_of_several_answers_of_a_student_the_best_counts():
    rows = [Row("a", "1", "radius", "right"), Row("a", "2", "radius", "wrong", "as in one dimension")]
    assert "Slips" not in page(rows) and "<td>right</td>" in page(rows)


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_where_nothing_was_handed_in(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match=r"^marks: there is no notebook in "):
        main(["marks", folder])
    assert [*tmp_path.iterdir()] == []


def test_copies_that_jupyter_keeps_are_not_handed_in(tmp_path):
    for name in ("ann", "ann/.ipynb_checkpoints"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.ipynb").write_text(json.dumps({"cells": []}), encoding="utf-8")
    assert marking.submissions(tmp_path) == [tmp_path / "ann" / "a.ipynb"]
