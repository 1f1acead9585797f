"""Stills: what is drawn, in which colour, with which labels; and that everything can be read."""

import itertools
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawn import dots
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from gmm_lab import Camera, Mixture, Step, em, figures, m_step, storyboard
from gmm_lab.pictures.colours import PALETTE
from gmm_lab.pictures.labels import ticks_of
from gmm_lab.pictures.stamps import HOLLOW

COLUMNS = ("bill length (mm)", "bill depth (mm)", "flipper length (mm)")


def texts(ax):
    """Return the texts of an Axes that hold a letter or a digit, and lie where they would be drawn."""
    ax.figure.draw_without_rendering()
    return [text for text in ax.texts if re.search(r"\w", text.get_text())]


def counts(ax):
    """Return colour and number of the dots that stand for points."""
    return {rounded(stamp.face[:3]): len(stamp.places) for stamp in dots(ax)}


def rounded(colour):
    return tuple(np.round(to_rgb(colour), 6))


def flat(n_dimensions):
    """Return a step in 1, 2 or 3 dimensions."""
    mixture = Mixture([0.4, 0.6], [[0] * n_dimensions, [4] * n_dimensions], [np.eye(n_dimensions)] * 2)
    points, _ = mixture.sample(300, rng=0)
    return Step(points, mixture, mixture.log_density(points).sum())


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
@pytest.mark.parametrize("name", ["plot_points", "plot_mixture", "plot_step"])
def test_every_dimension_goes_through_the_same_names(name, n_dimensions):
    step = flat(n_dimensions)
    what = {"plot_points": step.points, "plot_mixture": step.mixture, "plot_step": step}[name]
    ax = getattr(figures, name)(what)
    assert isinstance(ax, plt.Axes)
    _, given = plt.subplots()
    assert getattr(figures, name)(what, ax=given) is given
    assert len(plt.get_fignums()) == 2


def test_points_are_hollow_until_a_component_takes_them():
    (stamp,) = dots(figures.plot_points(np.eye(3)))
    assert (stamp.face, len(stamp.places)) == (HOLLOW, 3)


def test_colours_are_blended_by_responsibilities():
    shares = np.array([[1, 0], [0, 1], [0.5, 0.5], [0, 1]])
    first, second = (np.array(to_rgb(colour)) for colour in PALETTE[:2])
    found = counts(figures.plot_points(np.eye(4)[:, :2], responsibilities=shares))
    assert found == {rounded(first): 1, rounded(second): 2, rounded((first + second) / 2): 1}


def test_labels_have_the_components_colours():
    found = counts(figures.plot_points(np.eye(3), labels=[2, 0, 2]))
    assert found == {rounded(PALETTE[2]): 2, rounded(PALETTE[0]): 1}


def test_a_dot_is_where_its_point_is():
    ax = figures.plot_points([[1.0, 5.0], [2.0, 7.0]])
    (stamp,) = dots(ax)
    np.testing.assert_array_equal(stamp.places, [[1, 5], [2, 7]])


@pytest.mark.parametrize("n_dimensions", [2, 3])
def test_component_k_has_the_kth_colour_and_its_mass_is_told(n_dimensions):
    ax = figures.plot_mixture(flat(n_dimensions).mixture, mass=0.75)
    outlines = [each for each in ax.collections if isinstance(each, PolyCollection)][-1]
    np.testing.assert_allclose(outlines.get_edgecolor()[:, :3], [to_rgb(colour) for colour in PALETTE[:2]])
    shape = {2: "ellipses", 3: "ellipsoids"}[n_dimensions]
    assert f"{shape} hold 75 % of each component" in [text.get_text() for text in ax.texts]


def test_an_ellipse_is_drawn_where_the_covariance_says():
    """A circle of variance 4: 50 % of a Gaussian in 2-D lie within 2 * sqrt(2 ln 2)."""
    ax = figures.plot_mixture(Mixture([1], [[10, 20]], [[[4, 0], [0, 4]]]), mass=0.5)
    outline = ax.collections[0].get_paths()[0].vertices
    np.testing.assert_allclose(np.hypot(*(outline - [10, 20]).T), 2 * np.sqrt(2 * np.log(2)), rtol=1e-9)


def test_a_picture_in_one_dimension_is_a_density_over_a_histogram():
    step = flat(1)
    ax = figures.plot_step(step)
    bars = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert sum(bar.get_width() * bar.get_height() for bar in bars) == pytest.approx(1)
    total = next(line for line in ax.lines if line.get_linestyle() == "--")
    np.testing.assert_allclose(total.get_ydata(), np.exp(step.mixture.log_density(total.get_xdata()[:, None])))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "density")


def test_axes_are_named_with_units():
    assert {text.get_text() for text in texts(figures.plot_points(np.eye(3), columns=COLUMNS))} >= {*COLUMNS}
    ax = figures.plot_points(np.eye(2), columns=COLUMNS[:2])
    assert (ax.get_xlabel(), ax.get_ylabel()) == COLUMNS[:2]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (172, 231), (-1.3, 1.2), (1e-4, 9e-4), (2e6, 7e6)])
def test_ticks_stand_at_their_numbers(low, high):
    places, numbers, factor = ticks_of(low, high)
    values = np.array([float(number.replace("\N{MINUS SIGN}", "-")) for number in numbers]) * float(factor or 1)
    assert len(values) >= 2
    np.testing.assert_allclose(low + (places + 0.5) * (high - low), values, atol=1e-9 * (high - low))


def test_a_huge_offset_is_told_beside_the_name():
    points = np.random.default_rng(0).uniform(size=(20, 3)) + 1e8
    assert "x (+1e8)" in {text.get_text() for text in texts(figures.plot_points(points))}


@pytest.mark.parametrize("elevation", [-60, -20, 0, 20, 45, 70])
@pytest.mark.parametrize("azimuth", range(-180, 180, 25))
def test_nothing_written_is_clipped_from_any_side(penguins, azimuth, elevation):
    ax = figures.plot_points(penguins.points, columns=penguins.columns, camera=Camera(azimuth, elevation))
    inside = ax.figure.bbox.padded(1)
    written = texts(ax)
    assert len(written) > 6
    for text in written:
        box = text.get_window_extent()
        assert inside.x0 <= box.x0 and box.x1 <= inside.x1 and inside.y0 <= box.y0 and box.y1 <= inside.y1, text


@pytest.mark.parametrize("azimuth", range(30, 75, 5))
def test_numbers_and_names_do_not_overlap_from_the_usual_sides(penguins, azimuth):
    ax = figures.plot_points(penguins.points, columns=penguins.columns, camera=Camera(azimuth))
    numbers = [text.get_window_extent() for text in texts(ax) if text.get_text() not in penguins.columns]
    for one, other in itertools.combinations(numbers, 2):
        assert not one.overlaps(other)


def test_what_shares_axes_shares_the_view(penguins, penguins_fit):
    ax = figures.plot_points(penguins.points, columns=COLUMNS, camera=Camera(10, 30))
    before, limits = len(texts(ax)), (ax.get_xlim(), ax.get_ylim())
    figures.plot_mixture(penguins_fit.mixture, ax=ax)
    assert (ax.get_xlim(), ax.get_ylim()) == limits
    assert len(texts(ax)) == before + 1
    with pytest.raises(ValueError, match="these Axes show 3 dimensions, but 2 were given: draw on new Axes"):
        figures.plot_points(np.eye(2), ax=ax)


def test_nothing_is_shown_fitted_or_set_for_others(penguins_fit, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("plt.show was called"))
    settings = mpl.rcParams.copy()
    figures.plot_step(penguins_fit.steps[3])
    figures.plot_history(penguins_fit)
    figures.plot_responsibilities(penguins_fit.responsibilities[:9])
    storyboard(penguins_fit)
    assert mpl.rcParams == settings


def test_a_mixture_alone_is_seen_whole_with_little_room_around():
    """Its ellipses are tilted, far apart and of unlike size: none is cut off, and two sides of the box are near."""
    covariances = [[[4, 1.9], [1.9, 1]], [[0.1, 0], [0, 9]]]
    ax = figures.plot_mixture(Mixture([0.5, 0.5], [[0, 0], [20, 5]], covariances), mass=0.9)
    outlines = np.concatenate([path.vertices for path in ax.collections[0].get_paths()])
    low, high = np.transpose([ax.get_xlim(), ax.get_ylim()])
    size = np.ptp(outlines, axis=0)
    assert ((low < outlines.min(axis=0)) & (outlines.max(axis=0) < high)).all()
    assert (outlines.min(axis=0) - low < 0.15 * size).all() and (high - outlines.max(axis=0) < 0.15 * size).all()


def test_a_step_brings_its_names_unless_others_are_given(mixture, points):
    step = Step(points, mixture, 0.0, ("length", "depth"))
    for names, ax in (
        (("length", "depth"), figures.plot_step(step)),
        (("a", "b"), figures.plot_step(step, columns=["a", "b"])),
    ):
        assert (ax.get_xlabel(), ax.get_ylabel()) == names
    assert "ellipses hold 50 % of each component" in [t.get_text() for t in figures.plot_step(step, mass=0.5).texts]


def test_each_label_has_one_colour_also_where_one_is_left_out():
    found = counts(figures.plot_points(np.eye(4)[:, :2], labels=[0, 3, 3, 1]))
    assert found == {rounded(PALETTE[0]): 1, rounded(PALETTE[3]): 2, rounded(PALETTE[1]): 1}


def test_eight_labels_can_be_told_apart_and_nine_can_not():
    figures.plot_points(np.ones((8, 2)), labels=np.arange(8))
    with pytest.warns(UserWarning, match="9 labels share 8 colours") as caught:
        figures.plot_points(np.ones((9, 2)), labels=np.arange(9))
    assert caught[0].filename == __file__


def test_the_first_call_fixes_names_and_camera_of_its_axes():
    ax = figures.plot_points(np.eye(2), columns=["a", "b"])
    assert figures.plot_points(5 * np.eye(2), columns=["c", "d"], ax=ax) is ax
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("a", "b")
    assert ax.get_xlim()[1] < 2
    assert len(dots(ax)) == 2
    other = figures.plot_points(5 * np.eye(2))
    assert other is not ax and other.get_xlim()[1] > 5


# The log-likelihood


def test_history_shows_values_and_gains_per_point(penguins_fit, penguins):
    above, below = figures.plot_history(penguins_fit)
    np.testing.assert_array_equal(above.lines[0].get_ydata(), penguins_fit.log_likelihoods)
    gains = np.diff(penguins_fit.log_likelihoods) / len(penguins.points)
    np.testing.assert_allclose(below.lines[0].get_ydata(), gains)
    np.testing.assert_array_equal(below.lines[0].get_xdata(), np.arange(1, len(gains) + 1))
    assert below.get_yscale() == "log"
    assert "nats" in above.get_ylabel() and "nats" in below.get_ylabel()


def test_a_fall_is_marked(points, mixture):
    steps = [Step(points, mixture, value) for value in (-10, -4, -5, -2)]
    _, below = figures.plot_history(steps)
    rises, falls = below.lines
    assert (list(rises.get_xdata()), list(falls.get_xdata())) == ([1, 3], [2])
    assert falls.get_marker() == "v"
    assert rises.get_color() != falls.get_color()


@pytest.mark.parametrize("values", [[-5], [-5, -5]])
def test_a_history_without_gains_can_be_drawn(values, points, mixture):
    above, _ = figures.plot_history([Step(points, mixture, value) for value in values])
    above.figure.canvas.draw()


def test_values_and_gains_share_the_iterations_which_are_whole(penguins_fit):
    above, below = figures.plot_history(penguins_fit)
    above.figure.canvas.draw()
    assert above.get_shared_x_axes().joined(above, below)
    assert above.get_position().y0 >= below.get_position().y1
    ticks = below.get_xticks()
    assert (ticks == np.rint(ticks)).all()
    assert not any(label.get_visible() and label.get_text() for label in above.get_xticklabels())
    assert any(label.get_text() for label in below.get_xticklabels())
    assert (above.get_xlabel(), below.get_xlabel()) == ("", "iterations done")
    np.testing.assert_array_equal(above.lines[0].get_xdata(), np.arange(penguins_fit.n_iterations + 1))
    for ax in (above, below):
        assert any(line.get_visible() for line in ax.get_xgridlines())
        assert not ax.spines["top"].get_visible() and not ax.spines["right"].get_visible()


def test_a_short_history_has_no_half_iterations(points, mixture):
    below = figures.plot_history([Step(points, mixture, value) for value in (-10.0, -6, -5)]).gains
    ticks = below.get_xticks()
    assert (ticks == np.rint(ticks)).all()


def test_a_history_goes_into_the_axes_that_are_given(penguins_fit):
    _, given = plt.subplots()
    above, below = figures.plot_history(penguins_fit, ax=given)
    assert above is given
    assert below.figure is given.figure
    assert figures.plot_history(penguins_fit).log_likelihood is not given


def test_gains_are_counted_per_point_and_a_standstill_is_no_fall(points, mixture):
    steps = [Step(points, mixture, value) for value in (-10, -6, -6, -8)]
    rises, falls = figures.plot_history(steps).gains.lines
    np.testing.assert_allclose(rises.get_xydata(), [[1, 4 / len(points)], [2, 0]])
    np.testing.assert_allclose(falls.get_xydata(), [[3, 2 / len(points)]])
    assert falls.get_markersize() > rises.get_markersize()
    assert (rises.get_color(), falls.get_color()) == PALETTE[:2]


def test_gains_without_any_are_not_on_a_logarithmic_axis(points, mixture):
    still, growing = ([Step(points, mixture, value) for value in values] for values in ([-5, -5], [-5, -5, -4]))
    assert figures.plot_history(still).gains.get_yscale() == "linear"
    assert figures.plot_history(growing).gains.get_yscale() == "log"


# Responsibilities


def test_bars_are_stacked_from_the_first_point_down(rng):
    shares = rng.dirichlet([1, 1, 1], size=4)
    ax = figures.plot_responsibilities(shares)
    left = np.array([bar.get_x() for bar in ax.patches]).reshape(3, 4).T
    np.testing.assert_allclose(left, np.cumsum(shares, axis=1) - shares, atol=1e-15)
    rows = np.array([bar.get_y() + bar.get_height() / 2 for bar in ax.patches]).reshape(3, 4)
    np.testing.assert_allclose(rows, [[0, 1, 2, 3]] * 3)
    colours = np.array([bar.get_facecolor()[:3] for bar in ax.patches]).reshape(3, 4, 3)
    for k in range(3):
        np.testing.assert_allclose(colours[k], [to_rgb(PALETTE[k])] * 4)
    assert ax.get_xlim() == (0, 1)
    low, high = ax.get_ylim()
    assert high < 0 < 3 < low  # the first stands on top
    np.testing.assert_array_equal(ax.get_yticks(), [0, 1, 2, 3])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("responsibility", "point")
    assert [side for side, spine in ax.spines.items() if spine.get_visible()] == ["left", "bottom"]


def test_shares_are_written_in_the_middle_of_bars_that_hold_a_number():
    ax = figures.plot_responsibilities([[0.93, 0.07], [0.08, 0.92], [0.5, 0.5]])
    ax.figure.canvas.draw()
    assert [text.get_text() for text in ax.texts] == ["0.93", "0.08", "0.50", "", "0.92", "0.50"]
    for text, bar in zip(ax.texts, ax.patches, strict=True):
        if text.get_text():
            bounds = text.get_window_extent().transformed(ax.transData.inverted())
            assert (bounds.x0 + bounds.x1) / 2 == pytest.approx(bar.get_x() + bar.get_width() / 2, abs=0.01)
            assert abs((bounds.y0 + bounds.y1) / 2 - (bar.get_y() + bar.get_height() / 2)) < 0.15


@pytest.mark.parametrize(("n_components", "n_columns"), [(1, 1), (3, 3), (4, 4), (6, 4)])
def test_the_legend_stands_above_the_bars_in_at_most_four_columns(n_components, n_columns):
    ax = figures.plot_responsibilities(np.full((5, n_components), 1 / n_components))
    ax.figure.canvas.draw()
    legend = ax.get_legend()
    assert legend._ncols == n_columns
    bounds = legend.get_window_extent()
    assert bounds.y0 >= ax.bbox.y1
    assert (bounds.x0 + bounds.x1) / 2 == pytest.approx((ax.bbox.x0 + ax.bbox.x1) / 2, abs=2)


def test_forty_bars_can_be_read_each_as_high_as_of_a_few():
    heights = {}
    for n_points in (1, 5, 40):
        ax = figures.plot_responsibilities(np.ones((n_points, 1)))
        ax.figure.draw_without_rendering()
        heights[n_points] = ax.get_window_extent().height / n_points
        assert len(ax.patches) == n_points
    assert heights[40] == pytest.approx(heights[5], rel=0.35)
    _, given = plt.subplots()
    assert figures.plot_responsibilities(np.ones((2, 1)), ax=given) is given


def test_bars_are_shares(penguins_fit):
    shares = penguins_fit.responsibilities[:5]
    ax = figures.plot_responsibilities(shares)
    widths = np.array([bar.get_width() for bar in ax.patches]).reshape(3, 5).T
    np.testing.assert_allclose(widths, shares, atol=1e-15)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["component 1", "component 2", "component 3"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["1", "2", "3", "4", "5"]


# What can't be drawn


@pytest.mark.parametrize(
    ("draw", "error", "message"),
    [
        (
            lambda: figures.plot_points(np.ones((5, 4))),
            ValueError,
            "points has 4 columns, but a picture shows",
        ),
        (lambda: figures.plot_points([[1, np.nan]]), ValueError, "points holds nan"),
        (
            lambda: figures.plot_points(np.eye(3), labels=[0, 1]),
            ValueError,
            "for 2 points, but points has 3 rows",
        ),
        (lambda: figures.plot_points(np.eye(3), labels=list("abc")), ValueError, "labels is an array of <U1 of shape"),
        (lambda: figures.plot_points(np.eye(3), labels=[0, -1, 0]), ValueError, "whole numbers from 0"),
        (lambda: figures.plot_points(np.eye(3), labels=[0.5, 1, 0]), ValueError, "labels is an array of float64"),
        (lambda: figures.plot_points(np.eye(3), responsibilities=np.eye(2)), ValueError, "given for 2 points"),
        (lambda: figures.plot_points(np.eye(3), columns=["a"]), ValueError, "columns has 1 names, but points has 3"),
        (lambda: figures.plot_mixture(3), TypeError, "mixture is 3, but a Mixture was expected"),
        (lambda: figures.plot_mixture(flat(2).mixture, mass=1), ValueError, "mass is 1, but a number between 0 and 1"),
        (lambda: figures.plot_mixture(flat(2).mixture, mass="all"), TypeError, "mass is 'all', but a number"),
        (lambda: figures.plot_step(flat(2).mixture), TypeError, "step is <Mixture .*>, but a Step was expected"),
        (lambda: figures.plot_history([]), TypeError, r"history is \[\], but a Fit or a list of at least one Step was"),
        (lambda: figures.plot_history(7), TypeError, "history is 7, but a Fit"),
        (
            lambda: figures.plot_responsibilities(np.ones((41, 1))),
            ValueError,
            "41 rows, but at most 40 bars can be",
        ),
        (lambda: storyboard(7), TypeError, "history is 7, but a Fit"),
        (lambda: storyboard([flat(2)], n_frames=1), ValueError, "n_frames is 1, but at least 2 was expected"),
    ],
)
def test_what_cannot_be_drawn_is_told(draw, error, message):
    with pytest.raises(error, match=message):
        draw()


# The storyboard


@pytest.mark.parametrize(("n_frames", "shape"), [(4, (2, 2)), (5, (2, 3)), (6, (2, 3))])
def test_a_storyboard_shows_the_start_and_the_end(penguins_fit, n_frames, shape):
    figure = storyboard(penguins_fit, n_frames)
    titles = [ax.get_title(loc="left") for ax in figure.axes if ax.get_title(loc="left")]
    assert len(titles) == n_frames
    assert titles[0].startswith("Start")
    assert not any("not shown" in title for title in titles)
    assert titles[-1].startswith(f"After {penguins_fit.n_iterations} iterations")
    assert figure.axes[0].get_subplotspec().get_geometry()[:2] == shape


def test_a_short_history_gives_a_short_storyboard(points, mixture):
    steps = list(itertools.islice(em(points, mixture, m_step=m_step), 2))
    figure = storyboard(steps)
    assert [ax.get_title(loc="left").split("\n")[0] for ax in figure.axes] == [
        "Start",
        "Iteration 1, E-step: each point is coloured anew",
        "Iteration 1, M-step: the ellipses move to their points",
        "After 1 iteration",
    ]
