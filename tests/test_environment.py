"""The lock, and what is made from it: the environments of conda and Binder, and other systems than this one."""

import itertools
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
SYSTEMS = {
    "x86_64-manylinux_2_28": "Linux x86-64",
    "aarch64-manylinux_2_28": "Linux ARM",
    "x86_64-apple-darwin": "macOS Intel",
    "aarch64-apple-darwin": "macOS ARM",
    "x86_64-pc-windows-msvc": "Windows x64",
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def run(*command, cwd=ROOT):
    """Return what a command prints, after asserting that it succeeds."""
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    result = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout}\n{result.stderr}"
    return result.stdout + result.stderr


def pins():
    """Return the pip section of environment.yml, a requirement a line."""
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    return [line.strip().removeprefix("- ") for line in text.partition("- pip:\n")[2].splitlines()]


def test_the_lock_fits_pyproject():
    run(UV, "lock", "--check")


def test_the_lock_names_public_hosts_and_a_hash_for_every_file():
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}
    files = [file for package in LOCK["package"] for file in package.get("wheels", [])]
    assert files
    assert all(file["hash"].startswith("sha256:") for file in files)


def test_every_python_gets_the_same_numpy():
    assert sum(package["name"] == "numpy" for package in LOCK["package"]) == 1


def test_environment_files_are_equal_and_written_from_the_lock():
    from write_environment import environment

    root = (ROOT / "environment.yml").read_bytes()
    assert root == (ROOT / "binder" / "environment.yml").read_bytes()
    assert root.decode() == environment(), "run make environment"


def test_pins_are_exact_and_equal_the_lock():
    versions = {package["name"]: package["version"] for package in LOCK["package"]}
    found = dict(pin.partition(" ;")[0].split("==") for pin in pins())
    assert found.items() <= versions.items()
    assert {"numpy", "matplotlib", "ipywidgets", "jupyterlab", "notebook", "imageio", "scipy"} <= found.keys()


def test_conda_gets_python_by_a_single_equals_sign():
    assert re.search(r"^  - python=3\.\d+$", (ROOT / "environment.yml").read_text(encoding="utf-8"), re.MULTILINE)


def test_binder_builds_from_these_files():
    """A Dockerfile is printed, not built; the log says which files it is made from."""
    dockerfile = run(sys.executable, "-m", "repo2docker", "--no-build", "--debug", ROOT)
    assert re.search(r"COPY .*binder/environment\.yml", dockerfile)
    assert re.search(r"RUN .*binder/postBuild", dockerfile)
    version = re.search(r"python=(3\.\d+)", (ROOT / "environment.yml").read_text(encoding="utf-8"))[1]
    assert f"Building conda environment for python={version}\n" in dockerfile


def test_an_environment_of_just_those_pins_imports_the_package(tmp_path):
    run(UV, "venv", "--python", sys.executable, tmp_path / "venv")
    (tmp_path / "pins.txt").write_text("\n".join(pins()), encoding="utf-8")
    python = tmp_path / "venv" / Path(sys.executable).parent.name / "python"
    run(UV, "pip", "install", "--python", python, "-r", tmp_path / "pins.txt", cwd=tmp_path)
    run(UV, "pip", "install", "--python", python, "--no-deps", "-e", ROOT, cwd=tmp_path)
    run(UV, "pip", "check", "--python", python, cwd=tmp_path)
    code = "import gmm_lab; print(gmm_lab.fit(gmm_lab.datasets.penguins().points, 1), gmm_lab.animate)"
    assert "converged" in run(python, "-c", code, cwd=tmp_path)


@pytest.fixture(scope="module")
def hashed(tmp_path_factory):
    path = tmp_path_factory.mktemp("lock") / "hashed.txt"
    run(UV, "export", "--locked", "--extra", "lab", "--no-emit-project", "--quiet", "--output-file", path)
    return path


@pytest.mark.parametrize(("system", "python"), [*itertools.product(SYSTEMS, PYTHONS)])
def test_the_lock_resolves_to_wheels(system, python, hashed, tmp_path):
    """Nothing is installed; outside the project's folder, so that its own settings do not help.

    The network is asked only for what uv has never seen: what has the right hash is what the lock means.
    """
    options = "--no-config --dry-run --only-binary :all: --require-hashes".split()
    target = ("--target", tmp_path, "--python-platform", system, "--python-version", python)
    resolve = (UV, "pip", "install", *options, *target, "-r", hashed)
    try:
        told = run(*resolve, "--offline", cwd=tmp_path)
    except AssertionError:
        told = run(*resolve, cwd=tmp_path)
    assert "Would install" in told
