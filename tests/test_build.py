"""Lessons as text: the notebooks are built from them, and what is changed in a notebook can be taken back."""

import re

import build
import nbformat
import pytest

NUMBERS = range(len(build.paths()))


@pytest.fixture(params=NUMBERS, ids=[text.stem for text, _ in build.paths()])
def number(request):
    return request.param


@pytest.fixture
def text(number):
    return build.paths()[number][0].read_text(encoding="utf-8")


@pytest.fixture
def saved(number):
    return build.paths()[number][1].read_text(encoding="utf-8")


def test_the_notebook_is_what_the_text_builds(number, text, saved):
    built = build.notebook(number, text)
    build.keep(built, nbformat.reads(saved, 4))
    assert build.saved(built) == saved, "run make notebooks, or make lessons to keep what was changed in a notebook"
    nbformat.validate(built)


def test_the_text_is_what_the_notebook_gives_back(number, text, saved):
    assert build.lesson(number, nbformat.reads(saved, 4)) == text


def test_its_lines_are_short(text):
    assert max(map(len, text.splitlines())) <= 120


def test_a_change_in_a_notebook_comes_back_as_one_line(number, text, saved):
    """A sentence changed, a cell added by Jupyter with an id and metadata of its own, and outputs of another run."""
    changed = nbformat.reads(saved, 4)
    changed.cells[0].source = changed.cells[0].source.replace("You need", "You bring")
    changed.cells.insert(3, nbformat.v4.new_markdown_cell("New.", metadata={"jp-MarkdownHeadingCollapsed": True}))
    for cell in changed.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], 99
    changed.metadata["widgets"] = {"state": {}}
    back = build.lesson(number, changed)
    expected = text.replace("You need", "You bring", 1)
    assert [line for line in back.splitlines() if line not in expected.splitlines()] == ["New."]
    assert [line for line in expected.splitlines() if line not in back.splitlines()] == []


def test_what_is_put_in_stands_nowhere_in_the_text(number, text):
    for name, put in build.inserted(number).items():
        if name in re.findall(r'"name": "([^"]+)"|:name: (\S+)', text):
            assert put not in text
    names = re.findall(r"(?:# |<!-- )here: ([\w-]+)", text)
    assert {"top", "bottom", "kernel"} <= {*names} <= build.inserted(number).keys()
