"""Pictures on the site: files, loaded when they come into view, in place of base64 in the page."""

import base64
import hashlib
import re
from functools import partial
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

EMBEDDED = re.compile(r'<img\b([^>]*?)src="data:image/(gif|png|webp);base64,([^"]+)"')


def take_out(app, doctree, docname):
    """Write the pictures in pieces of HTML to files. What the script of a player holds stays there."""
    if app.builder.format != "html":
        return
    folder = Path(app.outdir, "_images")
    folder.mkdir(exist_ok=True)

    def file(match, lazy):
        attributes, kind, data = match.groups()
        content = base64.b64decode(data)
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
        (folder / name).write_bytes(content)
        return f'<img{attributes}{lazy}src="{"../" * docname.count("/")}_images/{name}"'

    for raw in doctree.findall(nodes.raw):
        # a player's stills are seen in print only, before which nobody scrolls to them
        lazy = "" if "gmm-player" in raw.astext() else 'loading="lazy" '
        if raw.get("format") == "html":
            raw.children = [nodes.Text(EMBEDDED.sub(partial(file, lazy=lazy), raw.astext()))]


def setup(app: Sphinx):
    app.connect("doctree-resolved", take_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
