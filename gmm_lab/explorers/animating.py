"""The explorer of lesson 6: how an animation will look, and a button that writes it."""

import base64
import html
from collections.abc import Iterable, Iterator
from pathlib import Path

import ipywidgets as widgets
import numpy as np

from gmm_lab.algorithm import History
from gmm_lab.explorers.controls import WIDE, camera_of, camera_sliders, slider
from gmm_lab.explorers.explorer import DRAWING, Explorer
from gmm_lab.explorers.marks import new_figure
from gmm_lab.pictures.animation import animate, durations
from gmm_lab.pictures.camera import Camera, View
from gmm_lab.pictures.figures import MASS
from gmm_lab.pictures.gif import check_path
from gmm_lab.pictures.half_steps import half_steps
from gmm_lab.pictures.rendering import draw_half_step
from gmm_lab.pictures.scene import draw_frame, draw_note, mass_note
from gmm_lab.pictures.style import in_style
from gmm_lab.pictures.thinning import OF_ALL, thinning
from gmm_lab.validation import Columns

LINK = "text-decoration:underline;color:var(--jp-content-link-color,#0000ee)"
NOT_WRITTEN = "Not written yet."


@in_style
def animation(history: History, path: str | Path, columns: Columns = None) -> Explorer:
    """Explore how the half-steps of a Fit, or of a list of steps, will look as a GIF, and write it to `path`.

    columns : D axis labels with units, D from 1 to 3.
    Raises ValueError where `path` is no .gif in a folder that exists.
    """
    path = check_path(path)
    frames = half_steps(history)
    steps, thin = [frame.step for frame in frames], thinning(frames[0].n_points, OF_ALL)
    n_dimensions = View.of(steps, MASS, columns).n_dimensions
    figure = new_figure(520, 468)
    ax = figure.add_axes((0, 0, 1, 1) if n_dimensions == 3 else (0.12, 0.12, 0.85, 0.84))

    def draw(frame, frames_per_second, mass, turn=0, **settings):
        angles = np.linspace(-turn / 2, turn / 2, len(frames))
        camera = camera_of(settings)
        turned = View.of(steps, mass, columns, Camera(camera.azimuth + angles[frame - 1], camera.elevation))
        draw_frame(ax, turned, quick=True)
        draw_half_step(ax, turned, frames[frame - 1], mass)
        draw_note(ax, turned, mass)
        seconds = sum(durations(len(frames), frames_per_second)) / 1000
        told = "; ".join(filter(None, [f"Frame {frame} of {len(frames)}", mass_note(turned, mass)]))
        shown = frames[frame - 1].caption.replace("\n", ":\n")
        told = f"{told}; {seconds:.1f} s in all.\n{shown}."
        return "\n".join(filter(None, [told, thin]))

    look = {
        "frame": slider("frame", 1, len(frames), len(frames)),
        "frames_per_second": slider("frames a second", 1, 20, 4),
        "mass": slider("mass", 0.05, 0.99, MASS, 0.01),
    }
    if n_dimensions == 3:
        look["turn"] = slider("camera turns (°)", -180, 180, 40, 10)
    writing = _Writing(path, history, columns, len(frames))
    explorer = Explorer(figure, draw, {"Animation": look, **camera_sliders(n_dimensions)}, [writing])
    writing.explorer = explorer
    return explorer


class _Writing(widgets.VBox):
    """A button that writes the GIF as the explorer's controls ask, a bar that fills meanwhile, and a link to it."""

    def __init__(self, path, history, columns, n_frames):
        self.path, self.history, self.columns = path, history, columns
        self.button = widgets.Button(description=f"Write {path.name}", layout=WIDE)
        self.bar = widgets.IntProgress(max=n_frames, description="written", layout=WIDE)
        self.link = widgets.HTML(NOT_WRITTEN)
        self.button.on_click(self.write)
        super().__init__([self.button, self.bar, self.link])

    def write(self, _: widgets.Button) -> None:
        wanted = self.explorer.settings
        camera = camera_of(wanted)
        wanted = {name: wanted[name] for name in ("frames_per_second", "mass", "turn") if name in wanted}
        self.button.disabled = True
        self.bar.value, self.link.value = 0, NOT_WRITTEN
        try:
            with DRAWING, self.explorer.reporting("Then press the button again."):
                written = animate(
                    self.history, self.path, columns=self.columns, camera=camera, progress=self.counted, **wanted
                )
        finally:
            self.button.disabled = False
        source = "data:image/gif;base64," + base64.b64encode(written.data).decode()
        name = html.escape(self.path.name)
        saved = written.not_saved or f"saved in the folder {self.path.resolve().parent.name}"
        self.link.value = (
            f'<a download="{name}" href="{source}" style="{LINK}">{name}</a>: {len(written.data) / 1024:.0f} KiB,'
            f" {len(written.captions)} frames, {written.seconds:.1f} s; {html.escape(saved)}"
        )

    def counted(self, pictures: Iterable[np.ndarray], total: int) -> Iterator[np.ndarray]:
        """Hand pictures through, and fill the bar."""
        self.bar.max = total
        for self.bar.value, picture in enumerate(pictures, start=1):
            yield picture
