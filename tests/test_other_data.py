"""Pictures beyond the lessons' data: narrow, far off, flat, many, and with any name."""

import io
import re
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from drawn import badges
from matplotlib.colors import to_rgb

from gmm_lab import Mixture, Step, animate, captions, datasets, explorers, figures, fit, play, receipt, storyboard
from gmm_lab.explorers.explorer import Explorer
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.colours import PALETTE
from gmm_lab.pictures.half_steps import half_steps
from gmm_lab.pictures.rendering import SIZE, _top, render

NAMES = (
    r"$\alpha$ (µm)",
    "x_1^2 %",
    "$",
    "$broken {",
    "\U0001f427 weight",
    "体重 (kg)",
    "وزن",
    r"C:\new\table",
    "a\nb",
    "",
    "<b>&amp;",
)


def histories(points, n_components, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return fit(points, n_components, **options)


def all_pictures(points, n_components, tmp_path, columns=None):
    """Draw everything that there is of a table, and drop it: the pictures must come without an error or a warning.

    Of a history the start and the end are shown, with every kind of half-step.
    """
    found = histories(points, n_components)
    ends = [found.steps[0], found.steps[-1]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        few = min(len(points), 6)
        made = (
            explorers.density(points, found.mixture, columns),
            explorers.e_step(points, found.mixture, columns),
            explorers.m_step(points[:few], np.full((few, 2), 0.5), columns),
            explorers.animation(found, tmp_path / "never.gif", columns),
        )
        for explorer in made:
            control = next(iter(explorer.controls.values()))
            control.value = control.options[-1] if hasattr(control, "options") else control.max
        ax = figures.plot_points(points, responsibilities=found.responsibilities, columns=columns)
        figures.plot_mixture(found.mixture, ax=ax)
        figures.plot_step(found.steps[-1], columns=columns)
        storyboard(ends, 2, columns=columns)
        for number in plt.get_fignums():
            plt.figure(number).savefig(io.BytesIO())
        animate(ends, tmp_path / "a.gif", columns=columns)
        play(ends, columns=columns)
        captions.points(points, columns=columns)


# 1-D: the curves fit in, at their true height


@pytest.fixture
def waits():
    return datasets.old_faithful().points[:, 1:]


def test_an_animation_in_one_dimension_holds_its_curves(waits):
    """Every frame has both badges in the scene, and a dashed curve above them that is not cut off."""
    found = fit(waits, 2)
    frames = half_steps(found)
    view = View.of(found.steps, 0.9)
    for picture in render(frames, view, 0.9, 0):
        scene = np.asarray(picture)[41 : int(0.69 * SIZE)].astype(int)
        for colour in PALETTE[:2]:
            rows = np.argwhere((np.abs(scene - np.multiply(255, to_rgb(colour))) < 12).all(axis=2))[:, 0]
            assert rows.min() > 8
            assert np.ptp(rows) > 30


@pytest.mark.parametrize("deviation", [1e-2, 1e-5])
def test_a_narrow_component_has_its_peak_and_its_badge_there(deviation):
    mixture = Mixture([0.5, 0.5], [[30.123456789], [70]], [[[deviation**2]], [[100]]])
    ax = figures.plot_points(np.linspace(0, 100, 200)[:, None])
    figures.plot_mixture(mixture, ax=ax)
    peak = 0.5 / np.sqrt(2 * np.pi) / deviation
    narrow = ax.lines[0]
    assert narrow.get_color() == PALETTE[0]
    assert narrow.get_ydata().max() == pytest.approx(peak, rel=1e-9)
    assert badges(ax)[0][0] == pytest.approx([30.123456789, peak], rel=1e-9)
    assert ax.get_ylim()[1] > peak


def test_components_far_apart_both_have_a_curve():
    points = np.random.default_rng(0).normal([[0, 1000]] * 100).ravel()[:, None]
    ax = figures.plot_step(fit(points, 2).steps[-1])
    curves = [line for line in ax.lines if len(line.get_xdata()) > 1]
    peaks = [curve.get_ydata().max() for curve in curves]
    assert peaks == pytest.approx([0.2] * 3, rel=0.15)


def test_the_top_of_an_animation_is_its_highest_peak():
    points = np.random.default_rng(0).normal([[0, 0.01]] * 100) * [1, 0] + np.array([0, 1])
    values = np.append(points[:, 0], 5 + 0.01 * np.random.default_rng(1).normal(size=50))[:, None]
    found = fit(values, 2)
    highest = max(np.exp(step.mixture.log_density(step.mixture.means)).max() for step in found.steps)
    frames = half_steps(found)
    assert _top(frames, View.of(found.steps, 0.9)) >= highest


# Offsets, constants, and many


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_timestamps_have_axes_of_their_own_spread(n_dimensions, tmp_path):
    points = 1.7e9 + 0.3 * np.random.default_rng(0).normal(size=(60, n_dimensions))
    view = View.around(points)
    assert (view.high - view.low < 3).all()
    assert (view.low < points.min(axis=0)).all()
    all_pictures(points, 2, tmp_path)


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_a_constant_column_is_drawn(n_dimensions, tmp_path):
    for value in (0, -1e9):
        points = np.random.default_rng(0).normal(size=(40, n_dimensions))
        points[:, -1] = value
        view = View.around(points)
        assert (view.low < points.min(axis=0)).all()
        assert (view.high > points.max(axis=0)).all()
        assert isinstance(explorers.em(points, 1), Explorer)
        all_pictures(points, 1, tmp_path)


@pytest.mark.parametrize("unit", [1e-12, 1e12])
def test_other_units_are_drawn(unit, tmp_path, penguins):
    all_pictures(penguins.points[::9] * unit, 2, tmp_path)


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_more_than_twenty_components_are_drawn(n_dimensions, tmp_path):
    rng = np.random.default_rng(0)
    points = rng.normal(size=(300, n_dimensions))
    n_components = 23
    means = rng.normal(size=(n_components, n_dimensions))
    mixture = Mixture(np.full(n_components, 1 / n_components), means, [0.1 * np.eye(n_dimensions)] * n_components)
    step = Step(points, mixture, mixture.log_density(points).sum())
    figures.plot_step(step).figure.savefig(tmp_path / "a.png")
    animate([step, step], tmp_path / "a.gif")
    assert isinstance(explorers.e_step(points, mixture), Explorer)


def test_one_point_is_drawn(tmp_path):
    found = fit([[3.0, 4.0]], 1)
    figures.plot_step(found.steps[-1]).figure.savefig(tmp_path / "a.png")
    animate(found, tmp_path / "a.gif")


def test_more_labels_than_colours_are_told(points):
    with pytest.warns(UserWarning, match=r"10 labels share 8 colours, so that some can't be told apart: draw fewer"):
        figures.plot_points(points, labels=np.arange(len(points)) % 10)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures.plot_points(points, labels=np.arange(len(points)) % 8)


# Names are shown as they are


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_any_name_is_shown_literally_and_in_silence(n_dimensions, tmp_path):
    points = np.random.default_rng(0).normal(size=(30, n_dimensions))
    for first in range(0, len(NAMES), 3):  # the names of all dimensions together are all names
        names = (NAMES * 2)[first + n_dimensions - 1 :][:n_dimensions]
        all_pictures(points, 1, tmp_path, columns=names)
        ax = figures.plot_points(pd.DataFrame(points, columns=names))
        texts = {text.get_text(): text for text in ax.figure.findobj(plt.Text)}
        assert not any(texts[name].get_parse_math() for name in names if name)
        assert all(name in captions.points(points, columns=names) for name in names)
        plt.close("all")


def test_a_formula_is_no_formula():
    """A name between dollars is as wide as its letters, not as the symbol that it would be."""
    widths = {}
    for name in (r"$\alpha$", r"\$\alpha\$"):
        ax = figures.plot_points(np.eye(2), columns=[name, "y"])
        ax.figure.canvas.draw()
        widths[name] = ax.xaxis.label.get_window_extent().width
    assert widths[r"$\alpha$"] > 40


# What is of a wrong type


@pytest.mark.parametrize(
    ("use", "error", "message"),
    [
        (lambda ax: explorers.em("penguins", 2), TypeError, "points holds values of type <U8"),
        (lambda ax: explorers.em(np.eye(2), "2"), TypeError, "n_components is '2', but a whole number"),
        (lambda ax: explorers.em(np.eye(4), 2), ValueError, "points has 4 columns, but a picture shows 1, 2 or 3"),
        (lambda ax: explorers.density(np.eye(2), None), TypeError, "mixture is None, but a Mixture was expected"),
        (
            lambda ax: explorers.e_step(None, datasets.eight_points_start()),
            TypeError,
            "points holds values of type obj",
        ),
        (lambda ax: explorers.m_step(np.eye(2), "half"), TypeError, "responsibilities holds values of type <U4"),
        (lambda ax: explorers.mixture([1, 2]), TypeError, r"start is \[1, 2\], but a Mixture was expected"),
        (lambda ax: explorers.animation(7, "a.gif"), TypeError, "history is 7, but a Fit"),
        (lambda ax: captions.points("abc"), TypeError, "points holds values of type <U3"),
        (lambda ax: captions.points(np.eye(2), labels="ab"), ValueError, "labels is an array of <U2"),
        (lambda ax: captions.mixture(fit(np.eye(2), 1)), TypeError, "mixture is <Fit.*, but a Mixture was expected"),
        (lambda ax: captions.step(3, 1), TypeError, "step is 3, but a Step was expected"),
        (lambda ax: captions.responsibilities("all"), TypeError, "responsibilities holds values of type <U3"),
        (lambda ax: receipt([1]), TypeError, r"golden is \[1\], but \{name: \(found, expected\)\} was expected"),
        (lambda ax: receipt({"a": 1}), TypeError, r"golden is \{'a': 1\}, but \{name: \(found, expected\)\}"),
        (lambda ax: receipt({"a": ("1", 2)}), TypeError, r"golden is .*, but \{name: \(found, expected\)\} was"),
        (lambda ax: figures.plot_points(np.eye(2), ax=ax.figure), TypeError, "ax is .*, but flat Axes of Matplotlib"),
        (lambda ax: figures.plot_points(np.eye(2), ax="here"), TypeError, "ax is 'here', but flat Axes of Matplotlib"),
        (lambda ax: figures.plot_history(fit(np.eye(2), 1), ax=3), TypeError, "ax is 3, but flat Axes"),
        (lambda ax: figures.plot_responsibilities(np.eye(2), ax=3), TypeError, "ax is 3, but flat Axes"),
        (lambda ax: figures.plot_step(fit(np.eye(2), 1).steps[0], ax=3), TypeError, "ax is 3, but flat Axes"),
        (lambda ax: figures.plot_points(np.eye(2), camera=30), TypeError, "camera is 30, but a Camera was expected"),
        (
            lambda ax: figures.plot_mixture(datasets.eight_points_start(), mass=90),
            ValueError,
            "mass is 90, but a number",
        ),
        (
            lambda ax: figures.plot_mixture(datasets.eight_points_start(), mass=None),
            TypeError,
            "mass is None, but a num",
        ),
        (lambda ax: animate(fit(np.eye(2), 1), "a.gif", mass="90 %"), TypeError, "mass is '90 %', but a number"),
        (lambda ax: play(fit(np.eye(2), 1), mass=[0.9]), TypeError, r"mass is \[0.9\], but a number"),
        (lambda ax: storyboard(fit(np.eye(2), 1), mass=True), TypeError, "mass is True, but a number"),
    ],
)
def test_a_wrong_type_is_told(use, error, message):
    ax = figures.axes()
    with warnings.catch_warnings(), pytest.raises(error, match=message):
        warnings.simplefilter("ignore", RuntimeWarning)
        use(ax)


def test_axes_of_a_3d_plot_are_refused():
    ax = plt.figure().add_subplot(projection="3d")
    with pytest.raises(TypeError, match=re.escape("but flat Axes of Matplotlib were expected: try ax=figures.axes()")):
        figures.plot_points(np.eye(3), ax=ax)
