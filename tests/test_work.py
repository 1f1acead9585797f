"""The reader's own copy of the lessons: made without outputs, renewed where it was left alone, never overwritten.

Tried in a folder with a space and an umlaut, without a record of what was given, and where nothing can be written.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gmm_lab.lab.work import RECORD, prepare

ROOT = Path(__file__).resolve().parent.parent


def notebook(text, output="saved"):
    result = {"output_type": "stream", "name": "stdout", "text": [output]}
    code = {"cell_type": "code", "id": "a", "metadata": {}, "source": [text], "outputs": [result], "execution_count": 1}
    top = {"cell_type": "markdown", "id": "top", "metadata": {}, "source": ["links"]}
    return {"cells": [top, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def write(path, content):
    path.write_text(json.dumps(content), encoding="utf-8")


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def code_of(path):
    return "".join(read(path)["cells"][-1]["source"])


@pytest.fixture
def lessons(tmp_path):
    folder = tmp_path / "lessons"
    folder.mkdir()
    for name in ("0_start", "1_next"):
        write(folder / f"{name}.ipynb", notebook(f"print({name!r})"))
    return folder


@pytest.fixture
def work(tmp_path):
    return tmp_path / "meine Übung"


@pytest.fixture
def given(lessons, work):
    prepare(lessons, work)
    return work


def names(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_the_first_copy_has_all_cells_and_no_outputs(lessons, work):
    (told,) = prepare(lessons, work)
    assert told.endswith("put there now: 0_start.ipynb, 1_next.ipynb.")
    assert names(work) == names(lessons)
    copy, original = read(work / "0_start.ipynb"), read(lessons / "0_start.ipynb")
    assert [cell["source"] for cell in copy["cells"]] == [cell["source"] for cell in original["cells"]]
    assert copy["cells"][1]["outputs"] == [] and copy["cells"][1]["execution_count"] is None


def test_of_lessons_that_did_not_change_nothing_is_written(lessons, given):
    before = {path: path.stat().st_mtime_ns for path in given.glob("*.ipynb")}
    assert prepare(lessons, given) == []
    assert {path: path.stat().st_mtime_ns for path in given.glob("*.ipynb")} == before


def test_a_lesson_that_was_left_alone_is_renewed(lessons, given):
    opened = read(given / "0_start.ipynb")
    write(given / "0_start.ipynb", opened | {"metadata": {"language_info": {"name": "python"}}})
    write(lessons / "0_start.ipynb", notebook("print('better')"))
    (told,) = prepare(lessons, given)
    assert told.startswith("Renewed") and told.endswith(": 0_start.ipynb.")
    assert code_of(given / "0_start.ipynb") == "print('better')"
    assert names(given) == ["0_start.ipynb", "1_next.ipynb"]


@pytest.mark.parametrize("change", ["written into", "run", "no longer a notebook"])
def test_what_the_reader_has_done_is_kept_and_the_new_lesson_put_beside_it(lessons, given, change):
    mine = given / "0_start.ipynb"
    content = read(mine)
    if change == "written into":
        content["cells"][1]["source"] = ["print('mine')"]
        write(mine, content)
    elif change == "run":
        content["cells"][1]["outputs"] = notebook("")["cells"][1]["outputs"]
        write(mine, content)
    else:
        mine.write_text("{ half of it", encoding="utf-8")
    before = mine.read_bytes()
    for text, beside in (("better", "0_start_new"), ("better still", "0_start_new")):
        write(lessons / "0_start.ipynb", notebook(f"print({text!r})"))
        (told,) = prepare(lessons, given)
        assert f"{beside}.ipynb" in told
        assert code_of(given / f"{beside}.ipynb") == f"print({text!r})"
        assert prepare(lessons, given) == []
    write(given / "0_start_new.ipynb", notebook("print('mine, too')"))
    write(lessons / "0_start.ipynb", notebook("print('best')"))
    (told,) = prepare(lessons, given)
    assert "0_start_new_2.ipynb" in told
    assert code_of(given / "0_start_new.ipynb") == "print('mine, too')"
    assert mine.read_bytes() == before


def test_a_lesson_that_was_removed_comes_back(lessons, given):
    (given / "1_next.ipynb").unlink()
    (told,) = prepare(lessons, given)
    assert "1_next.ipynb" in told and "0_start" not in told
    assert code_of(given / "1_next.ipynb") == "print('1_next')"


@pytest.mark.parametrize("record", [None, "{ half of it", "[]"])
def test_without_a_record_what_is_there_counts_as_the_readers(lessons, given, record):
    write(given / "0_start.ipynb", notebook("print('mine')"))
    (given / RECORD).unlink() if record is None else (given / RECORD).write_text(record, encoding="utf-8")
    (told,) = prepare(lessons, given)
    assert told.endswith(": 0_start_new.ipynb.")
    assert code_of(given / "0_start.ipynb") == "print('mine')"


def test_what_else_is_in_the_folder_stays(lessons, work):
    work.mkdir()
    (work / "table.csv").write_text("mine", encoding="utf-8")
    (work / "0_start.ipynb").mkdir()
    prepare(lessons, work)
    assert (work / "table.csv").read_text(encoding="utf-8") == "mine"
    assert names(work) == ["0_start.ipynb", "0_start_new.ipynb", "1_next.ipynb", "table.csv"]


def test_on_binder_each_lesson_says_how_to_take_work_home_and_how_to_bring_it_back(lessons, work):
    prepare(lessons, work, on_binder=True)
    note = "".join(read(work / "1_next.ipynb")["cells"][1]["source"])
    assert "lost when the session ends" in note
    assert "download" in read(work / "1_next.ipynb")["cells"][2]["outputs"][0]["data"]["text/html"]
    with zipfile.ZipFile(work / "my_work.zip") as archive:
        assert sorted(archive.namelist()) == ["0_start.ipynb", "1_next.ipynb"]
    line = note.partition("run\n> `")[2].partition("`")[0]
    assert prepare(lessons, work, on_binder=True) == []
    write(work / "1_next.ipynb", notebook("lost"))
    subprocess.run([sys.executable, "-c", line], cwd=work, check=True)
    assert code_of(work / "1_next.ipynb") == "print('1_next')"


@pytest.fixture
def project(tmp_path):
    """A copy of what `python -m gmm_lab.lab` looks at, and how to run it there."""
    project = tmp_path / "copy"
    shutil.copytree(ROOT / "gmm_lab", project / "gmm_lab", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "notebooks", project / "notebooks")

    def run(*options):
        command = [sys.executable, "-m", "gmm_lab.lab", *options]
        environment = os.environ | {"PYTHONPATH": str(project)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)

    return project, run


def test_options_of_ones_own_reach_jupyterlab(project):
    folder, run = project
    ended = run("--allow-root", "--version")
    assert ended.returncode == 0, ended.stderr
    assert (folder / "work" / "00_start_here.ipynb").is_file()
    assert ended.stdout.splitlines()[-1].startswith("4.")


def test_a_folder_that_cannot_be_written_is_told_in_one_line(project):
    folder, run = project
    (folder / "work").write_text("a file of mine", encoding="utf-8")
    ended = run("--allow-root")
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1 and "work/ writable" in ended.stderr


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root can be told what root should do")
def test_root_is_told_in_one_line_what_to_do(project):
    ended = project[1]()
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1 and "make lab OPTIONS=--allow-root" in ended.stderr
