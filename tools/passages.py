"""What a lecture takes from a saved lesson: pictures, formulas, predictions, exercises, lines of code, and the prose.

Each is looked up by a piece of it, and has a place, (number of the cell, number of the paragraph in it), by which the
prose is shared out among the slides.
"""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

from gmm_lab.exercises import check

FOLDED = re.compile(r"<details><summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
LEFT_OUT = re.compile(r"A solution|Further: |What made ")  # in the folded part of that name
FIGURE = re.compile(r"<figure.*?<b>(.*?)</b>.*?</figure>", re.DOTALL)
IMAGE = re.compile(r"<img\b[^>]*>")
STYLE = re.compile(r' style="[^"]*"')  # of an image, for a notebook


class Passage(NamedTuple):
    """A piece of a lesson: where it stands, what a slide shows of it, and what only the speaker reads."""

    place: tuple[int, int]
    shown: str = ""
    told: str = ""


class Lesson:
    """A notebook with its saved outputs."""

    def __init__(self, path: Path):
        self.name = path.stem
        self.cells = nbformat.read(path, 4).cells
        self.paragraphs = {
            (number, at): text
            for number, cell in enumerate(self.cells)
            if cell.cell_type == "markdown" and cell.id not in ("top", "map", "bottom")
            for at, text in enumerate(paragraphs(cell.source))
        }

    def one(self, found: list[Passage], asked: str) -> Passage:
        """Return the only one that was found, or raise LookupError with what was asked for."""
        if len({passage.place for passage in found}) != 1:
            raise LookupError(f"{self.name}: {asked!r} is found {len(found)} times, and should be once")
        return found[0]

    def text(self, piece: str) -> Passage:
        """Find the paragraph that contains a piece of text, and show nothing of it."""
        return self.one(
            [Passage(place) for place, text in self.paragraphs.items() if squeezed(piece, " ") in text], piece
        )

    def formula(self, number: str) -> Passage:
        r"""Find the formula with a \tag."""
        tag = rf"\tag{{{number}}}"
        return self.one([Passage(place, text) for place, text in self.paragraphs.items() if tag in text], tag)

    def lines(self, code: str) -> Passage:
        """Find the cell whose code, or printed text, contains these lines, however they are broken."""
        asked = squeezed(code)
        found = [
            Passage((number, 0))
            for number, cell in enumerate(self.cells)
            if asked in squeezed(cell.source) or any(asked in squeezed(text) for text in printed(cell))
        ]
        return self.one(found[:1], code)

    def picture(self, piece: str) -> Passage:
        """Find a picture by a piece of the code that draws it, or by the name of a still of an explorer."""
        found = []
        for number, cell in enumerate(self.cells):
            for html in outputs(cell, "text/html"):
                stills = {still[1]: IMAGE.search(STYLE.sub("", still[0]))[0] for still in FIGURE.finditer(html)}
                if "gmm-player" in html:
                    stills = {cell.source: html}
                elif not stills and (image := IMAGE.search(STYLE.sub("", html))):
                    stills = {cell.source: image[0]}
                found += [Passage((number, 0), shown) for key, shown in stills.items() if piece in key]
        return self.one(found, piece)

    def prediction(self, name: str) -> Passage:
        """Find a prediction: its choices as a list, and its answer with a sentence for each wrong choice."""
        number = self.number(f"predict-{name}")
        question = max(place for place, text in self.paragraphs.items() if place[0] < number and text.startswith(">"))
        (choices,) = [text for text in outputs(self.cells[number], "text/plain") if text.startswith("I predict: ")]
        (answer,) = outputs(self.cells[self.number(f"reveal-{name}")], "text/plain")
        shown = "\n".join(f"- {choice}" for choice in choices.removeprefix("I predict: ").split(" / "))
        first, *others = answer.splitlines()
        told = [first.removesuffix(" You have not chosen above."), *(f"- {line}" for line in others)]
        return Passage(question, shown, "\n\n".join((told[0], "\n".join(told[1:]))))

    def exercise(self, name: str) -> Passage:
        """Find an exercise by the name of its check: what the reader begins with, and the slips that it knows."""
        before = self.cells[: self.number(f"check-{name}")]
        stub = next(number for number in reversed(range(len(before))) if before[number].id.startswith("stub-"))
        slips = "; ".join(dict.fromkeys(slip.name for slip in getattr(check, name).slips))
        return Passage((stub, 0), f"```python\n{self.cells[stub].source}\n```", f"Slips that the check knows: {slips}.")

    def number(self, name):
        """Return the number of the cell of that name."""
        return next(number for number, cell in enumerate(self.cells) if cell.id == name)

    def prose(self, start: tuple[int, int], end: tuple[int, int]) -> list[str]:
        """Return the paragraphs from one place up to another, without headings."""
        return [text for place, text in self.paragraphs.items() if start <= place < end and not text.startswith("#")]


def paragraphs(source):
    """Return the paragraphs of a Markdown cell, a list as one of them, and what is folded as far as it is told."""
    source = FOLDED.sub(lambda fold: "" if LEFT_OUT.match(fold[1]) else f"*{fold[1]}:*\n\n{fold[2]}", source)
    return [text if "\\\\" in text else squeezed_lines(text) for text in re.split(r"\n\s*\n", source) if text.strip()]


def squeezed_lines(text):
    """Return a paragraph as one line, but for those that begin an item of a list."""
    return re.sub(r"\s*\n[\s>]*(?![-*|] |\d+\. )", " ", text.strip())


def squeezed(text, blank=""):
    """Return a text with `blank` in place of white space."""
    return re.sub(r"\s+", blank, text)


def outputs(cell, kind):
    """Return what a cell shows of a kind."""
    return [output.data[kind] for output in cell.get("outputs", []) if kind in output.get("data", {})]


def printed(cell):
    """Return what a cell prints, and the value that it shows."""
    streams = [output.text for output in cell.get("outputs", []) if output.output_type == "stream"]
    return streams + outputs(cell, "text/plain")
