"""What a view shows: where components and points are drawn, in which order, and how a curve is followed."""

import numpy as np
import pytest
from drawn import badges, dots
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from gmm_lab import Camera, Mixture
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.colours import PALETTE, component_colour, ink_on
from gmm_lab.pictures.curves import MOST_BARS, REACH, _edges, _grid, tallest
from gmm_lab.pictures.scene import (
    _blends,
    draw_frame,
    draw_mixture,
    draw_note,
    draw_points,
    ellipsoid_radius,
    mass_note,
)
from gmm_lab.pictures.stamps import BADGE, HOLLOW, Stamps
from gmm_lab.pictures.thinning import MOST_DRAWN

MEANS = np.array([[-1.0, 2, 0.5], [3, -2, 1], [0, 0, -2]])
COVARIANCES = np.array([np.diag([1.0, 2, 0.5]), [[2, 1, 0], [1, 1, 0], [0, 0, 1]], 0.2 * np.eye(3)])
WEIGHTS = np.array([0.5, 0.3, 0.2])


def three(n_dimensions):
    """Return a mixture of three unlike components."""
    return Mixture(WEIGHTS, MEANS[:, :n_dimensions], COVARIANCES[:, :n_dimensions, :n_dimensions])


def scene(n_dimensions, camera=None, **figure):
    """Return plain Axes and the view of a box of six units to each side."""
    view = View.around([[-6] * n_dimensions, [6] * n_dimensions], camera=camera)
    return Figure(**figure).add_subplot(), view


# Colours


def test_colours_come_round_after_eight():
    assert [component_colour(k) for k in range(17)] == [*PALETTE, *PALETTE, PALETTE[0]]
    assert len(set(PALETTE)) == 8


def test_ink_on_a_colour_has_the_contrast_that_reading_needs():
    def luminance(colour):  # as WCAG 2 defines it
        parts = np.array(to_rgb(colour))
        return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    for colour in ("#000000", "#0072B2", "#F0E442", "#E69F00", "#ffffff", "#300080", "#00ff00", "#0000ff", "#ffff00"):
        contrast = {"white": 1.05 / (luminance(colour) + 0.05), "black": (luminance(colour) + 0.05) / 0.05}
        assert contrast[ink_on(colour)] >= 4.5, colour


@pytest.mark.parametrize("n_components", [1, 2, 3, 7, 20, 21, 23, 40])
def test_a_blend_is_close_to_the_shares_that_it_stands_for(n_components, rng):
    shares = rng.dirichlet(np.full(n_components, 0.2), size=300)
    blends, blend_of = _blends(shares)
    assert blends.min() >= 0
    np.testing.assert_allclose(blends.sum(axis=1), 1)
    assert np.ravel(blend_of).shape == (300,)
    off = np.abs(blends[np.ravel(blend_of)] - shares)
    assert off.mean(axis=0).max() < 0.07
    if n_components <= 3:
        assert len(blends) < 60  # few, so that few artists draw all points
        assert off.max() < 0.15
    pure, which = _blends(np.eye(n_components))
    np.testing.assert_allclose(pure[np.ravel(which)], np.eye(n_components), atol=1e-6)


# Frames


def test_flat_axes_reach_from_end_to_end_of_the_view():
    ax, view = scene(2)
    draw_frame(ax, view)
    np.testing.assert_array_equal([ax.get_xlim(), ax.get_ylim()], np.transpose([view.low, view.high]))
    assert (ax.get_xlabel(), ax.get_ylabel()) == view.columns
    assert not ax.spines["top"].get_visible() and not ax.spines["right"].get_visible()
    assert ax.spines["left"].get_visible()


def test_densities_stand_on_the_axis_and_leave_room_above():
    ax, view = scene(1)
    draw_frame(ax, view, 4.0)
    assert ax.get_xlim() == (view.low[0], view.high[0])
    low, high = ax.get_ylim()
    assert low == 0
    assert 4.2 < high < 5
    ax, _ = scene(1)
    draw_frame(ax, view)
    ax.plot([0, 1], [0, 1])
    assert ax.get_ylim()[1] == pytest.approx(1.1)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "density")


# Points


@pytest.mark.parametrize("n_dimensions", [2, 3])
def test_every_point_is_a_dot_where_the_view_says_in_its_own_blend(n_dimensions, rng):
    ax, view = scene(n_dimensions)
    points = rng.normal(size=(30, n_dimensions))
    labels = np.arange(30) % 3
    draw_points(ax, view, points, np.eye(3)[labels])
    assert len(dots(ax)) == 3
    for stamp in dots(ax):
        (k,) = (k for k in range(3) if np.allclose(stamp.face[:3], to_rgb(PALETTE[k]), atol=1e-6))
        np.testing.assert_array_equal(stamp.places, view.project(points)[labels == k])


def test_more_points_have_smaller_dots_which_can_still_be_seen(rng):
    sizes = []
    for n_points in (1, 50, 100, 400, 1000, 10_000, 100_000):
        ax, view = scene(2)
        draw_points(ax, view, np.zeros((n_points, 2)))
        sizes.append(dots(ax)[0].size)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] < 12 and sizes[-1] > 1.5
    assert sizes[2] == pytest.approx(2 * sizes[3])  # dots take up as much of the picture in all
    assert sizes[4] > sizes[5] == sizes[6]


def test_bars_of_a_component_hold_its_share_of_the_points(rng):
    ax, view = scene(1)
    shares = rng.dirichlet([1, 2, 3], size=200)
    draw_points(ax, view, rng.normal(size=(200, 1)), shares)
    bars = [patch for patch in ax.patches if patch.get_height()]
    for k in range(3):
        mine = [bar for bar in bars if np.allclose(bar.get_facecolor()[:3], to_rgb(PALETTE[k]))]
        assert sum(bar.get_width() * bar.get_height() for bar in mine) == pytest.approx(shares[:, k].mean())
    tops = {}
    for bar in bars:  # stacked, not one before the other
        assert bar.get_y() == pytest.approx(tops.get(bar.get_x(), 0))
        tops[bar.get_x()] = bar.get_y() + bar.get_height()


@pytest.mark.parametrize("outlier", [3, 1e4, 1e9])
def test_bars_are_as_wide_as_the_middle_half_of_the_points_says(outlier, rng):
    """As Freedman and Diaconis have it, unless an outlier would ask for more bars than can be drawn."""
    values = np.append(rng.normal(size=999), outlier)
    edges = _edges(values)
    assert (edges[0], edges[-1]) == (values.min(), values.max())
    assert len(edges) - 1 <= MOST_BARS
    if outlier == 3:
        wanted = 2 * np.subtract(*np.quantile(values, [0.75, 0.25])) / 10
        assert np.diff(edges)[0] == pytest.approx(wanted, rel=0.05)
    else:
        assert len(edges) - 1 == MOST_BARS
    assert len(_edges(np.ones(50))) == 2  # equal points have no width to tell


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_points_that_no_component_has_taken_are_hollow(n_dimensions, rng):
    """So that none is taken for one whose colour is a blend, which may be grey as well."""
    ax, view = scene(n_dimensions)
    draw_points(ax, view, rng.normal(size=(30, n_dimensions)))
    if n_dimensions == 1:
        assert ax.patches and not any(bar.get_fill() for bar in ax.patches)
        return
    (stamp,) = dots(ax)
    assert stamp.face == HOLLOW and stamp.edge_width > 0 and stamp.edge[3] == 1
    assert len(stamp.places) == 30


def test_of_a_million_points_some_are_drawn_and_the_picture_says_so(rng):
    ax, view = scene(2)
    points = np.linspace([-6, -6], [6, 6], 1_000_000)
    shares = np.eye(2)[(points[:, 0] > 0).astype(int)]
    draw_points(ax, view, points, shares)
    left, right = (stamp.places for stamp in dots(ax))
    assert len(left) == len(right) == MOST_DRAWN / 2
    assert left[:, 0].max() < 0 < right[:, 0].min()
    np.testing.assert_array_equal([left[0], right[-1]], points[[0, -1]])
    assert np.ptp(np.diff(left[:, 0])) < 1e-4  # evenly
    assert [text.get_text() for text in ax.texts] == [f"{MOST_DRAWN} of 1000000 points are drawn"]
    ax, view = scene(2)
    draw_points(ax, view, points[:MOST_DRAWN])
    assert (len(dots(ax)[0].places), len(ax.texts)) == (MOST_DRAWN, 0)


# Components


@pytest.mark.parametrize("n_dimensions", [2, 3])
def test_each_component_has_its_outline_and_its_number_at_its_mean(n_dimensions):
    ax, view = scene(n_dimensions, Camera(20, 30) if n_dimensions == 3 else None)
    mixture = three(n_dimensions)
    draw_mixture(ax, view, mixture, 0.8)
    outlines = next(each for each in ax.collections if isinstance(each, PolyCollection))
    radius = ellipsoid_radius(0.8, n_dimensions)
    for k, path in enumerate(outlines.get_paths()):
        expected = view.shadow(mixture.means[k], mixture.covariances[k], radius)
        np.testing.assert_allclose(path.vertices[: len(expected)], expected)
        np.testing.assert_allclose(outlines.get_facecolor()[k][:3], to_rgb(PALETTE[k]))
        assert outlines.get_facecolor()[k][3] < 0.3 < outlines.get_edgecolor()[k][3]  # points shine through
    assert len(outlines.get_paths()) == 3
    for k, (place, offset, rim, numeral) in enumerate(badges(ax)):
        np.testing.assert_allclose(place, view.project(mixture.means)[k])
        assert (offset, rim, numeral) == ((0, 0), to_rgb(PALETTE[k]), f"${k + 1}$")
    assert len(badges(ax)) == 3


@pytest.mark.parametrize("n_dimensions", [2, 3])
def test_a_badge_stands_beside_a_needle_and_does_not_hide_it(n_dimensions):
    """Across from it, further than its own radius; beside a component that is small all around as well."""
    ax, view = scene(n_dimensions, Camera(90, 0) if n_dimensions == 3 else None)
    needle, speck = np.diag([1e-6, *[1.0] * (n_dimensions - 1)]), 1e-6 * np.eye(n_dimensions)
    draw_mixture(ax, view, Mixture([0.5, 0.5], MEANS[:2, :n_dimensions], [needle, speck]), 0.9)
    (_, moved, *_), (_, aside, *_) = badges(ax)
    assert abs(moved[0]) > BADGE / 2 and abs(moved[1]) < 0.01  # the needle stands upright in both pictures
    assert np.hypot(*aside) > BADGE / 2


def test_near_halves_are_strong_and_far_ones_faint_each_in_its_components_colour():
    ax, view = scene(3, Camera(20, 30))
    mixture = three(3)
    draw_mixture(ax, view, mixture, 0.8)
    (curves,) = (each for each in ax.collections if isinstance(each, LineCollection))
    segments, colours = np.reshape(curves.get_segments(), (3, 2, 3, -1, 2)), curves.get_color().reshape(3, 2, 3, 4)
    for k, component in enumerate(zip(MEANS, COVARIANCES, strict=True)):
        near_and_far = view.great_circles(*component, ellipsoid_radius(0.8, 3))
        np.testing.assert_allclose(segments[k], near_and_far)
        np.testing.assert_allclose(colours[k, ..., :3], np.tile(to_rgb(PALETTE[k]), (2, 3, 1)))
    near, far = colours[:, 0, :, 3], colours[:, 1, :, 3]
    assert near.min() > 2 * far.max() > 0


def test_a_flat_picture_has_no_great_circles():
    ax, view = scene(2)
    draw_mixture(ax, view, three(2), 0.8)
    assert len(ax.collections) == 1


@pytest.mark.parametrize("n_dimensions", [2, 3])
def test_points_lie_under_components_and_components_under_numbers_and_notes(n_dimensions):
    ax, view = scene(n_dimensions)
    draw_frame(ax, view)
    behind = [each.get_zorder() for each in (*ax.collections, *ax.lines)]
    draw_points(ax, view, np.zeros((1, n_dimensions)))
    (point,) = (each.get_zorder() for each in ax.get_children() if isinstance(each, Stamps))
    before = set(ax.get_children())
    draw_mixture(ax, view, three(n_dimensions), 0.9)
    components = [each for each in ax.get_children() if each not in before]
    drawn = [each.get_zorder() for each in components if not isinstance(each, Stamps)]
    marks = [each.get_zorder() for each in components if isinstance(each, Stamps)]
    written = len(ax.texts)
    draw_note(ax, view, 0.9)
    assert max(behind, default=0) < point < min(drawn) <= max(drawn) < min(marks)
    assert max(marks) < ax.texts[written].get_zorder()


def test_the_limits_of_a_scene_stay_when_components_are_drawn():
    ax, view = scene(2)
    draw_frame(ax, view)
    draw_mixture(ax, view, Mixture([1], [[0, 0]], [100 * np.eye(2)]), 0.9)
    assert ax.get_xlim() == (view.low[0], view.high[0])
    free, _ = scene(3)
    draw_mixture(free, View.around(np.eye(3)), three(3), 0.9)
    assert not np.isfinite(free.dataLim.width)  # nothing that was drawn asks for room


# Notes


@pytest.mark.parametrize(
    ("n_dimensions", "note"),
    [(1, ""), (2, "ellipses hold 75 % of each component"), (3, "ellipsoids hold 75 % of each component")],
)
def test_the_note_names_the_shape_and_the_mass(n_dimensions, note):
    ax, view = scene(n_dimensions)
    assert mass_note(view, 0.75) == note
    draw_note(ax, view, 0.75)
    assert [text.get_text() for text in ax.texts] == ([note] if note else [])


@pytest.mark.parametrize("n_dimensions", [2, 3])
def test_the_note_stands_in_a_corner_inside_the_picture(n_dimensions):
    """At the right: below in 2-D, and above in 3-D, where numbers stand below."""
    ax, view = scene(n_dimensions)
    draw_note(ax, view, 0.9)
    bounds = ax.texts[0].get_window_extent().transformed(ax.transAxes.inverted())
    assert 0.9 < bounds.x1 <= 1
    if n_dimensions == 2:
        assert 0 <= bounds.y0 < bounds.y1 < 0.15
    else:
        assert 0.85 < bounds.y0 < bounds.y1 <= 1


@pytest.mark.parametrize("mass", [0, 1, -0.1, 1.5])
def test_a_mass_is_a_share(mass):
    with pytest.raises(ValueError, match=r"mass is .*expected|number between 0 and 1"):
        mass_note(scene(2)[1], mass)


@given(st.floats(0.01, 0.99))
def test_a_larger_mass_needs_a_larger_radius_and_so_does_a_further_dimension(mass):
    radii = [ellipsoid_radius(mass, n) for n in (1, 2, 3)]
    assert radii == sorted(radii)
    assert ellipsoid_radius(mass, 2) == pytest.approx(np.sqrt(-2 * np.log(1 - mass)))
    assert ellipsoid_radius(min(mass + 0.005, 0.999), 3) > radii[2]


# Curves in 1-D

NEEDLE = Mixture([0.7, 0.3], [[0], [2]], [[[1]], [[1e-6]]])


def test_a_curve_is_followed_closely_where_a_component_is_narrow():
    """So that the top of a needle a thousandth wide is neither missed nor cut off."""
    view = scene(1)[1]
    x = _grid(view, NEEDLE)
    assert (np.diff(x) > 0).all()
    assert (x[0], x[-1]) == (view.low[0], view.high[0])
    assert np.diff(x).max() <= (view.high - view.low)[0] / 300
    for mean, deviation in ((0, 1), (2, 1e-3)):
        assert mean in x
        around = x[np.abs(x - mean) <= 5 * deviation]
        assert len(around) > 80
        assert np.diff(around).max() <= 0.11 * deviation
        np.testing.assert_allclose(np.abs(x - (mean + REACH * deviation)).min(), 0, atol=1e-9)


def test_a_curve_stays_in_the_picture():
    view = View.around([[0.0], [1.0]])
    x = _grid(view, Mixture([1], [[0]], [[[100]]]))
    assert view.low[0] <= x.min() < x.max() <= view.high[0]


def test_curves_add_up_to_the_mixture_and_numbers_stand_on_their_peaks():
    ax, view = scene(1)
    draw_mixture(ax, view, NEEDLE, 0.9)
    *parts, total = [line for line in ax.lines if len(line.get_xdata()) > 1]
    assert [part.get_color() for part in parts] == list(PALETTE[:2])
    np.testing.assert_allclose(total.get_ydata(), sum(part.get_ydata() for part in parts))
    assert (total.get_linestyle(), total.get_label()) == ("--", "mixture")
    for (place, _, rim, numeral), part, mean, k in zip(badges(ax), parts, (0, 2), (0, 1), strict=True):
        np.testing.assert_allclose(place, [mean, part.get_ydata().max()])
        assert (rim, numeral) == (to_rgb(PALETTE[k]), f"${k + 1}$")


@pytest.mark.parametrize(("paper", "ink"), [("white", "black"), ("black", "white")])
def test_the_mixtures_curve_can_be_seen_on_its_paper(paper, ink):
    ax, view = scene(1)
    ax.set_facecolor(paper)
    draw_mixture(ax, view, NEEDLE, 0.9)
    assert next(line for line in ax.lines if line.get_label() == "mixture").get_color() == ink


def test_the_top_is_the_highest_of_bars_and_curves(rng):
    view, points = scene(1)[1], rng.normal(size=(400, 1))
    wide, narrow = (Mixture([1], [[0]], [[[variance]]]) for variance in (25, 0.01))
    bars = np.histogram(points[:, 0], bins=_edges(points[:, 0]), density=True)[0].max()
    assert tallest(view, points, [wide]) == pytest.approx(bars)
    assert tallest(view, points, [wide, narrow, wide]) == pytest.approx(1 / np.sqrt(2 * np.pi * 0.01))
