"""Write what leads from lesson to lesson, from one table: links in each notebook, the map, the README's table.

Run by `make notebooks`.
"""

from pathlib import Path
from typing import NamedTuple

from cells import change, with_sources

ROOT = Path(__file__).resolve().parent.parent


class Lesson(NamedTuple):
    file: str
    title: str
    teaches: str
    minutes: int  # to read
    minutes_in_all: int  # with everything that there is to try and to think about


LESSONS = [
    Lesson("00_start_here", "Start here", "what EM does, seen from outside: clouds, penguins, your table", 15, 30),
    Lesson("01_data_generation", "Data generation", "a mixture as a story; a covariance as an ellipsoid", 15, 45),
    Lesson("02_density", "Density", "how dense is a place; logarithms against underflow", 15, 45),
    Lesson("03_e_step", "E-step", "responsibilities by Bayes' theorem, by hand and by code", 15, 40),
    Lesson("04_m_step", "M-step", "weighted means and covariances, by hand and by code", 15, 40),
    Lesson("05_convergence", "Convergence", "why the log-likelihood never falls, and when to stop", 20, 60),
    Lesson("06_animation", "Animation", "from a history to frames to a GIF; shadows of ellipsoids", 15, 45),
]


def table(link_prefix, here=None):
    """Return the lessons as a Markdown table, linked but for the one `here`."""
    lines = ["| | lesson | what it teaches | minutes to read, in all |", "|---|---|---|---|"]
    for number, lesson in enumerate(LESSONS):
        link = f"[{lesson.title}]({link_prefix}{lesson.file}.ipynb)"
        name = f"{lesson.title} (this page)" if lesson is here else link
        lines.append(f"| {number} | {name} | {lesson.teaches} | {lesson.minutes}, {lesson.minutes_in_all} |")
    return "\n".join(lines)


def navigation(number):
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
        "with nothing installed: the *launch binder* badge on the [front page](../README.md)",
    ]
    return " &nbsp;|&nbsp; ".join(part for part in parts if part)


def written(number, cells):
    """Return the cells of a notebook with its navigation, and its map, as they should be."""
    links = navigation(number)
    return with_sources(cells, {"top": links, "bottom": links, "map": table("", LESSONS[number])})


def readme(text):
    """Return the README with its table of lessons as it should be."""
    before, _, rest = text.partition("<!-- lessons -->\n")
    _, _, after = rest.partition("<!-- end of lessons -->\n")
    return f"{before}<!-- lessons -->\n{table('notebooks/')}\n<!-- end of lessons -->\n{after}"


def main():
    change(written)
    path = ROOT / "README.md"
    path.write_text(readme(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
