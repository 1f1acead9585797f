"""What a view shows in 1-D: a histogram of the points, and density curves of a mixture."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes

from gmm_lab.mixture import Mixture
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.colours import UNCOLOURED, component_colour, component_colours, on_dark
from gmm_lab.pictures.stamps import draw_badges

REACH = 6  # standard deviations to each side, where a curve is drawn finely
MOST_BARS = 1000  # of a histogram


def tallest(view: View, points: np.ndarray, mixtures: Iterable[Mixture]) -> float:
    """Return the largest density that a plot in 1-D has to hold: of a histogram's bar, or of the mixtures."""
    values = points[:, 0]
    bars = np.histogram(values, bins=_edges(values), density=True)[0].max()
    return max(bars, *(np.exp(mixture.log_density(_grid(view, mixture)[:, None])).max() for mixture in mixtures))


def _edges(values):
    quarter, three_quarters = np.quantile(values, [0.25, 0.75])
    width = 2 * (three_quarters - quarter) / np.cbrt(len(values))  # Freedman and Diaconis
    return np.histogram_bin_edges(values, bins=MOST_BARS if np.ptp(values) > MOST_BARS * width > 0 else "auto")


def draw_histogram(ax: Axes, values: np.ndarray, responsibilities: np.ndarray | None) -> None:
    """Draw bars of values (N,): hollow, or stacked in the components' colours by responsibilities (N, K)."""
    edges = _edges(values)
    if responsibilities is None:
        ax.hist(values, bins=edges, density=True, fill=False, edgecolor=UNCOLOURED)
        return
    weights = responsibilities / (len(values) * (edges[1] - edges[0]))
    colours = component_colours(weights.shape[1])
    ax.hist([values] * len(colours), bins=edges, weights=list(weights.T), stacked=True, color=colours, alpha=0.45)


def _grid(view, mixture):
    """Return places along a 1-D view, close together where a component is narrow, and each of the means."""
    around = np.linspace(-REACH, REACH, 121) * np.sqrt(mixture.covariances[:, 0]) + mixture.means
    x = np.concatenate([np.linspace(view.low[0], view.high[0], 400), around.ravel()])
    return np.unique(x[(x >= view.low[0]) & (x <= view.high[0])])


def draw_densities(ax: Axes, view: View, mixture: Mixture) -> None:
    """Draw the density of each component times its weight, and dashed their sum."""
    x = _grid(view, mixture)
    parts = np.exp(mixture.log_joint(x[:, None])).T
    for k, part in enumerate(parts):
        ax.plot(x, part, color=component_colour(k), lw=1.6)
    draw_badges(ax, np.c_[x[parts.argmax(axis=1)], parts.max(axis=1)])
    ax.plot(x, parts.sum(axis=0), color="white" if on_dark(ax) else "black", lw=1.2, ls="--", label="mixture")
