"""Notebooks are saved executed, in order and in one go, without noise, and without traces of a machine."""

import base64
import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PATH = re.compile(r"(?<![\w.<])(/(home|root|tmp|usr|opt|Users|private|var|work)/|[A-Z]:\\)")
TIMING = re.compile(r"\b\d+(\.\d+)? ?(ms|µs|us|ns)\b|\b\d+(\.\d+)? seconds\b|\bWall time\b|\bper loop\b|\d+it/s")
LONG = re.compile(r"(?<![\w+/=.])[-\N{MINUS SIGN}]?\d+\.\d+(?![\w+/=])")


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell):
    return "".join(cell["source"])


def printed(cell):
    """Return the texts that a cell shows, pictures left out."""
    for output in cell["outputs"]:
        yield "".join(output.get("text", []))
        for kind, data in output.get("data", {}).items():
            if kind.startswith("text/"):
                yield re.sub(r"base64,[A-Za-z0-9+/=]+|[A-Za-z0-9+/]{100,}={0,2}", "", "".join(data))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def notebook(request):
    return read(request.param)


def is_figure(output):
    return "".join(output.get("data", {}).get("text/plain", "")).startswith("[picture: ")


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_there_are_notebooks():
    assert NOTEBOOKS[0].name == "00_start_here.ipynb"


def test_cells_are_executed_in_order(notebook):
    cells = code_cells(notebook)
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert all(source(cell).strip() for cell in notebook["cells"])


def test_any_python_3_runs_them(notebook):
    """And a converter knows their language."""
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "name": "python"},
    }


@pytest.mark.parametrize(
    ("kind", "suffix", "told"), [("script", ".py", "\nimport"), ("markdown", ".md", "```python\n")]
)
def test_they_become_scripts_and_markdown(kind, suffix, told, tmp_path):
    convert = [sys.executable, "-m", "jupyter", "nbconvert", "--to", kind, "--output-dir", tmp_path, NOTEBOOKS[3]]
    subprocess.run(convert, check=True, capture_output=True)
    assert told in (tmp_path / NOTEBOOKS[3].with_suffix(suffix).name).read_text(encoding="utf-8")


def test_cells_carry_no_times_and_no_flags(notebook):
    """No record of when a cell ran, and no tag that takes its output out of the comparison."""
    assert [cell["metadata"] for cell in notebook["cells"]] == [{}] * len(notebook["cells"])


def test_nothing_failed_or_warned(notebook):
    outputs = [output for cell in code_cells(notebook) for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"] == []


def test_nothing_tells_of_a_machine(notebook):
    for cell in notebook["cells"]:
        for text in (source(cell), *(printed(cell) if cell["cell_type"] == "code" else ())):
            assert not PATH.search(text), text
            assert "http://localhost" not in text and "127.0.0.1" not in text


def test_what_is_compared_holds_no_timing(notebook):
    for cell in code_cells(notebook):
        assert [text for text in printed(cell) if TIMING.search(text)] == []


def test_numbers_have_at_most_six_significant_digits(notebook):
    for cell in code_cells(notebook):
        for number in (number for text in printed(cell) for number in LONG.findall(text)):
            assert len(number.lstrip("-\N{MINUS SIGN}0.").replace(".", "")) <= 6, number


def test_every_picture_is_followed_by_its_caption(notebook):
    """Which is its alternative text as well: the first lines that are printed below it, in one."""
    for cell in code_cells(notebook):
        assert not [output for output in cell["outputs"] if "image/png" in output.get("data", {})], source(cell)
        shown = [i for i, output in enumerate(cell["outputs"]) if is_figure(output)]
        assert len(shown) == source(cell).count("figures.show(") <= 1
        for i in shown:
            (alt,) = re.findall(r'<img alt="([^"]+)"', "".join(cell["outputs"][i]["data"]["text/html"]))
            below = "".join(cell["outputs"][i + 1]["text"]).splitlines()
            assert html.unescape(alt) in [" ".join(below[:n]) for n in range(1, len(below) + 1)]


def test_every_lesson_shows_pictures(notebook):
    assert [cell for cell in code_cells(notebook) if any(map(is_figure, cell["outputs"]))]


def test_no_lesson_leaves_a_picture_without_words(notebook):
    """Matplotlib's own way of showing has no alternative text, and follows the reader's style."""
    for cell in code_cells(notebook):
        assert "plt.show" not in source(cell) and "plt.subplots" not in source(cell)


def test_every_image_has_an_alternative_text(notebook):
    for cell in code_cells(notebook):
        for text in printed(cell):
            assert text.count("<img") == len(re.findall(r'<img alt="[^"]{20,}"', text))


def test_links_lead_somewhere(notebook):
    texts = [source(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    anchors = {anchor for text in texts for anchor in re.findall(r'<a id="([^"]+)"', text)}
    for link in (link for text in texts for link in re.findall(r"\]\(([^)\s]+)\)", text)):
        if link.startswith("#"):
            assert link[1:] in anchors
        elif not link.startswith("https://"):
            assert (ROOT / "notebooks" / link).is_file(), link


def test_cells_are_short(notebook):
    """Imports aside."""
    cells = [source(cell) for cell in code_cells(notebook)[2:]]
    assert max(len(text.splitlines()) for text in cells) <= 15


def test_the_front_page_shows_the_animation_of_the_first_notebook():
    saved = NOTEBOOKS[0].read_text(encoding="utf-8")
    gifs = [base64.b64decode(gif) for gif in re.findall(r"image/gif;base64,([A-Za-z0-9+/=]+)", saved)]
    assert (ROOT / "docs" / "penguins.gif").read_bytes() in gifs, "run make notebooks"
