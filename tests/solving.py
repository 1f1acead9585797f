"""Lessons as a reader leaves them who has solved all exercises and made all predictions but the last."""

import re
from copy import deepcopy
from pathlib import Path

import nbformat
import stubs

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
SOLUTIONS = {name: stubs.solution(lines) for name, lines in stubs.solutions().items()}
CHECKED = re.compile(r"\bcheck\.(\w+)\(my_")
KEPT = {"03_e_step": "e_step", "04_m_step": "m_step"}  # the lesson that writes it into mine.py
# a kernel may talk to this machine only
OFFLINE = """import socket

def connect(self, address, connect=socket.socket.connect):
    if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"a lesson connects to {address}")
    return connect(self, address)

socket.socket.connect = connect"""


def solved(path):
    """Return a lesson with the solutions in place of the stubs and the first button of each prediction pressed."""
    notebook = nbformat.read(path, as_version=4)
    predictions = [cell for cell in notebook.cells if cell.id.startswith("predict-")]
    for cell in predictions[:-1]:
        *lines, name = cell.source.splitlines()
        cell.source = "\n".join([*lines, f"{name}.choose({name}.choices[0])", name])
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.outputs, cell.execution_count = [], None
        if cell.id.startswith("stub-"):
            cell.source = SOLUTIONS[cell.id.removeprefix("stub-")]
    again = deepcopy([cell for cell in notebook.cells if cell.id.startswith("reveal-")])
    for cell in again:
        cell.id += "-again"
    notebook.cells = [nbformat.v4.new_code_cell(OFFLINE), *notebook.cells, *again]
    return notebook


def kept_before(lesson):
    """Return mine.py as the lessons before this one leave it."""
    earlier = [SOLUTIONS[name] for place, name in KEPT.items() if place < lesson]
    return "\n\n".join([stubs.SOURCE.split("def my_")[0], *earlier])


def shown(cell):
    """Return what a cell put out, as text."""
    outputs = cell["outputs"]
    return "".join(output.get("text", output.get("data", {}).get("text/plain", "")) for output in outputs)


def assert_solved(lesson, cells, mine):
    """Hold what the cells of a solved lesson put out, and mine.py after it, against what a reader is to see."""
    assert set(re.findall(r"^def my_(\w+)", mine, re.MULTILINE)) == {KEPT[place] for place in KEPT if place <= lesson}
    cells = [cell for cell in cells if cell["cell_type"] == "code"]
    unmade = [cell["id"] for cell in cells if cell["id"].startswith("predict-")][-1].replace("predict-", "reveal-")
    for cell in cells:
        assert ("kept(" in cell["source"]) == ("E-step from mine" in shown(cell))
        assert shown(cell).count("Right.\nChecked on:") == len(CHECKED.findall(cell["source"])), shown(cell)
        kinds = [(output["output_type"], output.get("name")) for output in cell["outputs"]]
        assert {("error", None), ("stream", "stderr")}.isdisjoint(kinds), shown(cell)
        if cell["id"].removesuffix("-again") == unmade:
            assert "You have not chosen above" in shown(cell)
        else:
            assert shown(cell).startswith("You predicted: ") == cell["id"].startswith("reveal-")
            assert "Not attempted" not in shown(cell)
