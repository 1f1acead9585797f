"""Controls that several explorers have: sliders with a visible label, and those that turn the camera."""

import math

import ipywidgets as widgets

from gmm_lab.pictures.camera import Camera

WIDE = {"width": "98%", "margin": "0 2px"}


def slider(label, low, high, value, step=1):
    """Return a slider of whole numbers, or of decimals where `step` is one: then the largest power of ten up to it."""
    if isinstance(step, int):
        return widgets.IntSlider(value, min=low, max=high, step=step, description=label, layout=WIDE)
    exponent = math.floor(math.log10(step))
    unit = 10.0**exponent
    places = (math.floor(low / unit), math.ceil(high / unit), round(value / unit))
    low, high, value = (round(unit * place, 12) for place in places)  # what the slider reads is what it is
    number = {"min": low, "max": high, "step": unit, "readout_format": f".{max(-exponent, 0)}f"}
    return widgets.FloatSlider(value, **number, description=label, layout=WIDE)


def choice(label, options, value):
    """Return a row of buttons: JupyterLab takes the arrow keys that a list of options would need."""
    style = {"button_width": "auto"}
    return widgets.ToggleButtons(options=options, value=value, description=label, style=style)


def camera_sliders(n_dimensions):
    """Return the sliders of the camera as a section; there are none for flat pictures."""
    if n_dimensions < 3:
        return {}
    camera = Camera()
    return {
        "Camera (degrees)": {
            "azimuth": slider("azimuth", -180, 180, camera.azimuth, 5),
            "elevation": slider("elevation", -90, 90, camera.elevation, 5),
        }
    }


def camera_of(settings):
    """Return the camera that the settings ask for."""
    return Camera(settings.get("azimuth", 50), settings.get("elevation", 20))
