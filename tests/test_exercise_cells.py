"""A check in a notebook looks at the function that the newest cell defines, and says so where there is none."""

import nbclient
import nbformat
import pytest

RIGHT = """from gmm_lab import e_step
from gmm_lab.exercises import check

def my_e_step(points, mixture):
    return e_step(points, mixture)"""
CHECK = "check.e_step(my_e_step)"
SYNTAX = "def my_e_step(points, mixture):\n    return e_step(points, mixture"
STOPPED = "1 / 0\ndef my_e_step(points, mixture):\n    return e_step(points, mixture)[::-1]"
NESTED = "def maker():\n    def my_e_step(points, mixture):\n        return 3\n    return my_e_step"
CASES = {
    "run": ([], "Right."),
    "run twice": ([RIGHT], "Right."),
    "syntax error": (
        [SYNTAX],
        "run: its line 2, `return e_step(points, mixture`, is not Python ('(' was never closed)",
    ),
    "error before it": ([STOPPED], "did not run as far as that."),
    "mended": ([SYNTAX, RIGHT], "Right."),
    "of the same name, inside another": ([NESTED], "Right."),
    "chosen on purpose": (["first = my_e_step", STOPPED.replace("1 / 0", ""), "my_e_step = first"], "Right."),
    "imported from a file": (["%%writefile mine.py\n" + RIGHT + " ", "from mine import my_e_step"], "Right."),
    "in a cell that writes a file": (["%%writefile not_run.py\n" + SYNTAX], "Right."),
}


@pytest.mark.parametrize("case", CASES)
def test_a_check_says_where_the_newest_cell_did_not_run(case, tmp_path):
    cells, told = CASES[case]
    sources = [RIGHT, *cells, CHECK]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sources])
    here = {"metadata": {"path": tmp_path}}
    nbclient.NotebookClient(notebook, timeout=60, allow_errors=True, resources=here).execute()
    (output,) = notebook.cells[-1].outputs
    assert told in " ".join(output.data["text/plain"].split())
