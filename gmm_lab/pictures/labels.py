"""What is written around the box of a 3-D scene: numbers at its ticks and the names of its axes, and where."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from gmm_lab.pictures.camera import View

LABELS = 0.25  # room for ticks and names, in lengths of the box's edge
SHORTEST = 0.2  # an edge that looks shorter than this points at the viewer and gets no ticks
TICK_SIZE, NAME_SIZE = 8, 9  # points
UNEQUAL = "unequal scales"


class Label(NamedTuple):
    """A text at a `place` in the picture, (2,), moved by `offset` points, (2,)."""

    text: str
    place: np.ndarray
    offset: np.ndarray
    size: float  # points
    ha: str = "center"
    va: str = "center"
    angle: float = 0  # degrees, about its middle


def labels(view: View) -> Iterator[Label]:
    """Yield the numbers at the ticks of a box, and the names of its axes."""
    axes = view.camera.axes
    near = near_corner(axes)
    for d in range(3):
        yield from _axis_labels(d, ticks_of(view.low[d], view.high[d]), view.columns[d], near, axes[:2])
    lengths = view.high - view.low
    if lengths.max() > 1.1 * lengths.min():  # so that what is round looks oval
        (left, _), (bottom, _) = limits(axes)
        yield Label(UNEQUAL, np.array([left, bottom]), np.array([3, 3]), TICK_SIZE, "left", "bottom")


def limits(axes: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return how far a picture reaches to the left and right, and down and up: wide enough from every azimuth."""
    upright, flat = abs(axes[1, 2]), abs(axes[2, 2])  # the lengths, as seen, of a vertical edge and of depth
    sides, top, bottom = np.sqrt(2) / 2 + LABELS, (upright + np.sqrt(2) * flat) / 2, (upright + flat) / 2 + LABELS
    return (-sides, sides), (-bottom, top + 0.07)


def near_corner(axes: np.ndarray) -> np.ndarray:
    """Return the corner nearest to the viewer."""
    return np.where(axes[2] >= 0, 0.5, -0.5)


@lru_cache
def ticks_of(low: float, high: float) -> tuple[np.ndarray, list[str], str]:
    """Return the places of ticks in the box, from -0.5 to 0.5, their texts, and a factor that all of them share."""
    values = MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    values = values[(values >= low) & (values <= high)]
    formatter = ScalarFormatter()
    formatter.create_dummy_axis()
    formatter.axis.set_view_interval(low, high)
    return (values - low) / (high - low) - 0.5, formatter.format_ticks(values), formatter.get_offset()


def _axis_labels(d, ticks, name, near, projection):
    """Yield numbers and the name along the outer edge of the box that is lowest, or leftmost for the vertical."""
    first, second = (i for i in range(3) if i != d)
    edges = np.zeros((2, 3))
    edges[0, [first, second]] = near[first], -near[second]
    edges[1, [first, second]] = -near[first], near[second]
    middles = edges @ projection.T
    edge = edges[np.argmin(middles[:, 0 if d == 2 else 1].round(9))]
    middle, direction = edge @ projection.T, projection[:, d]
    length = np.hypot(*direction)
    if length < SHORTEST:
        return
    outward = np.array([-direction[1], direction[0]]) / length
    outward *= 1 if outward @ middle > 0 else -1
    places, texts, factor = ticks
    for place, text in zip(places, texts, strict=True):
        yield Label(text, middle + place * direction, 5 * outward, TICK_SIZE, *_beside(outward))
    widest = max((len(text) for text in texts), default=0) * 0.6 * TICK_SIZE
    gap = 7 + abs(outward[0]) * widest + abs(outward[1]) * TICK_SIZE + 0.6 * NAME_SIZE
    angle = 90 - (90 - np.degrees(np.arctan2(direction[1], direction[0]))) % 180  # reads upwards, never upside down
    if factor:
        name += f" ({factor})" if factor.startswith(("+", "\N{MINUS SIGN}")) else f" (×{factor})"
    yield Label(name, middle, gap * outward, NAME_SIZE, angle=angle)


def _beside(outward):
    """Return the alignment of a text that starts at its place and goes the way of `outward`."""
    ha = "left" if outward[0] > 0.4 else "right" if outward[0] < -0.4 else "center"
    va = "bottom" if outward[1] > 0.4 else "top" if outward[1] < -0.4 else "center"
    return ha, va
