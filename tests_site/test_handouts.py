"""Hand-outs: what is printed for a class, and for its teacher."""

import re
import unicodedata

import handouts
import navigation
import pytest
from passages import Lesson, outputs
from pypdf import PdfReader
from website import ROOT

NAMES = [lesson.file for lesson in navigation.LESSONS]
BUTTONS = (
    "▼",
    "Details",
    "▶",
    "◀",
    "❚❚",
    "Nothing chosen yet",
    "controls to move appear",
    "select to hide",
    "Run it in this browser",
)


@pytest.fixture(scope="session")
def printed(address, browser, tmp_path_factory):
    """The text of each hand-out without blanks, by its name."""
    folder = tmp_path_factory.mktemp("handouts")
    for solutions in (False, True):
        handouts.write(browser, address, folder, solutions)
    return {
        path.stem: squeezed("".join(page.extract_text() for page in PdfReader(path).pages)) for path in folder.iterdir()
    }


def squeezed(text):
    """Return a text without blanks, ligatures and marks of Markdown."""
    return re.sub(r"[\s*`]", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_in_the_teachers_copy_alone(name, printed):
    lesson = Lesson(ROOT / "notebooks" / f"{name}.ipynb")
    reveals = [cell for cell in lesson.cells if cell.id.startswith("reveal-")]
    told = [line for cell in reveals for text in outputs(cell, "text/plain") for line in text.splitlines()]
    told += [
        summary
        for summary in ("A solution", "Answer", "Answers")
        if f"<summary>{summary}</summary>" in str(lesson.cells)
    ]
    assert told
    for one in map(squeezed, told):
        if one not in ("Answer", "Answers"):
            assert one not in printed[name]
        assert one in printed[f"{name}_solutions"]
    assert len(printed[f"{name}_solutions"]) > len(printed[name]) > 5_000


@pytest.mark.parametrize("name", NAMES)
def test_there_is_nothing_to_press(name, printed):
    assert [word for word in BUTTONS if squeezed(word) in printed[name] + printed[f"{name}_solutions"]] == []


def test_a_player_is_printed_as_stills(printed):
    assert "After70iterations" in printed["06_animation"]


@pytest.mark.parametrize("name", NAMES)
def test_no_formula_runs_off_the_paper(name, address, browser):
    page = browser.new_page(viewport={"width": 850, "height": 1200})
    page.goto(f"{address}notebooks/{name}.html")
    page.emulate_media(media="print")
    page.evaluate(handouts.PREPARE, False)
    wide = """() => [...document.querySelectorAll("mjx-container[display]")]
      .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"""
    assert page.evaluate(wide) == []
    page.close()
