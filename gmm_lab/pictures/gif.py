"""Animated GIFs: where one may be written, and pictures that share one table of colours."""

import os
from collections.abc import Sequence
from pathlib import Path

import imageio.v3 as iio
import numpy as np
from PIL import Image

from gmm_lab.pictures.colours import COLOURS, colour_table

SAMPLE = 6  # pictures from which the colours are chosen


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


def encode(pictures: Sequence[Image.Image], durations: Sequence[int], n_components: int = 3) -> bytes:
    """Return RGB pictures, each with its duration in ms, as the bytes of a GIF that plays for ever.

    n_components : of which dots and blends keep their colours, as in `colour_table`.
    """
    chosen = np.unique(np.linspace(0, len(pictures) - 1, SAMPLE).astype(int))
    table = colour_table([pictures[i] for i in chosen], COLOURS - 1, n_components)  # and what does not change
    indices = [np.asarray(picture.quantize(palette=table, dither=Image.Dither.NONE)) for picture in pictures]
    return iio.imwrite(
        "<bytes>",
        np.stack(indices),
        extension=".gif",
        plugin="pillow",
        is_batch=True,
        palette=bytes(table.getpalette()),
        duration=list(durations),
        loop=0,
        optimize=True,
    )
