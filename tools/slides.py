"""Build the lectures: _site/slides/NN_name.html, which a browser shows without a network, and NN_name.pdf.

What they say stands in `lectures/*.md`; pictures, formulas and the speaker's notes come from the lessons as they are
saved, and nothing is run.
"""

import html
import re
import shutil

import decks
import website
from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin
from passages import Lesson
from printing import chromium, pdf
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from website import ROOT, SITE

TEMPLATES = ROOT / "tools" / "lecture"
STYLE = "a11y-high-contrast-light"
SHARED = ("reveal.js/dist/reset.css", "reveal.js/dist/reveal.css", "reveal.js/dist/reveal.js")
SHARED += ("reveal.js/dist/plugin/notes.js", "mathjax/es5/tex-svg.js")
SIZE = re.compile(r'<img\b[^>]*? width="(\d+)" height="(\d+)"')
WIDE = 1.6  # of a picture, width by height: its text stands below it, not beside


def formula(text, options):
    """Return a formula as MathJax finds it."""
    return html.escape(rf"\[{text}\]" if options["display_mode"] else rf"\({text}\)")


def code(text, language, _):
    """Return coloured code."""
    return highlight(text, get_lexer_by_name(language or "text"), HtmlFormatter(nowrap=True))


def layout(slide):
    """Return how text and pictures of a slide share its room."""
    if not slide.pictures:
        return "plain"
    if len(slide.pictures) > 1:
        return "below several"
    size = SIZE.search(slide.pictures[0])
    wide = size and int(size[1]) > WIDE * int(size[2])
    return ("below" if wide else "beside") if slide.text else "alone"


def page(slides):
    """Return the page of a lecture."""
    markdown = MarkdownIt("commonmark", {"highlight": code}).enable("table")
    markdown.use(dollarmath_plugin, renderer=formula, double_inline=True)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    environment.filters |= {
        "markdown": lambda text: Markup(markdown.render(text)),
        "inline": lambda text: Markup(markdown.renderInline(text)),
    }
    return environment.get_template("slides.html.j2").render(slides=slides, layout=layout)


def build(folder=SITE / "slides", work=SITE):
    """Build all lectures in a folder, and return it; npm's packages are kept in `work`."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "reveal").mkdir(parents=True)
    modules = website.packages(work / "npm")
    for source in (*(modules / name for name in SHARED), TEMPLATES / "slides.css", TEMPLATES / "slides.js"):
        shutil.copyfile(source, folder / "reveal" / source.name)
    with (folder / "reveal" / "slides.css").open("a", encoding="utf-8") as style:
        style.write(HtmlFormatter(style=STYLE).get_style_defs(".reveal pre"))
    for deck in sorted((ROOT / "lectures").glob("*.md")):
        slides = decks.read(deck.read_text(encoding="utf-8"), Lesson(ROOT / "notebooks" / f"{deck.stem}.ipynb"))
        (folder / f"{deck.stem}.html").write_text(page(slides), encoding="utf-8", newline="\n")
    return folder


def print_all(browser, folder):
    """Print each lecture to a PDF beside it, a page for each slide."""
    for path in sorted(folder.glob("*.html")):
        opened = browser.new_page(viewport={"width": 1280, "height": 720})
        opened.goto(f"{path.as_uri()}?view=print")
        opened.evaluate("window.ready")
        pdf(opened, path.with_suffix(".pdf"), prefer_css_page_size=True)
        opened.close()


if __name__ == "__main__":
    built = build()
    with chromium() as browser:
        print_all(browser, built)
    print(f"The lectures stand in {(SITE / 'slides').relative_to(ROOT)}. In one, press S for the speaker's notes.")
