"""Texts that are written as pixels stand where Matplotlib would write them."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gmm_lab import Camera
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.labels import Label
from gmm_lab.pictures.scene import draw_frame
from gmm_lab.pictures.writing import Labels


def empty(view, quick):
    """Return the canvas of a box without its walls, and its Axes."""
    figure = Figure(figsize=(5, 5), dpi=100)
    ax = figure.add_axes((0, 0, 1, 1))
    draw_frame(ax, view, quick=quick)
    for artist in (*ax.collections, *ax.lines):
        artist.remove()
    return FigureCanvasAgg(figure), ax


def ink(canvas):
    """Return how dark each pixel is."""
    canvas.draw()
    return 255 - np.asarray(canvas.buffer_rgba())[..., :3].mean(axis=-1)


def bounds(dark):
    rows, columns = np.argwhere(dark > 40).T
    return np.array([rows.min(), rows.max(), columns.min(), columns.max()])


@pytest.mark.parametrize("azimuth", [-160, -40, 50, 100])
def test_labels_are_written_where_matplotlib_would(azimuth):
    """Each alone: within two pixels, and with as much ink."""
    names = ("bill length (mm)", "depth", "z")
    view = View(np.array([30.0, 170, -0.2]), np.array([60.0, 232, 0.1]), names, Camera(azimuth, 20))
    (slow, there), (quick, here) = empty(view, False), empty(view, True)
    texts, (written,) = there.texts, [each for each in here.get_children() if isinstance(each, Labels)]
    assert len(texts) == len(written.labels) > 10
    for text, label in zip(texts, list(written.labels), strict=True):
        for other in texts:
            other.set_visible(other is text)
        written.labels = [label]
        expected, found = ink(slow), ink(quick)
        np.testing.assert_allclose(bounds(found), bounds(expected), atol=2)
        assert found.sum() == pytest.approx(expected.sum(), rel=0.25)


@pytest.mark.parametrize("angle", [0, 10, -10])
def test_letters_stand_on_their_feet(angle):
    canvas, ax = empty(View.around([[0, 0, 0], [1, 1, 1]]), True)
    (written,) = [each for each in ax.get_children() if isinstance(each, Labels)]
    written.labels = [Label("L", np.zeros(2), np.zeros(2), 30, angle=angle)]
    dark = ink(canvas)
    top, bottom, left, right = bounds(dark)
    letter = dark[top : bottom + 1, left : right + 1]
    height, width = letter.shape
    assert letter[height // 2 :].sum() > 1.5 * letter[: height // 2].sum()
    assert letter[:, : width // 2].sum() > 1.5 * letter[:, width // 2 :].sum()
