"""Our look: figures and axes on which all is drawn in the style of `lessons.mplstyle`, whatever the reader's own is.

Matplotlib makes ticks and legends late and asks its settings then. So ours are in force while something is drawn, and
only then: what a reader set is never changed.
"""

import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache, wraps
from importlib.resources import files
from typing import TypeVar

import matplotlib as mpl
import matplotlib.axes
import matplotlib.figure
import matplotlib.pyplot as plt
import numpy as np

from gmm_lab.pictures.showing import quiet, show_picture

DRAWN = ("annotate", "bar", "bar_label", "barh", "clabel", "contour", "contourf", "fill_between", "grid", "hist")
DRAWN += ("imshow", "legend", "plot", "scatter", "set", "set_title", "set_xticks", "set_yticks", "text", "tick_params")

Drawing = TypeVar("Drawing", bound=Callable)

# cells and controls may run in threads of their own, and Matplotlib draws in one, with one set of settings for all
DRAWING = threading.RLock()
IN_FORCE = threading.Event()  # set only by the thread that draws, which then need not set Matplotlib up again


@cache
def _sheet():
    return mpl.rc_params_from_file(str(files("gmm_lab") / "lessons.mplstyle"), use_default_template=False)


@contextmanager
def style() -> Iterator[None]:
    """Draw in our style inside, and in the reader's again after it."""
    with DRAWING:
        if IN_FORCE.is_set():
            yield
            return
        with plt.style.context(["default", _sheet()]), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing from")  # a name shows boxes, as it would in any plot
            IN_FORCE.set()
            try:
                yield
            finally:
                IN_FORCE.clear()


def in_style(draw: Drawing) -> Drawing:
    """Return a function that does the same in our style."""

    @wraps(draw)
    def drawn(*args, **kwargs):
        with style():
            return draw(*args, **kwargs)

    return drawn


def each_in_style(draw: Drawing) -> Drawing:
    """Return a generator function that yields the same, drawn in our style; between two items the reader's is back."""

    @wraps(draw)
    def drawn(*args, **kwargs):
        items, end = draw(*args, **kwargs), object()
        while (item := in_style(next)(items, end)) is not end:
            yield item

    return drawn


class Axes(matplotlib.axes.Axes):
    """Axes in our style; in a notebook they are silent, since their figure is what a reader wants to see."""

    _ipython_display_ = staticmethod(quiet)


for name in DRAWN:
    setattr(Axes, name, in_style(getattr(matplotlib.axes.Axes, name)))


class Figure(matplotlib.figure.Figure):
    """A figure in our style; as the value of a cell it shows itself, once."""

    alt = "A figure"
    draw = in_style(matplotlib.figure.Figure.draw)
    savefig = in_style(matplotlib.figure.Figure.savefig)

    def _ipython_display_(self):
        show_picture(self, self.alt)


def load() -> None:
    """Load what shows figures. Before our style is in force: it has settings of its own, which are to last."""
    plt.draw_if_interactive()


def axes(
    n_rows: int = 1, n_columns: int = 1, *, width: float = 5.6, height: float = 4.9, layout: str = "constrained"
) -> Axes | np.ndarray:
    """Return new Axes in our style, on a figure of `width` and `height` inches; of several, an array."""
    load()
    with style():
        size = {"figsize": (width, height), "layout": layout}
        return plt.subplots(n_rows, n_columns, FigureClass=Figure, subplot_kw={"axes_class": Axes}, **size)[1]


def in_style_of_axes(draw: Drawing) -> Drawing:
    """Return a function that draws in our style, or, on Axes that a reader made in another, in that one.

    What it returns says nothing as the value of a cell.
    """

    @wraps(draw)
    def drawn(*args, ax=None, **kwargs):
        if ax is None:
            load()
        elif not isinstance(ax, matplotlib.axes.Axes) or hasattr(ax, "get_zlim"):
            raise TypeError(f"ax is {ax!r:.60}, but flat Axes of Matplotlib were expected: try ax=figures.axes()")
        with style() if ax is None or isinstance(ax, Axes) else nullcontext():
            result = draw(*args, ax=ax, **kwargs)
        if ax is not None:
            ax._ipython_display_ = quiet
        return result

    return drawn
