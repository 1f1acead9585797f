"""Forms for issues, hooks for commits, and the list of changes: each can be read, and keeps up with what it names."""

import tomllib
from pathlib import Path

import navigation
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
KINDS = {"checkboxes", "dropdown", "input", "markdown", "textarea"}


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_there_are_two_forms():
    assert {read(path)["name"] for path in FORMS} == {"A sentence made me stumble", "Something is wrong"}


@pytest.mark.parametrize("path", FORMS, ids=[path.stem for path in FORMS])
def test_a_form_asks_for_lesson_and_section(path):
    """GitHub wants a name, a description and a body of fields, each with a kind and, to be told apart, an id."""
    form = read(path)
    assert form["name"] and form["description"]
    assert all(field["type"] in KINDS and field["attributes"]["label"] for field in form["body"])
    fields = {field["id"]: field["attributes"] for field in form["body"]}
    assert len(fields) == len(form["body"]) and fields.keys() >= {"lesson", "section"}
    lessons = [f"{number}, {lesson.title}" for number, lesson in enumerate(navigation.LESSONS)]
    assert fields["lesson"]["options"][: len(lessons)] == lessons


def test_hooks_run_what_make_test_runs():
    hooks = [hook for repo in read(ROOT / ".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    entries = [hook["entry"].split() for hook in hooks]
    assert all(hook["language"] == "system" and hook["id"] and hook["name"] for hook in hooks)
    assert all(entry[:2] == [".venv/bin/python", "-m"] for entry in entries)
    assert [entry[2:] for entry in entries] == [
        ["ruff", "check"],
        ["ruff", "format", "--check"],
        ["pytest", "-q", "tests/test_build.py"],
    ]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-m ruff check" in makefile and "-m ruff format --check" in makefile
    assert (ROOT / entries[-1][-1]).is_file()


def test_changes_are_told_for_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
