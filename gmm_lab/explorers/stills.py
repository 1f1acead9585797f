"""What an explorer shows, as text and pictures that need no kernel."""

import html
from dataclasses import dataclass

LINE_HEIGHT = 20  # pixels


@dataclass(frozen=True, repr=False)
class Stills:
    """What an explorer shows at a few settings, for readers without a kernel: headings, captions and pictures."""

    headings: tuple[str, ...]
    captions: tuple[str, ...]
    images: tuple[str, ...]

    def __repr__(self):
        return "\n\n".join(f"{heading}:\n{text}" for heading, text in zip(self.headings, self.captions, strict=True))

    def _repr_html_(self):
        figures = (
            f'<figure style="margin:0;flex:1 1 380px;max-width:640px">{image}<figcaption><b>{html.escape(heading)}</b>'
            f"<br>{lines(caption)}</figcaption></figure>"
            for heading, caption, image in zip(self.headings, self.captions, self.images, strict=True)
        )
        return f'<div style="display:flex;flex-wrap:wrap;gap:16px">{"".join(figures)}</div>'


def lines(caption: str) -> str:
    """Return a caption as HTML, a line for each of its lines."""
    return f'<div style="line-height:{LINE_HEIGHT}px">{html.escape(caption).replace(chr(10), "<br>")}</div>'
