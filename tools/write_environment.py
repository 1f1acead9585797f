"""Write environment.yml and binder/environment.yml, with the versions of uv.lock. Run by `make environment`."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "3.13"
EXPORT = "uv export --locked --extra lab --no-hashes --no-annotate --no-header --no-emit-project --no-default-groups"


def environment() -> str:
    """Return the text of environment.yml: Python and pip from conda-forge, the rest as exact pins for pip."""
    uv = Path(sys.executable).parent / "uv"
    clean = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    export = subprocess.run([uv, *EXPORT.split()[1:]], cwd=ROOT, env=clean, capture_output=True, text=True)
    if export.returncode:
        sys.exit(export.stderr)
    pins = "".join(f"      - {pin}\n" for pin in export.stdout.splitlines())
    return (
        "# Written from uv.lock by `make environment`.\n"
        "name: gmm_lab\nchannels:\n  - conda-forge\ndependencies:\n"
        f"  - python={PYTHON}\n  - pip\n  - pip:\n{pins}"
    )


if __name__ == "__main__":
    for path in (ROOT / "environment.yml", ROOT / "binder" / "environment.yml"):
        path.write_text(environment(), encoding="utf-8", newline="\n")
