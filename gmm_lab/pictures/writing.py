"""Texts of pictures that are drawn many times, written by Pillow: much faster than by Matplotlib."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.font_manager import findfont
from PIL import Image, ImageDraw, ImageFont

from gmm_lab.pictures.colours import INK
from gmm_lab.pictures.labels import Label

SPACING = 5  # pixels between two lines
SMOOTH = 3  # a turned text is written so many times larger first
SHIFT = {"left": 0, "bottom": 0, "center": 0.5, "right": 1, "top": 1}  # of its width or height


@lru_cache
def _font(size):
    return ImageFont.truetype(findfont("DejaVu Sans"), size, layout_engine=ImageFont.Layout.BASIC)


def write(picture: Image.Image, place: tuple[float, float], text: str, size: float) -> None:
    """Write a text in black, `size` pixels high, at a place in pixels from the upper left corner."""
    ImageDraw.Draw(picture).text(place, text, fill="black", font=_font(size), spacing=SPACING)


class Labels(Artist):
    """Labels at places in the Axes' data, as pixels."""

    def __init__(self, labels: Iterable[Label]):
        super().__init__()
        self.labels = list(labels)
        self.set_zorder(3)

    def draw(self, renderer: RendererAgg) -> None:
        """Draw them."""
        point = renderer.points_to_pixels(1)
        gc = renderer.new_gc()
        for label in self.labels:
            image = _written(label.text, point * label.size, label.angle)
            corner = self.axes.transData.transform(label.place) + point * label.offset
            corner -= np.multiply([SHIFT[label.ha], SHIFT[label.va]], image.shape[1::-1])
            renderer.draw_image(gc, *np.rint(corner), image)
        gc.restore()
        self.stale = False


@lru_cache(maxsize=512)
def _written(text, size, angle):
    """Return a text as an image, (height, width, 4), from the bottom up, in red, green, blue and alpha."""
    larger = SMOOTH if angle else 1
    font = _font(larger * size)
    left, top, right, bottom = font.getbbox(text)
    mask = Image.new("L", (int(right - left) + 2, int(bottom - top) + 2))
    ImageDraw.Draw(mask).text((1 - left, 1 - top), text, fill=255, font=font)
    if angle:
        mask = mask.rotate(angle, Image.Resampling.BILINEAR, expand=True).reduce(larger)
    image = np.empty((*mask.size[::-1], 4), dtype=np.uint8)
    image[..., :3] = np.rint(255 * np.array(to_rgb(INK)))
    image[..., 3] = np.asarray(mask)
    return image[::-1]
