"""A reader's own copy of the lessons: made without outputs, renewed where it was left alone, and never overwritten."""

import hashlib
import itertools
import json
import os
from pathlib import Path

from gmm_lab.files import write_whole
from gmm_lab.lab.saving import WORK, pack

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
# the notebooks of the project, and where there is none, as after `pip install`, those that came with the package
LESSONS = PROJECT / "notebooks" if (PROJECT / "notebooks" / "00_start_here.ipynb").is_file() else HERE / "notebooks"
RECORD = ".gmm_lab.json"  # in the folder: the digest of each file as it was given
BACK = f"import zipfile; zipfile.ZipFile('{WORK}').extractall()"
ON_BINDER = f"""> **You are on Binder**, where this copy of the lessons is lost when the session ends: ten minutes
> after you have left it, at the latest. Save (<kbd>Ctrl</kbd> + <kbd>S</kbd>), and the link below takes all files of
> this folder home. In another session, drop {WORK} onto the list of files and run
> `{BACK}` in a cell: everything is back."""
LINK = f'<a href="{WORK}" download>{WORK}: take my work home</a>'
LINKING = f"from IPython.display import HTML\n\nHTML('{LINK}')"


def prepare(lessons: Path, folder: Path, *, on_binder: bool = False) -> list[str]:
    """Bring the reader's copies in `folder` up to date with `lessons`, and return what was done, a sentence each.

    A lesson that the reader has changed, or run, is kept, and a new one is put beside it; one that was left alone is
    renewed. Raises OSError where the folder can't be written.
    """
    folder.mkdir(exist_ok=True)
    given, done = _read_record(folder), {}
    for path in sorted(lessons.glob("*.ipynb")):
        copy = without_outputs(json.loads(path.read_text(encoding="utf-8")))
        if on_binder:
            _warn(copy)
        what, place = _place(path.stem, _digest(copy), folder, given)
        if what != "up to date":
            _write(place, copy)
            done.setdefault(what, []).append(place.name)
        given[place.name] = _digest(copy)
        _write(folder / RECORD, given)
    if on_binder:
        pack(folder)
    return list(_told(done, folder))


def without_outputs(notebook: dict) -> dict:
    """Return a notebook as it is before any cell has run."""
    bare = {"code": {"outputs": [], "execution_count": None}}
    return notebook | {"cells": [cell | bare.get(cell["cell_type"], {}) for cell in notebook["cells"]]}


def _warn(notebook):
    """Put below a notebook's first line of links what Binder does with work, and a link that takes it home."""
    text, code = ({"metadata": {}, "source": source.splitlines(True)} for source in (ON_BINDER, LINKING))
    shown = {"output_type": "display_data", "data": {"text/html": LINK, "text/plain": WORK}, "metadata": {}}
    text |= {"cell_type": "markdown", "id": "binder"}
    code |= {"cell_type": "code", "id": "take-home", "outputs": [shown], "execution_count": None}
    top = [cell["id"] for cell in notebook["cells"]].index("top")
    notebook["cells"][top + 1 : top + 1] = [text, code]


def _write(path, content):
    write_whole(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def _place(stem, digest, folder, given):
    """Return what is to be done about a lesson, and the file that holds it then."""
    places = []
    for name in _names(stem):
        place = folder / name
        if not os.path.lexists(place):
            break
        places.append(place)
    for held in places:
        if digest in (given.get(held.name), _digest_of(held)):
            return "up to date", held
    for held in places:
        if held.name in given and _digest_of(held) == given[held.name]:
            return "renewed", held
    return ("beside" if places else "new"), place


def _names(stem):
    yield f"{stem}.ipynb"
    yield f"{stem}_new.ipynb"
    yield from (f"{stem}_new_{n}.ipynb" for n in itertools.count(2))


def _digest_of(path):
    """Return the digest of a notebook as it is now; None for what is no notebook."""
    try:
        return _digest(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _digest(notebook):
    """Return what changes when a reader writes into a notebook or runs it, but not when it is only opened."""
    told = [[cell["cell_type"], "".join(cell["source"]), bool(cell.get("outputs"))] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _read_record(folder):
    try:
        given = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}  # then what is there counts as the reader's
    return given if isinstance(given, dict) else {}


def _told(done, folder):
    if new := done.get("new"):
        yield f"{folder.name}/ is your own copy of the lessons; put there now: {', '.join(new)}."
    if renewed := done.get("renewed"):
        yield f"Renewed in {folder.name}/, since you had not changed them: {', '.join(renewed)}."
    if beside := done.get("beside"):
        yield f"Kept in {folder.name}/ as you left them, with the new ones beside them: {', '.join(beside)}."
