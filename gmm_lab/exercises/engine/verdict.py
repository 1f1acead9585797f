"""What a check says of an answer, as text and as a box with a coloured edge."""

import html
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

RIGHT, WRONG, NOT_ATTEMPTED = "right", "wrong", "not attempted"
EDGES = {RIGHT: "#009E73", WRONG: "#D55E00", NOT_ATTEMPTED: "#a0a0a0"}
WIDTH = 88  # characters of a line


@dataclass(frozen=True, eq=False, repr=False)
class Verdict:
    """What was found out: a status, paragraphs that tell it, and what is needed to look closer; true where it is right.

    diagnosis : the name of what went wrong.  example : the arguments on which it did, for `my_function(*example)`.
    """

    status: str  # "right", "wrong" or "not attempted"
    told: tuple[str, ...]
    function: Callable | None = None
    diagnosis: str = ""
    example: tuple = ()

    def __bool__(self):
        return self.status == RIGHT

    def or_else(self, ours: Callable) -> Callable:
        """Return the function that was checked if it is right, and otherwise `ours`."""
        return self.function if self else ours

    def __repr__(self):
        return "\n".join(
            textwrap.fill(line, WIDTH, break_on_hyphens=False)
            for paragraph in self.told
            for line in paragraph.split("\n")
        )

    def _repr_html_(self):
        paragraphs = "".join(f'<p style="margin:.3em 0">{_marked_up(paragraph)}</p>' for paragraph in self.told)
        edge = f"border-left:5px solid {EDGES[self.status]};padding:.1em .8em;max-width:52em"
        return f'<div class="gmm-verdict" style="{edge}">{paragraphs}</div>'


def _marked_up(paragraph):
    """Return HTML, with what stands between backticks set as code, and between stars with stress."""
    pieces = html.escape(paragraph).replace("\n", "<br>").split("`")
    return "".join(
        f"<code>{piece}</code>" if n % 2 else re.sub(r"\*([^*]+)\*", r"<em>\1</em>", piece)
        for n, piece in enumerate(pieces)
    )
