"""Texts of frames, written by Pillow: many times faster than by Matplotlib."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import findfont
from PIL import Image, ImageDraw, ImageFont

from gmm_lab.pictures.box import Label
from gmm_lab.pictures.colours import INK

SPACING = 5  # pixels between two lines
SMOOTH = 3  # a turned text is written so many times larger first
ANCHORS = {"left": "l", "center": "m", "right": "r", "top": "t", "bottom": "b"}  # as Pillow calls them


@lru_cache
def _font(size):
    return ImageFont.truetype(findfont("DejaVu Sans"), size)


def write(picture: Image.Image, place: tuple[float, float], text: str, size: float, **style: str) -> None:
    """Write a text, `size` pixels high, at a place, in pixels from the upper left corner; in black without a style."""
    ImageDraw.Draw(picture).text(place, text, **{"fill": "black"} | style, font=_font(size), spacing=SPACING)


def write_labels(picture: Image.Image, ax: Axes, labels: Iterable[Label]) -> None:
    """Write labels of Axes onto the picture of their figure."""
    point = ax.figure.dpi / 72  # in pixels
    for label in labels:
        right, up = ax.transData.transform(label.place) + point * label.offset
        place, size = np.array([right, picture.height - up]), point * label.size
        if label.angle:
            _write_turned(picture, place, label.text, size, label.angle)
        else:
            write(picture, tuple(place), label.text, size, fill=INK, anchor=ANCHORS[label.ha] + ANCHORS[label.va])


def _write_turned(picture, middle, text, size, angle):
    font = _font(SMOOTH * size)
    half = int(np.ceil(font.getlength(text) / SMOOTH / 2 + size))
    mask = Image.new("L", (2 * SMOOTH * half,) * 2)
    ImageDraw.Draw(mask).text((SMOOTH * half,) * 2, text, fill=255, font=font, anchor="mm")
    mask = mask.rotate(angle, Image.Resampling.BILINEAR).reduce(SMOOTH)
    picture.paste(INK, tuple(np.rint(middle - half).astype(int).tolist()), mask)
