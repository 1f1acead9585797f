"""Names and states of controls, for those who can't see them."""

from importlib.resources import files

import anywidget

_HERE = files("gmm_lab.explorers")


class Names(anywidget.AnyWidget):
    """An invisible widget: wherever it stands among controls, they tell what they are called and how they are set."""

    _esm = (_HERE / "naming.js").read_text(encoding="utf-8")
    _css = (_HERE / "naming.css").read_text(encoding="utf-8")

    def __init__(self):
        super().__init__()
        self.add_class("gmm-names")
