"""All that is drawn: points, mixtures and fits, as stills, animations and players."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules=["figures"])
