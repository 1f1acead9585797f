"""Half-steps as pictures: the caption, the scene, and a panel where the log-likelihood grows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

from gmm_lab.pictures.camera import View
from gmm_lab.pictures.colours import INK, PALETTE
from gmm_lab.pictures.curves import tallest
from gmm_lab.pictures.half_steps import HalfStep
from gmm_lab.pictures.scene import draw_frame, draw_mixture, draw_points, mass_note
from gmm_lab.pictures.style import each_in_style
from gmm_lab.pictures.thinning import draw_thinning
from gmm_lab.pictures.writing import write

SIZE, DPI = 480, 90  # pixels of each side; pixels per inch
CAPTION, CAPTION_SIZE = (9, 8), 12  # pixels
HEADER = 41  # pixels above the scene, where the caption stands
SCENE_3D, SCENE_FLAT, PANEL = (0, 0.215, 1, 0.7), (0.14, 0.31, 0.82, 0.56), (0.14, 0.08, 0.82, 0.1)


def draw_half_step(ax: Axes, view: View, half_step: HalfStep, mass: float) -> None:
    """Draw the points and the mixture of a half-step."""
    responsibilities = half_step.coloured_by and half_step.coloured_by.responsibilities
    draw_points(ax, view, half_step.step.points, responsibilities)
    draw_mixture(ax, view, half_step.step.mixture, mass)
    draw_thinning(ax, half_step.n_points)


@each_in_style
def render(half_steps: Sequence[HalfStep], view: View, mass: float, turn: float) -> Iterator[Image.Image]:
    """Yield a picture, SIZE pixels wide and high, of each half-step; in 3-D the camera turns by `turn` degrees in all.

    What all pictures share is drawn once, as a background.
    """
    figure = Figure(figsize=(SIZE / DPI, SIZE / DPI), dpi=DPI)
    canvas = FigureCanvasAgg(figure)
    scene = figure.add_axes(SCENE_3D if view.n_dimensions == 3 else SCENE_FLAT)
    line, end = _draw_panel(figure.add_axes(PANEL), half_steps, mass_note(view, mass))
    turns = turn != 0 and view.n_dimensions == 3
    draw_frame(scene, view, _top(half_steps, view))
    if turns:
        for artist in (*scene.lines, *scene.collections, *scene.texts):
            artist.remove()
    fixed = set(scene.get_children())
    canvas.draw()
    background = canvas.copy_from_bbox(figure.bbox)
    known = {}
    for half_step, angle in zip(half_steps, np.linspace(-turn / 2, turn / 2, len(half_steps)), strict=True):
        turned = replace(view, camera=replace(view.camera, azimuth=view.camera.azimuth + angle))
        if turns:
            draw_frame(scene, turned, quick=True)
        draw_half_step(scene, turned, half_step, mass)
        if half_step.kind in ("E", "end"):
            known[half_step.number] = half_step.step.log_likelihood
        line.set_data(list(known), list(known.values()))
        end.set_data(list(known)[-1:], list(known.values())[-1:])
        canvas.restore_region(background)
        new = [artist for artist in scene.get_children() if artist not in fixed]
        drawn = sorted(new, key=lambda artist: artist.zorder)
        for artist in (*drawn, line, end):
            artist.draw(canvas.get_renderer())
        for artist in drawn:
            artist.remove()
        picture = pixels(canvas)
        write(picture, CAPTION, half_step.caption, CAPTION_SIZE)
        yield picture


def pixels(canvas: FigureCanvasAgg) -> Image.Image:
    """Return what was drawn on a canvas, as an image in red, green and blue."""
    return Image.frombytes("RGB", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBX")


def _top(half_steps, view):
    """Return the largest density of all frames in 1-D: their curves share one axis."""
    if view.n_dimensions == 1:
        return tallest(view, half_steps[0].step.points, [half_step.step.mixture for half_step in half_steps])
    return None


def _draw_panel(ax, half_steps, note):
    """Draw the axes of the log-likelihood panel; return its line and the dot at the line's end, still empty."""
    values = [half_step.step.log_likelihood for half_step in half_steps]
    room = 0.12 * (max(values) - min(values)) or 0.1 * max(abs(values[0]), 1)
    ax.set(xlim=(-0.5, max(half_steps[-1].number, 1) + 0.5), ylim=(min(values) - room, max(values) + room))
    ax.set_xlabel("iterations done", fontsize=7, labelpad=1)
    ax.set_title("log-likelihood (nats)", fontsize=7, loc="left", pad=3)
    ax.set_title(note, fontsize=7, loc="right", pad=3, color=INK)
    ax.tick_params(labelsize=7, length=2, pad=2)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=2))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.spines[["top", "right"]].set_visible(False)
    line = ax.plot([], [], "o-", color=PALETTE[0], ms=2, lw=1)[0]
    return line, ax.plot([], [], "o", color=PALETTE[1], ms=4.5)[0]
