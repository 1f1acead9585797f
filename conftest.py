"""nbval compares pictures too: byte for byte where they are made, and pixel by pixel elsewhere.

Fitted numbers differ in their last digits from one kind of processor to the next, and with them the shade of a pixel at
an edge. OpenBLAS, with which NumPy multiplies matrices, names the kind.
"""

import base64
import platform
import re

import imageio.v3 as iio
import numpy as np
from nbval.plugin import IPyNbCell
from threadpoolctl import threadpool_info

KINDS = [library.get("architecture") for library in threadpool_info()]
EXACT = (platform.system(), platform.machine()) == ("Linux", "x86_64") and "SkylakeX" in KINDS
PICTURE = re.compile(r"(?<=base64,)[A-Za-z0-9+/=]+|^[A-Za-z0-9+/=\n]{100,}$")
CLOSE = 16  # of 255: how far a pixel may be from the saved one
STRAY = 0.02  # of all pixels: how many may be further away, at the edges of letters and lines


def alike(picture, saved):
    """Say whether two pictures, or animations, given as base64 would look the same."""
    new, old = (iio.imread(base64.b64decode(data), index=...).astype(int) for data in (picture, saved))
    return new.shape == old.shape and np.mean(np.abs(new - old).max(axis=-1) > CLOSE) <= STRAY


def with_saved_pictures(text, saved):
    """Return an output's text with each picture that looks like the saved one replaced by the saved one."""
    olds = iter(PICTURE.findall(saved))
    return PICTURE.sub(lambda new: next((old for old in olds if alike(new[0], old)), new[0]), text)


def pytest_collection_modifyitems(items):
    for item in items:
        if isinstance(item, IPyNbCell):
            item.parent.skip_compare = tuple(kind for kind in item.parent.skip_compare if kind != "image/png")


def compare_outputs(cell, outputs, saved, skip_compare=None, *, compare=IPyNbCell.compare_outputs):
    for new, old in zip(outputs, saved, strict=False):
        for kind in ("image/png", "text/html"):
            if not EXACT and kind in new.get("data", {}) and kind in old.get("data", {}):
                new["data"][kind] = with_saved_pictures(new["data"][kind], old["data"][kind])
    return compare(cell, outputs, saved, skip_compare)


IPyNbCell.compare_outputs = compare_outputs
