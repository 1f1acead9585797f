"""Small marks, drawn by the thousand: one artist for all of them, and a stamp for each kind, which Agg keeps."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from gmm_lab.pictures.colours import component_colour

HOLLOW = (0, 0, 0, 0)
BADGE = 11  # points


class Stamp(NamedTuple):
    """A marker, `size` points wide, at each of the `places`, (N, 2) in the Axes' data, moved by `offset` points."""

    places: np.ndarray
    size: float
    face: tuple = HOLLOW  # red, green, blue and alpha
    edge: tuple = HOLLOW
    edge_width: float = 0  # points
    marker: str = "o"
    offset: tuple = (0, 0)  # to the right and up


class Stamps(Artist):
    """Stamps, drawn one after the other."""

    def __init__(self, stamps: Sequence[Stamp]):
        super().__init__()
        self.stamps = stamps
        self.set_in_layout(False)

    def draw(self, renderer: RendererBase) -> None:
        """Draw them."""
        pixel = renderer.points_to_pixels(1)
        places_to_pixels = self.axes.transData.frozen()
        for stamp in self.stamps:
            outline = _outline(stamp.marker)
            gc = renderer.new_gc()
            self._set_gc_clip(gc)
            gc.set_linewidth(stamp.edge_width)
            gc.set_foreground(stamp.edge, isRGBA=True)
            gc.set_snap(False)
            shape = outline.get_transform().scale(pixel * stamp.size)
            moved = places_to_pixels + Affine2D().translate(pixel * stamp.offset[0], pixel * stamp.offset[1])
            renderer.draw_markers(gc, outline.get_path(), shape, Path(stamp.places), moved, stamp.face)
            gc.restore()
        self.stale = False


@lru_cache
def _outline(marker):
    return MarkerStyle(marker)


def add_stamps(ax: Axes, stamps: Sequence[Stamp], zorder: float) -> None:
    """Add stamps to Axes, whose limits stay as they are."""
    ax.add_artist(Stamps(stamps)).set_zorder(zorder)


def draw_badges(ax: Axes, places: np.ndarray, offsets: Sequence[tuple] | None = None) -> None:
    """Draw the numbers of components, counted from 1, on white discs at their places, (K, 2), moved by points."""
    badges = []
    for k, place in enumerate(places[:, None]):
        moved = {"offset": offsets[k]} if offsets else {}
        badges.append(Stamp(place, BADGE, to_rgba("white"), to_rgba(component_colour(k)), edge_width=1.6, **moved))
        badges.append(Stamp(place, BADGE / 2, to_rgba("black"), marker=f"${k + 1}$", **moved))
    add_stamps(ax, badges, zorder=4)
