"""Every notebook as a reader leaves it who has solved all exercises and made all predictions.

With the stubs still in them, the notebooks are run by nbval against their saved outputs.
"""

import json
import re
from copy import deepcopy
from pathlib import Path

import nbclient
import nbformat
import pytest
import stubs

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
SOLUTIONS = {name: stubs.solution(lines) for name, lines in stubs.solutions().items()}
CHECKED = re.compile(r"\bcheck\.(\w+)\(my_")
KEPT = {"03_e_step": "e_step", "04_m_step": "m_step"}  # the lesson that writes it into mine.py


def read(path):
    return nbformat.read(path, as_version=4)


# a kernel may talk to this machine only
OFFLINE = """import socket

def connect(self, address, connect=socket.socket.connect):
    if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"a lesson connects to {address}")
    return connect(self, address)

socket.socket.connect = connect"""


def solved(notebook):
    """Put the solutions in place of the stubs, and press the first button of each prediction."""
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        if cell.id.startswith("stub-"):
            cell.source = SOLUTIONS[cell.id.removeprefix("stub-")]
        elif cell.id.startswith("predict-"):
            name = cell.source.splitlines()[-1]
            cell.source += f"\n{name}.choose({name}.choices[0])"
    return notebook


def shown(cell):
    return "".join(output.get("text", output.get("data", {}).get("text/plain", "")) for output in cell.outputs)


def test_there_is_an_exercise_in_every_lesson():
    assert all('"stub-' in path.read_text(encoding="utf-8") for path in NOTEBOOKS[1:])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_as_saved_nothing_is_attempted(path):
    cells = [cell for cell in read(path).cells if CHECKED.search(cell.source) and cell.cell_type == "code"]
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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_solved_all_is_right(path, tmp_path):
    """Run after the lessons before it, whose steps were kept."""
    notebook, mine = solved(read(path)), tmp_path / "mine.py"
    earlier = [SOLUTIONS[name] for lesson, name in KEPT.items() if lesson < path.stem]
    mine.write_text("\n\n".join([stubs.SOURCE.split("def my_")[0], *earlier]), encoding="utf-8")
    notebook.cells.insert(0, nbformat.v4.new_code_cell(OFFLINE))
    notebook.cells += [deepcopy(cell) for cell in notebook.cells if cell.id.startswith("reveal-")]  # looked at again
    nbclient.NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    kept = mine.read_text(encoding="utf-8")
    assert all((f"def my_{name}(" in kept) == (lesson <= path.stem) for lesson, name in KEPT.items())
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        assert ("kept(" in cell.source) == ("E-step from mine" in shown(cell))
        assert shown(cell).count("Right.\nChecked on:") == len(CHECKED.findall(cell.source)), shown(cell)
        assert "Not attempted" not in shown(cell)
        assert [output for output in cell.outputs if output.get("name") == "stderr"] == []
        if cell.id.startswith("reveal-"):
            assert shown(cell).startswith("You predicted: ")


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
