"""A browser, and pages in it: what the tests in a real browser share."""

from contextlib import contextmanager
from pathlib import Path

import nbformat
import numpy as np
from nbformat.sign import NotebookNotary
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parent.parent
SCREEN = {"width": 1280, "height": 800}
# JupyterLab's own words where a kernel is shut down before it has answered
CLOSED_EARLY = "Error: Canceled future for create_subshell_request message before replies were done"
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


@contextmanager
def watched(page, allowed=("http://127.0.0.1:", "data:", "blob:", "file:")):
    """Let any error of a page's scripts, and any request but those to this machine, fail the test."""
    errors, asked = [], []
    listeners = {
        "pageerror": lambda error: errors.append(f"{page.url}: {error}"),
        "request": lambda request: asked.append(request.url),
    }
    page.set_default_timeout(AMPLE)
    for event, listener in listeners.items():
        page.on(event, listener)
    yield
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    assert [error for error in errors if CLOSED_EARLY not in error] == []
    assert [url for url in asked if not url.startswith(allowed)] == []


@contextmanager
def new_page(browser, **options):
    """Open a page on a projector, and watch it."""
    page = browser.new_page(**{"viewport": SCREEN} | options)
    with watched(page):
        yield page
        page.close()


def open_saved(page, path):
    """Put a notebook in the place of the one that JupyterLab shows."""
    page.evaluate(REPLACE, path)
    page.wait_for_function(READY, timeout=AMPLE)


def press(explorer, slider, key="ArrowRight"):
    """Press a key on a slider and wait for the new picture."""
    pictures = explorer.evaluate("root => root.times.length")
    slider.press(key)
    explorer.page.wait_for_function("([root, n]) => root.times.length > n", arg=[explorer.element_handle(), pictures])


def tell(capsys, what, times):
    with capsys.disabled():
        print(f"\n{what}: median {np.median(times):.0f} ms, p95 {np.percentile(times, 95):.0f} ms of {len(times)}")


def trust(lab, path):
    """Sign a notebook, as `jupyter trust` does."""
    NotebookNotary(data_dir=lab.environment["JUPYTER_DATA_DIR"]).sign(nbformat.read(path, as_version=4))
