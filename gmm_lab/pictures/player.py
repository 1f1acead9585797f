"""A player of EM's half-steps that needs no kernel: one piece of HTML for a saved notebook or a page of its own."""

import base64
import html
import io
from dataclasses import dataclass

import numpy as np

from gmm_lab.algorithm import History
from gmm_lab.pictures.animation import spread
from gmm_lab.pictures.camera import Camera, View
from gmm_lab.pictures.colours import few_colours
from gmm_lab.pictures.figures import MASS
from gmm_lab.pictures.half_steps import half_steps
from gmm_lab.pictures.live import beside, live
from gmm_lab.pictures.rendering import HEADER, SIZE, render
from gmm_lab.validation import Columns, real_number

LARGEST = 1_500_000  # bytes of the whole
MOST_FRAMES, FEWEST_FRAMES = 60, 6
SCENE = (0, HEADER, SIZE, SIZE)  # of a picture, below its caption
STILLS = 6  # what is seen where no script runs


@dataclass(frozen=True, eq=False, repr=False)
class Player:
    """What `play` returns: in a notebook it shows itself; `html` is a piece of a page, to be saved or sent."""

    captions: tuple[str, ...]
    html: str

    def __repr__(self):
        first, last = (caption.replace("\n", ": ") for caption in (self.captions[0], self.captions[-1]))
        return f"<Player: {len(self.captions)} half-steps. First: {first}. Last: {last}.>"

    def _repr_html_(self):
        return self.html


def play(
    history: History,
    *,
    mass: float = MASS,
    columns: Columns = None,
    camera: Camera | None = None,
    turn: float = 0,
    frames_per_second: float = 4,
) -> Player:
    """Return a player of the half-steps of a Fit, or of a list of steps, which runs in any browser without a kernel.

    It begins paused, is worked by mouse or keyboard, and shows a few stills where scripts are not run. It takes at most
    1.5 MB: a history whose pictures are too large for that is shown with fewer of its iterations.
    mass, columns, camera, turn, frames_per_second : as in `animate`.
    Raises ValueError where points have more than 3 columns.
    """
    turn = real_number(turn, "turn", -np.inf, 40)
    pace = 1000 / real_number(frames_per_second, "frames_per_second", 0.1, 4)
    most = MOST_FRAMES
    while True:
        frames = half_steps(history, most)
        view = View.of([frame.step for frame in frames], mass, columns, camera)
        captions = tuple(frame.caption for frame in frames)
        pictures = [_webp(picture.crop(SCENE)) for picture in render(frames, view, mass, turn)]
        page = _page(pictures, captions, pace)
        if len(page.encode()) <= LARGEST or most == FEWEST_FRAMES:
            return Player(captions, page)
        most = max(FEWEST_FRAMES, 2 * most // 3)


def _webp(picture):
    file = io.BytesIO()
    few_colours(picture).convert("RGB").save(file, "webp", lossless=True, quality=0, method=2)  # quickly
    return base64.b64encode(file.getvalue()).decode()


def _page(pictures, captions, pace):
    """Return stills that stand for themselves, and the script that makes a player of them and of the other pictures."""
    stills = spread(len(pictures), STILLS)
    others = [None if i in stills else picture for i, picture in enumerate(pictures)]
    figures = "".join(_still(pictures[i], captions[i]) for i in stills)
    style, script = (beside(__package__, f"player.{kind}") for kind in ("css", "js"))
    # pictures may differ in a pixel on another processor
    return live("gmm-player", figures, style, script, [others, captions, pace], same=[captions, pace])


def _still(picture, caption):
    text, size = html.escape(caption), f'width="{SIZE // 2}" height="{(SIZE - HEADER) // 2}"'
    return (
        f'<figure><img alt="{text.replace(chr(10), ": ")}" {size} decoding="sync"'
        f' src="data:image/webp;base64,{picture}"><figcaption>{text.replace(chr(10), "<br>")}</figcaption></figure>'
    )
