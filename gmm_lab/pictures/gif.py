"""Animated GIFs: where one may be written, and pictures that share one palette."""

import os
from collections.abc import Sequence
from pathlib import Path

import imageio.v3 as iio
import numpy as np
from PIL import Image

COLOURS = 64  # in the palette that all pictures share
SAMPLE = 6  # pictures from which the palette is chosen
WHITE = (255, 255, 255)
# Pillow looks colours up in steps of 4, so that a lighter colour in the palette would take the place of white
NEARLY_WHITE = 248


def check_path(path: str | os.PathLike) -> Path:
    """Return `path` as a Path, or raise ValueError unless it names a .gif in a folder that exists."""
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path is {path!r}, but the name of a file was expected: try 'em.gif'")
    path = Path(path)
    if path.suffix.lower() != ".gif":
        remedy = path.with_name(f"{path.stem or 'em'}.gif") if path.name else Path("em.gif")
        raise ValueError(f"path is {path}, but a name that ends in .gif was expected: try {remedy}")
    if not path.parent.is_dir():
        raise ValueError(f"path is {path}, but there is no folder {path.parent}: create it first, or name another")
    if path.is_dir():
        raise ValueError(f"path is {path}, but that is a folder: name a file in it, such as {path / 'em.gif'}")
    return path


def encode(pictures: Sequence[np.ndarray], durations: Sequence[int]) -> bytes:
    """Return RGB pictures (F, H, W, 3), each with its duration in ms, as the bytes of a GIF that plays for ever."""
    palette = _palette(pictures)
    indices = [
        np.asarray(Image.fromarray(picture).quantize(palette=palette, dither=Image.Dither.NONE)) for picture in pictures
    ]
    return iio.imwrite(
        "<bytes>",
        np.stack(indices),
        extension=".gif",
        plugin="pillow",
        is_batch=True,
        palette=bytes(palette.getpalette()),
        duration=list(durations),
        loop=0,
        optimize=True,
    )


def _palette(pictures):
    """Return a picture that carries the palette: pure white, and what a few of the pictures need besides."""
    sample = np.concatenate([pictures[i] for i in np.unique(np.linspace(0, len(pictures) - 1, SAMPLE).astype(int))])
    found = Image.fromarray(sample).quantize(COLOURS - 1, method=Image.Quantize.MEDIANCUT).getpalette()
    colours = {WHITE} | {colour for colour in zip(*[iter(found)] * 3, strict=True) if min(colour) < NEARLY_WHITE}
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.ravel(sorted(colours)).tolist())
    return palette
