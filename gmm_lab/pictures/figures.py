"""Pictures of points, mixtures and steps in 1-D, 2-D and 3-D, of the log-likelihood, and of responsibilities.

Each draws on `ax`, or on a new figure, and returns the Axes. What is drawn on the same Axes shares its view: the first
call fixes the box, the camera and the axis labels. New figures have our own style, on white paper; Axes that a reader
made keep theirs. `axes` gives empty ones in our style, and `show` shows the figure with its caption.
"""

import warnings
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.axes_grid1 import make_axes_locatable

from gmm_lab.algorithm import History, Step, steps_of
from gmm_lab.labels import labels_array
from gmm_lab.mixture import Mixture
from gmm_lab.pictures.bars import plot_responsibilities
from gmm_lab.pictures.camera import Camera, View, corners, extent
from gmm_lab.pictures.colours import PALETTE
from gmm_lab.pictures.scene import draw_frame, draw_mixture, draw_note, draw_points
from gmm_lab.pictures.showing import quiet, show
from gmm_lab.pictures.style import axes, in_style_of_axes
from gmm_lab.validation import (
    Columns,
    Numbers,
    Points,
    column_names,
    instance,
    points_and_names,
    real_array,
)

__all__ = ["axes", "plot_history", "plot_mixture", "plot_points", "plot_responsibilities", "plot_step", "show"]

MASS = 0.9  # of its component, held by an ellipse or ellipsoid


class Panels(NamedTuple):
    """The Axes of a history: the log-likelihood above, the gains below."""

    log_likelihood: Axes
    gains: Axes

    def _ipython_display_(self):
        quiet()


_views = WeakKeyDictionary()


@in_style_of_axes
def plot_points(
    points: Points,
    *,
    responsibilities: Numbers | None = None,
    labels: Numbers | None = None,
    columns: Columns = None,
    camera: Camera | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw points (N, D): hollow, by labels (N,), or in the components' colours blended by responsibilities (N, K).

    D is from 1 to 3; `columns` are D axis labels with units, which a Dataset or a data frame as `points` brings along.
    camera : from where a new 3-D picture is seen.  ax : flat Axes to draw on; a view that they show already stays.
    Raises ValueError or TypeError where shapes don't go together; warns (UserWarning) where labels share a colour.
    """
    points, columns = points_and_names(points, columns)
    if labels is not None:
        labels = labels_array(labels)
        if labels.max() >= len(PALETTE):
            warnings.warn(
                f"{labels.max() + 1} labels share {len(PALETTE)} colours, so that some can't be told apart: draw fewer",
                UserWarning,
                stacklevel=3,
            )
        responsibilities = np.eye(labels.max() + 1)[labels]
    if responsibilities is not None:
        responsibilities = real_array(responsibilities, "responsibilities", "(N, K)")
        if len(responsibilities) != len(points):
            raise ValueError(
                f"responsibilities or labels are given for {len(responsibilities)} points, but points has"
                f" {len(points)} rows: give one for each point"
            )
    ax, view = _prepare(ax, points, columns, camera)
    draw_points(ax, view, points, responsibilities)
    return ax


@in_style_of_axes
def plot_mixture(
    mixture: Mixture,
    *,
    mass: float = MASS,
    columns: Columns = None,
    camera: Camera | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a mixture: density curves in 1-D, ellipses in 2-D, ellipsoids in 3-D that hold `mass` of each component.

    mass : between 0 and 1.  columns, camera, ax : as in `plot_points`.  Raises ValueError where D is above 3.
    """
    instance(mixture, Mixture, "mixture", "fit(points, 3).mixture")
    ax, view = _prepare(ax, extent(mixture, mass), columns, camera)
    draw_mixture(ax, view, mixture, mass)
    draw_note(ax, view, mass)
    return ax


@in_style_of_axes
def plot_step(
    step: Step,
    *,
    mass: float = MASS,
    columns: Columns = None,
    camera: Camera | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a step: its points, coloured by their responsibilities, and its mixture.

    mass : as in `plot_mixture`.  columns, camera, ax : as in `plot_points`; a step has names where its points had.
    """
    instance(step, Step, "step", "fit(points, 3).steps[-1]")
    columns = column_names(columns, step.points.shape[1], step)
    ax, view = _prepare(ax, corners([step], mass), columns, camera)
    draw_points(ax, view, step.points, step.responsibilities)
    draw_mixture(ax, view, step.mixture, mass)
    draw_note(ax, view, mass)
    return ax


def _prepare(ax, corners, columns, camera):
    """Return the Axes to draw on and its view, which is new unless something was drawn there before."""
    view = _views.get(ax) if ax is not None else None
    if view is None:
        view = View.around(corners, columns, camera)
        if ax is None:
            ax = axes()
        draw_frame(ax, view)
        _views[ax] = view
    if view.n_dimensions != corners.shape[1]:
        raise ValueError(
            f"these Axes show {view.n_dimensions} dimensions, but {corners.shape[1]} were given: draw on new Axes"
        )
    return ax, view


@in_style_of_axes
def plot_history(history: History, *, ax: Axes | None = None) -> Panels:
    """Draw the log-likelihood of each step of a Fit, or of a list of steps, and below it the gains per point, in nats.

    The gains are what the stop rule sees; a fall is drawn as a triangle that points down. Returns both Axes.
    """
    steps = steps_of(history)
    log_likelihoods = np.array([step.log_likelihood for step in steps])
    gains = np.diff(log_likelihoods) / steps[0].n_points
    if ax is None:
        ax = axes(width=6.4, height=4.6, layout="tight")
    below = make_axes_locatable(ax).append_axes("bottom", size="70%", pad=0.15, sharex=ax)
    iterations = np.arange(len(steps))
    ax.plot(iterations, log_likelihoods, "o-", color=PALETTE[0], ms=3.5, lw=1.2)
    ax.set_ylabel("log-likelihood\n(nats)")
    ax.tick_params(labelbottom=False)
    for falls, marker, colour in ((False, "o", PALETTE[0]), (True, "v", PALETTE[1])):
        shown = (gains < 0) == falls
        below.plot(iterations[1:][shown], np.abs(gains[shown]), marker, color=colour, ms=6 if falls else 3.5)
    if (gains != 0).any():
        below.set_yscale("log")
    below.set(xlabel="iterations done", ylabel="gain per point\n(nats)")
    below.xaxis.set_major_locator(MaxNLocator(integer=True))
    for each in (ax, below):
        each.grid(color="#e5e5e5")
        each.spines[["top", "right"]].set_visible(False)
    return Panels(ax, below)
