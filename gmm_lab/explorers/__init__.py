"""Explorers: move a slider and see the mathematics move. Each function returns one, and is one line in a notebook.

Whatever draws is loaded with the first of them: predictions need none of it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "animating": ["animation"],
        "densities": ["density"],
        "generation": ["mixture"],
        "placing": ["place_start"],
        "scrubber": ["em"],
        "steps": ["e_step", "m_step"],
    },
)
