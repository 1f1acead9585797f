"""What a class has handed in, run anew and put together: a table for a spreadsheet, and a page on what to explain."""

import csv
import html
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

RIGHT, WRONG, NOT_ATTEMPTED = "right", "wrong", "not attempted"
NOT_REVEALED, NOT_RUN = "not revealed", "not run to its end"
RANK = (NOT_REVEALED, NOT_ATTEMPTED, WRONG, RIGHT)  # of several answers of a student the best counts
PREDICTION = "prediction: "
FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet would compute
STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 sans-serif; max-width: 50rem; margin: auto; padding: 1rem; hyphens: auto }
table { border-collapse: collapse; margin: 1.5rem 0 }
caption { text-align: left; font-weight: bold }
th, td { text-align: left; vertical-align: top; border-bottom: 1px solid #888; padding: .2rem 1rem .2rem 0 }
td { overflow-wrap: anywhere; min-width: 3.5rem }
"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head>
<body><main><h1>{title}</h1>
{tables}</main></body></html>
"""


class Row(NamedTuple):
    """What was found of one exercise, or of one prediction, in one notebook."""

    student: str
    notebook: str  # its path in the folder of the student
    exercise: str
    verdict: str  # "right", "wrong", "not attempted"; for a notebook, "not run to its end"
    diagnosis: str = ""
    prediction: str = ""


def submissions(folder: Path) -> list[Path]:
    """Return the notebooks that were handed in; raise FileNotFoundError where there are none."""
    hidden = {
        path for path in folder.rglob("*.ipynb") if any(part[0] == "." for part in path.relative_to(folder).parts)
    }
    found = sorted({*folder.rglob("*.ipynb")} - hidden)
    if not found:
        raise FileNotFoundError(
            f"there is no notebook in {folder}: a folder for each student was expected, as in"
            f" {folder / 'maria' / '03_e_step.ipynb'}"
        )
    return found


def mark(path: Path, folder: Path, seconds: int, memory: int) -> list[Row]:
    """Return what is found when a notebook in `folder` is run anew, for at most so many seconds, in so many MiB."""
    student, *below = path.relative_to(folder).with_suffix("").parts
    whose = student, "/".join(below) or student
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        work, results = Path(place) / "work", Path(place) / "results"
        if path.parent == folder:
            work.mkdir()
            shutil.copy(path, work)
        else:
            shutil.copytree(path.parent, work, symlinks=True)
        results.touch()
        ended = _run(work / path.name, results, seconds, memory)
        told = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    rows = {exercise: Row(*whose, exercise, *found) for exercise, *found in told}
    return [*rows.values(), *([Row(*whose, "", NOT_RUN, ended)] if ended else [])]


def _run(notebook, results, seconds, memory):
    """Run a notebook in a process of its own, and return why that ended early; nothing where it did not."""
    command = [sys.executable, "-P", "-m", "gmm_lab.submission", notebook.name, results, str(memory)]
    own = {"IPYTHONDIR": str(results.parent), "MPLBACKEND": "agg"}
    quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    process = subprocess.Popen(command, cwd=notebook.parent, env=os.environ | own, start_new_session=True, **quiet)
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return f"took more than {seconds} s"
    finally:
        _end(process)
    return f"ended early, with exit code {code}: out of {memory} MiB of memory, or ended by a cell" if code else ""


def _end(process):
    """End a process, and what it has started."""
    if os.name == "nt":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait()


def table(rows: Iterable[Row]) -> str:
    """Return rows as CSV, in which a spreadsheet takes nothing that a student wrote for a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows([f"'{text}" if text.startswith(FORMULA) else text for text in row] for row in rows)
    return file.getvalue()


def page(rows: list[Row]) -> str:
    """Return a page on the class: slips and predictions by how many made them, and how far each exercise is."""
    best = {}
    for row in sorted((row for row in rows if row.verdict in RANK), key=lambda row: RANK.index(row.verdict)):
        best[row.student, row.exercise] = row
    predicted = [row for row in best.values() if row.prediction]
    written = [row for row in best.values() if not row.exercise.startswith(PREDICTION)]
    slips = Counter((row.diagnosis, row.exercise) for row in written if row.verdict == WRONG)
    choices = Counter((row.exercise.removeprefix(PREDICTION), row.prediction, row.verdict) for row in predicted)
    verdicts = Counter((row.exercise, row.verdict) for row in written)
    stopped = [(row.student, row.notebook, row.diagnosis) for row in rows if row.verdict == NOT_RUN]
    tables = (
        _table("Slips", ("slip", "exercise", "students"), _counted(slips)),
        _table("Predictions", ("prediction", "choice", "which is", "students"), sorted(_counted(choices))),
        _table("Exercises", ("exercise", "verdict", "students"), sorted(_counted(verdicts))),
        _table("Notebooks that were not run to their end", ("student", "notebook", "why"), stopped),
    )
    n_students, n_notebooks = len({row.student for row in rows}), len({row[:2] for row in rows})
    title = f"What the class has done (students: {n_students}, notebooks: {n_notebooks})"
    return PAGE.format(title=title, style=STYLE, tables="".join(tables))


def _counted(counter):
    return [(*what, times) for what, times in counter.most_common()]


def _table(caption, columns, rows):
    """Return a table in HTML; nothing where there is nothing to tell."""
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in columns)
    lines = ["".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    return f"<table><caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>\n"
