"""Bring the reader's copy of the lessons up to date, and open the first of them in JupyterLab."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from gmm_lab.lab.work import HERE, LESSONS, PROJECT, prepare

ROOT = PROJECT if LESSONS.parent == PROJECT else Path.cwd()
FIRST = "work/00_start_here.ipynb"
SETTINGS = HERE / "settings"
MISSING = 'JupyterLab is not installed here: pip install "gmm-lab[lab]" brings it'
AS_ROOT = (
    "You are root, and JupyterLab does not run as root unasked: be another user, or say make lab OPTIONS=--allow-root"
)


def main(arguments: list[str]) -> None:
    if find_spec("jupyterlab") is None:
        sys.exit(MISSING)
    if getattr(os, "geteuid", lambda: 1)() == 0 and "--allow-root" not in arguments:
        sys.exit(AS_ROOT)
    try:
        told = prepare(LESSONS, ROOT / "work")
    except OSError as error:
        sys.exit(f"Your copy of the lessons can't be written ({error}): free some room, or make work/ writable")
    print(*told, "Starting JupyterLab; Ctrl + C in this window ends it.", sep="\n", flush=True)
    from jupyterlab.labapp import main as run_lab

    ours = {
        "ServerApp.root_dir": ROOT,
        "LabApp.default_url": f"/lab/tree/{FIRST}",
        "LabApp.app_settings_dir": SETTINGS,  # no pop-up about news
        "Application.log_level": "WARN",  # so that the address stands out
    }
    sys.exit(run_lab([*(f"--{name}={value}" for name, value in ours.items()), *arguments]))


if __name__ == "__main__":
    main(sys.argv[1:])
