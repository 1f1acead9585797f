"""Build the web site into _site/html, from the notebooks as they are saved: nothing in them is run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import lite

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_site"
CONF = ROOT / "docs" / "site"
SHOWN = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "LICENSE-TEXT.md", "gmm_lab/data/SOURCES.md"),
    *("docs/*.md", "docs/*.gif", "docs/*.png", "docs/jupyterhub/*.py", "notebooks/*.ipynb"),
)
MATHJAX = ("tex-chtml.js", "output/chtml/fonts/woff-v2/*")


def copy(paths, origin, target):
    """Copy files to the same places below another folder."""
    for path in paths:
        place = target / path.relative_to(origin)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def packages(folder):
    """Install what package-lock.json names into a folder, each file checked against its hash, and return where."""
    copy([CONF / "package.json", CONF / "package-lock.json"], CONF, folder)
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("There is no npm, from which formulas and Python for the browser come: install Node.js 18 or later.")
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)
    return folder / "node_modules"


def sources(folder):
    """Lay what is shown on the site into a folder, as it lies in the project, with the front page on top."""
    copy([path for pattern in SHOWN for path in sorted(ROOT.glob(pattern))], ROOT, folder)
    (folder / "docs" / "index.md").rename(folder / "index.md")


def build(site=SITE, pyodide=None):
    """Build the whole site in the folder `site`, and return where its pages stand.

    pyodide : a folder with a distribution of Pyodide; None: npm's, without its compiled wheels.
    """
    shutil.rmtree(site / "source", ignore_errors=True)
    shutil.rmtree(site / "html", ignore_errors=True)
    sources(site / "source")
    modules = packages(site / "npm")
    mathjax, pyodide = modules / "mathjax" / "es5", pyodide or modules / "pyodide"
    copy([path for pattern in MATHJAX for path in mathjax.glob(pattern)], mathjax, site / "static" / "mathjax")
    options = ["-W", "--keep-going", "-q", "-E", "-d", site / "doctrees", "-c", CONF]
    paths = os.pathsep.join(map(str, (ROOT / "tools", CONF)))
    environment = os.environ | {"PYTHONPATH": paths, "GMM_LAB_STATIC": str(site / "static")}
    sphinx = [sys.executable, "-m", "sphinx", *options, site / "source", site / "html"]
    subprocess.run(sphinx, env=environment, check=True)
    (site / "html" / ".buildinfo").unlink()  # differs from folder to folder
    lite.fetch(site / "wheels")
    lite.build(pyodide, site / "wheels", site / "lite", site / "html" / "lite")
    return site / "html"


if __name__ == "__main__":
    build(pyodide=Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None)
    print(f"The site stands in {(SITE / 'html').relative_to(ROOT)}: python -m http.server -d _site/html shows it.")
