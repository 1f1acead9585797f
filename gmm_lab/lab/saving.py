"""What a Jupyter server does when a file is saved, wherever this package is installed.

Controls end with their kernel, and the text and the still beside them stay: so these are what is saved.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

from gmm_lab.files import write_whole

CONTROLS, STATE = (f"application/vnd.jupyter.widget-{part}+json" for part in ("view", "state"))
WORK = "my_work.zip"  # where it stands in a folder, it is renewed with each file that is saved there


def _jupyter_server_extension_points():
    return [{"module": "gmm_lab.lab.saving"}]


def _load_jupyter_server_extension(app):
    # once all extensions are loaded: some, such as Jupytext's, put a manager of their own in place of this one
    app.io_loop.add_callback(lambda: _watch(app.contents_manager))


def _watch(contents_manager):
    contents_manager.register_pre_save_hook(leave_stills)
    contents_manager.register_post_save_hook(pack_beside)


def leave_stills(model: dict, **_: Any) -> None:
    """Take the controls whose state is not saved as well out of a notebook, given as a Jupyter server gives it."""
    if model["type"] != "notebook":
        return
    content = model["content"]
    kept = content.get("metadata", {}).get("widgets", {}).get(STATE, {}).get("state", {})
    for output in (output for cell in content["cells"] for output in cell.get("outputs", [])):
        data = output.get("data", {})
        if CONTROLS in data and data[CONTROLS].get("model_id") not in kept:
            del data[CONTROLS]


def pack_beside(os_path: str, **_: Any) -> None:
    """Renew the archive in the folder of a file that was saved, where there is one."""
    if (Path(os_path).parent / WORK).is_file():
        pack(Path(os_path).parent)


def pack(folder: Path) -> None:
    """Put all files of a folder, but for hidden ones, into its archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            place = path.relative_to(folder)
            if path.is_file() and place.name != WORK and not any(name.startswith(".") for name in place.parts):
                archive.write(path, place)
    write_whole(folder / WORK, file.getvalue())
