"""A check in a notebook looks at the function that the newest cell defines, and says so where there is none."""

import re

import nbclient
import nbformat
import pytest

RIGHT = """from gmm_lab import e_step
from gmm_lab.exercises import check

def my_e_step(points, mixture):
    return e_step(points, mixture)"""
CHECK = "check.e_step(my_e_step)"
SYNTAX = "def my_e_step(points, mixture):\n    return e_step(points, mixture"
BRACKET = "def my_e_step points, mixture):\n    return e_step(points, mixture)"
STOPPED = "1 / 0\ndef my_e_step(points, mixture):\n    return e_step(points, mixture)[::-1]"
LATER = RIGHT.replace("return", "points = points + 0\n    return")
NESTED = "def maker():\n    def my_e_step(points, mixture):\n        return 3\n    return my_e_step"
CASES = {
    "run": ([], "Right."),
    "run twice": ([RIGHT], "Right."),
    "syntax error": (
        [SYNTAX],
        "run: its line 2, `return e_step(points, mixture`, is not Python ('(' was never closed)",
    ),
    "syntax error in its first line": ([BRACKET], "its line 1, `def my_e_step points, mixture):`, is not Python"),
    "syntax error over the stub": (["def my_e_step(points, mixture):\n    return ...", SYNTAX], "its line 2, `return"),
    "syntax error where it is only used": (["def other():\n    return my_e_step("], "Right."),
    "signs that Python warns of": (
        [RIGHT.replace("    return", '    r"""\\gamma"""; "\\gamma"\n    return')],
        "Right.",
    ),
    "error before it": ([STOPPED], "did not run as far as that."),
    "mended": ([SYNTAX, RIGHT], "Right."),
    "of the same name, inside another": ([NESTED], "Right."),
    "chosen on purpose": (["first = my_e_step", STOPPED.replace("1 / 0", ""), "my_e_step = first"], "Right."),
    "imported from a file": (["%%writefile mine.py\n" + RIGHT + " ", "from mine import my_e_step"], "Right."),
    "imported from a file, as it was before": (
        ["%%writefile mine.py\n" + RIGHT, LATER, "from mine import my_e_step"],
        "Right.",
    ),
    "chosen among others": (["first = my_e_step", LATER, "my_e_step, other = first, my_e_step"], "Right."),
    "imported from a file that is written anew": (
        ["%%writefile mine.py\n" + RIGHT, "from mine import my_e_step", "%%writefile mine.py\n" + LATER],
        "`mine.py` does not say any more what it said when `my_e_step` was imported",
    ),
    "imported from a file that can't be read any more": (
        ["%%writefile mine.py\n" + RIGHT, "from mine import my_e_step", "%%writefile mine.py\n" + SYNTAX],
        "`mine.py` does not say any more",
    ),
    "imported anew": (
        [
            "%%writefile mine.py\n" + RIGHT.replace("return", "return 3,"),
            "from mine import my_e_step",
            "%%writefile mine.py\n" + RIGHT,
            "import importlib, mine\nimportlib.reload(mine)",
            "from mine import my_e_step",
        ],
        "Right.",
    ),
    "imported, and the file has more in it now": (
        ["%%writefile mine.py\n" + RIGHT, "from mine import my_e_step", "%%writefile mine.py\nmore = 1\n\n" + RIGHT],
        "Right.",
    ),
    "imported before a syntax error": (
        ["%%writefile mine.py\n" + RIGHT, "from mine import my_e_step", SYNTAX],
        "run: its line 2, `return e_step(points, mixture`, is not Python",
    ),
    "wrong in a file": (
        ["%%writefile mine.py\n" + RIGHT.replace("return", "return 1 / 0 *"), "from mine import my_e_step"],
        "stopped in the line `return 1 / 0 * e_step(points, mixture)` with ZeroDivisionError",
    ),
    "endless in a file": (
        [
            "%%writefile mine.py\n" + RIGHT.replace("return", "while 1: print('on')\n    return"),
            "from mine import my_e_step",
        ],
        "still computing after 0.3 s",
    ),
    "in a cell that writes a file": (["%%writefile not_run.py\n" + SYNTAX], "Right."),
}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What the checks show, all in one kernel, where the function of each case has a name of its own."""
    notebook = nbformat.v4.new_notebook()
    in_short = "from gmm_lab.exercises.engine import running\nrunning.SECONDS = 0.3"
    notebook.cells.append(nbformat.v4.new_code_cell(in_short))
    for number, (cells, _) in enumerate(CASES.values()):
        texts = [re.sub(r"\b(my_e_step|mine)\b", rf"\1_{number}", text) for text in (RIGHT, *cells, CHECK)]
        notebook.cells += map(nbformat.v4.new_code_cell, texts)
    here = {"metadata": {"path": tmp_path_factory.mktemp("cells")}}
    nbclient.NotebookClient(notebook, timeout=600, allow_errors=True, resources=here).execute()
    return [cell.outputs for cell in notebook.cells if cell.source.startswith("check.")]


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)))
def test_a_check_says_where_the_newest_cell_did_not_run(number, case, outputs):
    (output,) = outputs[number]
    told = " ".join(output.data["text/plain"].split()).replace(f"_{number}", "")
    assert CASES[case][1] in told
