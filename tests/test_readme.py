"""The front page is true: its paths exist, its commands are there, its code runs."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import navigation
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CONTRIBUTING.md", "LICENSE-TEXT.md"]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, REPOSITORY = PYPROJECT["project"], PYPROJECT["tool"]["gmm_lab"]["repository"]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = navigation.relative((ROOT / page).read_text(encoding="utf-8"))
    links = [link for link in re.findall(r"\]\(([^)#\s]+)\)", text) if not link.startswith("http")]
    assert links or page == "CONTRIBUTING.md"
    assert [link for link in links if not (ROOT / link).is_file()] == []


def named(text):
    """Return the owner/name of every repository that a page leads to."""
    return set(
        re.findall(
            r"(?:mybinder\.org/v2/gh|\.google\.com/github|//github\.com)/([\w.-]+/[\w.-]+?)(?:\.git)?(?=[/)\s\"])", text
        )
    )


def test_every_page_names_the_repository_of_pyproject_and_no_other():
    """And none at all as long as none is named there: no badge leads nowhere."""
    pages = [
        *PAGES,
        "CITATION.cff",
        "pyproject.toml",
        *(str(path.relative_to(ROOT)) for path in ROOT.glob("notebooks/*.ipynb")),
    ]
    found = {page: named((ROOT / page).read_text(encoding="utf-8")) for page in pages}
    wanted = {REPOSITORY} if REPOSITORY else set()
    assert all(names <= wanted for names in found.values()), found
    for page in ("README.md", "CITATION.cff", "pyproject.toml", "notebooks/03_e_step.ipynb"):
        assert found[page] == wanted, page


def test_badges_open_a_lesson():
    for lesson in navigation.LESSONS:
        place = urlsplit(navigation.colab("owner/name", lesson)).path.removeprefix("/github/owner/name/blob/HEAD/")
        assert (ROOT / place).is_file()
        url = urlsplit(navigation.binder("owner/name", lesson))
        assert (url.netloc, url.path) == ("mybinder.org", "/v2/gh/owner/name/HEAD")
        (opened,) = parse_qs(url.query)["urlpath"]
        assert opened.startswith("lab/tree/work/")
        assert (ROOT / "notebooks" / opened.rpartition("/")[2]).is_file()


def test_a_copy_is_published_as_contributing_says(tmp_path):
    """Fill in the one place, write the links, and all that is tested of pages still holds; empty it again, likewise."""
    folders = ("docs", "tools", "lessons", "lectures", "tests", "notebooks", "gmm_lab", "binder", "benchmarks", ".ci")
    for folder in folders:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [*ROOT.glob("*.*"), ROOT / "LICENSE", ROOT / "Makefile"]:
        if path.is_file():
            shutil.copy(path, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    name_repository(tmp_path, "some-body/gmm_lab")
    assert {path: path.read_bytes() for path in before} != before
    pages = [tmp_path / "tests" / f"test_{page}.py" for page in ("readme", "lessons", "notebooks", "build")]
    options = ["-q", "-p", "no:cacheprovider", "-k", "not fifteen and not published and not become"]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    run = [sys.executable, "-m", "pytest", *options, *pages]
    ran = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    name_repository(tmp_path, REPOSITORY)
    assert {path: path.read_bytes() for path in before} == before


def name_repository(project, name):
    """Name the repository in a copy of the project, and do what `make links` does."""
    path = project / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'^repository = ".*?"', f'repository = "{name}"', text, flags=re.M), encoding="utf-8")
    for script in (["navigation.py"], ["build.py", "--keep"]):
        subprocess.run([sys.executable, *script], check=True, cwd=project / "tools")


def test_every_notebook_and_no_other_is_linked_in_the_map():
    assert set(re.findall(r"\((notebooks/[^)]+)\)", navigation.relative(README))) == {
        f"notebooks/{path.name}" for path in ROOT.glob("notebooks/*.ipynb")
    }


def test_commands_are_there():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    texts = [(ROOT / page).read_text(encoding="utf-8") for page in PAGES]
    asked_for = {command for text in texts for command in re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)}
    assert {"lab", "test", "help", "clean", "notebooks", "environment"} <= asked_for <= targets
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").endswith("\nmake test\nexec make site-test\n")


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
