"""What a view shows: the frame around it, the points, and the components of a mixture.

Stills, frames of an animation and sliders all draw through these three functions, on a plain 2-D Axes.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgba, to_rgba_array

from gmm_lab.mixture import Mixture
from gmm_lab.pictures.box import draw_box
from gmm_lab.pictures.camera import View, checked_mass, ellipsoid_radius
from gmm_lab.pictures.colours import DOT_ALPHA, INK, UNCOLOURED, component_colour, component_colours
from gmm_lab.pictures.curves import draw_densities, draw_histogram
from gmm_lab.pictures.stamps import BADGE, Stamp, add_stamps, draw_badges
from gmm_lab.pictures.thinning import draw_thinning, thinned

NEEDLE = 0.01  # of the picture: a component that reaches no further from its mean would lie under its badge
SHADES = 6  # a point's colour is told in so many steps from one component to the next


def draw_frame(ax: Axes, view: View, top: float | None = None, quick: bool = False) -> None:
    """Draw the box of a 3-D view, or name the axes of a plot in 1-D, up to a density of `top`, or in 2-D.

    quick : as in `draw_box`.
    """
    if view.n_dimensions == 3:
        draw_box(ax, view, quick)
        return
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_xlabel(view.columns[0], parse_math=False)
    ax.set_xlim(view.low[0], view.high[0])
    if view.n_dimensions == 1:
        ax.set_ylabel("density")
        ax.margins(y=0.1)
        if top is not None:
            ax.set_ylim(0, 1.1 * top)
    else:
        ax.set_ylabel(view.columns[1], parse_math=False)
        ax.set_ylim(view.low[1], view.high[1])


def draw_points(ax: Axes, view: View, points: np.ndarray, responsibilities: np.ndarray | None = None) -> None:
    """Draw points (N, D): hollow, or filled with the components' colours blended by responsibilities (N, K).

    Of very many some are drawn, and the picture says so; a histogram counts all.
    """
    if view.n_dimensions == 1:
        draw_histogram(ax, points[:, 0], responsibilities)
        return
    places = view.project(thinned(points))
    size = np.clip(90 / np.sqrt(len(places)), 2.2, 9)
    if responsibilities is None:
        dots = [Stamp(places, 1.2 * size, edge=to_rgba(UNCOLOURED), edge_width=0.15 * size)]
    else:
        blends, blend_of = _blends(thinned(responsibilities))
        colours = np.c_[blends @ component_colours(blends.shape[1]), np.full(len(blends), DOT_ALPHA)]
        dots = [Stamp(places[blend_of == i], size, tuple(colour)) for i, colour in enumerate(colours)]
    add_stamps(ax, dots, zorder=2)
    draw_thinning(ax, len(points))


def _blends(shares):
    """Return the few blends (B, K) that stand for all rows of `shares`, and for each row which one, (N,)."""
    steps = np.rint(shares * SHADES).astype(np.int64)
    few = shares.shape[1] <= 20  # then a row is a number with a digit for each component
    codes = steps @ (SHADES + 1) ** np.arange(shares.shape[1]) if few else steps
    _, first, blend_of = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    blends = np.maximum(steps[first], 1e-9)
    return blends / blends.sum(axis=1, keepdims=True), blend_of


def draw_mixture(ax: Axes, view: View, mixture: Mixture, mass: float) -> None:
    """Draw density curves in 1-D, ellipses in 2-D, ellipsoids in 3-D that hold `mass` of each component."""
    if view.n_dimensions == 1:
        draw_densities(ax, view, mixture)
        return
    radius = ellipsoid_radius(mass, view.n_dimensions)
    colours = [component_colour(k) for k in range(mixture.n_components)]
    components = list(zip(mixture.means, mixture.covariances, strict=True))
    outlines = PolyCollection([view.shadow(*component, radius) for component in components], zorder=3)
    outlines.set(facecolor=to_rgba_array(colours, 0.12), edgecolor=colours, linewidth=1.2)
    ax.add_collection(outlines, autolim=False)
    if view.n_dimensions == 3:
        halves = np.concatenate([view.great_circles(*component, radius) for component in components])
        colour = np.concatenate([to_rgba_array([each] * 2, [0.9, 0.3]) for each in colours])  # near and far
        curves = LineCollection(halves.reshape(-1, *halves.shape[-2:]), linewidth=0.8, zorder=3)
        curves.set_color(np.repeat(colour, 3, axis=0))
        ax.add_collection(curves, autolim=False)
    draw_badges(ax, view.project(mixture.means), [_beside(view, each, radius) for each in mixture.covariances])


def _beside(view, covariance, radius):
    """Return by how many points a badge is moved so that it does not hide a component: one thinner than itself."""
    size = 1 if view.n_dimensions == 3 else (view.high - view.low)[:, None]
    variances, directions = np.linalg.eigh((projection := view.matrix / size) @ covariance @ projection.T)
    if radius * np.sqrt(max(variances[0], 0)) > NEEDLE:
        return 0, 0
    across = directions[:, 0] * (1 if directions[1, 0] > 0 else -1)
    return tuple(1.3 * BADGE * across)


def mass_note(view: View, mass: float) -> str:
    """Say what an ellipse or ellipsoid stands for: the mass that it holds."""
    percent = 100 * checked_mass(mass)
    if view.n_dimensions == 1:
        return ""
    return f"{'ellipses' if view.n_dimensions == 2 else 'ellipsoids'} hold {percent:g} % of each component"


def draw_note(ax: Axes, view: View, mass: float) -> None:
    """Write the note on the mass in a corner."""
    y, va = (0.01, "bottom") if view.n_dimensions == 2 else (0.99, "top")
    place = {"transform": ax.transAxes, "ha": "right", "va": va}
    paper = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1}
    if note := mass_note(view, mass):
        ax.text(0.99, y, note, **place, fontsize=8, color=INK, bbox=paper, zorder=6)
