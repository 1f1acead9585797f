"""The player on pages without a kernel, in a real browser."""

import re
import subprocess
import sys

import pytest
from browsing import ROOT, WATCH, press, tell
from oracle import PENGUINS, run
from playwright.sync_api import expect

from gmm_lab import play


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Export the last lesson as it was saved, and return its page."""
    folder = tmp_path_factory.mktemp("exported")
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--output-dir", folder]
    subprocess.run([*command, ROOT / "notebooks" / "06_animation.ipynb"], check=True, capture_output=True)
    return (folder / "06_animation.html").as_uri()


# how viewers show an output: each puts the HTML on the page, and runs its scripts in a way of its own
INSERTED = {
    "JupyterLab": """(html) => {
      const output = document.createElement("div");
      output.innerHTML = html;
      document.querySelector("main").append(output);
      for (const script of output.querySelectorAll("script")) {
        const copy = document.createElement("script");
        copy.textContent = script.textContent;
        script.replaceWith(copy);
      }
    }""",
    "VS Code": """(html) => {
      const output = document.createElement("div");
      output.innerHTML = html;
      document.querySelector("main").append(output);
      for (const script of output.querySelectorAll("script")) {
        const copy = document.createElement("script");
        copy.text = script.innerText;
        output.appendChild(copy).parentNode.removeChild(copy);
      }
    }""",
    "classic Notebook": """(html) => {
      const output = document.createElement("div");
      output.innerHTML = html;
      for (const script of output.querySelectorAll("script")) {
        script.remove();
        const copy = document.createElement("script");
        copy.text = script.textContent;
        document.head.appendChild(copy).remove();
      }
      document.querySelector("main").append(output);
    }""",
}


@pytest.fixture(scope="module")
def made():
    return play(run("k-means++", 1), columns=PENGUINS.columns)


class TestPlayer:
    """The player where no kernel is."""

    @pytest.fixture
    def player(self, page, made):
        page.set_content(f"<!doctype html><meta charset=utf-8><title>Player</title>{made.html}")
        return page.locator(".gmm-player")

    def test_on_an_exported_page(self, browser, exported):
        page = browser.new_page()
        page.goto(exported, wait_until="domcontentloaded")
        player = page.get_by_role("group", name="Player of the half-steps of EM")
        expect(player.locator("img")).to_have_attribute("alt", re.compile("^Start: "))
        player.get_by_role("button", name="Next ▶").click()
        expect(player.locator("p").first).to_contain_text("Iteration 1, E-step")
        expect(page.get_by_text("Run this notebook, and controls to move appear here.")).to_be_visible()
        page.close()

    def test_it_begins_paused_plays_and_pauses(self, page, player):
        place = player.get_by_role("status")
        page.wait_for_timeout(700)
        expect(place).to_have_text(re.compile("^0 of"))
        player.get_by_role("button", name="▶ Play").press("Enter")
        expect(place).to_have_text(re.compile("^3 of"))
        player.get_by_role("button", name="❚❚ Pause").click()
        here = place.inner_text()
        page.wait_for_timeout(700)
        expect(place).to_have_text(here)

    def test_its_caption_and_picture_are_those_of_the_history(self, page, player, made, capsys):
        player = player.locator(".gmm-live")
        player.evaluate(WATCH)
        slider = player.get_by_role("slider")
        for n, text in enumerate(made.captions):
            expect(player.locator("p").first).to_have_text(text)
            expect(player.locator("img")).to_have_attribute("alt", text.replace("\n", ": "))
            expect(slider).to_have_value(str(n))
            if n < len(made.captions) - 1:
                press(player, slider)
        tell(capsys, "player: key press to new picture", player.evaluate("root => root.times"))
        slider.press("Home")
        expect(slider).to_have_value("0")
        slider.press("End")
        expect(slider).to_have_value(str(len(made.captions) - 1))

    def test_scrubbing_by_mouse(self, page, player):
        slider = player.get_by_role("slider")
        box = slider.bounding_box()
        slider.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
        last = int(slider.get_attribute("max"))
        assert abs(int(slider.input_value()) - last / 2) <= 1

    def test_less_motion(self, page, player):
        page.emulate_media(reduced_motion="reduce")
        expect(player.get_by_role("button", name="Play")).to_be_disabled()
        expect(player).to_contain_text("Your system asks for less motion")
        player.get_by_role("slider").press("ArrowRight")
        expect(player.get_by_role("status")).to_have_text(re.compile("^1 of"))

    def test_on_paper_it_is_its_stills(self, page, player):
        stills = player.locator(".gmm-stills img")
        assert not any(still.is_visible() for still in stills.all())
        page.emulate_media(media="print")
        assert stills.count() == 6 and all(still.is_visible() for still in stills.all())
        assert not any(button.is_visible() for button in player.get_by_role("button").all())

    @pytest.mark.parametrize("viewer", INSERTED)
    def test_it_starts_wherever_a_viewer_puts_its_script(self, page, made, viewer):
        """Shown twice, too: both players work, and each is started once."""
        page.set_content("<!doctype html><meta charset=utf-8><title>Viewer</title><main></main>")
        for n in (1, 2):
            page.evaluate(INSERTED[viewer], made.html)
            players = page.get_by_role("group", name="Player of the half-steps of EM")
            expect(players).to_have_count(n)
        for n in (1, 0):
            players.nth(n).get_by_role("button", name="Next ▶").click()
            expect(players.nth(n).locator("p").first).to_contain_text("Iteration 1, E-step")
            expect(players.nth(n).get_by_role("status")).to_have_text(re.compile("^1 of"))

    def test_stills_stay_where_it_cannot_start(self, browser, made):
        page = browser.new_page()  # unwatched: its script fails
        page.set_content("<!doctype html><title>Viewer</title><main></main>")
        page.evaluate("() => { window.matchMedia = undefined; }")
        page.evaluate(INSERTED["JupyterLab"], made.html)
        stills = page.locator(".gmm-player img")
        assert stills.count() == 6 and all(still.is_visible() for still in stills.all())
        page.close()

    def test_stills_where_no_script_runs(self, browser, exported):
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(exported)
        stills = page.locator(".gmm-player img")
        assert stills.count() == 6
        assert all(still.is_visible() and still.get_attribute("alt") for still in stills.all())
        context.close()
