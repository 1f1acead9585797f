"""What a page and an explorer tell each other: names and states of controls, and how fine the screen is."""

from importlib.resources import files

import anywidget
import traitlets

SHARPNESS = 2  # pixels of the picture for one of the page: many screens have as many
_HERE = files("gmm_lab.explorers")


class Names(anywidget.AnyWidget):
    """An invisible widget: wherever it stands among controls, they tell what they are called and how they are set.

    `sharpness` is how many pixels of a picture the screen can show for one of the page, once it has been seen there.
    """

    _esm = (_HERE / "naming.js").read_text(encoding="utf-8")
    _css = (_HERE / "naming.css").read_text(encoding="utf-8")
    sharpness = traitlets.Int(SHARPNESS).tag(sync=True)

    def __init__(self):
        super().__init__()
        self.add_class("gmm-names")
