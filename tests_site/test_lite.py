"""JupyterLab in the page: what is built without a network, and that its Python starts.

Compiled wheels, and with them whole lessons, can be tested only where a full distribution of Pyodide lies.
"""

import hashlib
import json
import re
import tomllib
import zipfile

import lite
import navigation
import nbformat
import pytest
from packaging.requirements import Requirement
from playwright.sync_api import expect
from website import ROOT

LESSON = "03_e_step.ipynb"
READY = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.isReady"
RUN = """async (source) => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = notebook.model.cells.length - 1;
  await window.jupyterapp.commands.execute("notebook:insert-cell-below");
  notebook.activeCell.model.sharedModel.setSource(source);
  await window.jupyterapp.commands.execute("notebook:run-cell");
  const { outputs } = notebook.activeCell.model;
  return Array.from({ length: outputs.length }, (_, n) => outputs.get(n).toJSON());
}"""
START = f"(source) => {{ ({RUN})(source); }}"  # without a wait for its end, which may not come
EXPLORER = f"""\
import anywidget, ipywidgets, traitlets

class Names(anywidget.AnyWidget):
    _esm = {(ROOT / "gmm_lab/explorers/naming.js").read_text(encoding="utf-8")!r}
    sharpness = traitlets.Int(1).tag(sync=True)

slider, told = ipywidgets.IntSlider(3, description="size"), ipywidgets.Label()
slider.observe(lambda change: setattr(told, "value", f"Python has {{change.new}}"), "value")
ipywidgets.VBox([slider, told, Names()]).add_class("gmm-explorer")"""
ENDLESS = f"""\
import types

stopping = types.ModuleType("gmm_lab.exercises.engine.stopping")
exec({(ROOT / "gmm_lab/exercises/engine/stopping.py").read_text(encoding="utf-8")!r}, vars(stopping))

def endless():
    while True:
        pass

try:
    with stopping.Clocks(1, 60) as clocks:
        endless()
except stopping.TooLong:
    print(clocks.ran_out)"""
WRITTEN = """
for text in (b"GIF87a", b"GIF89a"):
    write_whole(Path("new.gif"), text)
print(Path("new.gif").read_bytes(), [place for place in os.listdir() if place.endswith(".part")])"""


@pytest.fixture(scope="module")
def locked(html):
    return json.loads((html / "lite/static/pyodide/pyodide-lock.json").read_text(encoding="utf-8"))["packages"]


def test_what_lies_here_is_what_the_lock_says(html, locked):
    folder, elsewhere = html / "lite/static/pyodide", set()
    for name, package in locked.items():
        file = folder / package["file_name"]
        if package["file_name"].startswith("https://"):
            elsewhere.add(name)
        else:
            assert hashlib.sha256(file.read_bytes()).hexdigest() == package["sha256"], name
    compiled = {"contourpy", "kiwisolver", "matplotlib", "numpy", "pandas", "pillow", "scikit-learn", "scipy"}
    assert elsewhere == compiled
    assert {path.name for path in folder.glob("*.whl")} == {
        package["file_name"] for name, package in locked.items() if name not in compiled
    }


def test_a_plain_import_loads_all_that_the_package_needs(locked):
    assert locked["gmm-lab"]["imports"] == ["gmm_lab"]
    needed = lite.closure(["gmm-lab"], locked)
    assert needed.keys() >= {"anywidget", "imageio", "ipywidgets", "matplotlib", "numpy", "pandas", "pillow", "scipy"}
    assert "scikit-learn" not in needed, "loaded only by lessons that import it"
    assert all(name in locked for package in locked.values() for name in package["depends"])
    assert all(package["imports"] for package in locked.values())


def test_lessons_are_sent_once(html, locked):
    with zipfile.ZipFile(html / "lite/static/pyodide" / locked["gmm-lab"]["file_name"]) as wheel:
        assert [name for name in wheel.namelist() if name.endswith(".ipynb")] == []
        assert "gmm_lab/data/penguins.csv" in wheel.namelist()


def test_pure_wheels_have_the_versions_of_pyodide(html, locked):
    """Or, where Pyodide has none, those of uv.lock: a newer Pyodide asks for newer lines."""
    theirs = json.loads((html.parent / "work/npm/node_modules/pyodide/pyodide-lock.json").read_text(encoding="utf-8"))
    theirs = {lite.normal(name): package["version"] for name, package in theirs["packages"].items()}
    ours = dict(re.findall(r'name = "(.+)"\nversion = "(.+)"', (ROOT / "uv.lock").read_text(encoding="utf-8")))
    for name, package in locked.items():
        assert package["version"] == (ours | theirs | {"gmm-lab": ours["gmm-lab"]})[name], name


def test_gmm_lab_takes_the_versions_that_it_asks_for(locked):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [Requirement(line) for line in project["dependencies"]]
    for one in asked:
        assert one.specifier.contains(locked[one.name]["version"]), one


def test_copies_are_the_lessons_without_outputs(html):
    for lesson in navigation.LESSONS:
        copy = nbformat.read(html / f"lite/files/{lesson.file}.ipynb", 4)
        saved = nbformat.read(ROOT / f"notebooks/{lesson.file}.ipynb", 4)
        nbformat.validate(copy)
        assert copy.metadata.kernelspec.name == "python"
        assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in copy.cells)
        differing = [(a.id, b.id) for a, b in zip(copy.cells, saved.cells, strict=True) if a.source != b.source]
        assert differing == [("kernel", "kernel")]


def test_it_is_built_without_a_network(html, tmp_path, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    work = html.parent / "work"
    lite.build(work / "npm/node_modules/pyodide", work / "wheels", tmp_path / "work", tmp_path / "lite")
    assert (tmp_path / "lite/static/pyodide/pyodide.asm.wasm").is_file()


def test_python_starts_and_work_is_kept_and_taken_home(opened):
    page, seen = opened(f"lite/notebooks/index.html?path={LESSON}", viewport={"width": 1280, "height": 900})
    page.wait_for_function(READY, timeout=120_000)
    assert page.locator("dialog[open], .jp-Dialog").count() == 0
    (output,) = page.evaluate(RUN, "import sys\nprint(sys.platform, 6 * 7)")
    assert output["text"] == "emscripten 42\n"
    assert (seen.foreign, seen.missing) == ([], [])

    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    taken = nbformat.read(download.value.path(), 4)
    assert taken.cells[-1].outputs[0].text == "emscripten 42\n"
    page.reload()
    page.wait_for_function(READY, timeout=120_000)
    expect(page.locator(".jp-Cell").last).to_contain_text("emscripten 42")


def test_a_slider_has_a_name_and_follows_the_arrow_keys(opened):
    """With ours of the widgets that explorers are made of; JupyterLab's own keys would move the selected cell."""
    page, seen = opened(f"lite/notebooks/index.html?path={LESSON}", viewport={"width": 1280, "height": 900})
    page.wait_for_function(READY, timeout=120_000)
    page.evaluate(RUN, EXPLORER)
    slider = page.get_by_role("slider", name="size", exact=True)
    for key, value in (("ArrowRight", 4), ("ArrowUp", 5), ("ArrowLeft", 4)):
        slider.press(key)
        expect(page.get_by_text(f"Python has {value}")).to_be_visible()
        expect(slider).to_be_focused()
    assert seen.foreign == []


def test_a_loop_is_stopped_and_a_file_is_written_whole(opened):
    """By those files of the package that need no compiled wheel."""
    page, seen = opened(f"lite/notebooks/index.html?path={LESSON}")
    page.wait_for_function(READY, timeout=120_000)
    files = (ROOT / "gmm_lab/files.py").read_text(encoding="utf-8")
    for source, printed in ((ENDLESS, "never ends, or is slow"), (files + WRITTEN, "b'GIF89a' []")):
        page.evaluate(START, source)
        expect(page.locator(".jp-OutputArea-output").last).to_have_text(printed, timeout=60_000)
    assert seen.foreign == []


def test_other_files_go_in_and_out_behind_the_logo(opened, tmp_path):
    page, _ = opened(f"lite/notebooks/index.html?path={LESSON}")
    with page.context.expect_page() as second:
        page.locator("#jp-NotebookLogo").click()
    files = second.value
    with files.expect_file_chooser() as chooser:
        files.get_by_role("button", name="Upload").click()
    table = tmp_path / "my_table.csv"
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    chooser.value.set_files(table)
    files.get_by_text("my_table.csv").click(button="right")
    with files.expect_download() as download:
        files.get_by_role("menuitem", name="Download").click()
    assert download.value.path().read_text(encoding="utf-8") == "a,b\n1,2\n"
