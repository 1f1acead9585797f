"""The explorers of lessons 3 and 4: what the E-step makes of a mixture, and the M-step of responsibilities."""

import numpy as np

from gmm_lab import captions
from gmm_lab.algorithm import EMPTY
from gmm_lab.algorithm import m_step as maximise
from gmm_lab.explorers.controls import camera_of, camera_sliders, choice, slider
from gmm_lab.explorers.explorer import Explorer
from gmm_lab.explorers.marks import draw_numbers, draw_ring, draw_shares, new_figure, shares_panel, tell_point
from gmm_lab.mixture import Mixture
from gmm_lab.pictures.camera import View, extent
from gmm_lab.pictures.figures import MASS
from gmm_lab.pictures.scene import draw_frame, draw_mixture, draw_note, draw_points
from gmm_lab.pictures.style import in_style
from gmm_lab.pictures.thinning import ALONE, thinned, thinning
from gmm_lab.validation import (
    Columns,
    Numbers,
    Points,
    column_names,
    instance,
    points_and_names,
    points_array,
    real_array,
)

MOST_SLIDERS = 12


@in_style
def e_step(points: Points, mixture: Mixture, columns: Columns = None) -> Explorer:
    """Explore responsibilities: move one component of a mixture, make it larger or smaller, and look at one point.

    points : (N, D), D from 1 to 3.  columns : D axis labels with units.
    Raises ValueError where points and mixture disagree on D, TypeError where `mixture` is none.
    """
    instance(mixture, Mixture, "mixture", "fit(points, 3).mixture")
    names = column_names(columns, mixture.n_dimensions, points)
    points = points_array(points, mixture.n_dimensions)
    told, points = thinning(len(points), ALONE), thinned(points)
    figure = new_figure(620, 420)
    scene = figure.add_axes((0, 0, 0.7, 1) if len(names) == 3 else (0.09, 0.12, 0.58, 0.84))
    bars = shares_panel(figure, (0.76, 0.2, 0.22, 0.6), mixture.n_components)

    def draw(component, size, point, **settings):
        moved = _moved(mixture, component - 1, [settings[f"move_{d}"] for d in range(len(names))], size)
        responsibilities = moved.predict_proba(points)
        turned = View.around(np.vstack([points, extent(moved, MASS)]), names, camera_of(settings))
        draw_frame(scene, turned, quick=True)
        draw_points(scene, turned, points, responsibilities)
        draw_mixture(scene, turned, moved, MASS)
        draw_note(scene, turned, MASS)
        draw_ring(scene, turned, points[point - 1])
        draw_shares(bars, responsibilities[point - 1], point)
        lines = [tell_point(points, responsibilities, point), captions.responsibilities(responsibilities), told]
        return "\n".join(filter(None, lines))

    view = View.around(points, names)
    far = view.high - view.low
    moves = {f"move_{d}": slider(f"move {name}", -far[d], far[d], 0.0, far[d] / 100) for d, name in enumerate(names)}
    component = choice("component", [*range(1, mixture.n_components + 1)], 1)
    sections = {
        "One component": {"component": component, **moves, "size": slider("size (times)", 0.1, 5.0, 1.0, 0.1)},
        "One point": {"point": slider("point", 1, len(points), 1)},
    }
    return Explorer(figure, draw, sections | camera_sliders(len(names)))


def _moved(mixture, k, move, size):
    """Return the mixture with component k moved, and its ellipsoid `size` times as large."""
    means, covariances = mixture.means.copy(), mixture.covariances.copy()
    means[k] += move
    covariances[k] *= size**2
    return Mixture(mixture.weights, means, covariances)


@in_style
def m_step(points: Points, responsibilities: Numbers, columns: Columns = None) -> Explorer:
    """Explore the M-step: give each of a few points its responsibilities, and see what two components make of them.

    points : (N, D), at most 12 points, D from 1 to 3.  responsibilities : (N, 2) to begin with.
    columns : D axis labels with units.  Raises ValueError for more points, or other shapes.
    """
    points, columns = points_and_names(points, columns)
    responsibilities = real_array(responsibilities, "responsibilities", "(N, 2)")
    if responsibilities.shape != (len(points), 2) or len(points) > MOST_SLIDERS:
        raise ValueError(
            f"responsibilities has shape {responsibilities.shape} and points {points.shape}, but (N, 2) and (N, D) with"
            f" N up to {MOST_SLIDERS} were expected: choose a few points, as in points[:6], and two components"
        )
    room = 0.4 * np.ptp(points, axis=0)
    view = View.around(np.vstack([points - room, points + room]), columns)
    figure = new_figure(520, 420)
    ax = figure.add_axes((0, 0, 1, 1) if view.n_dimensions == 3 else (0.12, 0.12, 0.85, 0.84))

    def draw(**settings):
        first = np.array([settings[f"responsibility_{n}"] for n in range(1, len(points) + 1)])
        shares = np.column_stack([first, 1 - first])
        turned = View(view.low, view.high, view.columns, camera_of(settings))
        draw_frame(ax, turned, quick=True)
        draw_points(ax, turned, points, shares)
        draw_numbers(ax, turned, points)
        counts = shares.sum(axis=0)
        told = f"Responsibilities sum to {counts[0]:.2f} and {counts[1]:.2f}.\n"
        if counts.min() < EMPTY:
            lines = f"Component {counts.argmin() + 1} has no points left, so the M-step cannot place it:\n"
            return (
                told + lines + "its mean would be 0 divided by 0.\nGive it some responsibility for at least one point."
            )
        mixture = maximise(points, shares)
        draw_mixture(ax, turned, mixture, MASS)
        draw_note(ax, turned, MASS)
        return told + captions.mixture(mixture)

    sliders = {
        f"responsibility_{n}": slider(f"point {n}", 0.0, 1.0, share, 0.01)
        for n, share in enumerate(responsibilities[:, 0], 1)
    }
    sections = {"Responsibility of component 1": sliders}
    return Explorer(figure, draw, sections | camera_sliders(view.n_dimensions))
