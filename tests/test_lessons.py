"""What every lesson promises: where it stands, what it opens and closes with, and that its prose says what it shows."""

import itertools
import json
import re
from pathlib import Path

import decks
import navigation
import pytest
from passages import Lesson

ROOT = Path(__file__).resolve().parent.parent
NAMES = [lesson.file for lesson in navigation.LESSONS]
NUMBER = r"\d+\.\d+"
CORE, CORES = 1300, 8500  # words at most on the core path of a lesson, and of all
SOURCES = r"\*\*Sources\.\*\*.*?(?=\n\n|\Z)"
BEYOND = (SOURCES, r"<details>.*?</details>", r"```.*?```", r"\$\$.*?\$\$", r"\$.*?\$", r"`[^`]*`", r"<[^>]*>")
WORD = r"[^\W\d_][\w'’-]*"


class Notebook:
    """The texts of a notebook."""

    def __init__(self, name):
        self.number = NAMES.index(name)
        self.cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        self.prose = ["".join(cell["source"]) for cell in self.cells if cell["cell_type"] == "markdown"]
        code = [cell for cell in self.cells if cell["cell_type"] == "code"]
        self.code = ["".join(cell["source"]) for cell in code]
        self.printed = [
            "".join(output.get("text", output.get("data", {}).get("text/plain", [])))
            for cell in code
            for output in cell["outputs"]
        ]
        text = re.sub(r"```.*?```", "", "\n".join(self.prose), flags=re.DOTALL)
        self.headings = re.findall(r"^(#+) (.+)$", text, re.MULTILINE)

    def section(self, heading):
        """Return the text between a heading and the next one."""
        return re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", "\n".join(self.prose), re.MULTILINE | re.DOTALL)[1]


@pytest.fixture(params=NAMES, scope="module")
def notebook(request):
    return Notebook(request.param)


@pytest.fixture(params=NAMES[1:], scope="module")
def lesson(request):
    return Notebook(request.param)


def bullets(text):
    return re.findall(r"^- (.+)$", text, re.MULTILINE)


def test_every_notebook_is_in_the_table():
    assert NAMES == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def test_links_are_below_the_title_and_at_the_end(notebook):
    assert notebook.cells[1]["id"] == "top"
    assert notebook.cells[-1]["id"] == "bottom"


def test_the_first_cell_says_what_to_do_where_the_package_is_missing(notebook, monkeypatch, capsys):
    first = notebook.code[0]
    exec(first, {})
    assert capsys.readouterr().out == ""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    exec(first, {})
    told = capsys.readouterr().out
    assert "no gmm_lab" in told and "kernel .venv" in told and "%pip install " in told
    assert 'git+https://github.com/a/b"' in navigation.kernel("a/b")


def test_the_front_page_has_the_same_table():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert navigation.readme(text, navigation.repository()) == text, "run make links"
    assert all(f"(notebooks/{name}.ipynb)" in navigation.relative(text) for name in NAMES)


def test_headings_are_in_order(notebook):
    levels = [len(marks) for marks, _ in notebook.headings]
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    assert notebook.headings[0][1].startswith(f"{notebook.number} · {navigation.LESSONS[notebook.number].title}")
    numbers = [int(text.split(" · ")[0]) for _, text in notebook.headings[1:] if re.match(r"\d+ · ", text)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_it_opens_with_objectives_and_closes_with_the_same(notebook):
    opening, closing = notebook.prose[0], notebook.section("What you take with you")
    assert "you will**" in opening
    assert "**You need**" in opening
    assert len(bullets(opening)) == len(bullets(closing)) == 3
    for promised, kept in zip(bullets(opening), bullets(closing), strict=True):
        assert promised.startswith("*")
        assert re.search(r"\*\w+", kept), kept
    assert "**What breaks if you forget this:**" in closing
    assert "**Sources.**" in closing


def test_readers_commit_before_they_see(notebook):
    assert sum(text.count("> **Predict.**") for text in notebook.prose) >= 2


def test_questions_have_folded_answers(lesson):
    text = lesson.section("Questions to think about")
    questions, answers = text.split("<details><summary>Answers</summary>")
    assert 2 <= len(re.findall(r"^\d\. ", questions, re.MULTILINE)) == len(re.findall(r"^\d\. ", answers, re.MULTILINE))
    assert answers.rstrip().endswith("</details>")


def test_equations_are_numbered_and_cited_in_the_code(lesson):
    tags = [int(tag) for tag in re.findall(r"\\tag\{(\d+)\}", "\n".join(lesson.prose))]
    assert tags == list(range(1, len(tags) + 1))
    cited = {int(number) for code in lesson.code for number in re.findall(r"# \((\d+)\)", code)}
    assert cited <= set(tags)
    assert len(cited) >= len(tags) / 2


def test_it_runs_through_the_same_worlds(lesson):
    code = "\n".join(lesson.code)
    assert all(name in code for name in ("eight_points()", "three_gaussians", "penguins()"))


def test_the_receipt_at_its_end_is_all_right(notebook):
    assert "print(receipt(" in notebook.code[-1]
    lines = notebook.printed[-1].splitlines()
    assert len(lines) >= 8
    assert all(line.startswith("✓ ") for line in lines[1:])


def test_numbers_in_the_prose_are_numbers_that_are_shown(notebook):
    """Decimals with two places or more: each stands in an output or in the code, perhaps with more places.

    Predictions and questions may name numbers that nobody has seen.
    """
    shown = [float(number) for text in (*notebook.printed, *notebook.code) for number in re.findall(NUMBER, text)]
    for text in notebook.prose:
        text = re.sub(r"^>.*$", "", text.split("**Sources.**")[0].split("## Questions")[0], flags=re.MULTILINE)
        for number in re.findall(r"(?<![\d.])\d+\.\d{2,}", text):
            unit = 10 ** -len(number.partition(".")[2])
            assert any(abs(value - float(number)) <= 0.5001 * unit for value in shown), f"{number} in: {text}"


@pytest.mark.parametrize("name", NAMES)
def test_its_lecture_finds_in_the_lesson_what_it_shows(name):
    """Whoever changes a sentence, or a line of code, may change what a slide takes from there."""
    deck = (ROOT / "lectures" / f"{name}.md").read_text(encoding="utf-8")
    assert len(decks.read(deck, Lesson(ROOT / "notebooks" / f"{name}.ipynb"))) >= 20


def test_one_idea_a_cell(notebook):
    longest = max(notebook.prose[:-4], key=lambda text: len(text.split()))
    assert len(longest.split()) <= 330, longest


def core_path(notebook):
    """Return how many words a reader reads: without what is folded, formulas, code, links, the map and the sources."""
    texts = [
        "".join(cell["source"])
        for cell in notebook.cells
        if cell["cell_type"] == "markdown" and cell["id"] not in ("top", "bottom", "map")
    ]
    prose = "\n\n".join(texts)
    for beyond in BEYOND:
        prose = re.sub(beyond, " ", prose, flags=re.DOTALL)
    return len(re.findall(WORD, prose))


def test_the_core_path_of_a_lesson_is_short(notebook):
    assert core_path(notebook) <= CORE


def test_the_core_path_of_all_lessons_is_short():
    assert sum(core_path(Notebook(name)) for name in NAMES) <= CORES


def test_all_notebooks_together_are_light():
    assert sum(path.stat().st_size for path in (ROOT / "notebooks").glob("*.ipynb")) <= 12e6
