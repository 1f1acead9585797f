"""Small marks that explorers add to a scene, and bars of one point's responsibilities."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from gmm_lab.explorers.naming import SHARPNESS
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.colours import component_colour, ink_on

DPI = 120  # pixels of the page per inch: the smallest letters, of 8 points, are 11 high on a screen 1280 wide
Place = tuple[float, float, float, float]  # left, bottom, width and height, as shares of the figure


def new_figure(width: int, height: int) -> Figure:
    """Return a figure that takes so many pixels of a page."""
    return Figure(figsize=(width / DPI, height / DPI), dpi=SHARPNESS * DPI)


def draw_ring(ax: Axes, view: View, point: np.ndarray) -> None:
    """Draw a ring around a point, (D,), or a line in 1-D."""
    if view.n_dimensions == 1:
        ax.axvline(point[0], color="black", lw=1.5)
        return
    ax.add_artist(Line2D(*view.project(point[None]).T, marker="o", ms=11, mfc="none", mec="black", mew=1.8, zorder=6))


def draw_numbers(ax: Axes, view: View, points: np.ndarray) -> None:
    """Write its number, counted from 1, to the lower left of each of the points (N, D), or above a point in 1-D."""
    flat = view.n_dimensions == 1
    places = np.column_stack([points[:, 0], 0 * points[:, 0]]) if flat else view.project(points)
    beside = ScaledTranslation(-4 / 72, (5 if flat else -3) / 72, ax.figure.dpi_scale_trans)
    style = {"ha": "right", "va": "baseline" if flat else "top", "fontsize": 9, "zorder": 6}
    for n, place in enumerate(places, start=1):
        ax.text(*place, str(n), transform=ax.transData + beside, **style)


def panel(figure: Figure, place: Place, title: str = "", across: str = "", up: str = "") -> Axes:
    """Return small Axes with a title and names at fixed places, which draw faster than those that Matplotlib seeks."""
    ax = figure.add_axes(place)
    ax.set_title(title, fontsize=8, loc="left", y=1.0, pad=4)
    ax.set_xlabel(across, fontsize=8)
    ax.set_ylabel(up, fontsize=8)
    ax.xaxis.set_label_coords(0.5, -16 / (ax.bbox.height / figure.dpi * 72))
    ax.yaxis.set_label_coords(-16 / (ax.bbox.width / figure.dpi * 72), 0.5)
    ax.tick_params(labelsize=8, length=2, pad=2)
    ax.spines[["top", "right"]].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=3))
    return ax


def shares_panel(figure: Figure, place: Place, n_components: int) -> Axes:
    """Return Axes for the bars of one point's responsibilities."""
    ax = panel(figure, place, across="responsibility", up="component")
    ax.set(xlim=(0, 1), ylim=(n_components + 0.5, 0.5), yticks=range(1, n_components + 1), xticks=[0, 1])
    return ax


def draw_shares(ax: Axes, shares: np.ndarray, point: int) -> None:
    """Draw a bar for each component's responsibility, (K,), for one point, which is named."""
    for k, share in enumerate(shares):
        ax.add_patch(Rectangle((0, k + 0.6), share, 0.8, color=component_colour(k), lw=0))
        inside = share > 0.5
        ink = ink_on(component_colour(k)) if inside else "black"
        place = {"ha": "right", "x": share - 0.02} if inside else {"ha": "left", "x": share + 0.02}
        ax.text(s=f"{share:.3f}", y=k + 1, va="center", color=ink, fontsize=8, zorder=3, **place)
    ax.text(0, 1.03, f"point {point}", transform=ax.transAxes, fontsize=9)


def tell_point(points: np.ndarray, responsibilities: np.ndarray, point: int) -> str:
    """Tell where a point lies, counted from 1, and the responsibilities for it."""
    place = ", ".join(f"{value:.3g}" for value in points[point - 1])
    return f"Point {point} at ({place}): responsibilities {', '.join(f'{r:.4f}' for r in responsibilities[point - 1])}."
