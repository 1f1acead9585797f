"""The colours of pictures: which components have, and which of few keep places of their own."""

import numpy as np
from matplotlib.colors import to_rgb
from PIL import Image

from gmm_lab.pictures.colours import PALETTE, colour_table, few_colours


def test_few_colours_keep_white_and_the_components_colours_pure():
    """Whatever else is in the picture: here a ramp of many colours, and a paper that is a little off white."""
    pixels = np.full((96, 96, 3), 252, dtype=np.uint8)
    pixels[:48] = np.random.default_rng(0).integers(0, 240, (48, 96, 3))
    for k, colour in enumerate(PALETTE):
        pixels[50:60, 10 * k : 10 * k + 10] = np.rint(255 * np.array(to_rgb(colour)))
    found = few_colours(Image.fromarray(pixels))
    assert found.size == (96, 96)
    shown = np.asarray(found.convert("RGB"))
    off = np.abs(shown[50:60, :80].astype(int) - pixels[50:60, :80])
    assert off.max() <= 4  # Pillow looks colours up in steps of 4
    assert (shown[62:] == 255).all()
    assert 30 < len(np.unique(shown.reshape(-1, 3), axis=0)) <= 64
    assert np.abs(shown[:48].astype(int) - pixels[:48]).mean() < 40  # the rest as near as so few colours allow


def test_dots_and_their_blends_have_places_of_their_own_among_many_colours():
    """As they are on white paper, of as many components as there are."""
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (96, 96, 3), dtype=np.uint8))
    for n_components in (1, 3, 4):
        pure = np.array([to_rgb(colour) for colour in PALETTE[:n_components]])
        blends = [(one + other) / 2 for one in pure for other in pure]
        table = np.reshape(colour_table([noise], n_components=n_components).getpalette(), (-1, 3))
        wanted = np.rint(255 * (0.65 * np.array(blends) + 0.35))
        assert np.abs(wanted[:, None] - table).max(axis=-1).min(axis=1).max() <= 1
        assert len(table) <= 64
