"""A lecture: the slides of `lectures/*.md`, with what they take from the saved lesson and notes for the speaker.

Of a deck, `# ` begins the title slide and `## ` each other one. Its text is Markdown. A line of its own takes something
from the lesson, and stops the build where the lesson has no such thing, or two:

    @picture plot_history(result)   by a piece of the code that draws it, or the name of an explorer's still
    @formula 3                      by its number
    @predict gains                  the choices; the notes get the answer
    @exercise e_step                what the reader begins with; the notes get the slips that the check knows
    @text But look at               nothing to see: here the lesson speaks of this slide

Code and prints, in fences, must stand in the lesson, however their lines are broken. What follows a line `Notes:` is
for the speaker. Behind it comes the lesson's own prose, from where the slide's first thing stands to that of the next.
"""

import re
from dataclasses import dataclass, field

from passages import Lesson, Passage

MARK = re.compile(r"^@(\w+) (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```(?:python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KINDS = {
    "picture": Lesson.picture,
    "formula": Lesson.formula,
    "predict": Lesson.prediction,
    "exercise": Lesson.exercise,
    "text": Lesson.text,
}


@dataclass
class Slide:
    """A slide: Markdown of its text and of its notes, HTML of its pictures, and where the lesson speaks of it."""

    title: str
    text: str
    notes: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    question: bool = False


def read(deck: str, lesson: Lesson) -> list[Slide]:
    """Return the slides of a deck; LookupError says which mark the lesson does not know."""
    slides = [slide(part, lesson) for part in re.split(r"^##? ", deck, flags=re.MULTILINE)[1:]]
    starts = sorted({place for one in slides for place in one.places[:1]})
    ends = dict(zip(starts, [*starts[1:], (len(lesson.cells), 0)], strict=True))
    for one, following in zip(slides, [*slides[1:], None], strict=True):
        start = one.places[0] if one.places else None
        if start and not (following and following.places[:1] == [start]):
            one.notes += lesson.prose(start, ends[start])
    return slides


def slide(part, lesson):
    """Return a slide from its part of the deck."""
    title, _, text = part.partition("\n")
    text, _, notes = text.partition("\nNotes:")
    made = Slide(title.strip(), "", [notes.strip()] if notes else [])

    def take(mark):
        passage: Passage = KINDS[mark[1]](lesson, mark[2])
        made.places.append(passage.place)
        made.notes += [passage.told] if passage.told else []
        if mark[1] == "picture":
            made.pictures.append(passage.shown)
            return ""
        return passage.shown

    made.places += [lesson.lines(fence[1]).place for fence in FENCE.finditer(text)]
    made.question = "@predict " in text or "\n>" in text
    made.text = MARK.sub(take, text).strip()
    return made
