"""Every page of the site in a browser: wide and light, wide and dark, and on a phone."""

import gzip

import navigation
import pytest
from accessible import told_by_axe

LESSONS = [f"notebooks/{lesson.file}.html" for lesson in navigation.LESSONS]
PAGES = [
    *("index.html", "search.html?q=ellipsoid", "docs/api.html", "docs/api_pictures.html"),
    *("docs/benchmarks.html", "docs/install.html", "docs/teaching.html"),
    *("gmm_lab/data/SOURCES.html", "CONTRIBUTING.html", "CHANGELOG.html", "LICENSE-TEXT.html"),
    *LESSONS,
]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SCREENS = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light"},
}
READY = """async () => {
  for (const image of document.images) image.loading = "eager";
  await window.MathJax?.startup?.promise;
  await Promise.all([...document.images].filter((image) => image.offsetParent).map((image) => image.decode()));
}"""
FILE_NAMES = r"""() => [...document.images].map((image) => image.getAttribute("alt"))
  .filter((alt) => alt === null || /\.(png|gif|webp|svg)\s*$/.test(alt) || alt.startsWith("<Figure"))"""


def test_all_pages_are_looked_at(html):
    built = {path.relative_to(html).as_posix() for path in html.rglob("*.html")}
    built = {page for page in built if not page.startswith(("_static/", "lite/"))}
    assert built == {page.partition("?")[0] for page in PAGES}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_can_be_read_by_all(path, screen, opened):
    page, seen = opened(path, **SCREENS[screen])
    page.evaluate(READY)
    assert page.locator("mjx-merror").count() == 0
    assert bool(page.locator("mjx-container").count()) == (path in LESSONS)
    assert page.evaluate(FILE_NAMES) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[screen]["viewport"]["width"]
    assert page.evaluate("document.documentElement.dataset.theme") == SCREENS[screen]["color_scheme"]
    assert (seen.foreign, seen.missing, seen.errors) == ([], [], [])
    assert told_by_axe(page) == {}


def test_a_lesson_is_light(html, opened):
    """What a page takes, and what is sent until it can be read, as a server compresses it."""
    assert [page.name for page in html.rglob("docs/*.html") if page.stat().st_size >= 150_000] == []
    for path in LESSONS:
        page, seen = opened(path, **SCREENS["light"])
        page.evaluate("() => window.MathJax?.startup?.promise")
        assert (html / path).stat().st_size < 150_000, path
        sent = sum(as_sent(html / file.partition("?")[0]) for file in set(seen.loaded))
        assert sent < 1_000_000, (path, sent)


def as_sent(path):
    data = path.read_bytes()
    return len(data if path.suffix in {".gif", ".png", ".webp", ".woff2"} else gzip.compress(data))
