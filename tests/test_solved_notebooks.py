"""Exercises and predictions in the lessons, as saved and as solved.

With the stubs still in them, the notebooks are run by nbval against their saved outputs.
"""

import json

import nbclient
import nbformat
import pytest
from printing import CHROMIUM
from solving import CHECKED, NOTEBOOKS, assert_solved, kept_before, shown, solved


def test_there_is_an_exercise_in_every_lesson():
    assert all('"stub-' in path.read_text(encoding="utf-8") for path in NOTEBOOKS[1:])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_as_saved_nothing_is_attempted(path):
    cells = [
        cell
        for cell in nbformat.read(path, as_version=4).cells
        if CHECKED.search(cell.source) and cell.cell_type == "code"
    ]
    assert len(cells) >= 1 or path == NOTEBOOKS[0]
    for cell in cells:
        assert shown(cell).count("Not attempted yet") == len(CHECKED.findall(cell.source))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_prediction_is_made_before_it_is_revealed(path):
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    ids = [cell["id"] for cell in cells]
    predicted = [place for place, name in enumerate(ids) if name.startswith("predict-")]
    assert len(predicted) >= 2
    for place in predicted:
        name = "".join(cells[place]["source"]).splitlines()[-1]
        revealed = ids.index(ids[place].replace("predict-", "reveal-"))
        assert revealed > place + 1, "the result comes in between"
        assert f"{name}.reveal(" in "".join(cells[revealed]["source"])


if CHROMIUM is None:  # otherwise readers' own JupyterLab runs them: test_browser.py

    @pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
    def test_solved_all_is_right(path, tmp_path):
        notebook, mine = solved(path), tmp_path / "mine.py"
        mine.write_text(kept_before(path.stem), encoding="utf-8")
        nbclient.NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
        assert_solved(path.stem, notebook.cells, mine.read_text(encoding="utf-8"))


def test_what_never_ends_is_stopped_in_a_kernel_and_the_kernel_lives():
    cells = [
        "from gmm_lab.exercises import check\nfrom gmm_lab.exercises.engine import running\nrunning.SECONDS = 1",
        "def my_e_step(points, mixture):\n    while True:\n        pass",
        "check.e_step(my_e_step)",
        "import time\nrunning.PATIENCE = 1\ndef my_e_step(points, mixture):\n    time.sleep(60)",
        "check.e_step(my_e_step)",
        "print('alive')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    nbclient.NotebookClient(notebook, timeout=600).execute()
    assert "still computing after 1 s" in shown(notebook.cells[2])
    assert "had waited for more than 1 s" in shown(notebook.cells[4])
    assert shown(notebook.cells[5]) == "alive\n"
