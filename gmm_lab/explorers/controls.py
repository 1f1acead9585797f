"""Controls that several explorers have: sliders with a visible label, and those that turn the camera."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from gmm_lab.pictures.camera import Camera

CONTROLS_WIDTH = 300  # pixels
WIDE = {"width": "98%", "margin": "0 2px"}


def slider(
    label: str, low: float, high: float, value: float, step: float = 1
) -> widgets.IntSlider | widgets.FloatSlider:
    """Return a slider of whole numbers, or of decimals where `step` is one: then the largest power of ten up to it."""
    if isinstance(step, int):
        return widgets.IntSlider(value, min=low, max=high, step=step, description=label, layout=WIDE)
    exponent = math.floor(math.log10(step))
    unit = 10.0**exponent
    places = (math.floor(low / unit), math.ceil(high / unit), round(value / unit))
    low, high, value = (round(unit * place, 12) for place in places)  # what the slider reads is what it is
    number = {"min": low, "max": high, "step": unit, "readout_format": f".{max(-exponent, 0)}f"}
    return widgets.FloatSlider(value, **number, description=label, layout=WIDE)


def choice(label: str, options: Sequence, value: Any) -> widgets.ToggleButtons:
    """Return a row of buttons: JupyterLab takes the arrow keys that a list of options would need."""
    style = {"button_width": "auto"}
    return widgets.ToggleButtons(options=options, value=value, description=label, style=style)


def camera_sliders(n_dimensions: int, camera: Camera | None = None) -> dict[str, dict[str, widgets.Widget]]:
    """Return the sliders of a camera as a section; there are none for flat pictures."""
    if n_dimensions < 3:
        return {}
    camera = camera or Camera()
    return {
        "Camera (degrees)": {
            "azimuth": slider("azimuth", -180, 180, camera.azimuth, 5),
            "elevation": slider("elevation", -90, 90, camera.elevation, 5),
        }
    }


def camera_of(settings: Mapping[str, Any]) -> Camera:
    """Return the camera that the settings ask for."""
    return Camera(settings.get("azimuth", 50), settings.get("elevation", 20))


def arrange(
    sections: Mapping[str, Mapping], extras: Sequence[widgets.Widget], shown: Sequence[widgets.Widget]
) -> widgets.Box:
    """Return controls on the left and what they show on the right, or below where the page is narrow."""
    rows = [*extras]
    for heading, section in sections.items():
        group = widgets.VBox([widgets.HTML(f"<b>{heading}</b>", layout={"margin": "6px 0 0"}), *section.values()])
        rows.append(group.add_class("gmm-section"))
    left = widgets.VBox(rows, layout={"flex": f"1 1 {CONTROLS_WIDTH}px", "max_width": f"{1.4 * CONTROLS_WIDTH:.0f}px"})
    right = widgets.VBox(shown, layout={"flex": "2 1 480px", "min_width": "0"})
    return widgets.Box([left, right], layout={"flex_flow": "row wrap", "align_items": "flex-start"})
