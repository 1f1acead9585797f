"""Make .venv with exactly what uv.lock names, or mend it: run it at any time. It needs Python and nothing else.

python bootstrap.py          what readers need
python bootstrap.py --test   and what the checks need

uv itself comes from the lock too, so that everything installed is checked against a hash. Only a .venv that this script
has made, and marked, is ever changed.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import venv
from http.client import HTTPException
from pathlib import Path

if not (3, 11) <= sys.version_info < (3, 15):
    sys.exit(
        f"gmm_lab needs Python 3.11 to 3.14, and this is {sys.version.split()[0]}:"
        " name one of these, as in: make lab PYTHON=python3.13"
    )

import tomllib

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
MARK = VENV / "made_by_gmm_lab.json"
INDEX, FILES = "https://pypi.org/simple", "https://files.pythonhosted.org/"
# without its pyvenv.cfg the Python of .venv is the system's, where nothing may be installed
FOUND = "import sys, importlib.util as u; print(sys.prefix != sys.base_prefix and all(map(u.find_spec, sys.argv[1:])))"
# what the last words of uv, pip or the system say, and what to do then
REMEDIES = {
    r"No space left|disk quota": "the disk is full. Free about 1 GB",
    r"cache\b.*(Permission denied|Read-only file system)": "the cache of uv can't be written. Set UV_CACHE_DIR"
    " to a folder that can",
    r"Permission denied|Read-only file system|not permitted|Access is denied": "this folder can't be written. End a"
    " JupyterLab that still runs in it, or copy the project into a folder of your own",
    r"(?i)hash": "a file is not the one that uv.lock names, and was not installed: its download was cut off, or uv.lock"
    " was changed. Take such a change back",
    r"needs to be updated": "uv.lock does not fit pyproject.toml. Take the change back, or run uv lock",
    r"(?i)dns|resolve|connect|timed out|timeout|unreachable|urlopen|fetch|download|incomplete|EOF|sending request"
    r"|No matching distribution|decod|truncated": "a download failed or was cut off. See that there is a network",
}
PROGRESS = ("Resolved", "Downloading", "Prepared", "Uninstalled", "Installed")
# settings for other projects: what is installed here comes from the addresses in uv.lock
ELSEWHERE = ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_INDEX", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL")


def main(arguments):
    before = mark()
    for_tests = "--test" in arguments or before.get("for tests", False)  # what is there is not taken away
    wanted = {"for tests": for_tests, "root": str(ROOT), "files": digest()}
    if before == wanted and finds("gmm_lab", "jupyterlab"):
        return
    print("Setting up in the folder .venv: a minute the first time, a few seconds later ...", flush=True)
    locked = checked((ROOT / "uv.lock").read_bytes())
    if not (before and finds("pip") and has_uv(locked)):
        make_venv(for_tests)
        install_uv(locked)
    sync(for_tests)
    if not finds("gmm_lab", "jupyterlab"):  # uv takes what is noted as installed for whole
        sync(for_tests, again=True)
    MARK.write_text(json.dumps(wanted), encoding="utf-8")
    print("Everything is in place.", flush=True)


def digest():
    """Return what changes when something else is to be installed, or in another way."""
    texts = [(ROOT / name).read_bytes() for name in ("uv.lock", "pyproject.toml", "bootstrap.py")]
    return hashlib.sha256(b"".join(texts)).hexdigest()


def mark():
    """Return what the mark in .venv says, empty where there is no .venv. Exits where .venv is somebody else's."""
    if not VENV.is_symlink() and not VENV.exists():
        return {}
    ours = MARK.is_file() or (VENV / ".ready").is_file()  # as earlier versions of this script were marked
    if VENV.is_symlink() or not ours:
        sys.exit(
            "There is a .venv that this project did not make, and it was left alone: rename or remove it, or work in a"
            " copy of the project in another folder."
        )
    try:
        return json.loads(MARK.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"for tests": False}


def finds(*packages):
    """Say whether the Python of .venv is there, and finds these packages from wherever it is started."""
    try:
        return subprocess.run([PYTHON, "-I", "-c", FOUND, *packages], capture_output=True).stdout.strip() == b"True"
    except OSError:
        return False


def checked(lock):
    """Return the packages of a lock, by name; exits unless each file is of the public index and has a hash."""
    try:
        packages = {package["name"]: package for package in tomllib.loads(lock.decode("utf-8"))["package"]}
        for package in packages.values():
            if package["source"] == {"editable": "."} and package["name"] == "gmm-lab":
                continue
            files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
            if package["source"] != {"registry": INDEX} or not files:
                refuse(f"{package['name']} does not come from the public index")
            for file in files:
                if not file["url"].startswith(FILES) or not re.fullmatch("sha256:[0-9a-f]{64}", file.get("hash", "")):
                    refuse(f"a file of {package['name']} has another address, or no hash to be checked against")
                if not called(file["url"]).startswith(called(f"/{package['name']}-{package['version']}")):
                    refuse(f"{file['url']} is not a file of {package['name']} {package['version']}")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        refuse(f"it can't be read ({type(error).__name__})")
    return packages


def called(address):
    """Return the file's name in an address, spelled in one way."""
    return re.sub("[-_.]+", "-", address.rsplit("/", 1)[1]).lower()


def refuse(reason):
    sys.exit(f"uv.lock was changed: {reason}. Nothing was installed; take the change back (git checkout uv.lock).")


def has_uv(locked):
    try:
        found = subprocess.run([BIN / "uv", "--version"], capture_output=True, text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        return False
    return found[1] == locked["uv"]["version"]


def make_venv(for_tests):
    """Make a new .venv, marked whenever this is interrupted, whose scripts still work when the folder is renamed."""
    VENV.mkdir(exist_ok=True)
    MARK.write_text(json.dumps({"for tests": for_tests}), encoding="utf-8")
    PYTHON.unlink(missing_ok=True)  # first, so that what is half removed is not taken for whole
    for path in set(VENV.iterdir()) - {MARK}:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    venv.create(VENV, symlinks=os.name != "nt")
    with (VENV / "pyvenv.cfg").open("a", encoding="utf-8") as settings:
        settings.write("relocatable = true\n")


def install_uv(locked):
    """Install the locked uv with pip; where Python came without one, as on Debian, with the locked pip."""
    with tempfile.TemporaryDirectory() as folder:
        hashes = " ".join(f"--hash={wheel['hash']}" for wheel in locked["uv"]["wheels"])
        requirements = Path(folder) / "uv.txt"
        requirements.write_text(f"uv=={locked['uv']['version']} {hashes}\n", encoding="utf-8")
        if importlib.util.find_spec("ensurepip"):
            run([PYTHON, "-Im", "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL)
            pip = ["-m", "pip"]
        else:
            pip = [fetch(locked["pip"]["wheels"][0], folder) / "pip"]
        options = "--quiet install --only-binary=:all: --require-hashes -r".split()
        run([PYTHON, *pip, *options, requirements])


def fetch(wheel, folder):
    """Download a wheel into a folder, check its hash, and return its path."""
    with urllib.request.urlopen(wheel["url"], timeout=60) as response:
        data = response.read()
    if f"sha256:{hashlib.sha256(data).hexdigest()}" != wheel["hash"]:
        raise OSError(f"{wheel['url']}: its hash differs")
    path = Path(folder) / wheel["url"].rsplit("/", 1)[1]
    path.write_bytes(data)
    return path


def sync(for_tests, again=False):
    """Install what the lock names, all of it again if asked, and let .venv find the package by a relative path."""
    clean = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    clean |= {"UV_PROJECT_ENVIRONMENT": str(VENV), "UV_PYTHON_DOWNLOADS": "never"}
    asked = ["--all-groups"] * for_tests + ["--reinstall"] * again
    run([BIN / "uv", "sync", "--locked", "--extra", "lab", "--python", PYTHON, *asked], cwd=ROOT, env=clean)
    for path in VENV.glob("[Ll]ib/**/site-packages/gmm_lab.pth"):
        # plain letters, whatever the folder is called, and true after a move
        path.write_text(Path(os.path.relpath(ROOT, path.parent)).as_posix() + "\n", encoding="ascii")


def run(command, **options):
    """Run a command and pass on what it says; where it fails, exit with its last words in a sentence."""
    said = []
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace", **options) as process:
        for line in process.stderr:
            said.append(line.strip())
            if line.startswith(PROGRESS):
                print(line, end="", file=sys.stderr, flush=True)
    if process.returncode:
        stop("\n".join(said))


def stop(said):
    """Exit with a sentence: what happened, and what to do."""
    lines = [line for line in said.splitlines() if line.strip() and not line.lower().startswith("warning")]
    lines = lines[::-1] or ["it gave no reason"]  # the last words are nearest to the cause
    found = [(line, remedy) for words, remedy in REMEDIES.items() for line in lines if re.search(words, line)]
    unknown = "for a reason that is not known here. See its last words; where nothing helps, remove the folder .venv"
    line, remedy = (found or [(lines[0], unknown)])[0]
    sys.exit(f"The set-up stopped: {remedy}, then run this again; it goes on where it stopped. ({line})")


if __name__ == "__main__":
    if sys.getfilesystemencoding() != "utf-8":  # then even the name of this folder may not be understood
        understood = os.environ | {"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=understood).returncode)
    try:
        main(sys.argv)
    except KeyboardInterrupt:
        sys.exit("Interrupted. Run this again; it goes on where it stopped.")
    except (OSError, HTTPException) as error:
        stop(f"{type(error).__name__}: {error}")
