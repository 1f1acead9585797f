"""nbval compares pictures too: byte for byte on the kind of machine that made them, and pixel by pixel elsewhere.

A kernel under test is as after a fresh installation, whatever the profile, the style and the shell of its user.
"""

import atexit
import base64
import os
import re
import shutil
import tempfile

import imageio.v3 as iio
import numpy as np
from kind import kind, recorded
from nbval.plugin import IPyNbCell

EXACT = kind() == recorded()
# in the source of an <img>, bare in the data of a player, or all that there is
PICTURE = re.compile(r"(?<=base64,)[A-Za-z0-9+/=]+|(?<=\")[A-Za-z0-9+/]{100,}={0,2}(?=\")|^[A-Za-z0-9+/=\n]{100,}$")
CLOSE = 16  # of 255: how far a pixel may be from the saved one
STRAY = 0.005  # of all pixels: how many may be further away, at the edges of letters and lines
OF_A_USER = (
    "MPLBACKEND",
    "PYTHONWARNINGS",
    "PYTHONSTARTUP",
    "PYTHONDONTWRITEBYTECODE",  # or each of the many processes compiles again all that it imports
    "TZ",
    "LC_ALL",
    "LANG",
    "JUPYTER_PATH",
    "JUPYTER_CONFIG_PATH",
)


def isolate():
    """Leave out of the environment that kernels inherit what is its user's own, until the tests end."""
    home = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in OF_A_USER:
        os.environ.pop(name, None)
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        os.environ[name] = home
    open(os.path.join(home, "matplotlibrc"), "w").close()
    os.environ["MATPLOTLIBRC"] = home


isolate()


def alike(picture, saved):
    """Say whether two pictures, or animations, given as base64 would look the same, in every frame."""
    new, old = (iio.imread(base64.b64decode(data), index=...).astype(int) for data in (picture, saved))
    return new.shape == old.shape and np.mean(np.abs(new - old).max(axis=-1) > CLOSE, axis=(-2, -1)).max() <= STRAY


def with_saved_pictures(text, saved):
    """Return an output's text with each picture that looks like the saved one in its place replaced by that."""
    olds = iter(PICTURE.findall(saved))

    def chosen(new):
        old = next(olds, None)
        return old if old and alike(new[0], old) else new[0]

    return PICTURE.sub(chosen, text)


def pytest_collection_modifyitems(items):
    for item in items:
        if isinstance(item, IPyNbCell):
            item.parent.skip_compare = tuple(kind for kind in item.parent.skip_compare if kind != "image/png")


def compare_outputs(cell, outputs, saved, skip_compare=None, *, compare=IPyNbCell.compare_outputs):
    for new, old in zip(outputs, saved, strict=False):
        for mime in ("image/png", "text/html"):
            if not EXACT and mime in new.get("data", {}) and mime in old.get("data", {}):
                new["data"][mime] = with_saved_pictures(new["data"][mime], old["data"][mime])
    return compare(cell, outputs, saved, skip_compare)


IPyNbCell.compare_outputs = compare_outputs
