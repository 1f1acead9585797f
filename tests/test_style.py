"""Our figures look the same whatever the reader's style is, and the reader's style stays as it was."""

import io
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from gmm_lab import Mixture, explorers, figures, fit, storyboard
from gmm_lab.explorers import explorer
from gmm_lab.pictures import style
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.colours import PALETTE
from gmm_lab.pictures.half_steps import half_steps
from gmm_lab.pictures.rendering import render
from gmm_lab.pictures.style import Axes, Figure

READERS = {
    "dark_background": ["dark_background"],
    "ggplot": ["ggplot"],
    "their own": [
        {"font.size": 20, "axes.grid": True, "savefig.facecolor": "red", "figure.dpi": 50, "lines.linewidth": 9}
    ],
}
POINTS = np.random.default_rng(0).normal(size=(60, 3))
FITS = {n: fit(POINTS[:, :n], 2, rng=0) for n in (1, 2, 3)}


def bare():
    """A figure drawn as some lessons draw theirs."""
    ax = figures.axes(width=3, height=2)
    ax.plot([1, 2], label="a line")
    ax.set(title="title", xticks=range(4))
    ax.text(0, 1, "text")
    ax.legend()
    return ax


DRAWINGS = {
    "1-D": lambda: figures.plot_step(FITS[1].steps[-1]),
    "2-D": lambda: figures.plot_step(FITS[2].steps[-1]),
    "3-D": lambda: figures.plot_step(FITS[3].steps[-1]),
    "history": lambda: figures.plot_history(FITS[3])[0],
    "responsibilities": lambda: figures.plot_responsibilities(FITS[3].responsibilities[:5]),
    "storyboard": lambda: storyboard(FITS[2], 2).axes[0],
    "bare": bare,
}


def saved(ax):
    file = io.BytesIO()
    ax.figure.savefig(file, format="png")
    return file.getvalue()


def drawn(draw):
    return saved(draw())


def on_canvas(ax):
    """Return the pixels as a notebook or a window draws them."""
    ax.figure.canvas.draw()
    return bytes(ax.figure.canvas.buffer_rgba())


@pytest.fixture(params=READERS.values(), ids=READERS)
def reader(request):
    with plt.style.context(request.param):
        yield


@cache
def in_default_style(see, *drawing):
    """Return what is seen where the reader chose no style."""
    with plt.style.context("default"):
        return see(*drawing)


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_a_figure_is_the_same_in_every_readers_style_which_stays_theirs(draw, reader):
    before = mpl.rcParams.copy()
    assert drawn(draw) == in_default_style(drawn, draw)
    assert mpl.rcParams == before


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_a_style_that_is_chosen_after_the_drawing_changes_nothing(draw):
    ax = draw()
    with plt.style.context(["dark_background", {"text.hinting": "none"}]):
        later = on_canvas(ax)
    assert later == on_canvas(draw())


def test_paper_is_white_in_the_dark():
    with plt.style.context("dark_background"):
        picture = Image.open(io.BytesIO(saved(bare()))).convert("RGB")
    assert picture.getpixel((0, 0)) == (255, 255, 255)


def frames_and_explorers():
    frames = list(render(half_steps(FITS[2])[:3], View.around(POINTS[:, :2], None, None), 0.9, 0))
    moving = explorers.density(POINTS[:, :2], FITS[2].mixture)
    before = moving._picture.value
    moving.controls["place_0"].value += 0.5
    return [frame.tobytes() for frame in frames], before, moving._picture.value


def test_frames_and_explorers_are_the_same_in_every_readers_style(reader):
    assert frames_and_explorers() == in_default_style(frames_and_explorers)


def test_the_readers_style_is_back_while_a_frame_waits_and_where_drawing_fails(reader):
    before = mpl.rcParams.copy()
    frames = render(half_steps(FITS[2])[:2], View.around(POINTS[:, :2], None, None), 0.9, 0)
    next(frames)
    assert mpl.rcParams == before, "while a frame waits"
    with pytest.raises(ValueError, match="columns"):
        figures.plot_points(POINTS, columns=["a"])
    assert mpl.rcParams == before


def test_the_style_is_in_force_until_the_outermost_drawing_ends(reader):
    """Also where one that is drawn inside fails, and in any other thread afterwards."""
    before = mpl.rcParams.copy()
    with style.style():
        ours = mpl.rcParams.copy()
        with pytest.raises(ValueError, match="columns"):
            figures.plot_points(POINTS, columns=["a"])
        with style.style():
            assert mpl.rcParams == ours
        assert mpl.rcParams == ours != before
    assert mpl.rcParams == before
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(style.in_style(lambda: mpl.rcParams == ours)).result()
    with pytest.raises(ZeroDivisionError), style.style():
        1 / 0  # noqa: B018
    assert mpl.rcParams == before
    with style.style():
        assert mpl.rcParams == ours


def test_on_a_readers_own_dark_axes_all_can_be_read():
    with plt.style.context("dark_background"):
        flat, solid = plt.subplots(1, 2)[1]
        figures.plot_mixture(FITS[1].mixture, ax=flat)
        figures.plot_points(POINTS, ax=solid)
    assert type(flat) is not Axes
    mixture = next(line for line in flat.lines if line.get_linestyle() == "--")
    for colour in (mixture.get_color(), *(text.get_color() for text in solid.texts)):
        assert min(to_rgb(colour)) > 0.7


def test_on_a_readers_own_axes_the_legend_is_in_their_style():
    with plt.style.context("dark_background"):
        ax = figures.plot_responsibilities(FITS[3].responsibilities[:5], ax=plt.subplots()[1])
    assert {to_rgb(text.get_color()) for text in ax.get_legend().get_texts()} == {(1, 1, 1)}


def test_the_style_sheet_lifts_a_dark_style_for_a_readers_own_plots():
    with plt.style.context(["dark_background", "gmm_lab.lessons"]):
        dark = dict(plt.style.library["dark_background"])
        assert mpl.rcParams["axes.prop_cycle"].by_key()["color"] == [*PALETTE]
        ours = {name: mpl.rcParams[name] for name in dark}
    kept = [name for name in dark if ours[name] == dark[name]]
    assert kept == [name for name in kept if name.startswith("boxplot")]


def test_there_is_one_lock_for_all_that_is_drawn():
    """Explorers take it as well: with two locks, a control and a cell could wait for each other."""
    assert explorer.DRAWING is style.DRAWING
    with ThreadPoolExecutor(1) as pool, style.style():
        assert not pool.submit(style.DRAWING.acquire, blocking=False).result()


def test_our_figures_keep_their_class():
    ax = figures.plot_mixture(Mixture([1], [[0, 0]], [np.eye(2)]))
    assert (type(ax), type(ax.figure)) == (Axes, Figure)
    assert {type(ax) for ax in figures.plot_history(FITS[3])} == {Axes}
