"""The colours of components, and the table of few colours that makes a picture small and keeps them pure."""

from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from PIL import Image

# Okabe and Ito's colours, which colour-blind readers can tell apart: component k always has the k-th
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000")
UNCOLOURED = "#808080"  # the rim of a hollow point
DOT_ALPHA = 0.65  # of a filled one
WALL, GRID, INK, PALE_INK = "#f5f5f5", "#dddddd", "#444444", "#e0e0e0"
LIGHTNESS = (0.3, 0.59, 0.11)  # what red, green and blue add to it
APART = 8  # Pillow looks colours up in steps of 4, so that one that is nearer could take the place of another
COLOURS = 64  # of a table
SAMPLED = 4  # one of so many rows and columns is looked at for it


def component_colour(k: int) -> str:
    """Return the colour of component k, counted from 0; after eight they come round again."""
    return PALETTE[k % len(PALETTE)]


def component_colours(n_components: int) -> np.ndarray:
    """Return the colours of components as red, green and blue from 0 to 1, (K, 3)."""
    return np.array([to_rgb(component_colour(k)) for k in range(n_components)])


def ink_on(colour: str) -> str:
    """Return the colour of a text that can be read on `colour`."""
    return "white" if np.dot(to_rgb(colour), LIGHTNESS) < 0.4 else "black"


def on_dark(ax: Axes) -> bool:
    """Say whether a reader's own Axes have dark paper: what is black on white is drawn in white there."""
    paper = ax.get_facecolor() if ax.axison else ax.figure.get_facecolor()
    return float(np.dot(paper[:3], LIGHTNESS)) < 0.4


def few_colours(picture: Image.Image, n_colours: int = COLOURS, n_components: int = 3) -> Image.Image:
    """Return an image in a few colours: a small file, quickly. parameters : as in `colour_table`."""
    table = colour_table([picture], n_colours, n_components)
    return picture.quantize(palette=table, dither=Image.Dither.NONE)


def colour_table(pictures: list[Image.Image], n_colours: int = COLOURS, n_components: int = 3) -> Image.Image:
    """Return an image that carries a table of at most `n_colours`: `_own` colours, and what pictures need besides.

    n_components : dots of so many components, and of two that are equally responsible, keep their colours too.
    """
    own = _own(n_components)[: n_colours // 2]
    pixels = np.concatenate([np.asarray(_smaller(picture)).reshape(-1, 3) for picture in pictures])
    others = pixels[~np.isin(_codes(pixels), _codes(own))][None]
    if others.size:
        found = Image.fromarray(others).quantize(n_colours - len(own), method=Image.Quantize.MEDIANCUT).getpalette()
        found = np.reshape(found, (-1, 3))
        apart = np.abs(found[:, None] - own).max(axis=-1) >= APART
        own = np.concatenate([own, found[apart.all(axis=1)]])
    table = Image.new("P", (1, 1))
    table.putpalette(own.ravel().tolist())
    return table


def _own(n_components):
    """Return the colours that have places of their own, the most important ones first, (C, 3) from 0 to 255."""
    pure = component_colours(n_components)
    dots = [*pure, *[(one + other) / 2 for one, other in combinations(pure, 2)]]
    drawn = [to_rgb(colour) for colour in ("white", "black", INK, *PALETTE, WALL, GRID, UNCOLOURED)]
    drawn += [DOT_ALPHA * dot + 1 - DOT_ALPHA for dot in dots]  # on white paper
    return np.array([*dict.fromkeys(tuple(np.rint(255 * np.array(colour)).astype(int)) for colour in drawn)])


def _smaller(picture):
    return picture.resize([side // SAMPLED for side in picture.size], Image.Resampling.NEAREST)


def _codes(colours):
    """Return colours, (C, 3), each as one number."""
    return colours.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
