"""The explorer of lesson 5: a fit, half-step by half-step, from any start."""

import warnings
from functools import lru_cache

import ipywidgets as widgets
import numpy as np
from matplotlib.lines import Line2D

from gmm_lab.explorers.controls import camera_of, camera_sliders, choice, slider
from gmm_lab.explorers.explorer import Explorer
from gmm_lab.explorers.marks import draw_ring, draw_shares, new_figure, panel, shares_panel, tell_point
from gmm_lab.fitting import fit
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.colours import PALETTE
from gmm_lab.pictures.figures import MASS
from gmm_lab.pictures.half_steps import half_steps
from gmm_lab.pictures.rendering import draw_half_step
from gmm_lab.pictures.scene import draw_frame, draw_note
from gmm_lab.pictures.style import in_style
from gmm_lab.pictures.thinning import ALONE, thinned, thinning
from gmm_lab.validation import Columns, Points, points_and_names, whole_number

SEEDS = 12
SAME = 1.0  # nats: ends that differ by less are the same hill
PACE = 500  # ms between the half-steps while it plays


@in_style
def em(points: Points, n_components: int, columns: Columns = None) -> Explorer:
    """Explore fits of `n_components` Gaussians: play, pause, step or scrub through their half-steps, from 24 starts.

    points : (N, D), D from 1 to 3.  columns : D axis labels with units.  Raises what `fit` does.
    """
    points, columns = points_and_names(points, columns)
    thin, points = thinning(len(points), ALONE), thinned(points)
    n_components = whole_number(n_components, "n_components", 1)
    figure = new_figure(620, 460)
    panels = _panels(figure, points.shape[1], n_components)

    @lru_cache(maxsize=2 * SEEDS)
    def run(start, seed):
        with warnings.catch_warnings():  # the picture shows what they would tell
            warnings.simplefilter("ignore", RuntimeWarning)
            return fit(points, n_components, start=start, rng=seed)

    def frames(start, seed):
        return half_steps(run(start, seed), max_frames=2 * len(run(start, seed).steps) + 2)

    def draw(half_step, start, seed, point, **settings):
        shown = frames(start, seed)
        frame = shown[min(half_step, len(shown) - 1)]
        turned = View.of(run(start, seed).steps, MASS, columns, camera_of(settings))
        draw_frame(panels["scene"], turned, quick=True)
        draw_half_step(panels["scene"], turned, frame, MASS)
        draw_note(panels["scene"], turned, MASS)
        draw_ring(panels["scene"], turned, points[point - 1])
        ends = np.array([run(start, other).log_likelihood for other in range(SEEDS)])
        _draw_climb(panels["climb"], run(start, seed), frame)
        _draw_ends(panels["ends"], ends, seed)
        told_frame, told = frame.caption.replace("\n", ":\n"), _tell_end(run(start, seed), ends, thin)
        if frame.coloured_by is None:
            return f"{told_frame}.\nPoint {point} has no responsibilities yet.\n{told}"
        responsibilities = frame.coloured_by.responsibilities
        draw_shares(panels["shares"], responsibilities[point - 1], point)
        return f"{told_frame}.\n{tell_point(points, responsibilities, point)}\n{told}"

    scrub = slider("half-step", 0, len(frames("k-means++", 0)) - 1, 0)
    starts = {"start": choice("start", ["k-means++", "random"], "k-means++"), "seed": slider("seed", 0, SEEDS - 1, 0)}

    def fit_range(change):
        scrub.max = len(frames(starts["start"].value, starts["seed"].value)) - 1

    for control in starts.values():
        control.observe(fit_range, "value")
    sections = {
        "Half-steps": {"half_step": scrub},
        "Where it starts": starts,
        "One point": {"point": slider("point", 1, len(points), 1)},
        **camera_sliders(points.shape[1]),
    }
    return Explorer(figure, draw, sections, [_transport(scrub)])


def _transport(scrub):
    """Return buttons that play, pause and step. The browser itself moves the slider while it plays."""
    pace = widgets.Play(min=0, max=scrub.max, interval=PACE, layout={"display": "none"})  # its buttons have no names
    playing = "playing" if pace.has_trait("playing") else "_playing"  # as ipywidgets 7 calls it
    widgets.jslink((pace, "value"), (scrub, "value"))
    widgets.dlink((scrub, "max"), (pace, "max"))
    play = widgets.Button(layout={"width": "8em"})
    widgets.dlink((pace, playing), (play, "description"), lambda on: "❚❚ pause" if on else "▶ play")

    def toggle(_):
        on = getattr(pace, playing)
        if scrub.value == scrub.max and not on:
            scrub.value = 0
        setattr(pace, playing, not on)

    play.on_click(toggle)
    buttons = []
    for text, step in (("◀ back", -1), ("next ▶", 1)):
        button = widgets.Button(description=text, layout={"width": "5.5em"})
        button.on_click(lambda _, step=step: setattr(scrub, "value", scrub.value + step))
        buttons.append(button)
    return widgets.HBox([pace, play, *buttons], layout={"flex_flow": "row wrap"})


def _panels(figure, n_dimensions, n_components):
    panels = {
        "scene": figure.add_axes((0, 0.3, 0.7, 0.7) if n_dimensions == 3 else (0.09, 0.4, 0.58, 0.58)),
        "shares": shares_panel(figure, (0.77, 0.46, 0.21, 0.44), n_components),
        "climb": panel(figure, (0.12, 0.09, 0.48, 0.16), "log-likelihood (nats)", "iterations done"),
        "ends": panel(figure, (0.73, 0.09, 0.26, 0.16), "where each seed ends", "seed"),
    }
    panels["ends"].set_xlim(-0.7, SEEDS - 0.3)
    return panels


def _draw_climb(ax, result, frame):
    """Draw the log-likelihood of the whole run, and a dot at the mixture that the scene shows."""
    values = result.log_likelihoods
    room = 0.1 * np.ptp(values) + 1e-9
    ax.set(xlim=(-0.5, max(len(values) - 1, 1) + 0.5), ylim=(values.min() - room, values.max() + room))
    ax.add_line(Line2D(range(len(values)), values, color=PALETTE[0], lw=1, marker="o", ms=2))
    ax.add_line(Line2D([frame.number], [frame.step.log_likelihood], color=PALETTE[1], marker="o", ms=7))


def _draw_ends(ax, ends, seed):
    """Draw the last log-likelihood of each seed; equal heights are the same hill."""
    room = 0.15 * np.ptp(ends) + SAME
    ax.set_ylim(ends.min() - room, ends.max() + room)
    ax.add_line(Line2D(range(len(ends)), ends, ls="", color=PALETTE[0], marker="o", ms=4))
    ax.add_line(Line2D([seed], [ends[seed]], color=PALETTE[1], marker="o", ms=7))


def _tell_end(result, ends, thin):
    best = int((ends > ends.max() - SAME).sum())
    ending = "ends" if result.converged else "has not converged"
    told = (
        f"This run {ending} at {result.log_likelihood:.6g} after {result.n_iterations} iterations;"
        f" {best} of {len(ends)} seeds end at the best, {ends.max():.6g}."
    )
    return f"{told}\n{thin}" if thin else told
