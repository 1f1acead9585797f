"""Build the notebooks from the text of the lessons, `lessons/*.md`, or take what was changed in a notebook back there.

build.py         build, run every cell and save what it shows (`make notebooks`)
build.py --keep  build, and keep what was shown before, for what changes no code (`make links`)
build.py --back  write the text anew from the notebooks' cells (`make lessons`)

A lesson is MyST Markdown as Jupytext reads it. A cell may have a name. What stands in more than one page, or is made of
something else, is put in place of the cell of that name: links, the map, the first cell, stubs and solutions.
"""

import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import jupytext
import navigation
import nbformat
import stubs
from nbclient import NotebookClient
from nbconvert.preprocessors import CoalesceStreamsPreprocessor

from gmm_lab.lab.saving import leave_stills

ROOT = Path(__file__).resolve().parent.parent
FORMAT = "md:myst"
# any Python 3 runs them, and a converter knows their language
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "name": "python"},
}
NAMES = re.compile(r"(predict|reveal|exercise|stub|check|solution|explore)-\w+")  # another id is made by Jupyter
HEADER = re.compile(r"\A---\n.*?\n---\n\n", re.DOTALL)


def inserted(number) -> dict:
    """Return what is put in place of cells of a lesson, by their names."""
    return navigation.texts(number, navigation.repository()) | stubs.texts()


def mark(name, cell_type):
    """Return what stands in a lesson's text for a cell that is put in."""
    return f"# here: {name}" if cell_type == "code" else f"<!-- here: {name} -->"


def notebook(number, text):
    """Return the notebook of a lesson, not run yet, from its text."""
    built = jupytext.reads(text, FORMAT)
    texts = inserted(number)
    for n, cell in enumerate(built.cells):
        cell.id = cell.metadata.pop("name", f"{n:02d}")
        cell.source = texts.get(cell.id, cell.source)
    return built


def lesson(number, written) -> str:
    """Return the text of a lesson from its notebook, whose cells may have been changed."""
    texts = inserted(number)
    bare = nbformat.from_dict({**written, "metadata": {}})
    for cell in bare.cells:
        cell.metadata = {"name": cell.id} if cell.id in texts or NAMES.fullmatch(cell.id) else {}
        if cell.id in texts:
            cell.source = mark(cell.id, cell.cell_type)
    return HEADER.sub("", jupytext.writes(bare, FORMAT))


def run(built):
    """Run a notebook in the folder of the notebooks; of controls, which end with their kernel, the stills stay."""
    client = NotebookClient(built, timeout=600, record_timing=False, store_widget_state=False, kernel_name="python3")
    client.resources = {"metadata": {"path": str(ROOT / "notebooks")}}
    client.execute()
    CoalesceStreamsPreprocessor().preprocess(built, {})
    leave_stills({"type": "notebook", "content": built})


def keep(built, before):
    """Give a notebook what its cells showed before, as far as their code is the same, but for what is put in."""
    cells = {key: cell for cell in before.cells if cell.cell_type == "code" for key in (cell.source, cell.id)}
    for cell in built.cells:
        old = cells.get("kernel" if cell.id == "kernel" else cell.source)
        if cell.cell_type == "code" and old:
            cell.outputs, cell.execution_count = old.outputs, old.execution_count


def saved(built) -> str:
    """Return a notebook as it is saved."""
    built.metadata = METADATA
    for cell in built.cells:
        cell.metadata = {}
    return nbformat.writes(built) + "\n"


def paths():
    """Return the path of each lesson's text and that of its notebook, in teaching order."""
    names = [lesson.file for lesson in navigation.LESSONS]
    return [(ROOT / "lessons" / f"{name}.md", ROOT / "notebooks" / f"{name}.ipynb") for name in names]


def write(number, how):
    text, path = paths()[number]
    if how == "--back":
        text.write_text(lesson(number, nbformat.read(path, 4)), encoding="utf-8", newline="\n")
        return
    built = notebook(number, text.read_text(encoding="utf-8"))
    if how == "--keep":
        keep(built, nbformat.read(path, 4))
    else:
        run(built)
    path.write_text(saved(built), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    how = sys.argv[1] if len(sys.argv) > 1 else ""
    if how not in ("", "--keep", "--back"):
        sys.exit(__doc__)
    numbers = range(len(navigation.LESSONS))
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(write, numbers, [how] * len(numbers)))
