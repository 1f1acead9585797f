"""A reader's JupyterLab, as `make lab` starts it: the own copy, the next day, and a stranger's notebook."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import urlsplit

import nbformat
import pytest
from browsing import AMPLE, CELLS, GO_TO, IDLE, READY, ROOT, RUN, new_page, open_saved, trust
from playwright.sync_api import expect

from gmm_lab.lab.work import BACK, prepare

PATH = "window.jupyterapp.shell.currentWidget.context.path"
EXECUTE = "([name, options]) => window.jupyterapp.commands.execute(name, options)"
OPEN = """async (path) => {
  const { commands, shell } = window.jupyterapp;
  shell.activateById((await commands.execute("docmanager:open", { path })).id);
}"""
STRANGERS = ["notebooks/07_hostile.ipynb", "work/08_hostile.ipynb"]
EVIL = "window.hacked = 'yes'; fetch('/api/contents/hacked.txt', {method: 'PUT'});"


def copy_project(folder):
    shutil.copytree(ROOT / "gmm_lab", folder / "gmm_lab", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    for name in ("README.md", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, folder)
    return folder


@contextmanager
def reader(folder):
    """Run `python -m gmm_lab.lab` on a copy of the project, and wait for the address that it prints."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    environment |= {f"JUPYTER_{name}_DIR": str(folder / ".jupyter" / name) for name in ("RUNTIME", "DATA", "CONFIG")}
    environment |= {"PYTHONPATH": str(folder), "IPYTHONDIR": str(folder / ".ipython")}
    log = folder / ".log"
    options = ["--allow-root", "--no-browser", "--port=0", "--expose-app-in-browser"]
    with log.open("w") as stream:
        command = [sys.executable, "-m", "gmm_lab.lab", *options]
        server = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream, cwd=folder)
    for _ in range(AMPLE // 100):
        if address := re.search(r"http://127\.0\.0\.1:\d+/\S+", log.read_text(encoding="utf-8")):
            break
        assert server.poll() is None, log.read_text(encoding="utf-8")
        time.sleep(0.1)
    try:
        yield SimpleNamespace(folder=folder, address=address[0], environment=environment)
    finally:
        server.terminate()
        server.wait(AMPLE / 1000)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """With two notebooks of a stranger that lie there before the start, named like lessons."""
    folder = copy_project(tmp_path_factory.mktemp("meine Übung"))
    for name in STRANGERS:
        (folder / name).parent.mkdir(exist_ok=True)
        nbformat.write(hostile_notebook(), folder / name)
    with reader(folder) as lab:
        yield lab


@pytest.fixture(scope="module")
def page(browser):
    with new_page(browser) as page:
        yield page


def load(page, lab, path):
    """Load JupyterLab with a file of the project; `reset` leaves out what was open before."""
    url = urlsplit(lab.address)
    page.goto(f"{url.scheme}://{url.netloc}/lab/tree/{path}?{url.query}&reset")
    page.wait_for_function(READY, timeout=AMPLE)


def go(page, lab, path):
    """Open a file of the project in JupyterLab where that is loaded, which takes long."""
    if page.url == "about:blank":
        load(page, lab, path)
    page.evaluate(OPEN, path)
    page.wait_for_function(READY, timeout=AMPLE)
    assert page.evaluate(PATH) == path


def run_all(page):
    page.evaluate(EXECUTE, ["notebook:run-all-cells", {}])
    page.wait_for_function(IDLE, timeout=AMPLE)


def test_the_printed_address_opens_the_first_lesson_of_the_readers_copy(page, lab):
    page.goto(lab.address)
    page.wait_for_function(READY, timeout=AMPLE)
    assert page.evaluate(PATH) == "work/00_start_here.ipynb"
    cells = [cell for cell in page.evaluate(CELLS) if cell["cell_type"] == "code"]
    assert cells and not any(cell["outputs"] for cell in cells)
    page.wait_for_timeout(2000)
    assert page.get_by_text("Jupyter news").count() == 0


def test_links_of_a_copy_lead_on(page, lab):
    go(page, lab, "work/00_start_here.ipynb")
    page.get_by_role("link", name="Data generation").first.click()
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.context.path === 'work/01_data_generation.ipynb'"
    )


def test_the_next_day(page, lab):
    """Run, predict, save, shut the kernel down, come again: stills and words, and no widget that is not there."""
    name = "work/03_e_step.ipynb"
    go(page, lab, name)
    run_all(page)
    page.evaluate(GO_TO, "= predict(")
    button = page.locator(".gmm-prediction").first.get_by_role("button").last
    expect(button).to_be_visible()
    choice = button.text_content()
    button.press("Enter")
    kept = page.get_by_text(f"Kept: {choice}. Now run the cells below.")
    expect(kept).to_be_visible()
    expect(button).to_be_focused()
    page.evaluate(EXECUTE, ["docmanager:save", {}])
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    load(page, lab, name)
    page.evaluate(GO_TO, "= predict(")
    expect(kept).to_be_visible()
    page.evaluate(GO_TO, "explorer = explorers.")
    expect(page.get_by_text("Run this notebook, and controls to move appear here.")).to_be_visible()
    expect(page.get_by_alt_text(re.compile("^Point 1 at ")).first).to_be_visible()
    saved = (lab.folder / name).read_text(encoding="utf-8")
    assert "widget-view" not in saved and "I predict: " in saved
    assert page.get_by_text("Error displaying widget").count() == 0
    page.evaluate(RUN, ["from gmm_lab import", None])
    page.evaluate(RUN, ["explorer = explorers.", None])


def hostile_notebook():
    """Return a notebook that tries to run scripts of its own when it is opened, in all the ways that we know."""
    tags = f'<script>{EVIL}</script><img src="nowhere" onerror="{EVIL}"><svg onload="{EVIL}"></svg><b>seen</b>'
    kinds = {"text/html": tags, "application/javascript": EVIL, "image/svg+xml": f'<svg onload="{EVIL}"></svg>'}
    code = nbformat.v4.new_code_cell("1 + 1", execution_count=1)
    code.outputs = [nbformat.v4.new_output("display_data", {kind: data}) for kind, data in kinds.items()]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(tags), code], metadata=kernel)


def test_of_a_strangers_notebook_nothing_runs(page, lab):
    """Signed on purpose it does run, so the test can fail."""
    go(page, lab, "work/00_start_here.ipynb")
    for signed in (False, True):
        for name in STRANGERS:
            open_saved(page, name)
            expect(page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea b")).to_have_text("seen")
            if signed:
                page.wait_for_function("() => window.hacked === 'yes'")
                page.evaluate("() => { window.hacked = null; }")
            else:
                page.wait_for_timeout(1000)
                assert page.evaluate("() => window.hacked ?? null") is None
                assert not (lab.folder / "hacked.txt").exists()
                trust(lab, lab.folder / name)


def test_the_server_listens_to_this_machine_only_and_asks_for_a_token(lab):
    url = urlsplit(lab.address)
    assert re.fullmatch(r"token=[0-9a-f]{32,}", url.query)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"http://127.0.0.1:{url.port}/api/contents", timeout=10)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as route:
        route.connect(("192.0.2.1", 9))  # sends nothing: it asks which address of this machine would be used
        outside = route.getsockname()[0]
    with pytest.raises(OSError), socket.create_connection((outside, url.port), timeout=5):
        pass


def test_on_binder_work_goes_home_with_one_click_and_comes_back(page, lab, tmp_path):
    folder = lab.folder / "binder"
    prepare(ROOT / "notebooks", folder, on_binder=True)
    trust(lab, folder / "03_e_step.ipynb")
    go(page, lab, "binder/03_e_step.ipynb")
    page.evaluate(RUN, ["from gmm_lab import", "open('mine.py', 'w').write('my own work')"])
    page.evaluate(EXECUTE, ["docmanager:save", {}])
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.evaluate(GO_TO, "You are on Binder")
    with page.expect_download() as download:
        page.get_by_role("link", name="my_work.zip").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "my own work" in archive.read("03_e_step.ipynb").decode()
        assert archive.read("mine.py") == b"my own work"
    (folder / "03_e_step.ipynb").unlink()
    page.evaluate(RUN, ["explorer = explorers.", BACK])
    for _ in range(AMPLE // 200):
        if (folder / "03_e_step.ipynb").exists():
            break
        page.wait_for_timeout(200)
    assert "my own work" in json.dumps(json.loads((folder / "03_e_step.ipynb").read_text(encoding="utf-8")))
