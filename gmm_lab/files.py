"""Files that are written whole or not at all."""

import os
import shutil
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write bytes to `path`: an earlier file is replaced by the whole of it, or left as it was.

    A link stays, and what it leads to is written; an earlier file's mode is kept. Raises OSError where that can't be.
    """
    target = Path(os.path.realpath(path))
    # a folder of its own: no other thread and no planted link has that place
    with tempfile.TemporaryDirectory(".part", f".{target.name}.", target.parent) as folder:
        part = Path(folder) / target.name
        part.write_bytes(data)
        if target.exists():
            shutil.copymode(target, part)
        os.replace(part, target)


def require_writable(path: Path) -> None:
    """Raise PermissionError where `path`, or the folder that it would be made in, can't be written."""
    target = Path(os.path.realpath(path))
    for place in (target, target.parent):
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(f"{'the file' if place is target else 'the folder'} {place.name} can't be written")
