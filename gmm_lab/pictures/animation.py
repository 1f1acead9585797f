"""EM in motion: the half-steps of a history as an animated GIF, or set side by side as stills."""

import base64
import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gmm_lab.algorithm import History
from gmm_lab.files import require_writable, write_whole
from gmm_lab.pictures import gif
from gmm_lab.pictures.camera import Camera, View
from gmm_lab.pictures.figures import MASS
from gmm_lab.pictures.half_steps import half_steps
from gmm_lab.pictures.rendering import draw_half_step, render
from gmm_lab.pictures.scene import draw_frame, draw_note
from gmm_lab.pictures.style import Figure, axes, style
from gmm_lab.validation import Columns, real_number, whole_number

SHORTEST_DELAY = 20  # ms; viewers ignore what is shorter
START_HOLD, END_HOLD = 4, 10  # how many times longer than the others the first and the last frame stay


@dataclass(frozen=True, eq=False, repr=False)
class Animation:
    """A GIF that was written to `path`; in a notebook it shows itself, and can be folded away.

    path : None where no file could be written; then `not_saved` says why.  data : the bytes of the file.
    captions : of each frame.  seconds : how long it plays.
    """

    path: Path | None
    captions: tuple[str, ...]
    seconds: float
    data: bytes
    not_saved: str = ""

    def __repr__(self):
        return f"<Animation: {len(self.captions)} frames in {self.seconds:.1f} s, {self.path or self.not_saved}>"

    @property
    def alt(self) -> str:
        """What the animation shows, for a reader who can't see it."""
        first, last = (caption.replace("\n", ": ") for caption in (self.captions[0], self.captions[-1]))
        return f"Animation of EM in {len(self.captions)} frames. First: {first}. Last: {last}."

    def _repr_html_(self):
        source = "data:image/gif;base64," + base64.b64encode(self.data).decode()
        name = self.path.name if self.path else self.not_saved
        return (
            f"<details open><summary>{html.escape(name)}: select to hide or show the animation</summary>"
            f'<img alt="{html.escape(self.alt)}" src="{source}"></details>'
        )


def animate(
    history: History,
    path: str | Path,
    *,
    mass: float = MASS,
    columns: Columns = None,
    camera: Camera | None = None,
    turn: float = 0,
    frames_per_second: float = 4,
    progress: Callable | None = None,
) -> Animation:
    """Write the half-steps of a Fit, or of a list of steps, as an animated GIF to `path`, and return what shows it.

    mass : what an ellipse or ellipsoid holds of its component, from 0 to 1.  columns : D axis labels with units.
    camera, turn : from where a 3-D scene is seen halfway, and degrees by which that turns from the first frame to the
        last.  frames_per_second : at most 50.
    progress : what counts the frames while they are drawn, called with an iterator and `total=`, such as tqdm.
    The file is written whole or not at all; where it can't be, the animation is shown all the same, and says so.
    Raises ValueError where `path` is no .gif in a folder that exists.
    """
    path = gif.check_path(path)
    not_saved = _trouble_with(require_writable, path)
    turn = real_number(turn, "turn", -np.inf, 40)
    frames = half_steps(history)
    delays = durations(len(frames), frames_per_second)
    view = View.of([frame.step for frame in frames], mass, columns, camera)
    pictures = render(frames, view, mass, turn)
    pictures = list(progress(pictures, total=len(frames)) if progress else pictures)
    data = gif.encode(pictures, delays, frames[0].step.mixture.n_components)
    not_saved = not_saved or _trouble_with(write_whole, path, data)
    captions = tuple(frame.caption for frame in frames)
    return Animation(None if not_saved else path, captions, sum(delays) / 1000, data, not_saved)


def _trouble_with(act, path, *data):
    """Return why a file can't be written, and what to do; nothing where it can."""
    try:
        act(path, *data)
    except OSError as error:
        return f"{path.name} was not saved ({error.strerror or error}): name a file in a folder of your own"
    return ""


def durations(n_frames: int, frames_per_second: float) -> list[int]:
    """Return how long each frame is shown, in ms: the first and the last longer than the others."""
    delay = 1000 / real_number(frames_per_second, "frames_per_second", 0.1, 4)
    if delay < SHORTEST_DELAY:
        raise ValueError(
            f"frames_per_second is {frames_per_second}, but viewers show at most 50: try frames_per_second=4"
        )
    delays = [10 * round(delay / 10)] * n_frames  # a GIF counts in hundredths of a second
    delays[0] *= START_HOLD
    delays[-1] *= END_HOLD
    return delays


def storyboard(
    history: History,
    n_frames: int = 6,
    *,
    mass: float = MASS,
    columns: Columns = None,
    camera: Camera | None = None,
) -> Figure:
    """Draw a few of the half-steps of a Fit, or of a list of steps, side by side for print; return the Figure.

    n_frames : at least 2; a short history has fewer.  mass, columns, camera : as in `animate`.
    Raises ValueError where points have more than 3 columns.
    """
    n_frames = whole_number(n_frames, "n_frames", 2)
    frames = half_steps(history)
    frames = [replace(frames[i], left_out=0) for i in spread(len(frames), n_frames)]
    view = View.of([frame.step for frame in frames], mass, columns, camera)
    n_columns = 2 if len(frames) == 4 else 3
    n_rows = -(-len(frames) // n_columns)
    panels = axes(n_rows, n_columns, width=3.5 * n_columns, height=3.45 * n_rows).ravel()
    for ax in panels[len(frames) :]:
        ax.set_axis_off()
    with style():
        for ax, frame in zip(panels, frames, strict=False):
            draw_frame(ax, view)
            draw_half_step(ax, view, frame, mass)
            draw_note(ax, view, mass)
            ax.set_title(frame.caption, fontsize=8, loc="left")
    figure = panels[0].figure
    figure.alt = "EM, from left to right: " + "; ".join(frame.caption.replace("\n", ": ") for frame in frames) + "."
    return figure


def spread(n: int, n_chosen: int) -> Sequence[int]:
    """Return at most `n_chosen` of n places, the first and the last among them, and more of the early ones."""
    if n <= n_chosen:
        return range(n)
    squares = np.rint((n - 1) * np.linspace(0, 1, n_chosen) ** 2).astype(int)
    return np.maximum(squares, np.arange(n_chosen)).tolist()
