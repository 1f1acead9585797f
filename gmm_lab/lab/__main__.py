"""Bring the reader's copy of the lessons up to date, and open the first of them in JupyterLab."""

import os
import sys
from pathlib import Path

from gmm_lab.lab.work import prepare

PROJECT = Path(__file__).resolve().parent.parent.parent
FIRST = "work/00_start_here.ipynb"
SETTINGS = Path(__file__).resolve().parent / "settings"
AS_ROOT = (
    "You are root, and JupyterLab does not run as root unasked: be another user, or say make lab OPTIONS=--allow-root"
)


def main(arguments: list[str]) -> None:
    if getattr(os, "geteuid", lambda: 1)() == 0 and "--allow-root" not in arguments:
        sys.exit(AS_ROOT)
    try:
        told = prepare(PROJECT / "notebooks", PROJECT / "work")
    except OSError as error:
        sys.exit(f"Your copy of the lessons can't be written ({error}): free some room, or make work/ writable")
    print(*told, "Starting JupyterLab; Ctrl + C in this window ends it.", sep="\n", flush=True)
    from jupyterlab.labapp import main as run_lab

    ours = {
        "ServerApp.root_dir": PROJECT,
        "LabApp.default_url": f"/lab/tree/{FIRST}",
        "LabApp.app_settings_dir": SETTINGS,  # no pop-up about news
        "Application.log_level": "WARN",  # so that the address stands out
    }
    sys.exit(run_lab([*(f"--{name}={value}" for name, value in ours.items()), *arguments]))


if __name__ == "__main__":
    main(sys.argv[1:])
