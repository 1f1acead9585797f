"""Every lesson in a real JupyterLab in a real browser, and the player on a page without a kernel.

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
from nbformat.sign import NotebookNotary
from oracle import EXPLORERS, PENGUINS, expected, run
from playwright.sync_api import expect, sync_playwright
from printing import CHROMIUM, FLAGS

from gmm_lab import play

ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
SCREEN = {"width": 1280, "height": 800}
PRESSES = 10
AMPLE = 180_000  # ms: whatever takes longer will not come, however busy the machine is
expect.set_options(timeout=AMPLE)
# what a page tells of every new picture: how long after the last key press or move of the mouse it was on the screen
WATCH = """root => {
  root.times = []; root.pictures = 0;
  let pressed = 0, last = root.querySelector("img").src;
  for (const kind of ["keydown", "pointermove"]) {
    document.addEventListener(kind, () => { pressed = performance.now(); }, true);
  }
  root.watch?.disconnect(); // of the test before
  root.watch = new MutationObserver(async () => {
    const image = root.querySelector("img");
    if (!image || image.src === last) return;
    last = image.src; root.pictures += 1;
    await image.decode();
    requestAnimationFrame(() => root.times.push(performance.now() - pressed));
  });
  root.watch.observe(root, { subtree: true, childList: true, attributes: true });
}"""
READY = "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.isReady"
REPLACE = """async (path) => {
  const { commands, shell } = window.jupyterapp;
  const before = shell.currentWidget;
  if (await commands.execute("docmanager:open", { path }) === before) return;
  await before.sessionContext.shutdown();
  before.dispose();
}"""
IDLE = """() => {
  const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
  const ran = [...content.model.cells].every((cell) => cell.type !== "code" || cell.executionCount);
  return ran && sessionContext.session.kernel.status === "idle";
}"""
CELLS = "() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells"
SOURCES = """() => {
  const { cells } = window.jupyterapp.shell.currentWidget.content.model;
  return Array.from(cells, (cell) => cell.sharedModel.getSource());
}"""
GO_TO = f"""(text) => {{
  const notebook = window.jupyterapp.shell.currentWidget.content;
  return notebook.scrollToItem(({SOURCES})().findIndex((source) => source.includes(text)), "start");
}}"""
RUN = f"""async ([text, source]) => {{
  const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = ({SOURCES})().findIndex((source) => source.includes(text));
  if (source) notebook.activeCell.model.sharedModel.setSource(source);
  await window.jupyterapp.commands.execute("notebook:run-cell");
}}"""
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

if CHROMIUM is None:
    reason = "no Chromium found, so nothing was tested in a real browser: install it to test lessons and players there"
    pytest.skip(reason, allow_module_level=True)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def jupyter_lab(folder):
    """Run JupyterLab on a copy of the notebooks in a folder; give its address."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
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


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with jupyter_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@contextmanager
def new_page(browser, **options):
    """Open a page on a projector; any error of its scripts, and any request to another machine, fails the test."""
    page = browser.new_page(viewport=SCREEN, **options)
    page.set_default_timeout(AMPLE)
    errors, asked = [], []
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    page.close()
    assert errors == []
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:", "file:"))] == []


def load(page, lab, name):
    """Load JupyterLab, which takes long, with a notebook in it."""
    page.goto(f"{lab.address}/lab/tree/notebooks/{name}.ipynb?token=x&reset")
    page.wait_for_function(READY, timeout=AMPLE)


def open_saved(page, path):
    """Put a notebook in the place of the one that is open."""
    page.evaluate(REPLACE, path)
    page.wait_for_function(READY, timeout=AMPLE)


def open_lesson(page, name):
    """Put a lesson in the place of the one that is open, and run all of its cells, from the first to the last."""
    open_saved(page, f"notebooks/{name}.ipynb")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(IDLE, timeout=AMPLE)


def find_explorer(page):
    page.evaluate(GO_TO, "explorer = explorers.")
    explorer = page.locator(".gmm-explorer")
    expect(explorer.locator("img")).to_be_visible()
    page.wait_for_function(COMPLETE, arg=explorer.element_handle())
    return explorer


@pytest.fixture(scope="module")
def lab_page(browser, lab):
    """JupyterLab, in which lessons are opened one after the other."""
    with new_page(browser) as page:
        load(page, lab, LESSONS[0])
        yield page


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, lab_page):
    """A lesson that has run in a kernel of its own, which the tests of it share."""
    open_lesson(lab_page, request.param)
    return SimpleNamespace(name=request.param, page=lab_page)


@pytest.fixture
def explorer(lesson):
    """The lesson's explorer, watched."""
    explorer = find_explorer(lesson.page)
    explorer.evaluate(WATCH)
    yield explorer
    assert explorer.locator("[role=alert]").count() == 0


def caption(explorer):
    return explorer.locator("img").get_attribute("alt")


def row(explorer, label):
    """Return the control with a label, as it stands on the page."""
    text = explorer.page.locator(".widget-label", has_text=re.compile(f"^{re.escape(label)}$"))
    return explorer.locator(".widget-inline-hbox, .widget-toggle-buttons", has=text)


@functools.cache
def controls(name):
    """Return the controls of a lesson's explorer as they are at first: settings -> widget."""
    return EXPLORERS[name]().controls


def settings_on_the_page(explorer, name):
    """Return the settings as a reader sees them, beside the sliders."""
    settings = {}
    for key, control in controls(name).items():
        shown = "button.mod-active" if hasattr(control, "options") else ".widget-readout"
        place = row(explorer, control.description).locator(shown)
        expect(place).to_have_text(re.compile(r"\S"), use_inner_text=True)  # JupyterLab may be laying the cell out anew
        settings[key] = type(control.value)(place.inner_text().replace("\N{MINUS SIGN}", "-"))
    return settings


def handle(explorer, label):
    return row(explorer, label).locator(".noUi-handle")


def settled(explorer, name):
    """Wait until the caption tells what the core computes from the settings that the page shows; return them."""
    deadline = time.monotonic() + AMPLE / 1000
    while True:
        wanted = settings_on_the_page(explorer, name)
        texts = [text.replace("\n", " ") for text in expected(name, wanted)]
        told = caption(explorer)
        if all(text in told for text in texts):
            return wanted
        assert time.monotonic() < deadline, f"{wanted}\n{texts}\n{told}"
        explorer.page.wait_for_timeout(50)


def press(explorer, slider, key="ArrowRight"):
    """Press a key on a slider and wait for the new picture."""
    pictures = explorer.evaluate("root => root.times.length")
    slider.press(key)
    explorer.page.wait_for_function("([root, n]) => root.times.length > n", arg=[explorer.element_handle(), pictures])


def tell(capsys, what, times):
    with capsys.disabled():
        print(f"\n{what}: median {np.median(times):.0f} ms, p95 {np.percentile(times, 95):.0f} ms of {len(times)}")


with_explorer = pytest.mark.parametrize("lesson", EXPLORERS, indirect=True)


def test_a_lesson_runs_to_its_end(lesson):
    outputs = [output for cell in lesson.page.evaluate(CELLS) for output in cell.get("outputs", [])]
    assert outputs
    assert [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"] == []


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
    """Once with the stub, when the lesson ran; then with a slip, and with the solution."""
    if lesson.name != "03_e_step":
        return
    solution = stubs.solution(stubs.solutions()["e_step"])
    expect(lesson.page.get_by_text("Not attempted yet")).to_be_attached()
    for source, told in ((solution.replace(".sum()", ".mean()"), "is the mean over the points"), (solution, "Right.")):
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
    for part in (explorer.locator("img"), *explorer.locator(".noUi-target, button:visible").all()):
        part.scroll_into_view_if_needed()
        box, frame = part.bounding_box(), explorer.bounding_box()
        assert box["x"] >= frame["x"] - 1
        assert box["x"] + box["width"] <= min(640, frame["x"] + frame["width"] + 1)
    texts = explorer.locator(".widget-html-content").all()
    assert all(text.evaluate("text => text.scrollHeight <= text.clientHeight + 1") for text in texts)
    labels = explorer.locator(".widget-label").all()
    assert labels
    assert all(label.evaluate("label => label.scrollWidth <= label.clientWidth + 1") for label in labels)
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


def trust(lab, path):
    """Sign a notebook, as `jupyter trust` does."""
    NotebookNotary(data_dir=lab.environment["JUPYTER_DATA_DIR"]).sign(nbformat.read(path, as_version=4))


def test_before_a_cell_runs(browser, lab):
    """A notebook that is not trusted shows stills; one that is, as on Binder, the player. Neither shows an error."""
    with new_page(browser) as page:
        for name in ("stranger", "trusted"):
            path = shutil.copy(ROOT / "notebooks" / "06_animation.ipynb", lab.folder / f"{name}.ipynb")
            if name == "trusted":
                trust(lab, path)
                open_saved(page, f"notebooks/{name}.ipynb")
            else:
                load(page, lab, name)
            page.evaluate(GO_TO, "explorer = explorers.")
            expect(page.get_by_text("Run this notebook, and controls to move appear here.")).to_be_visible()
            page.evaluate(GO_TO, "play(")
            if name == "trusted":
                page.get_by_role("button", name="Next ▶").click()
                expect(page.locator(".gmm-player")).to_contain_text("Iteration 1, E-step")
            else:
                expect(page.get_by_alt_text(re.compile("^After 70 iterations: log-likelihood"))).to_be_attached()
            assert page.get_by_text("Error displaying widget").count() == 0


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
    def page(self, browser):
        with new_page(browser) as page:
            yield page

    @pytest.fixture
    def player(self, page, made, tmp_path):
        path = tmp_path / "page.html"
        path.write_text(f"<!doctype html><meta charset=utf-8><title>Player</title>{made.html}", encoding="utf-8")
        page.goto(path.as_uri())
        return page.locator(".gmm-player")

    def test_on_an_exported_page(self, browser, exported):
        page = browser.new_page(viewport=SCREEN)
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
        page = browser.new_page()
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
