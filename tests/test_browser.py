"""Every lesson in a real JupyterLab in a real browser, solved, as a reader leaves it.

Skipped where no Chromium is found. Latencies are measured and told, not asserted: machines differ.
"""

import functools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
import stubs
from accessible import AXE
from browsing import (
    AMPLE,
    CELLS,
    GO_TO,
    IDLE,
    READY,
    ROOT,
    RUN,
    SCREEN,
    WATCH,
    new_page,
    open_saved,
    press,
    tell,
    trust,
)
from oracle import EXPLORERS, expected
from playwright.sync_api import expect
from solving import NOTEBOOKS, SOLUTIONS, assert_solved, kept_before, solved

LESSONS = [path.stem for path in NOTEBOOKS]
PRESSES = 10
SHOWN = """explorer => {
  const controls = Array.from(explorer.querySelectorAll(".widget-label"), (label) => [
    label.textContent, label.parentElement.querySelector(".widget-readout, button.mod-active")?.textContent,
  ]);
  const isComplete = controls.every(([, text]) => text !== ""); // JupyterLab may be laying the cell out anew
  return isComplete && { texts: Object.fromEntries(controls), caption: explorer.querySelector("img").alt };
}"""
SHARPNESS_IS = """([root, ratio]) => {
  const picture = root.querySelector("img");
  return picture.naturalWidth === ratio * picture.getAttribute("width");
}"""
PARTS = ["img[alt]", ".gmm-prediction", ".gmm-verdict", ".gmm-explorer", ".gmm-player", ".gmm-placing"]
PALE = """parts => parts.forEach((part) =>
  part.insertAdjacentHTML("beforeend", '<p class="pale" style="color:#777;background:#666">Pale</p>'))"""
COMPLETE = """explorer => {
  const numbers = Array.from(explorer.querySelectorAll(".widget-readout"), (readout) => readout.textContent);
  return numbers.every(Boolean) && explorer.querySelector("img").naturalWidth && explorer.querySelector(".gmm-caption");
}"""
ON_THE_SCREEN = """parts => {
  document.querySelector(".jp-WindowedPanel-outer").scrollTop = 0;
  const shown = Array.from(document.querySelectorAll(parts)).filter((part) => part.checkVisibility());
  const places = shown.map((part) => part.getBoundingClientRect());
  return places.every((place) => place.height && place.top > 0 && place.bottom < innerHeight);
}"""
IN_THE_KERNEL = """(code) => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  return kernel.requestExecute({ code }).done.then(() => null);
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a folder of solved lessons."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    for path in NOTEBOOKS:
        nbformat.write(solved(path), folder / "notebooks" / path.name)
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps({"fetchNews": "false"}), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {"SETTINGS": "settings", "WORKSPACES": "workspaces"}
    environment = os.environ | {f"JUPYTERLAB_{name}_DIR": str(folder / place) for name, place in folders.items()}
    environment |= {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("RUNTIME", "DATA")}
    environment |= {"IPYTHONDIR": str(folder / "ipython")}
    options = ["--no-browser", "--allow-root", "--expose-app-in-browser", "--IdentityProvider.token=x"]
    log = folder / "log"
    with log.open("w") as stream:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", *options, f"--port={port}", f"--ServerApp.root_dir={folder}"],
            env=environment,
            stdout=stream,
            stderr=stream,
        )
    address = f"http://127.0.0.1:{port}"
    for _ in range(AMPLE // 250):
        try:
            urllib.request.urlopen(f"{address}/api/status?token=x", timeout=1).close()
            break
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.25)
    yield SimpleNamespace(address=address, folder=folder / "notebooks", environment=environment)
    server.terminate()
    server.wait(AMPLE / 1000)


def find_explorer(page):
    page.evaluate(GO_TO, "explorer = explorers.")
    explorer = page.locator(".gmm-explorer")
    expect(explorer.locator("img")).to_be_visible()
    page.wait_for_function(COMPLETE, arg=explorer.element_handle())
    return explorer


@pytest.fixture(scope="module")
def lab_page(browser, lab):
    """JupyterLab, which takes long to load, and in which notebooks are opened one after the other."""
    with new_page(browser) as page:
        page.goto(f"{lab.address}/lab/tree/notebooks/{LESSONS[0]}.ipynb?token=x&reset")
        page.wait_for_function(READY, timeout=AMPLE)
        yield page


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, lab_page, lab):
    """A solved lesson that has run, from the first cell to the last, in a kernel that the tests of it share."""
    (lab.folder / "mine.py").write_text(kept_before(request.param), encoding="utf-8")
    open_saved(lab_page, f"notebooks/{request.param}.ipynb")
    lab_page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    lab_page.wait_for_function(IDLE, timeout=AMPLE)
    return SimpleNamespace(name=request.param, page=lab_page)


@pytest.fixture
def explorer(lesson):
    """The lesson's explorer, watched."""
    explorer = find_explorer(lesson.page)
    explorer.evaluate(WATCH)
    yield explorer
    assert explorer.locator("[role=alert]").count() == 0


def row(explorer, label):
    """Return the control with a label, as it stands on the page."""
    text = explorer.page.locator(".widget-label", has_text=re.compile(f"^{re.escape(label)}$"))
    return explorer.locator(".widget-inline-hbox, .widget-toggle-buttons", has=text)


@functools.cache
def controls(name):
    """Return the controls of a lesson's explorer as they are at first: settings -> widget."""
    return EXPLORERS[name]().controls


def handle(explorer, label):
    return row(explorer, label).locator(".noUi-handle")


def settled(explorer, name):
    """Wait until the caption tells what the core computes from the settings beside the sliders; return these."""
    deadline = time.monotonic() + AMPLE / 1000
    while True:
        shown = explorer.page.wait_for_function(SHOWN, arg=explorer.element_handle()).json_value()
        texts = {key: shown["texts"][control.description] for key, control in controls(name).items()}
        settings = {
            key: type(controls(name)[key].value)(text.replace("\N{MINUS SIGN}", "-")) for key, text in texts.items()
        }
        wanted = [text.replace("\n", " ") for text in expected(name, settings)]
        if all(text in shown["caption"] for text in wanted):
            return settings
        assert time.monotonic() < deadline, f"{settings}\n{wanted}\n{shown['caption']}"
        explorer.page.wait_for_timeout(50)


with_explorer = pytest.mark.parametrize("lesson", EXPLORERS, indirect=True)


def test_before_a_cell_runs(lab_page, lab):
    """A notebook that is not trusted shows stills; one that is, as on Binder, the player. Neither shows an error."""
    for name in ("stranger", "trusted"):
        path = shutil.copy(ROOT / "notebooks" / "06_animation.ipynb", lab.folder / f"{name}.ipynb")
        if name == "trusted":
            trust(lab, path)
        open_saved(lab_page, f"notebooks/{name}.ipynb")
        lab_page.evaluate(GO_TO, "explorer = explorers.")
        expect(lab_page.get_by_text("Run this notebook, and controls to move appear here.")).to_be_visible()
        lab_page.evaluate(GO_TO, "play(")
        if name == "trusted":
            lab_page.get_by_role("button", name="Next ▶").click()
            expect(lab_page.locator(".gmm-player")).to_contain_text("Iteration 1, E-step")
        else:
            expect(lab_page.get_by_alt_text(re.compile("^After 70 iterations: log-likelihood"))).to_be_attached()
        assert lab_page.get_by_text("Error displaying widget").count() == 0


def test_solved_all_is_right(lesson, lab):
    assert_solved(lesson.name, lesson.page.evaluate(CELLS), (lab.folder / "mine.py").read_text(encoding="utf-8"))


def test_a_prediction_is_kept_and_answered(lesson):
    lesson.page.evaluate(GO_TO, "= predict(")
    prediction = lesson.page.locator(".gmm-prediction").first
    button = prediction.get_by_role("button").last
    expect(button).to_be_visible()
    choice = button.text_content()
    button.press("Enter")
    expect(lesson.page.get_by_text(f"Kept: {choice}. Now run the cells below.")).to_be_visible()
    lesson.page.evaluate(RUN, [".reveal(", None])
    lesson.page.evaluate(GO_TO, ".reveal(")
    expect(lesson.page.get_by_text(f"You predicted: {choice}.")).to_be_visible()


def test_an_exercise_is_checked(lesson):
    """With a slip, with the solution, and with the stub."""
    if lesson.name != "03_e_step":
        return
    solution, stub = SOLUTIONS["e_step"], stubs.texts()["stub-e_step"]
    slip = solution.replace(".sum()", ".mean()")
    for source, told in (
        (slip, "is the mean over the points"),
        (solution, "Right."),
        (stub, "Not attempted yet"),
    ):
        lesson.page.evaluate(RUN, ["def my_e_step", source])
        lesson.page.evaluate(RUN, ["check.e_step(my_e_step)", None])
        lesson.page.evaluate(GO_TO, "check.e_step(my_e_step)")
        expect(lesson.page.locator(".gmm-verdict").get_by_text(told)).to_be_visible()


@with_explorer
def test_an_explorer_follows_its_controls(lesson, explorer, capsys):
    size = explorer.bounding_box()
    before = settled(explorer, lesson.name)
    for control in controls(lesson.name).values():
        if hasattr(control, "options"):
            row(explorer, control.description).locator("button:not(.mod-active)").first.press("Enter")
        else:
            arrow = "ArrowLeft" if control.value == control.max else "ArrowRight"
            handle(explorer, control.description).press(arrow)
        lesson.page.wait_for_timeout(150)
        now = settled(explorer, lesson.name)
    assert [key for key in now if now[key] == before[key]] == []
    last = explorer.locator(".noUi-handle").last
    explorer.evaluate("root => { root.times = [] }")
    for n in range(PRESSES):
        press(explorer, last, ("ArrowLeft", "ArrowRight")[n // 2 % 2])
    settled(explorer, lesson.name)
    tell(capsys, f"{lesson.name}: key press to new picture", explorer.evaluate("root => root.times"))
    assert [explorer.bounding_box()[key] for key in ("width", "height")] == [size[key] for key in ("width", "height")]


@with_explorer
def test_a_fast_drag_ends_on_the_right_picture(lesson, explorer):
    before = settled(explorer, lesson.name)
    label = next(control.description for control in controls(lesson.name).values() if not hasattr(control, "options"))
    slider, track = handle(explorer, label), row(explorer, label).locator(".noUi-target")
    slider.scroll_into_view_if_needed()
    box, track = slider.bounding_box(), track.bounding_box()
    y = box["y"] + box["height"] / 2
    mouse = lesson.page.mouse
    mouse.move(box["x"] + box["width"] / 2, y)
    mouse.down()
    places = [*np.linspace(0, 1, 40), 0.3]
    for place in places:
        mouse.move(track["x"] + place * track["width"], y)
    mouse.up()
    assert settled(explorer, lesson.name) != before
    lesson.page.wait_for_timeout(500)
    settled(explorer, lesson.name)
    assert 1 < explorer.evaluate("root => root.pictures") < len(places)


@with_explorer
def test_it_fits_a_page_at_twice_the_size(lesson, explorer):
    """At 200 % a screen of 1280 by 800 has room for 640 by 400."""
    lesson.page.set_viewport_size({"width": 640, "height": 400})
    explorer = find_explorer(lesson.page)
    lesson.page.wait_for_function(
        "explorer => explorer.getBoundingClientRect().right <= innerWidth", arg=explorer.element_handle()
    )
    frame = explorer.bounding_box()
    parts = explorer.locator("img, .noUi-target, button:visible")
    for box in parts.evaluate_all("parts => parts.map((part) => part.getBoundingClientRect().toJSON())"):
        assert frame["x"] - 1 <= box["left"] < box["right"] <= min(640, frame["x"] + frame["width"] + 1)
    for part, size in ((".widget-html-content", "Height"), (".widget-label", "Width")):
        fits = explorer.locator(part).evaluate_all(f"all => all.map((one) => one.scroll{size} <= one.client{size} + 1)")
        assert fits and all(fits)
    lesson.page.set_viewport_size(SCREEN)


def told_by_axe(page, selectors):
    """Return what axe-core finds wrong with parts of a page; landmarks are the page's own matter."""
    page.evaluate("(source) => { if (!window.axe) (0, eval)(source); }", AXE.read_text(encoding="utf-8"))
    options = {"resultTypes": ["violations"], "rules": {"region": {"enabled": False}}}
    parts = [[selector] for selector in selectors]
    found = page.evaluate("([parts, options]) => axe.run({ include: parts }, options)", [parts, options])
    page.evaluate("() => { document.body.style.height = ''; }")
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def test_axe_finds_nothing_wrong_with_it(lesson):
    """In both themes: explorer and its error, predictions with a choice and without, verdicts, pictures and players.

    All at once, on a screen as high as they are: axe-core takes its time for the page around them, and judges only what
    is on the screen. That it looks at each, a pale text in it shows.
    """
    page, told = lesson.page, {}
    for code in ("= predict(", "check.", "explorer = explorers.", "play(", "place_start(", "figures.show("):
        page.evaluate(GO_TO, code)  # where it is drawn
    parts = [part for part in PARTS if page.locator(part).count()]
    with only(page, parts):
        page.locator(".gmm-prediction").first.get_by_role("button").first.press("Enter")
        expect(page.locator(".gmm-kept").first).to_be_visible()
        if ".gmm-explorer" in parts:
            page.evaluate(IN_THE_KERNEL, "explorer._draw = None; explorer._update()")
            expect(page.get_by_role("alert").filter(has_text="This did not work:")).to_be_visible()
        boxes = page.locator(", ".join(parts[1:]))
        boxes.evaluate_all(PALE)
        for theme in ("JupyterLab Dark", "JupyterLab Light"):
            page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
            page.wait_for_function("(theme) => document.body.dataset.jpThemeName === theme", arg=theme)
            expect(page.locator("#jupyterlab-splash")).to_have_count(0)  # which covers all while a theme is loaded
            page.wait_for_function(ON_THE_SCREEN, arg=parts)
            told[theme] = told_by_axe(page, [*parts, ".gmm-kept"])
        page.locator(".pale").evaluate_all("texts => texts.forEach((text) => text.remove())")
        if ".gmm-explorer" in parts:
            page.evaluate(RUN, ["explorer = explorers.", None])
            expect(page.get_by_role("alert")).to_have_count(0)
    pale = {theme: [wrong for wrong in found if 'class="pale"' in wrong] for theme, found in told.items()}
    assert told == pale
    rules = [[wrong.split(":")[0] for wrong in found] for found in pale.values()]
    assert rules == [["color-contrast"] * boxes.count()] * 2


@contextmanager
def only(page, parts):
    """Show what cells with these parts put out, and nothing else, on a screen as high as that.

    JupyterLab's body has no height and hides what overflows: to axe-core all would be off the screen.
    """
    hidden = f".jp-Cell:not(:has({', '.join(parts)})), .jp-Cell-inputWrapper"
    style = page.add_style_tag(content=f"{hidden} {{ display: none }} body {{ height: 100vh }}")
    page.set_viewport_size({"width": SCREEN["width"], "height": 8_000})
    page.wait_for_function(ON_THE_SCREEN, arg=parts)
    yield
    style.evaluate("style => style.remove()")
    page.set_viewport_size(SCREEN)


@with_explorer
def test_controls_have_names_and_tell_what_they_show(lesson, explorer):
    for control in controls(lesson.name).values():
        if hasattr(control, "options"):
            group = explorer.get_by_role("group", name=control.description, exact=True)
            expect(group.get_by_role("button", pressed=True)).to_have_count(1)
            last = group.get_by_role("button").last
            last.press("Enter")
            expect(last).to_have_attribute("aria-pressed", "true")
        else:
            slider = explorer.get_by_role("slider", name=control.description, exact=True)
            readout = row(explorer, control.description).locator(".widget-readout")
            same = "([slider, text]) => slider.getAttribute('aria-valuetext') === text.textContent"
            for key in ("End", "Home", "ArrowRight"):
                slider.press(key)
                parts = [slider.element_handle(), readout.element_handle()]
                lesson.page.wait_for_function(same, arg=parts)
    settled(explorer, lesson.name)
    headings = explorer.locator(".gmm-section b").all_inner_texts()
    assert headings and all(explorer.get_by_role("group", name=text, exact=True).count() for text in headings)
    expect(explorer.locator(".gmm-caption")).to_have_attribute("aria-live", "polite")


@with_explorer
def test_letters_are_large_enough_and_the_caption_stands_on_the_screen(lesson, explorer):
    page = lesson.page
    settled(explorer, lesson.name)
    shown = explorer.evaluate("""(root) => {
      const picture = root.querySelector("img");
      return picture.getBoundingClientRect().width / picture.getAttribute("width");
    }""")
    assert shown * 8 / 72 * 120 >= 11  # pixels of the page, of letters of 8 points
    devtools = page.context.new_cdp_session(page)
    for ratio in (2, 1):  # zoomed to 200 %, or on a fine screen, and back
        devtools.send(
            "Emulation.setDeviceMetricsOverride",
            {"width": 1280 // ratio, "height": 800 // ratio, "deviceScaleFactor": ratio, "mobile": False},
        )
        page.wait_for_function(SHARPNESS_IS, arg=[explorer.element_handle(), ratio])
    devtools.detach()
    for screen in ({"width": 640, "height": 400}, SCREEN):  # Playwright sets a size only where it seems to be another
        page.set_viewport_size(screen)
    explorer.evaluate("root => root.scrollIntoView({ block: 'start' })")
    page.wait_for_timeout(300)
    caption = explorer.locator(".gmm-caption").bounding_box()
    assert caption["y"] + caption["height"] <= SCREEN["height"]


@with_explorer
def test_its_special_controls(lesson, explorer, lab):
    """What only one explorer has: half-steps that play, and a button that writes."""
    if lesson.name == "05_convergence":
        steps_and_plays(lesson, explorer)
    elif lesson.name == "06_animation":
        writes_the_gif(lesson, explorer, lab)


def steps_and_plays(lesson, explorer):
    image = explorer.locator("img")
    handle(explorer, "half-step").press("Home")
    explorer.get_by_role("button", name="next ▶").press("Enter")
    expect(image).to_have_attribute("alt", re.compile("Iteration 1, E-step"))
    explorer.get_by_role("button", name="▶ play").press("Enter")
    expect(image).to_have_attribute("alt", re.compile("Iteration [2-9], E-step"))  # it plays, however busy the machine
    pause = explorer.get_by_role("button", name="❚❚ pause")
    assert pause.evaluate("button => button.scrollWidth <= button.clientWidth + 1")
    pause.press("Enter")
    lesson.page.wait_for_timeout(800)
    here = settled(explorer, lesson.name)["half_step"]
    lesson.page.wait_for_timeout(800)
    assert settled(explorer, lesson.name)["half_step"] == here
    explorer.get_by_role("button", name="◀ back").press("Space")
    lesson.page.wait_for_timeout(300)
    assert settled(explorer, lesson.name)["half_step"] == here - 1


def writes_the_gif(lesson, explorer, lab):
    with lesson.page.expect_download() as download:
        explorer.get_by_role("button", name="Write explored.gif").press("Enter")
        explorer.get_by_role("link", name="explored.gif").click(timeout=AMPLE)
    data = Path(download.value.path()).read_bytes()
    assert data == (lab.folder / "explored.gif").read_bytes()
    expect(explorer).to_contain_text(f"{len(data) / 1024:.0f} KiB, 46 frames,")


def test_a_player_in_a_notebook_works_by_keyboard(lesson):
    player = lesson.page.get_by_role("group", name="Player of the half-steps of EM")
    if lesson.name != "06_animation":
        assert player.count() == 0
        return
    lesson.page.evaluate(GO_TO, "play(")
    player.get_by_role("slider").focus()
    for _ in range(3):
        lesson.page.keyboard.press("ArrowRight")
    expect(player).to_contain_text("Iteration 2, E-step")
    expect(player.get_by_role("status")).to_have_text(re.compile("^3 of"))


def test_a_start_is_placed_in_a_notebook_by_keyboard(lesson):
    """Arrow keys move the mean, and not the cell that JupyterLab has selected."""
    placing = lesson.page.get_by_role("group", name="A start to place, and EM from it")
    if lesson.name != "05_convergence":
        assert placing.count() == 0
        return
    lesson.page.evaluate(GO_TO, "place_start(")
    mean = placing.get_by_role("slider", name="Mean 2")
    before = float(mean.get_attribute("aria-valuenow"))
    mean.press("ArrowRight")
    expect(mean).to_be_focused()
    assert float(mean.get_attribute("aria-valuenow")) > before
    placing.get_by_role("button", name="To the end").press("Enter")
    expect(placing.get_by_role("status")).to_contain_text("Ends so far: -1832.25 (1 start)")
