"""The site, built once and served on this machine, and one browser for all pages."""

from types import SimpleNamespace

import printing
import pytest
import website

BELOW = "gmm_lab"  # a site is often published below a folder


@pytest.fixture(scope="session")
def html(tmp_path_factory):
    """The folder of the built site."""
    folder = tmp_path_factory.mktemp("site") / BELOW
    return website.build(folder / "work").rename(folder / "html")


@pytest.fixture(scope="session")
def address(html):
    with printing.serve(html.parent.parent) as root:
        yield f"{root}{BELOW}/html/"


@pytest.fixture(scope="session")
def browser():
    with printing.chromium() as browser:
        yield browser


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
