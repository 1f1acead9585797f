"""Pictures on the site: files, loaded when they come into view, in place of base64 in the page."""

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
READS_FRAME = '"data:image/webp;base64," + data'


def take_out(app, doctree, docname):
    """Write the pictures in pieces of HTML to files, and the frames of a player, which loads each as it shows it."""
    if app.builder.format != "html":
        return
    folder = Path(app.outdir, "_images")
    folder.mkdir(exist_ok=True)

    def address(data, kind):
        content = base64.b64decode(data)
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
        (folder / name).write_bytes(content)
        return f"{'../' * docname.count('/')}_images/{name}"

    def image(match, lazy):
        attributes, kind, data = match.groups()
        return f'<img{attributes}{lazy}src="{address(data, kind)}"'

    for raw in doctree.findall(nodes.raw):
        text = raw.astext()
        if raw.get("format") != "html":
            continue
        lazy = 'loading="lazy" '
        if "gmm-stills" in text:  # they are seen in print only, before which nobody scrolls to them
            lazy = ""
        if "gmm-player" in text:
            if READS_FRAME not in text:
                raise ExtensionError(
                    f"the player no longer reads a frame by {READS_FRAME}: tell pictures.py how it does"
                )
            text = text.replace(READS_FRAME, "data")
            text = FRAME.sub(lambda match: address(match[0], "webp"), text)
        raw.children = [nodes.Text(EMBEDDED.sub(partial(image, lazy=lazy), text))]


def setup(app: Sphinx):
    app.connect("doctree-resolved", take_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
