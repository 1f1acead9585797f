"""What runs on GitHub for those who fork, as far as it can be looked at here: it is valid, may do little, is pinned."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def look(place):
    """Run zizmor, which knows what a workflow may hold, and what makes it dangerous."""
    zizmor = Path(sys.executable).parent / "zizmor"
    options = "--offline --no-progress --persona=pedantic --strict-collection".split()
    return subprocess.run([zizmor, *options, place], capture_output=True, text=True, check=False)


def test_nothing_is_found_in_them():
    looked = look(GITHUB)
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert all(f"completed {path}" in looked.stderr for path in [*WORKFLOWS, GITHUB / "dependabot.yml"])


SLIPS = {
    "no such permission": (r"contents: read", "contents: reed"),
    "more permissions than needed": (r"permissions: \{\}", "permissions: write-all"),
    "an action by its name alone": (r"@[0-9a-f]{40}", "@v5"),
    "a title that is run": (r"- run: .*", '- run: echo "${{ github.event.pull_request.title }}"'),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_what_should_be_found_is_found(slip, tmp_path):
    before = (GITHUB / "workflows" / "tests.yml").read_text(encoding="utf-8")
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/tests.yml").write_text(re.sub(*SLIPS[slip], before), encoding="utf-8")
    assert look(tmp_path).returncode != 0


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_publishes_does_so_from_the_main_branch_and_nothing_else_may_write(path):
    for job in read(path)["jobs"].values():
        assert job["timeout-minutes"] <= 90
        if "write" in job["permissions"].values():
            assert "github.ref == 'refs/heads/main'" in job["if"] and "!= 'pull_request'" in job["if"]
            assert [step["uses"].partition("@")[0] for step in job["steps"]] == ["actions/deploy-pages"]


def test_every_system_is_tried_with_the_oldest_and_the_newest_python():
    matrix = read(GITHUB / "workflows" / "tests.yml")["jobs"]["tests"]["strategy"]["matrix"]
    assert {system.partition("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}
    oldest, beyond = (int(minor) for minor in re.findall(r"3\.(\d+)", PROJECT["requires-python"]))
    assert matrix["python"] == [f"3.{oldest}", f"3.{beyond - 1}"]
    assert {f"Programming Language :: Python :: 3.{minor}" for minor in range(oldest, beyond)} <= set(
        PROJECT["classifiers"]
    )
