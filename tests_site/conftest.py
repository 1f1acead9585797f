"""The site, built once and served on this machine, and one browser for all pages."""

import functools
import http.server
import os
import shutil
import threading
from types import SimpleNamespace

import pytest
import website
from playwright.sync_api import sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
FLAGS = ["--disable-quic", "--disable-gpu", *(["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else [])]
BELOW = "gmm_lab"  # a site is often published below a folder


class Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript"}

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def html(tmp_path_factory):
    """The folder of the built site."""
    folder = tmp_path_factory.mktemp("site") / BELOW
    return website.build(folder / "work").rename(folder / "html")


@pytest.fixture(scope="session")
def address(html):
    handler = functools.partial(Quiet, directory=html.parent.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{BELOW}/html/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, address):
    """Return a function that opens a page, and keeps what it asks other servers for and what goes wrong in it."""
    contexts = []

    def open_page(path, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        seen = SimpleNamespace(foreign=[], missing=[], errors=[], loaded=[])

        def own_or_nothing(route):
            if route.request.url.startswith((address, "data:", "blob:")):
                route.continue_()
            else:
                seen.foreign.append(route.request.url)
                route.abort()

        def note(response):
            (seen.missing if response.status >= 400 else seen.loaded).append(response.url.removeprefix(address))

        context.route("**/*", own_or_nothing)
        page.on("response", note)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
        page.goto(address + path)
        return page, seen

    yield open_page
    for context in contexts:
        context.close()
