"""What a view shows: the frame around it, the points, and the components of a mixture.

Stills, frames of an animation and sliders all draw through these three functions, on a plain 2-D Axes.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb, to_rgba_array
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle

from gmm_lab.mixture import Mixture
from gmm_lab.pictures.box import INK, LIGHTNESS, draw_box, on_dark
from gmm_lab.pictures.camera import View
from gmm_lab.validation import real_number

# Okabe and Ito's colours, which colour-blind readers can tell apart: component k always has the k-th
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000")
UNLABELLED = "#a0a0a0"
REACH = 6  # standard deviations to each side, where a curve is drawn finely
MOST_BARS = 1000  # of a histogram
SHADES = 6  # a point's colour is told in so many steps from one component to the next


def component_colour(k: int) -> str:
    """Return the colour of component k, counted from 0; after eight they come round again."""
    return PALETTE[k % len(PALETTE)]


def ink_on(colour: str) -> str:
    """Return the colour of a text that can be read on `colour`."""
    return "white" if np.dot(to_rgb(colour), LIGHTNESS) < 0.4 else "black"


def ellipsoid_radius(mass: float, n_dimensions: int) -> float:
    """Return the Mahalanobis radius within which a Gaussian holds `mass`: the root of a chi-square quantile."""
    from scipy.special import chdtri

    return float(np.sqrt(chdtri(n_dimensions, 1 - _share(mass))))


def _share(mass):
    if not 0 < real_number(mass, "mass", 0, 0.9) < 1:
        raise ValueError(f"mass is {mass}, but a share between 0 and 1 was expected: try mass=0.9")
    return mass


def draw_frame(ax: Axes, view: View, top: float | None = None) -> None:
    """Draw the box of a 3-D view, or name the axes of a plot in 1-D, up to a density of `top`, or in 2-D."""
    if view.n_dimensions == 3:
        draw_box(ax, view)
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
    """Draw points (N, D), grey or in the components' colours blended by responsibilities (N, K)."""
    if responsibilities is None:
        shares, colours = np.ones((len(points), 1)), [UNLABELLED]
    else:
        shares, colours = responsibilities, [component_colour(k) for k in range(responsibilities.shape[1])]
    if view.n_dimensions == 1:
        _draw_histogram(ax, points[:, 0], shares, colours)
        return
    places = view.project(points)
    size = np.clip(90 / np.sqrt(len(points)), 2.2, 9)
    blends, blend_of = _blends(shares)
    for i, colour in enumerate(blends @ [to_rgb(colour) for colour in colours]):
        dots = places[blend_of == i].T
        ax.add_artist(Line2D(*dots, ls="", marker="o", ms=size, mew=0, color=colour, alpha=0.65, zorder=2))


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
        _draw_densities(ax, view, mixture)
        return
    radius = ellipsoid_radius(mass, view.n_dimensions)
    colours = [component_colour(k) for k in range(mixture.n_components)]
    components = list(zip(mixture.means, mixture.covariances, strict=True))
    outlines = PolyCollection([view.shadow(*component, radius) for component in components], zorder=3)
    outlines.set(facecolor=to_rgba_array(colours, 0.12), edgecolor=colours, linewidth=1.2)
    ax.add_collection(outlines, autolim=False)
    if view.n_dimensions == 3:
        near, far = np.swapaxes([view.great_circles(*component, radius) for component in components], 0, 1)
        for halves, alpha in ((near, 0.9), (far, 0.3)):
            curves = LineCollection(halves.reshape(-1, *halves.shape[-2:]), linewidth=0.8, zorder=3)
            curves.set_color(np.repeat(to_rgba_array(colours, alpha), 3, axis=0))
            ax.add_collection(curves, autolim=False)
    for k, place in enumerate(view.project(mixture.means)):
        _draw_badge(ax, place, k)


def mass_note(view: View, mass: float) -> str:
    """Say what an ellipse or ellipsoid stands for: the mass that it holds."""
    percent = 100 * _share(mass)
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


def _draw_badge(ax, place, k):
    """Draw the number of component k, counted from 1, on a white disc at its mean."""
    ax.add_artist(Line2D(*place[:, None], marker="o", ms=11, mfc="white", mec=component_colour(k), mew=1.6, zorder=4))
    ax.add_artist(Line2D(*place[:, None], marker=_numeral(k + 1), ms=5.5, mfc="black", mew=0, zorder=5))


@lru_cache
def _numeral(number):
    return MarkerStyle(f"${number}$")


def tallest(view: View, points: np.ndarray, mixtures: Iterable[Mixture]) -> float:
    """Return the largest density that a plot in 1-D has to hold: of a histogram's bar, or of the mixtures."""
    values = points[:, 0]
    bars = np.histogram(values, bins=_edges(values), density=True)[0].max()
    return max(bars, *(np.exp(mixture.log_density(_grid(view, mixture)[:, None])).max() for mixture in mixtures))


def _edges(values):
    quarter, three_quarters = np.quantile(values, [0.25, 0.75])
    width = 2 * (three_quarters - quarter) / np.cbrt(len(values))  # Freedman and Diaconis
    return np.histogram_bin_edges(values, bins=MOST_BARS if np.ptp(values) > MOST_BARS * width > 0 else "auto")


def _draw_histogram(ax, values, shares, colours):
    edges = _edges(values)
    weights = shares / (len(values) * (edges[1] - edges[0]))
    ax.hist([values] * len(colours), bins=edges, weights=list(weights.T), stacked=True, color=colours, alpha=0.45)


def _grid(view, mixture):
    """Return places along a 1-D view, close together where a component is narrow, and each of the means."""
    around = np.linspace(-REACH, REACH, 121) * np.sqrt(mixture.covariances[:, 0]) + mixture.means
    x = np.concatenate([np.linspace(view.low[0], view.high[0], 400), around.ravel()])
    return np.unique(x[(x >= view.low[0]) & (x <= view.high[0])])


def _draw_densities(ax, view, mixture):
    x = _grid(view, mixture)
    parts = np.exp(mixture.log_joint(x[:, None])).T
    for k, part in enumerate(parts):
        ax.plot(x, part, color=component_colour(k), lw=1.6)
        peak = part.argmax()
        _draw_badge(ax, np.array([x[peak], part[peak]]), k)
    ax.plot(x, parts.sum(axis=0), color="white" if on_dark(ax) else "black", lw=1.2, ls="--", label="mixture")
