"""Responsibilities as bars: a bar for each point, a colour for each component."""

import numpy as np
from matplotlib.axes import Axes

from gmm_lab.pictures.colours import component_colour
from gmm_lab.pictures.style import axes, in_style_of_axes
from gmm_lab.validation import Numbers, real_array

BAR_LIMIT = 40  # points whose responsibilities can still be read as bars


@in_style_of_axes
def plot_responsibilities(responsibilities: Numbers, *, ax: Axes | None = None) -> Axes:
    """Draw the responsibilities (N, K) of at most 40 points: a bar for each point, split by component.

    ax : flat Axes to draw on; None: new ones.  Returns the Axes. Raises ValueError where there are more points.
    """
    responsibilities = real_array(responsibilities, "responsibilities", "(N, K)")
    n_points, n_components = responsibilities.shape
    if n_points > BAR_LIMIT:
        raise ValueError(
            f"responsibilities has {n_points} rows, but at most {BAR_LIMIT} bars can be read: choose some rows, as in"
            " responsibilities[:20], or colour the points with plot_points(points, responsibilities=...)"
        )
    if ax is None:
        ax = axes(height=1.2 + 0.28 * n_points)
    left = np.zeros(n_points)
    for k, shares in enumerate(responsibilities.T):
        bars = ax.barh(np.arange(n_points), shares, left=left, color=component_colour(k), label=f"component {k + 1}")
        ax.bar_label(
            bars,
            [f"{s:.2f}" if s >= 0.08 else "" for s in shares],
            label_type="center",
            color="white",
            fontsize=8,
        )
        left += shares
    ax.set(xlabel="responsibility", ylabel="point", xlim=(0, 1), yticks=np.arange(n_points))
    ax.set_yticklabels(np.arange(n_points) + 1)
    ax.invert_yaxis()
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=min(n_components, 4), frameon=False)
    return ax
