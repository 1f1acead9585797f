"""Lectures as a class sees them: on a screen of 1280 × 720, without a network, and as PDF."""

import re

import navigation
import pytest
import slides
from accessible import told_by_axe
from passages import Lesson
from playwright.sync_api import expect
from pypdf import PdfReader
from website import ROOT

NAMES = [lesson.file for lesson in navigation.LESSONS]
ANSWER = re.compile("answer|the three lines|where, and how much", re.IGNORECASE)  # or what is folded in the lesson
SCREEN = {"width": 1280, "height": 720}
# of each slide: its title, how far it reaches, its smallest letters, what it shows but the title, its notes
LOOK = """() => Reveal.getSlides().map((slide, number) => {
  Reveal.slide(number);
  const seen = [...slide.querySelectorAll("h1, h2, .body *")].filter((one) =>
    !one.closest("mjx-assistive-mml") && one.getClientRects().length && one.getBoundingClientRect().width > 1);
  const written = seen.filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  return {
    title: slide.querySelector("h1, h2").innerText,
    bottom: Math.max(...seen.map((one) => one.getBoundingClientRect().bottom)),
    right: Math.max(...seen.map((one) => one.getBoundingClientRect().right)),
    letters: Math.min(...written.map((one) => parseFloat(getComputedStyle(one).fontSize))),
    body: slide.querySelectorAll(".body img, .body mjx-container, .body p, .body li, .body pre, .body td").length,
    question: slide.matches(".question"),
    notes: slide.querySelector(".notes").textContent,
  };
})"""


@pytest.fixture(scope="session")
def lectures(html, browser, tmp_path_factory):
    """The folder of all lectures, with their PDFs; npm's packages are those of the site."""
    folder = slides.build(tmp_path_factory.mktemp("lectures") / "slides", html.parent / "work")
    slides.print_all(browser, folder)
    return folder


@pytest.fixture
def shown(browser, lectures):
    """Return a function that opens the file of a lecture, and keeps what goes wrong and what asks the network."""
    pages = []

    def show(name):
        page = browser.new_page(viewport=SCREEN)
        pages.append(page)
        wrong = []
        page.on("request", lambda request: request.url.startswith("http") and wrong.append(request.url))
        page.on("requestfailed", lambda request: wrong.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto((lectures / f"{name}.html").as_uri())
        page.evaluate("window.ready")
        return page, wrong

    yield show
    for page in pages:
        page.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_lecture_can_be_read_from_the_back_of_the_room(name, shown, lectures):
    page, wrong = shown(name)
    seen = page.evaluate(LOOK)
    assert 20 <= len(seen) <= 30
    assert [one["title"] for one in seen if one["body"] == 0] == []
    assert [(one["title"], one["bottom"]) for one in seen if one["bottom"] > 720] == []
    assert [(one["title"], one["right"]) for one in seen if one["right"] > 1280 - 40] == []
    assert [(one["title"], one["letters"]) for one in seen if one["letters"] < 28] == []
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    assert [image for image in page.locator(".slides img").all() if not image.get_attribute("alt")] == []
    assert wrong == []
    assert len(PdfReader(lectures / f"{name}.pdf").pages) == len(seen)


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_wrong_with_a_slide(name, shown):
    page, _ = shown(name)
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate("(number) => Reveal.slide(number)", number)
        assert told_by_axe(page) == {}, number


@pytest.mark.parametrize("name", NAMES)
def test_the_speaker_has_the_answer_to_every_prediction(name, shown):
    page, _ = shown(name)
    seen = page.evaluate(LOOK)
    lesson = Lesson(ROOT / "notebooks" / f"{name}.ipynb")
    asked = [cell.id.removeprefix("predict-") for cell in lesson.cells if cell.id.startswith("predict-")]
    notes = "\n".join(one["notes"] for one in seen)
    for one in asked:
        assert lesson.prediction(one).told.splitlines()[0] in notes
    questions = [one for one in seen if one["question"]]
    predictions = sum(text.startswith("> **Predict.**") for text in lesson.paragraphs.values())
    assert len(questions) >= predictions
    assert [one["title"] for one in questions if not ANSWER.search(one["notes"])] == []
    assert sum(len(one["notes"]) > 40 for one in seen) > len(seen) / 2


def test_in_the_speakers_window_each_formula_stands_once(shown):
    page, wrong = shown("03_e_step")
    number = page.evaluate(
        """() => Reveal.getSlides().findIndex((slide) => slide.querySelector(".notes mjx-container[display]"))"""
    )
    page.evaluate("(number) => Reveal.slide(number)", number)
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes")
    expect(notes.locator("svg").first).to_be_visible()
    text = notes.locator("mjx-assistive-mml").first.bounding_box()
    assert max(text["width"], text["height"]) <= 1
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_numbers_on_slides_stand_in_the_lesson(name):
    deck = (ROOT / "lectures" / f"{name}.md").read_text(encoding="utf-8")
    lesson = (ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
    lesson = re.sub(r"base64,[A-Za-z0-9+/=]+", "", lesson)
    assert [number for number in re.findall(r"\d+\.\d+", deck) if number.rstrip("0") not in lesson] == []


@pytest.mark.parametrize("name", NAMES)
def test_code_and_prints_keep_their_lines(name):
    deck = (ROOT / "lectures" / f"{name}.md").read_text(encoding="utf-8")
    lines = [line for fence in slides.decks.FENCE.findall(deck) for line in fence.splitlines()]
    assert [line for line in lines if len(line) > 66] == []


@pytest.mark.parametrize(
    "asked", ["@picture plot_nothing(", "@formula 99", "@text no such words", "```text\n12345.678\n```"]
)
def test_what_the_lesson_does_not_have_stops_the_build(asked):
    lesson = Lesson(ROOT / "notebooks" / f"{NAMES[0]}.ipynb")
    with pytest.raises(LookupError, match="is found 0 times"):
        slides.decks.read(f"# Title\n\n{asked}\n", lesson)


def test_the_player_is_worked_by_its_keys_and_turns_no_slide(shown):
    page, _ = shown("06_animation")
    number = page.evaluate("Reveal.getSlides().findIndex((slide) => slide.querySelector('.gmm-player'))")
    page.evaluate("number => Reveal.slide(number)", number)
    place, picture = page.locator(".gmm-player output"), page.locator(".gmm-live img")
    before = picture.get_attribute("src")
    page.locator(".gmm-player input").focus()
    page.keyboard.press("ArrowRight")
    expect(place).to_have_text(re.compile("^1 of "))
    assert picture.get_attribute("src") != before
    page.get_by_role("button", name="Play").press(" ")
    page.get_by_role("button", name="Pause").press(" ", delay=300)
    expect(place).not_to_have_text(re.compile("^1 of "))
    assert page.evaluate("Reveal.getIndices().h") == number
