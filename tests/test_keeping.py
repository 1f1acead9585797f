"""A reader's own steps in mine.py: only right ones, whole, over a restart of the kernel, and packed to be taken home.

Tried in a folder with a space and an umlaut, and in one where nothing can be written.
"""

import re
import zipfile

import nbclient
import nbformat
import pytest
import stubs

from gmm_lab import e_step, m_step
from gmm_lab.exercises import keep, kept
from gmm_lab.exercises.keeping import FILE
from gmm_lab.lab.saving import WORK, pack, pack_beside

HELPERS = stubs.SOURCE.split("def my_")[0]
SOLUTIONS = {name: stubs.solution(lines) for name, lines in stubs.solutions().items()}
STUB = stubs.stub(stubs.solutions()["e_step"])
READ = "from gmm_lab import e_step, m_step\nfrom gmm_lab.exercises import keep, kept\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("meine Übung")


NAMELESS = SOLUTIONS["e_step"].replace("log_sum_exp(table)", "np.logaddexp.reduce(table, keepdims=True, **settings)")
AGAIN = SOLUTIONS["e_step"].replace("log_density", "log_total")
# what a reader runs, one after another, and what is told
CELLS = {
    "right": (SOLUTIONS["e_step"], "Kept in mine.py: `my_e_step`, with `log_joint`, `log_sum_exp`."),
    "another": (SOLUTIONS["m_step"], "Kept in mine.py: `my_m_step`."),
    "a stub": (STUB, "Nothing was kept: `my_e_step` is not right yet, says its check."),
    "a slip": (
        SOLUTIONS["e_step"].replace("table - log_density", "table"),
        "Nothing was kept: `my_e_step` is not right yet, says its check.",
    ),
    "more than can be taken along": (
        "settings = {'axis': 1}\n" + NAMELESS,
        "Nothing was kept: in mine.py, without the rest of this notebook, `my_e_step` is not right.",
    ),
    "a note of one's own": (
        f"with open('{FILE}', 'a') as file:\n    file.write('NOTE = 1')\n{STUB}",
        "Nothing was kept",
    ),
    "another way": (AGAIN, "Kept in mine.py: `my_e_step`, with `log_joint`, `log_sum_exp`."),
}


@pytest.fixture(scope="module")
def shown(folder):
    """What is told of each, and the file as it stands then."""
    cells = [READ + HELPERS]
    for source, _ in CELLS.values():
        name = re.search(r"def (my_\w+)", source)[1]
        cells += [source, f"keep({name})", f"print(open('{FILE}').read())"]
    outputs = iter(run(folder, cells))
    return dict(zip(CELLS, zip(outputs, outputs, strict=True), strict=True))


def run(folder, cells):
    """Return what each cell shows that shows something, in a kernel of its own."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    nbclient.NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [output.get("text") or output["data"]["text/plain"] for output in outputs]


@pytest.mark.parametrize("case", CELLS)
def test_what_is_told(shown, case):
    assert " ".join(shown[case][0].split()).startswith(CELLS[case][1])


def test_only_what_is_right_is_written_and_all_else_stays(shown):
    files = {case: file for case, (_, file) in shown.items()}
    assert files["another"] == files["a stub"] == files["a slip"] == files["more than can be taken along"]
    assert "log_density" in files["another"]
    assert "log_total" in files["another way"] and "log_density" not in files["another way"]
    assert all(files["another way"].count(text) == 1 for text in ("def my_e_step", "def my_m_step", "NOTE"))


def test_it_outlives_its_kernel(shown, folder):
    read = "print(*(kept(f'my_{name}', or_else=eval(name)).__module__ for name in ('e_step', 'm_step')))"
    assert run(folder, [READ, read]) == ["mine mine\n"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_the_file_the_other_function_serves(here):
    assert kept("my_e_step", or_else=e_step) is e_step


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def my_m_step(", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("def my_m_step(points, responsibilities, reg_covar=0.0):\n    return 3", "`my_m_step` is not right"),
    ],
)
def test_a_file_that_was_broken_since_is_left_out_and_that_is_said(here, capsys, text, why):
    FILE.write_text(text, encoding="utf-8")
    assert kept("my_m_step", or_else=m_step) is m_step
    assert why in capsys.readouterr().out


def my_e_step(points, mixture):
    return e_step(points, mixture)


def test_where_nothing_can_be_written_that_is_said(here, monkeypatch):
    def refuse(path, data):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("gmm_lab.exercises.keeping.write_whole", refuse)
    assert repr(keep(my_e_step)) == "mine.py was not written (Permission denied)."


def test_it_is_packed_with_all_other_work(here):
    pack(here)
    FILE.write_text("mine", encoding="utf-8")
    pack_beside(str(here / "lesson.ipynb"))
    with zipfile.ZipFile(here / WORK) as archive:
        assert archive.namelist() == ["mine.py"]
