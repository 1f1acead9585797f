"""The front page is true: its paths exist, its commands are there, its code runs."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CONTRIBUTING.md", "LICENSE-TEXT.md"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)\)", text) if not link.startswith("http")]
    assert links or page == "CONTRIBUTING.md"
    assert [link for link in links if not (ROOT / link).is_file()] == []


def test_the_badge_opens_a_notebook_that_exists():
    badge = re.search(r"^\[binder\]: (\S+)$", README, re.MULTILINE)[1]
    url = urlsplit(badge)
    assert (url.netloc, url.path) == ("mybinder.org", "/v2/gh/OWNER/REPOSITORY/HEAD")
    (opened,) = parse_qs(url.query)["urlpath"]
    assert (ROOT / opened.removeprefix("lab/tree/")).is_file()
    assert README.count("][binder]") == 1


def test_owner_and_repository_are_filled_in_at_one_place():
    texts = [path for path in ROOT.glob("*.*") if path.suffix in (".md", ".cff", ".toml", ".yml")]
    texts += [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("binder/*"), *ROOT.glob("gmm_lab/**/*.py")]
    counts = {path.name: path.read_text(encoding="utf-8").count("OWNER/REPOSITORY") for path in texts}
    assert {name: count for name, count in counts.items() if count} == {"README.md": 1}


def test_every_notebook_and_no_other_is_linked_in_the_map():
    assert set(re.findall(r"\((notebooks/[^)]+)\)", README)) == {
        f"notebooks/{path.name}" for path in ROOT.glob("notebooks/*.ipynb")
    }


def test_commands_are_there():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    texts = [(ROOT / page).read_text(encoding="utf-8") for page in PAGES]
    asked_for = {command for text in texts for command in re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)}
    assert {"lab", "test", "help", "clean", "notebooks", "environment"} <= asked_for <= targets
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().endswith("make test")


def test_the_supported_pythons_are_told():
    assert PROJECT["requires-python"] == ">=3.11,<3.15"
    assert "Python 3.11 to 3.14" in README


def test_fifteen_lines_run(tmp_path):
    """In a folder of their own, where warnings are errors; what the comment says is printed is printed."""
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    assert len([line for line in code.splitlines() if line]) == 15
    run = [sys.executable, "-W", "error", "-c", "import matplotlib; matplotlib.use('agg')\n" + code]
    result = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert re.search(r"print\(result\)  # (.*)", code)[1] == result.stdout.splitlines()[0]
    assert (tmp_path / "penguins.gif").read_bytes().startswith(b"GIF89a")


def test_it_is_cited_at_the_version_that_it_has():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation.keys() >= {"cff-version", "message", "title", "authors", "version", "license", "date-released"}
    assert citation["version"] == PROJECT["version"]
    assert f"version {PROJECT['version']}" in README
    assert citation["license"] == PROJECT["license"] == "MIT"
