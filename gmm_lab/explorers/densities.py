"""The explorer of lesson 2: one place, its distance from each component, and its density."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from gmm_lab.explorers.controls import camera_of, camera_sliders, choice, slider
from gmm_lab.explorers.explorer import Explorer
from gmm_lab.explorers.marks import new_figure, panel
from gmm_lab.mixture import Mixture
from gmm_lab.pictures.camera import MARGIN, View
from gmm_lab.pictures.colours import component_colour
from gmm_lab.pictures.figures import MASS
from gmm_lab.pictures.scene import draw_frame, draw_mixture, draw_points
from gmm_lab.pictures.style import in_style
from gmm_lab.pictures.thinning import thinned, thinning
from gmm_lab.validation import Columns, Points, column_names, instance, points_array

PLACES = 201  # at which the curve is computed
FAR = 3  # how far a place may be moved, in lengths of the data's range


@in_style
def density(points: Points, mixture: Mixture, columns: Columns = None) -> Explorer:
    """Explore the log-density of a mixture at a place that is moved along each axis, near the points and far away.

    points : (N, D) to show, D from 1 to 3.  columns : D axis labels with units.
    Raises ValueError where points and mixture disagree on D, TypeError where `mixture` is none.
    """
    instance(mixture, Mixture, "mixture", "fit(points, 3).mixture")
    names = column_names(columns, mixture.n_dimensions, points)
    points = points_array(points, mixture.n_dimensions)
    told, points = thinning(len(points)), thinned(points)
    figure = new_figure(620, 400)
    scene = figure.add_axes((0, 0, 0.62, 1) if len(names) == 3 else (0.09, 0.13, 0.48, 0.8))
    profile = panel(figure, (0.73, 0.13, 0.25, 0.75), "log-density (nats)")
    low, high, box = points.min(axis=0), points.max(axis=0), View.around(points, names)
    margin = FAR * (box.high - box.low) / (1 + 2 * MARGIN)
    places = {
        f"place_{d}": slider(name, low[d] - margin[d], high[d] + margin[d], points[:, d].mean(), margin[d] / 100)
        for d, name in enumerate(names)
    }

    def draw(along, **settings):
        place = np.array([settings[f"place_{d}"] for d in range(len(names))])
        view = View.around(np.vstack([points, place]), names, camera_of(settings))
        draw_frame(scene, view, quick=True)
        draw_points(scene, view, points)
        draw_mixture(scene, view, mixture, MASS)
        _draw_place(scene, view, place, mixture)
        d = names.index(along)
        _draw_profile(profile, along, mixture, place, d, (view.low[d], view.high[d]))
        return "\n".join(filter(None, [caption(mixture, place), told]))

    sections = {"Place": places, "Curve": {"along": choice("along", names, names[-1])}}
    return Explorer(figure, draw, sections | camera_sliders(len(names)))


def caption(mixture: Mixture, place: np.ndarray) -> str:
    """Tell distance and log-density for each component, and both ways to add the densities up."""
    log_joint = mixture.log_joint(place[None])[0]
    with np.errstate(divide="ignore"):
        log_densities = log_joint - np.log(mixture.weights)
        plain = np.log(np.exp(log_joint).sum())
    lines = [f"At ({', '.join(f'{value:.4g}' for value in place)}):"]
    for k, (root, mean) in enumerate(zip(mixture.cholesky, mixture.means, strict=True)):
        distance = np.linalg.norm(np.linalg.solve(root, place - mean))
        lines.append(f"component {k + 1}: Mahalanobis distance {distance:.4g}, log-density {log_densities[k]:.5g};")
    kept = "plain exp underflows to 0, and its log is -inf" if plain == -np.inf else f"plain exp and log: {plain:.5g}"
    return "\n".join([*lines, f"the mixture: {kept}; log-sum-exp: {mixture.log_density(place[None])[0]:.5g}."])


def _draw_place(ax, view, place, mixture):
    """Draw a star, with a line to each mean."""
    if view.n_dimensions == 1:
        ax.axvline(place[0], color="black", lw=1)
        return
    star = view.project(place[None])
    lines = [np.vstack([star, mean[None]]) for mean in view.project(mixture.means)]
    colours = [component_colour(k) for k in range(mixture.n_components)]
    ax.add_collection(LineCollection(lines, colors=colours, linewidth=1, zorder=3.5), autolim=False)
    ax.add_artist(Line2D(*star.T, marker="*", ms=14, mfc="black", mec="white", zorder=6))


def _draw_profile(ax, name, mixture, place, d, limits):
    """Draw log-density along one axis through the place, and where plain exp loses it."""
    line = np.tile(place, (PLACES, 1))
    line[:, d] = np.linspace(*limits, PLACES)
    log_joint = mixture.log_joint(line)
    total = mixture.log_density(line)
    lost = np.exp(log_joint).sum(axis=1) == 0
    ax.set(xlim=limits, ylim=(1.05 * total.min() - 5, max(total.max(), 0) + 0.05 * (total.max() - total.min())))
    ax.set_xlabel(name, parse_math=False)
    ax.fill_between(line[:, d], *ax.get_ylim(), where=lost, color="#dddddd", lw=0, zorder=0)
    for k, values in enumerate(log_joint.T):
        ax.add_line(Line2D(line[:, d], values, color=component_colour(k), lw=1))
    ax.add_line(Line2D(line[:, d], total, color="black", lw=1.8, ls="--"))
    ax.add_line(Line2D([place[d]], mixture.log_density(place[None]), marker="*", ms=12, mfc="black", mec="white"))
    if lost.any():
        ax.text(0.5, 0.3, "grey:\nplain exp\ngives 0", transform=ax.transAxes, ha="center", va="center", fontsize=8)
