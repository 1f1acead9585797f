"""Pictures on the site, and their scripts: files, loaded when they come into view, in place of text in the page."""

import base64
import hashlib
import re
from functools import partial
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

EMBEDDED = re.compile(r'<img\b([^>]*?)src="data:image/(\w+);base64,([^"]+)"')
FRAME = re.compile(r'(?<=")[A-Za-z0-9+/]{100,}={0,2}(?=")')  # in the script of a player
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
READS_FRAME = '"data:image/webp;base64," + data'


def take_out(app, doctree, docname):
    """Write the pictures in pieces of HTML to files, and the frames of a player, which loads each as it shows it."""
    if app.builder.format != "html":
        return

    def address(content, kind):
        folder = "_scripts" if kind == "js" else "_images"
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
        Path(app.outdir, folder).mkdir(exist_ok=True)
        Path(app.outdir, folder, name).write_bytes(content)
        return f"{'../' * docname.count('/')}{folder}/{name}"

    def decoded(data, kind):
        return address(base64.b64decode(data), kind)

    def script(match):
        return f'<script src="{address(match[1].encode(), "js")}"></script>'

    def image(match, lazy):
        attributes, kind, data = match.groups()
        return f'<img{attributes}{lazy}src="{decoded(data, kind)}"'

    for raw in doctree.findall(nodes.raw):
        text = raw.astext()
        if raw.get("format") != "html":
            continue
        # stills are seen in print only, before which nobody scrolls to them
        lazy = "" if "gmm-stills" in text else 'loading="lazy" '
        if "gmm-player" in text:
            if READS_FRAME not in text:
                raise ExtensionError(
                    f"the player no longer reads a frame by {READS_FRAME}: tell pictures.py how it does"
                )
            text = text.replace(READS_FRAME, "data")
            text = FRAME.sub(lambda match: decoded(match[0], "webp"), text)
        raw.children = [nodes.Text(SCRIPT.sub(script, EMBEDDED.sub(partial(image, lazy=lazy), text)))]


def setup(app: Sphinx):
    app.connect("doctree-resolved", take_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
