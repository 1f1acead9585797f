"""Showing a figure: the picture with its caption as alternative text, once, and the caption below."""

import base64
import html
import io
import os
import re
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image

from gmm_lab import Step, figures, storyboard
from gmm_lab.pictures import showing


@pytest.fixture
def notebook(monkeypatch):
    """Return a function that runs a cell in IPython, with `figures`, and returns what it prints and shows."""
    monkeypatch.setattr(showing, "in_notebook", lambda: True)
    shell = InteractiveShell.instance()
    shell.user_ns.update(figures=figures, np=np, plt=plt)

    def run(cell):
        with capture_output() as captured:
            shell.run_cell(cell).raise_error()
        return re.sub(r"Out\[\d+\]: ", "", captured.stdout), captured.outputs  # a terminal's prompt aside

    yield run
    InteractiveShell.clear_instance()


def test_the_caption_is_the_alternative_text_and_stands_below(notebook):
    printed, outputs = notebook(
        "figures.plot_points(np.eye(2)); figures.show('2 points:\\nat the <corners> & \"edges\"')"
    )
    (output,) = outputs
    (alt,) = re.findall(r'<img alt="([^"]*)" width="\d+" height="\d+" style="max-width:100%', output.data["text/html"])
    assert html.unescape(alt) == '2 points: at the <corners> & "edges"'
    assert output.data["text/html"].count("<") == 1
    assert output.data["text/plain"] == f"[picture: {html.unescape(alt)}]"
    assert printed == '2 points:\nat the <corners> & "edges"\n'
    assert plt.get_fignums() == []


def test_the_picture_is_sharp_on_white_paper(notebook):
    figures.plot_points(np.eye(3))
    text = showing.picture(plt.gcf(), "three points")
    image = Image.open(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", text)[1]))).convert("RGB")
    width, height = map(int, re.search(r'width="(\d+)" height="(\d+)"', text).groups())
    assert (image.width // 2, image.height // 2) == (width, height)
    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_what_a_plot_returns_says_nothing_at_the_end_of_a_cell(notebook, points, mixture):
    step = Step(points, mixture, 0.0)
    InteractiveShell.instance().user_ns.update(step=step)
    for cell in (
        "figures.plot_points(step.points)",
        "figures.plot_step(step, ax=plt.subplots()[1])",
        "figures.plot_history([step, step])",
        "figures.plot_responsibilities(step.responsibilities[:3])",
        "figures.axes()",
    ):
        printed, outputs = notebook(cell)
        assert (printed, outputs) == ("", []), cell


def test_a_storyboard_at_the_end_of_a_cell_shows_once(notebook, points, mixture):
    InteractiveShell.instance().user_ns.update(storyboard=storyboard, steps=[Step(points, mixture, 0.0)] * 3)
    printed, outputs = notebook("storyboard(steps)")
    (output,) = outputs
    assert 'alt="EM, from left to right: Start' in output.data["text/html"]
    assert (printed, plt.get_fignums()) == ("", [])


@pytest.mark.parametrize(
    "first", ["figures.plot_points(points)", "figures.plot_history(steps)", "figures.axes()", "storyboard(steps)"]
)
def test_plots_of_a_readers_own_still_show_after_ours(first):
    """The inline backend is loaded by the first figure, and sets then that figures are shown at the end of a cell."""
    code = f"""if True:
        from IPython.core.interactiveshell import InteractiveShell
        InteractiveShell.instance()
        import matplotlib, numpy as np
        from gmm_lab import em, figures, k_means_plus_plus, storyboard
        points = np.random.default_rng(0).normal(size=(20, 2))
        loop = em(points, k_means_plus_plus(points, 1))
        steps = [next(loop), next(loop)]
        {first}
        print(matplotlib.is_interactive())"""
    environment = os.environ | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[0] == "True"


def test_a_script_opens_a_window_and_prints(monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(plt, "show", lambda: calls.append("show"))
    figures.plot_points(np.eye(2))
    figures.show("two points")
    assert (calls, capsys.readouterr().out) == (["show"], "two points\n")


@pytest.mark.parametrize(
    ("caption", "error", "message"),
    [
        (3, TypeError, "caption is 3, but a str was expected: try captions.points"),
        (" ", ValueError, "caption is empty, but a sentence"),
        ("two points", ValueError, "no figure is open: draw one in the same cell first"),
    ],
)
def test_what_cannot_be_shown_is_told(caption, error, message):
    with pytest.raises(error, match=message):
        figures.show(caption)
