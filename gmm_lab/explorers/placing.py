"""A start to place by mouse, finger or keys, and EM from it: one piece of HTML that needs no kernel."""

import warnings
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from gmm_lab.fitting import fit
from gmm_lab.pictures.animation import storyboard
from gmm_lab.pictures.colours import component_colour, component_colours, ink_on
from gmm_lab.pictures.figures import MASS
from gmm_lab.pictures.live import beside, live
from gmm_lab.pictures.showing import picture
from gmm_lab.pictures.style import in_style
from gmm_lab.scale import ridge
from gmm_lab.validation import Columns, Points, points_and_names

MOST = 2000  # points that a page carries, and whose dots it moves quickly
TOL, MAX_ITER = 1e-6, 500  # as in `fit`


@dataclass(frozen=True, eq=False, repr=False)
class PlacedStart:
    """What `place_start` returns: in a notebook it shows itself; `html` is a piece of a page, to be saved or sent."""

    alt: str
    html: str

    def __repr__(self):
        return f"<Start to be placed. {self.alt}>"

    def _repr_html_(self):
        return self.html


@in_style
def place_start(points: Points, n_components: int, columns: Columns = None) -> PlacedStart:
    """Return a picture whose means are placed by hand, and EM from there, forwards and backwards, without a kernel.

    The start has equal weights and the data's own covariance, as in `k_means_plus_plus`, which places the means first.
    Where no script runs, and in print, stills show EM from there.
    points : (N, 2), at most 2000.  columns : 2 axis labels with units.  Raises what `fit` does.
    """
    points, columns = points_and_names(points, columns)
    if points.shape[1] != 2 or len(points) > MOST:
        raise ValueError(
            f"points has shape {points.shape}, but at most {MOST} points in 2 columns were expected: a hand moves in a"
            " plane, so choose two columns, as in points[:, :2], and of many points some, as in points[::10]"
        )
    with warnings.catch_warnings():  # the page tells it, from whatever start
        warnings.simplefilter("ignore", RuntimeWarning)
        run = fit(points, n_components, start="k-means++", tol=TOL, max_iter=MAX_ITER)
    board = storyboard(run, 4, columns=columns)
    stills = picture(board, board.alt)
    plt.close(board)
    means = run.steps[0].mixture.means.tolist()
    axes = [_axis(name, values) for name, values in zip(columns, points.T, strict=True)]
    data = [points.tolist(), means, ridge(points, None).tolist(), axes, _colours(len(means)), [MASS, TOL, MAX_ITER]]
    names = ("placing.css", "placing.js", "placing_em.js", "placing_picture.js")
    style, script, em, drawing = (beside(__package__, name) for name in names)
    return PlacedStart(board.alt, live("gmm-placing", stills, style, f"({script})({em}, {drawing})", data, same=data))


def _axis(name, values):
    ticks = MaxNLocator(5).tick_values(values.min(), values.max())
    return {"name": name, "ticks": [float(f"{tick:g}") for tick in ticks if values.min() <= tick <= values.max()]}


def _colours(n_components):
    shades = np.rint(255 * component_colours(n_components)).astype(int).tolist()
    fills = [component_colour(k) for k in range(n_components)]
    return [{"fill": fill, "ink": ink_on(fill), "rgb": rgb} for fill, rgb in zip(fills, shades, strict=True)]
