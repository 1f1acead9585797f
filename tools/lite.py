"""JupyterLab in the page, without a server: Pyodide, the wheels that a plain import loads, and copies of the lessons.

Pure wheels come from PyPI. Compiled ones come from the folder of Pyodide if they lie in it, as in a full distribution;
npm's has none, and then the browser fetches them from Pyodide's own address when a lesson first imports them. The lock
has a hash of each.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from email.parser import Parser
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "docs" / "site" / "lite"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
DISTRIBUTION = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
WANTED = ("ipython", "micropip", "gmm-lab", "scikit-learn")
KERNELSPEC = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
FIRST_CELL = """\
print("The next cell loads Python's packages into this page, some 50 MB: about a minute the first time, then seconds.")
print("What you change is kept in this browser, and the button Download, at the top, takes the lesson home.")
print("Other files, a table of yours or a GIF, go in and out by the list of files: click the logo, at the top.")"""


def normal(name):
    """Return the name of a package, spelled in one way."""
    return re.sub("[-_.]+", "-", name).lower()


def closure(names, packages):
    """Return these packages and all that they need, of those that there are."""
    todo, found = [*names], {}
    while todo:
        name = todo.pop()
        if name in packages and name not in found:
            found[name] = packages[name]
            todo += map(normal, found[name]["depends"])
    return found


def fetch(folder):
    """Download the pure wheels from PyPI, each checked against its hash."""
    shutil.rmtree(folder, ignore_errors=True)
    options = "--quiet --no-deps --require-hashes --only-binary :all: --platform any --implementation py --abi none"
    pip = [sys.executable, "-m", "pip", "download", *options.split(), "--python-version", "3.14", "-d", folder]
    subprocess.run([*pip, "-r", SETTINGS / "requirements.txt"], check=True)


def own_wheel(folder, work):
    """Build the package without its lessons, whose copies lie beside it in the page."""
    shutil.copytree(ROOT / "gmm_lab", work / "gmm_lab", ignore=shutil.ignore_patterns("notebooks", "__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, work / name)
    uv = Path(sys.executable).parent / "uv"
    subprocess.run([uv, "build", "--wheel", "--offline", "--quiet", "-o", folder, work], check=True)


def entry(wheel):
    """Return what a lock says of a pure wheel."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (about,) = [name for name in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        told = Parser().parsestr(archive.read(about).decode())
    required = [line for line in told.get_all("Requires-Dist", []) if "extra ==" not in line]
    return normal(told["Name"]), {
        "name": told["Name"],
        "version": told["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(
            found[1] for found in (re.fullmatch(r"(\w+)(/__init__)?\.py", name) for name in names) if found
        ),
        "depends": sorted({normal(re.match(r"[\w.-]+", line)[0]) for line in required}),
        "unvendored_tests": False,
        "shared_library": False,
    }


def lock(pyodide, wheels, target):
    """Lay Pyodide and all wheels that lie here into a folder, with the lock that says where each package is."""
    target.mkdir(parents=True)
    for name in CORE:
        shutil.copyfile(pyodide / name, target / name)
    whole = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    version = json.loads((pyodide / "package.json").read_text(encoding="utf-8"))["version"]
    packages = {normal(name): package for name, package in whole["packages"].items()}
    packages |= dict(map(entry, wheels.glob("*.whl")))
    packages = closure(WANTED, packages)
    for package in packages.values():
        package["depends"] = [name for name in map(normal, package["depends"]) if name in packages]
        here = [folder / package["file_name"] for folder in (wheels, pyodide)]
        found = next((path for path in here if path.is_file()), None)
        if found:
            shutil.copyfile(found, target / found.name)
        else:
            package["file_name"] = DISTRIBUTION.format(version=version) + package["file_name"]
    whole["packages"] = dict(sorted(packages.items()))
    (target / "pyodide-lock.json").write_text(json.dumps(whole, indent=1), encoding="utf-8")


def copy_lesson(path, target):
    """Copy a lesson for the browser: without outputs, with the kernel there, and a first cell that tells what loads."""
    lesson = nbformat.read(path, 4)
    lesson.metadata["kernelspec"] = KERNELSPEC
    for cell in lesson.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if cell.id == "kernel":
            cell.source = FIRST_CELL
    target.mkdir(parents=True, exist_ok=True)
    nbformat.write(lesson, target / path.name)


def released():
    """Return the day of the release as seconds since 1970."""
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    day = re.search(r"^date-released: (\S+)", citation, re.MULTILINE)[1]
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


def build(pyodide, wheels, work, html):
    """Build JupyterLite into the folder `html`, from what lies here: nothing is downloaded."""
    shutil.rmtree(work, ignore_errors=True)
    own_wheel(wheels, work / "package")
    lock(pyodide, wheels, work / "static" / "pyodide")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        copy_lesson(path, work / "files")
    for name in ("jupyter-lite.json", "overrides.json"):
        shutil.copyfile(SETTINGS / name, work / name)
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lite",
        "build",
        "--apps",
        "notebooks",
        "--apps",
        "tree",
        "--no-sourcemaps",
    ]
    places = ["--lite-dir", work, "--output-dir", html]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(released())}  # so that no byte depends on the clock
    done = subprocess.run([*command, *places], env=environment, cwd=work, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
