"""What a reader does on the site: search, turn pages, unfold, copy, take a lesson home, play, print."""

import json
import urllib.request

import pytest
from playwright.sync_api import expect
from website import ROOT

LESSON, WITH_PLAYER = "notebooks/05_convergence.html", "notebooks/06_animation.html"


@pytest.fixture
def lesson(opened):
    page, _ = opened(LESSON, viewport={"width": 1280, "height": 900})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


def test_search_finds_the_lesson(opened):
    page, _ = opened("search.html?q=responsibilities")
    expect(page.locator("#search-results li a", has_text="3 · E-step").first).to_be_visible()


def test_pages_are_turned(lesson):
    lesson.locator("a.left-prev").click()
    expect(lesson).to_have_title("4 · M-step: move each component to its points — gmm_lab")
    lesson.locator("a.right-next").click()
    expect(lesson).to_have_title("5 · Convergence: why it never falls, and when to stop — gmm_lab")


def test_the_first_tab_leads_past_the_navigation(lesson):
    lesson.keyboard.press("Tab")
    expect(lesson.locator("#pst-skip-link a")).to_be_focused()


def test_a_solution_is_unfolded_by_key_and_copied(lesson):
    fold = lesson.locator("details", has_text="A solution").first
    code = fold.locator("pre")
    expect(code).to_be_hidden()
    fold.locator("summary").focus()
    lesson.keyboard.press("Enter")
    expect(code).to_be_visible()
    fold.locator("button.copybtn").click(force=True)
    expect(fold.locator("button.copybtn.success")).to_be_attached()
    assert lesson.evaluate("navigator.clipboard.readText()").startswith("def my_em(")


def test_a_lesson_is_downloaded_as_it_is_saved(lesson):
    address = lesson.locator(".dropdown-download-buttons a").first.evaluate("link => link.href")
    with urllib.request.urlopen(address) as response:
        assert response.read() == (ROOT / LESSON).with_suffix(".ipynb").read_bytes()


def test_the_player_is_worked_by_keys(opened):
    lesson, _ = opened(WITH_PLAYER, viewport={"width": 1280, "height": 900})
    player = lesson.locator(".gmm-player")
    place, picture = player.locator("output"), player.locator(".gmm-live img")
    last = json.loads(player.locator("input").get_attribute("max"))
    before = picture.get_attribute("src")
    player.locator("input").focus()
    lesson.keyboard.press("ArrowRight")
    expect(place).to_have_text(f"1 of {last}")
    assert picture.get_attribute("src") != before
    lesson.wait_for_function("() => document.querySelector('.gmm-live img').naturalWidth")
    lesson.keyboard.press("End")
    expect(place).to_have_text(f"{last} of {last}")
    lesson.wait_for_function("() => document.querySelector('.gmm-live img').naturalWidth")


def test_a_start_is_placed_without_a_kernel(lesson):
    placing = lesson.get_by_role("group", name="A start to place, and EM from it")
    placing.get_by_role("slider", name="Mean 1").press("Shift+ArrowUp")
    placing.get_by_role("button", name="E-step").press("Enter")
    expect(placing.get_by_role("status")).to_contain_text("Iteration 1, E-step: each point is coloured anew")
    placing.get_by_role("button", name="To the end").press("Enter")
    expect(placing.get_by_role("status")).to_contain_text("Ends so far: -1832.25 (1 start)")


def test_print_is_light_and_leaves_out_what_is_for_the_screen(lesson):
    lesson.emulate_media(color_scheme="dark")
    expect(lesson.locator("html")).to_have_attribute("data-theme", "dark")
    lesson.emulate_media(media="print")
    expect(lesson.locator("html")).to_have_attribute("data-theme", "light")
    for part in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".ways"):
        expect(lesson.locator(part).first).to_be_hidden()
    lesson.emulate_media(media="screen")
    expect(lesson.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_player_prints_its_stills(opened):
    page, _ = opened(WITH_PLAYER, viewport={"width": 1280, "height": 900})
    expect(page.locator(".gmm-live")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".gmm-live")).to_be_hidden()
    expect(page.locator(".gmm-stills img").last).to_be_visible()
