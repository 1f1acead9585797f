"""More points than a picture can show: some of them, taken evenly, and a text that says so."""

import numpy as np
from matplotlib.axes import Axes

from gmm_lab.pictures.colours import INK, PALE_INK, on_dark

MOST_DRAWN = 5000
ALONE = "are drawn, and all that is told here is of these."
OF_ALL = "are drawn; log-likelihoods are of all."


def thinned(points: np.ndarray) -> np.ndarray:
    """Return at most MOST_DRAWN rows of `points`, (N, D), or of responsibilities, evenly from the first to the last."""
    if len(points) <= MOST_DRAWN:
        return points
    return points[np.linspace(0, len(points) - 1, MOST_DRAWN).astype(int)]


def thinning(n_points: int, what: str = "are drawn") -> str:
    """Say of how many points only MOST_DRAWN are shown, and `what` that means; nothing where all are."""
    return f"{MOST_DRAWN} of {n_points} points {what}" if n_points > MOST_DRAWN else ""


def draw_thinning(ax: Axes, n_points: int) -> None:
    """Write the same in the upper left corner of Axes."""
    if told := thinning(n_points):
        ink = PALE_INK if on_dark(ax) else INK
        ax.text(0.01, 0.99, told, transform=ax.transAxes, va="top", fontsize=8, color=ink, zorder=6)
