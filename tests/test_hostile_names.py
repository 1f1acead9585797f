"""Names that people, or their files, bring along are text in all HTML of the package: never a tag of theirs."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch

import matplotlib.pyplot as plt
import numpy as np
import pytest

from gmm_lab import explorers, figures, fit, play
from gmm_lab.exercises import predict
from gmm_lab.exercises.engine.verdict import WRONG, Verdict
from gmm_lab.exercises.predictions import Kept
from gmm_lab.pictures.animation import Animation
from gmm_lab.pictures.showing import picture

TAGS = ["<evil>", "</script><evil>", "--><evil>", '"><evil a="', "'><evil a='", "]]><evil>", "<evil\n>"]
TAGS += ["<EVIL onload=1>"]
NAMES = [before + tag for tag in TAGS for before in ("", "a", "ä & ", "`", "\\", "&lt;")]
POINTS = np.random.default_rng(0).normal(size=(12, 2))
HISTORY = fit(POINTS, 1)


class Tags(HTMLParser):
    """Collects the names of all tags, and of all attributes that are scripts."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found |= {tag} | {name for name, _ in attributes if name.startswith("on") or name == "a"}

    def handle_comment(self, data):
        self.found.add("comment")


def of_an_animation(name):
    return Animation(Path("em.gif"), (name, name), 1.0, b"", name)._repr_html_()


def of_a_path(name):
    return Animation(Path(name.replace("/", "")), ("a", "b"), 1.0, b"")._repr_html_()


def of_a_player(*names):
    return play(HISTORY, columns=names).html


def of_a_placed_start(*names):
    return explorers.place_start(POINTS, 1, columns=names).html


def of_an_explorer(*names):
    return explorers.e_step(POINTS, HISTORY.mixture, columns=names)._repr_mimebundle_()["text/html"]


def of_its_stills(*names):
    return explorers.e_step(POINTS, HISTORY.mixture, columns=names).stills({}, {"move_0": 0})._repr_html_()


@cache
def failing():
    return explorers.e_step(POINTS, HISTORY.mixture)


@cache
def animating():
    return explorers.animation(HISTORY, "em.gif")


def of_its_error(name):
    explorer = failing()
    with pytest.raises(RuntimeError), explorer.reporting():
        raise RuntimeError(name)
    return explorer._message.value


def of_a_written_file(name):
    explorer = animating()
    (writing,) = (widget for widget in explorer.children[0].children[0].children if hasattr(widget, "link"))
    writing.path = Path(name.replace("/", "")) / name.replace("/", "")
    with patch("gmm_lab.explorers.animating.animate", lambda *_, **__: Animation(writing.path, (name,), 1.0, b"")):
        writing.write(None)
    assert "saved in the folder" in writing.link.value
    return writing.link.value


def of_a_verdict(name):
    return Verdict(WRONG, (name, f"`{name}`", f"*{name}*"))._repr_html_()


def of_a_prediction(name):
    prediction = predict(name, "other")
    prediction.choose(name)
    return Kept(prediction.choice)._repr_html_() + prediction.reveal("other", {name: name})._repr_html_()


def of_a_figure(name):
    figure = figures.plot_points(POINTS).figure
    page = picture(figure, name)
    plt.close(figure)
    return page


QUICK = (of_an_animation, of_a_path, of_a_verdict, of_a_prediction)
SLOW = (of_its_error, of_a_written_file, of_a_figure)
OF_COLUMNS = (of_a_player, of_a_placed_start, of_an_explorer, of_its_stills)  # slower still: two names at a time
CASES = [(page, [(name,) for name in NAMES]) for page in QUICK] + [(page, [(tag,) for tag in TAGS]) for page in SLOW]
CASES += [(page, [*zip(TAGS[::2], TAGS[1::2], strict=True)]) for page in OF_COLUMNS]


@pytest.mark.parametrize(("page", "names"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_a_name_is_shown_as_text(page, names):
    plain = Tags(page(*("name", "other")[: len(names[0])])).found
    plain |= {"br", "code", "em"}  # a new line, and what a verdict marks up
    for together in names:
        assert Tags(page(*together)).found <= plain, together


def test_this_test_sees_a_tag():
    assert "evil" in Tags(TAGS[0]).found
    assert "a" in Tags('<img alt="' + TAGS[3] + '">').found
