"""What `pip install gmm-lab` brings: the package with its lessons, beside what is there, and a page on an index.

Tried in a folder with a space and an umlaut, away from the project, and with the lowest versions that are allowed.
"""

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import navigation
import pytest
from readme_renderer import markdown

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
LESSONS = sorted(path.name for path in ROOT.glob("notebooks/*.ipynb"))
OLDEST = "3.11"
OPTIONS = ["--no-config", "--quiet", "--only-binary", ":all:"]
# what Colab has, of that on which we depend, as of November 2026
COLAB = """
imageio==2.37.0
ipywidgets==7.7.1
matplotlib==3.8.4
numpy==2.0.2
pandas==2.2.2
pillow==10.2.0
scikit-learn==1.6.1
scipy==1.14.1
"""
SMOKE = """
from gmm_lab import animate, datasets, explorers, fit
from gmm_lab.exercises import check
penguins = datasets.read_csv(datasets.example_csv())
result = fit(penguins, 2)
explorer = explorers.em(penguins, 2)
drawn = animate(result, "em.gif")
print(result, len(drawn.captions), explorer, check.radius(lambda mass, n_dimensions: ...))
"""


def run(*command, cwd, **more):
    """Return what a command prints, after asserting that it succeeds."""
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"} | more
    result = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout}\n{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the wheel and the source archive."""
    folder = tmp_path_factory.mktemp("built")
    run(UV, "build", "--offline", "--out-dir", folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    return next(built.glob("*.whl"))


def test_every_lesson_has_its_link():
    links = {path.name: os.path.realpath(path) for path in (ROOT / "gmm_lab/lab/notebooks").iterdir()}
    assert links == {name: str(ROOT / "notebooks" / name) for name in LESSONS}


def test_the_lessons_are_in_the_wheel_as_they_are_and_nothing_else_is_beside_them(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = {
            name: archive.read(name) for name in archive.namelist() if "/lab/notebooks/" in name and name[-1] != "/"
        }
    wanted = {f"gmm_lab/lab/notebooks/{name}": (ROOT / "notebooks" / name).read_bytes() for name in LESSONS}
    assert held == wanted


def test_an_index_takes_both(built):
    """And a wheel can be built from the source archive, which is how the wheel here was built."""
    files = sorted(built.glob("gmm_lab-*"))
    assert [path.suffix for path in files] == [".whl", ".gz"]
    told = run(sys.executable, "-m", "twine", "check", "--strict", *files, cwd=built)
    assert told.count("PASSED") == 2
    with tarfile.open(files[1]) as archive:
        assert all(member.isfile() or member.isdir() for member in archive)


def test_its_page_on_an_index_leads_somewhere():
    """Once the repository is named, no link and no picture is looked for beside the page."""
    page = markdown.render(navigation.readme((ROOT / "README.md").read_text(encoding="utf-8"), "some-body/gmm_lab"))
    places = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert len(places) > len(LESSONS) and all(place.startswith(("https://", "#")) for place in places), places
    assert 'src="https://raw.githubusercontent.com/some-body/gmm_lab/HEAD/docs/penguins.gif"' in page


def test_installed_it_copies_its_lessons(wheel, tmp_path):
    run(UV, "pip", "install", "--target", tmp_path / "site", "--no-deps", "--offline", wheel, cwd=tmp_path)
    (tmp_path / "meine Übung").mkdir()
    code = "import sys; from gmm_lab.__main__ import main; main(['lessons'])"

    def copy():
        return run(sys.executable, "-c", code, cwd=tmp_path / "meine Übung", PYTHONPATH=str(tmp_path / "site"))

    assert "put there now" in copy()
    assert sorted(path.name for path in (tmp_path / "meine Übung" / "work").glob("*.ipynb")) == LESSONS
    assert "has all lessons" in copy()
    told = run(
        *(sys.executable, "-m", "gmm_lab.lab", "--allow-root", "--version"),
        cwd=tmp_path / "meine Übung",
        PYTHONPATH=str(tmp_path / "site"),
    )
    assert "put there now" not in told and told.splitlines()[-1].startswith("4.")


@pytest.fixture(scope="module")
def pins(tmp_path_factory):
    """What would be installed, asked for together since a registry lets one wait: name -> requirements, one a line."""
    folder = tmp_path_factory.mktemp("pins")
    (folder / "colab.txt").write_text(COLAB, encoding="utf-8")
    wanted = {
        "on Colab": ["--python-version", "3.12", folder / "colab.txt"],
        "for oneself": ["--python-version", "3.12"],
        "lowest": ["--python-version", OLDEST, "--resolution", "lowest-direct"],
    }
    command = [UV, "pip", "compile", *OPTIONS, ROOT / "pyproject.toml"]
    with ThreadPoolExecutor() as pool:
        asked = {name: pool.submit(run, *command, *options, cwd=folder) for name, options in wanted.items()}
    return {name: told.result() for name, told in asked.items()}


def test_beside_what_colab_has_nothing_is_replaced(pins):
    assert set(COLAB.split()) <= set(pins["on Colab"].split())
    assert "jupyterlab==" not in pins["for oneself"]


def test_with_the_lowest_versions_it_works(pins, tmp_path):
    assert "numpy==2.0.0" in pins["lowest"] and "ipywidgets==7.7.1" in pins["lowest"]
    (tmp_path / "pins.txt").write_text(pins["lowest"], encoding="utf-8")
    if sys.version_info[:2] != tuple(map(int, OLDEST.split("."))):
        pytest.skip("these versions have no wheels for a newer Python")
    run(UV, "venv", "--python", sys.executable, tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / Path(sys.executable).parent.name / "python"
    run(UV, "pip", "install", *OPTIONS, "--python", python, "-r", tmp_path / "pins.txt", cwd=tmp_path)
    run(UV, "pip", "install", "--quiet", "--python", python, "--no-deps", "-e", ROOT, cwd=tmp_path)
    assert "Not attempted yet" in run(python, "-c", SMOKE, cwd=tmp_path)
