"""Make .venv with exactly what uv.lock names. Needs Python 3.11 or later and nothing else; run it again at any time.

uv itself comes from the lock too, so that everything installed is checked against a hash.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import urllib.request
import venv
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(f"gmm_lab needs Python 3.11 or later, and this is {sys.version.split()[0]}: try make PYTHON=python3.13")

import tomllib

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")


def main():
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    locked = {package["name"]: package for package in packages}
    if not has_uv(locked["uv"]["version"]):
        venv.create(VENV, clear=True, symlinks=os.name != "nt", with_pip=bool(importlib.util.find_spec("ensurepip")))
        install_uv(locked)
    clean = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "CONDA_PREFIX")}
    clean |= {"UV_PROJECT_ENVIRONMENT": str(VENV), "UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run([BIN / "uv", "sync", "--locked", "--python", BIN / "python"], cwd=ROOT, env=clean, check=True)


def has_uv(version):
    """Say whether .venv works and has that version of uv."""
    try:
        found = subprocess.run([BIN / "uv", "--version"], capture_output=True, text=True, check=True).stdout.split()
        subprocess.run([BIN / "python", "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return found[1] == version


def install_uv(locked):
    """Install the locked uv with pip; where Python came without one, as on Debian, with the locked pip."""
    with tempfile.TemporaryDirectory() as folder:
        hashes = " ".join(f"--hash={wheel['hash']}" for wheel in locked["uv"]["wheels"])
        requirements = Path(folder) / "uv.txt"
        requirements.write_text(f"uv=={locked['uv']['version']} {hashes}\n", encoding="utf-8")
        pip = (
            ["-m", "pip"]
            if importlib.util.find_spec("ensurepip")
            else [fetch(locked["pip"]["wheels"][0], folder) / "pip"]
        )
        subprocess.run(
            [
                BIN / "python",
                *pip,
                "--quiet",
                "install",
                "--only-binary=:all:",
                "--require-hashes",
                "-r",
                requirements,
            ],
            check=True,
        )


def fetch(wheel, folder):
    """Download a wheel into a folder, check its hash, and return its path."""
    with urllib.request.urlopen(wheel["url"]) as response:
        data = response.read()
    if f"sha256:{hashlib.sha256(data).hexdigest()}" != wheel["hash"]:
        sys.exit(
            f"{wheel['url']} is not what uv.lock expects: its hash differs. Nothing of it was run; try again later."
        )
    path = Path(folder) / wheel["url"].rsplit("/", 1)[1]
    path.write_bytes(data)
    return path


if __name__ == "__main__":
    main()
