"""What was drawn on Axes, asked of its artists."""

import numpy as np

from gmm_lab.pictures.stamps import Stamps


def stamps(ax, zorder):
    artists = [each for each in ax.get_children() if isinstance(each, Stamps) and each.get_zorder() == zorder]
    return [stamp for artist in artists for stamp in artist.stamps]


def dots(ax):
    """Return the stamps of points, one for each colour."""
    return stamps(ax, 2)


def badges(ax):
    """Return where each badge stands, by how much it is moved, the colour of its rim, and the number on it."""
    marks = stamps(ax, 4)
    found = []
    for disc, numeral in zip(marks[::2], marks[1::2], strict=True):
        np.testing.assert_array_equal(disc.places, numeral.places)
        assert disc.offset == numeral.offset
        assert disc.size > numeral.size
        found.append((disc.places[0], disc.offset, disc.edge[:3], numeral.marker))
    return found
