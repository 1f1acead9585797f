"""What is built: links that lead somewhere, and the same bytes every time."""

import shutil
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
import website


class Page(HTMLParser):
    """The links of a page, and the places in it that a link can lead to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.places = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.places |= {given[name] for name in ("id", "name") if given.get(name)}
        self.links += [given[name] for name in ("href", "src") if given.get(name)]


def test_links_lead_somewhere(html):
    files = [path for path in html.rglob("*.html") if path.relative_to(html).parts[0] not in ("_static", "lite")]
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in files}
    assert sum(len(page.links) for page in pages.values()) > 1_000
    broken = [
        (path.relative_to(html).as_posix(), link)
        for path, page in pages.items()
        for link in page.links
        if not (urlsplit(link).scheme or leads_somewhere(path, link, pages))
    ]
    assert broken == []


def leads_somewhere(path, link, pages):
    address, place = urldefrag(link)
    target = (path.parent / unquote(address.partition("?")[0])).resolve() if address else path
    return target.exists() and (not place or target not in pages or unquote(place) in pages[target].places)


def test_two_builds_are_equal_byte_by_byte(html, tmp_path):
    again = website.build(tmp_path / "another folder")
    assert contents(again) == contents(html)


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_without_npm_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"npm.*install Node\.js"):
        website.packages(tmp_path)
