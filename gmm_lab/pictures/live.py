"""Pieces of HTML that scripts bring to life in any viewer, without a kernel; on paper, or without scripts, stills."""

import hashlib
import json
from importlib.resources import files
from typing import Any


def beside(package: str, name: str) -> str:
    """Return the text of a file of a package: a script, or a style."""
    return (files(package) / name).read_text(encoding="utf-8")


def live(kind: str, stills: str, style: str, script: str, data: list, same: list[Any]) -> str:
    """Return a box of the class `kind` with `stills`, in HTML, and the script that puts a live part in their place.

    script : a function in JavaScript, called as script(part, stills, ...data) with two elements of the page.
    same : what tells this box from others on a page, the same in every run and on every processor.
    """
    name = hashlib.sha256(json.dumps(same).encode()).hexdigest()[:16]
    given = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
    start = f"(part, stills) => ({script})(part, stills, ...{given})"
    return (
        f'<div class="gmm-page {kind}" data-name="{name}" data-lm-suppress-shortcuts="true">'
        f"<style>{style}{beside(__package__, 'live.css')}</style>"
        f'<div class="gmm-stills">{stills}</div>'
        f'<script>(({beside(__package__, "live.js")})("{kind}", "{name}", {start}))</script></div>'
    )
