"""Pages shown and printed by Chromium; in a PDF, what moves stands still, at its end."""

import functools
import http.server
import os
import shutil
import sys
import threading
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
FLAGS = ["--disable-quic", "--disable-gpu", *(["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else [])]
LAST_FRAMES = """async () => {
  for (const image of document.querySelectorAll('img[src*=".gif"], img[src^="data:image/gif"]')) {
    const { body } = await fetch(image.src);
    const decoder = new ImageDecoder({ data: body, type: "image/gif" });
    await decoder.completed;
    const { image: frame } = await decoder.decode({ frameIndex: decoder.tracks.selectedTrack.frameCount - 1 });
    const canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
    canvas.getContext("2d").drawImage(frame, 0, 0);
    image.src = URL.createObjectURL(await canvas.convertToBlob());
    await image.decode();
  }
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript"}

    def log_message(self, *arguments):
        pass


@contextmanager
def serve(folder):
    """Serve a folder on this machine, and yield the address."""
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def chromium():
    """Start Chromium, and yield it."""
    if CHROMIUM is None:
        sys.exit("There is no Chromium, which prints the PDFs: install it, or Google Chrome.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def pdf(page, path, **options):
    """Print an open page to a file, with the last frame of each animation."""
    page.evaluate(LAST_FRAMES)
    page.pdf(path=path, print_background=True, tagged=True, outline=True, **options)
