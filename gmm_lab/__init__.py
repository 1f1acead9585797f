"""gmm_lab: how expectation-maximisation fits a Gaussian mixture, in pictures and in code small enough to read.

Submodules are loaded when first used, so that `import gmm_lab` costs next to nothing.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["captions", "datasets", "exercises", "explorers"],
    submod_attrs={
        "algorithm": ["Step", "e_step", "em", "m_step"],
        "fitting": ["Fit", "fit"],
        "initialise": ["k_means_plus_plus", "short_runs", "uniform_in_box"],
        "mixture": ["Mixture"],
        "pictures": ["figures"],
        "pictures.animation": ["Animation", "animate", "storyboard"],
        "pictures.camera": ["Camera"],
        "pictures.player": ["Player", "play"],
        "receipts": ["receipt"],
    },
)
