"""The explorer of lesson 1: a mixture whose parameters are sliders, and points drawn from it."""

import numpy as np

from gmm_lab import captions
from gmm_lab.datasets import three_gaussians_truth
from gmm_lab.explorers.controls import camera_of, camera_sliders, slider
from gmm_lab.explorers.explorer import Explorer
from gmm_lab.explorers.marks import new_figure
from gmm_lab.mixture import Mixture
from gmm_lab.pictures.camera import Camera, View, extent
from gmm_lab.pictures.figures import MASS
from gmm_lab.pictures.scene import draw_frame, draw_mixture, draw_note, draw_points
from gmm_lab.pictures.style import in_style
from gmm_lab.validation import instance

ACROSS = Camera(azimuth=-40)  # to see an axis that is turned by 45 degrees from the side
SMALLEST_WEIGHT = 0.05  # so that there is always something to divide by


@in_style
def mixture(start: Mixture | None = None) -> Explorer:
    """Explore a mixture in 3-D: its weights, the mean and covariance of its component 1, and points drawn from it.

    start : the Mixture to begin with; without it, the mixture of the three clouds. Its component 1 begins upright:
    axes of its ellipsoid along x, y and z. Raises ValueError where it is not in 3-D.
    """
    start = instance(three_gaussians_truth() if start is None else start, Mixture, "start", "three_gaussians_truth()")
    if start.n_dimensions != 3:
        raise ValueError(f"start lives in {start.n_dimensions} dimensions, but 3 were expected: give means (K, 3)")
    view = View.around(extent(start, 0.99))
    figure = new_figure(520, 480)
    ax = figure.add_axes((0, 0, 1, 1))

    def draw(n_points, seed, **settings):
        shown = _mixture_of(settings, start)
        points, labels = shown.sample(n_points, rng=seed)
        turned = View(view.low, view.high, view.columns, camera_of(settings))
        draw_frame(ax, turned, quick=True)
        draw_points(ax, turned, points, np.eye(start.n_components)[labels])
        draw_mixture(ax, turned, shown, MASS)
        draw_note(ax, turned, MASS)
        counts = ", ".join(map(str, np.bincount(labels, minlength=start.n_components)))
        total = sum(settings[name] for name in _weight_names(start))
        variances = ", ".join(f"{variance:.4f}" for variance in np.diagonal(shown.covariances[0]))
        weights = ", ".join(f"{weight:.3f}" for weight in shown.weights)
        return (
            f"The sliders add up to {total:.2f}; divided by that, the weights are {weights}.\n"
            f"{captions.mixture(shown)}\nVariances of component 1 along x, y, z: {variances}.\n"
            f"Points drawn from each component: {counts}, of {n_points}."
        )

    return Explorer(figure, draw, _sections(start, view))


def _weight_names(start):
    return [f"weight_{k}" for k in range(1, start.n_components + 1)]


def _mixture_of(settings, start):
    """Return the valid mixture that the settings describe: its weights add up to 1, axes and angles a covariance."""
    weights = np.array([settings[name] for name in _weight_names(start)])
    means, covariances = start.means.copy(), start.covariances.copy()
    means[0] = [settings[f"mean_{axis}"] for axis in "xyz"]
    turn, tilt = np.radians([settings["turn"], settings["tilt"]])
    about_y = [[np.cos(tilt), 0, np.sin(tilt)], [0, 1, 0], [-np.sin(tilt), 0, np.cos(tilt)]]
    about_z = [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]
    rooted = np.array(about_z) @ about_y * [settings[f"length_{axis}"] for axis in (1, 2, 3)]
    covariances[0] = rooted @ rooted.T
    return Mixture(weights / weights.sum(), means, covariances)


def _sections(start, view):
    lengths = np.sqrt(np.diagonal(start.covariances[0]))
    size = float((view.high - view.low).max())
    weights = {
        name: slider(f"weight of {k}", SMALLEST_WEIGHT, 1.0, start.weights[k - 1] / start.weights.max(), 0.01)
        for k, name in enumerate(_weight_names(start), start=1)
    }
    means = {
        f"mean_{axis}": slider(f"mean {axis}", low, high, mean, size / 100)
        for axis, low, high, mean in zip("xyz", view.low, view.high, start.means[0], strict=True)
    }
    axes = {
        f"length_{axis}": slider(f"sigma, axis {axis}", size / 100, size / 5, length, size / 500)
        for axis, length in enumerate(lengths, start=1)
    }
    angles = {"turn": slider("turn about z (°)", 0, 180, 0, 5), "tilt": slider("tilt (°)", 0, 90, 0, 5)}
    points = {"n_points": slider("points", 100, 5000, 1500, 100), "seed": slider("seed", 0, 20, 0)}
    return {
        "Weights": weights,
        "Component 1": means | axes | angles,
        "Points": points,
        **camera_sliders(3, ACROSS),
    }
