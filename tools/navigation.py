"""What leads from page to page: links in each lesson and the map, the README's table, badge and links, the citation.

Lessons come from one table, and owner and repository from pyproject.toml; as long as none is named there, no page
promises what needs it. As a script, run by `make links`, it writes README, citation and the addresses of the package.
"""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BADGE = "https://mybinder.org/badge_logo.svg"
COLAB_BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
FILES, PICTURES = "https://github.com/{}/blob/HEAD/", "https://raw.githubusercontent.com/{}/HEAD/"
KERNEL = """\
from importlib.util import find_spec

if find_spec("gmm_lab") is None:  # otherwise there is nothing to do here
    print("This kernel has no gmm_lab. In VS Code, choose the kernel .venv, at the top right.")
    print("Elsewhere run this in a cell, then restart the kernel: %pip install {source}")"""


class Lesson(NamedTuple):
    file: str
    title: str
    teaches: str
    minutes: int  # to read
    minutes_in_all: int  # with everything that there is to try and to think about


LESSONS = [
    Lesson("00_start_here", "Start here", "what EM does, seen from outside: clouds, penguins, your table", 20, 40),
    Lesson("01_data_generation", "Data generation", "a mixture as a story; a covariance as an ellipsoid", 30, 75),
    Lesson("02_density", "Density", "how dense is a place; logarithms against underflow", 30, 75),
    Lesson("03_e_step", "E-step", "responsibilities by Bayes' theorem, by hand and by code", 25, 60),
    Lesson("04_m_step", "M-step", "weighted means and covariances, by hand and by code", 30, 70),
    Lesson("05_convergence", "Convergence", "why the log-likelihood never falls, and when to stop", 40, 100),
    Lesson("06_animation", "Animation", "from a history to frames to a GIF; shadows of ellipsoids", 30, 80),
]


def table(link_prefix, here=None):
    """Return the lessons as a Markdown table, linked but for the one `here`."""
    lines = ["| no. | lesson | what it teaches | minutes to read, in all |", "|---|---|---|---|"]
    for number, lesson in enumerate(LESSONS):
        link = f"[{lesson.title}]({link_prefix}{lesson.file}.ipynb)"
        name = f"{lesson.title} (this page)" if lesson is here else link
        lines.append(f"| {number} | {name} | {lesson.teaches} | {lesson.minutes}, {lesson.minutes_in_all} |")
    return "\n".join(lines)


def repository() -> str:
    """Return owner/name of the repository, empty where none is named yet."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["gmm_lab"]["repository"]


def binder(repository, lesson):
    """Return the address that opens the reader's copy of a lesson on Binder."""
    return f"https://mybinder.org/v2/gh/{repository}/HEAD?urlpath=lab/tree/work/{lesson.file}.ipynb"


def colab(repository, lesson):
    """Return the address that opens a lesson on Colab."""
    return f"https://colab.research.google.com/github/{repository}/blob/HEAD/notebooks/{lesson.file}.ipynb"


def buttons(repository, lesson):
    """Return what opens a lesson where nothing is installed."""
    binder_button = f"[![launch binder]({BADGE})]({binder(repository, lesson)})"
    return f"with nothing installed: {binder_button} [![open in Colab]({COLAB_BADGE})]({colab(repository, lesson)})"


def navigation(number, repository):
    """Return the links of a notebook to its neighbours, and where to run it with nothing installed."""
    lesson = LESSONS[number]
    before, after = (
        f"[{LESSONS[other].title}]({LESSONS[other].file}.ipynb)" if 0 <= other < len(LESSONS) else None
        for other in (number - 1, number + 1)
    )
    parts = [
        f"← {before}" if before else None,
        f"**{number} · {lesson.title}**",
        f"{after} →" if after else None,
        f"{lesson.minutes} minutes to read, {lesson.minutes_in_all} in all",
        buttons(repository, lesson) if repository else None,
    ]
    return " &nbsp;|&nbsp; ".join(part for part in parts if part)


def kernel(repository):
    """Return the cell that says what to do where a kernel lacks the package; `..` is the project."""
    return KERNEL.format(source=f"git+https://github.com/{repository}" if repository else "-e ..")


def texts(number, repository):
    """Return the links of a lesson, its map and its first cell, by the names of their cells."""
    links = navigation(number, repository)
    return {"top": links, "bottom": links, "map": table("", LESSONS[number]), "kernel": kernel(repository)}


def readme(text, repository):
    """Return the README with its badge and its table of lessons as they should be."""
    badge = (
        f"[![launch binder]({BADGE})]({binder(repository, LESSONS[0])}) opens the lessons with nothing installed."
        if repository
        else ""
    )
    text = _between(_between(relative(text), "badge", badge), "lessons", table("notebooks/"))
    return absolute(text, repository) if repository else text


def relative(text):
    """Return a page with links to files of the project from where it stands."""
    return re.sub("|".join(address.format(r"[\w.-]+/[\w.-]+") for address in (FILES, PICTURES)), "", text)


def absolute(text, repository):
    """Return a page with links to files of the project from anywhere, as an index of packages needs them."""

    def linked(found):
        address = PICTURES if found["picture"] else FILES
        return found[0] + address.format(repository)

    return re.sub(r"(?P<picture>!)?\[[^\[\]]*\]\((?!\w+:|#)", linked, text)


def _between(text, name, content):
    """Return a text with `content` between the marks of that name."""
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    before, _, rest = text.partition(start)
    return f"{before}{start}{content}{chr(10) if content else ''}{end}{rest.partition(end)[2]}"


def citation(text, repository):
    """Return CITATION.cff with the address of the repository, where there is one."""
    text = re.sub(r"^repository-code: .*\n", "", text, flags=re.MULTILINE)
    return text + (f"repository-code: https://github.com/{repository}\n" if repository else "")


def addresses(text, repository):
    """Return pyproject.toml with the addresses that an index shows, where there is a repository."""
    text = re.sub(r"\[project\.urls\]\n(.+\n)*\n", "", text)
    if not repository:
        return text
    home = f"https://github.com/{repository}"
    pages = {"Homepage": "", "Changelog": "/blob/HEAD/CHANGELOG.md", "Issues": "/issues"}
    urls = "".join(f'{name} = "{home}{page}"\n' for name, page in pages.items())
    after = "[project.optional-dependencies]\n"
    return text.replace(after, f"[project.urls]\n{urls}\n{after}")


def main():
    named = repository()
    for name, page in (("README.md", readme), ("CITATION.cff", citation), ("pyproject.toml", addresses)):
        text = (ROOT / name).read_text(encoding="utf-8")
        (ROOT / name).write_text(page(text, named), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
