"""A figure in a notebook: a sharp picture with its caption as alternative text, and the caption in print below it."""

import base64
import html
import io
import sys

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

from gmm_lab.validation import instance

COLOURS = 256  # a palette makes the file a third as long, and nobody sees it
SHARPNESS = 2  # pixels of the picture for one of the page: many screens have as many


def show(caption: str) -> None:
    """Show the current figure with its caption: printed below it, and as its alternative text.

    Outside a notebook the figure opens in a window, as plt.show() does.
    Raises ValueError where nothing was drawn, or where there is no caption.
    """
    instance(caption, str, "caption", "captions.points(points)")
    if not caption.strip():
        raise ValueError("caption is empty, but a sentence that tells what the figure shows was expected")
    if not plt.get_fignums():
        raise ValueError("no figure is open: draw one in the same cell first, such as figures.plot_points(points)")
    if in_notebook():
        show_picture(plt.gcf(), caption)
    else:
        plt.show()
    print(caption)


def show_picture(figure: Figure, alt: str) -> None:
    """Show a figure in a notebook, and close it, so that it is not shown again."""
    from IPython.display import display

    told = " ".join(alt.splitlines())
    display({"text/html": picture(figure, told), "text/plain": f"[picture: {told}]"}, raw=True)
    plt.close(figure)


def picture(figure: Figure, alt: str) -> str:
    """Return a figure as an HTML element."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=SHARPNESS * figure.dpi, bbox_inches="tight")
    image = Image.open(file).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    width, height = image.size
    file = io.BytesIO()
    image.save(file, "png", optimize=True)
    return (
        f'<img alt="{html.escape(alt)}" width="{width // SHARPNESS}" height="{height // SHARPNESS}"'
        f' style="max-width:100%;height:auto" src="data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}">'
    )


def in_notebook() -> bool:
    """Say whether a kernel runs this, which can show pictures, rather than a terminal or a script."""
    ipython = sys.modules.get("IPython")
    return hasattr(ipython and ipython.get_ipython(), "kernel")


def quiet() -> None:
    """Say nothing at the end of a cell; the figure that belongs to the value is shown there anyway."""
