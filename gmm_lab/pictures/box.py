"""The box around a 3-D scene: its far walls with a grid, its ticks with numbers, and the names of its axes."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from gmm_lab.pictures.camera import View
from gmm_lab.pictures.colours import GRID, INK, PALE_INK, WALL, on_dark
from gmm_lab.pictures.labels import labels, limits, near_corner, ticks_of
from gmm_lab.pictures.writing import Labels


def draw_box(ax: Axes, view: View, quick: bool = False) -> None:
    """Draw the box of a 3-D `view` on a plain Axes and fix the limits of the picture.

    quick : texts are drawn as pixels, where a picture is drawn many times.
    """
    _draw_walls(ax, view)
    if quick:
        ax.add_artist(Labels(labels(view)))
        return
    ink = PALE_INK if on_dark(ax) else INK
    for label in labels(view):
        shift = ScaledTranslation(*label.offset / 72, ax.figure.dpi_scale_trans)
        style = {"ha": label.ha, "va": label.va, "rotation": label.angle, "rotation_mode": "anchor", "color": ink}
        ax.text(
            *label.place, label.text, fontsize=label.size, parse_math=False, transform=ax.transData + shift, **style
        )


def _draw_walls(ax, view):
    ax.set_axis_off()
    axes = view.camera.axes
    across, up = limits(axes)
    ax.set(xlim=across, ylim=up, aspect="equal")
    near = near_corner(axes)
    walls = np.array([_wall(d, near) for d in range(3)]) @ axes[:2].T
    ax.add_collection(PolyCollection(walls, facecolor=WALL, edgecolor=GRID, linewidth=0.8, zorder=0), autolim=False)
    grid = [
        _wall_line(d, other, place, near)
        for d in range(3)
        for other in range(3)
        if other != d
        for place in ticks_of(view.low[other], view.high[other])[0]
    ]
    if grid:
        grid = np.concatenate([np.r_[line @ axes[:2].T, [[np.nan, np.nan]]] for line in grid])
        ax.add_artist(Line2D(*grid.T, color=GRID, linewidth=0.6, zorder=0.1))


def _wall(d, near):
    """Return the corners, (4, 3), of the far wall across axis d."""
    corners = np.full((4, 3), -near[d])
    corners[:, [i for i in range(3) if i != d]] = [[-0.5, -0.5], [-0.5, 0.5], [0.5, 0.5], [0.5, -0.5]]
    return corners


def _wall_line(d, other, place, near):
    """Return the ends, (2, 3), of a line on the far wall across axis d, where axis `other` has the value `place`."""
    ends = np.empty((2, 3))
    ends[:, d] = -near[d]
    ends[:, other] = place
    ends[:, 3 - d - other] = [-0.5, 0.5]
    return ends
