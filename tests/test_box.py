"""The box around a 3-D scene: which walls are far, where ticks stand, and on which side their numbers are."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from scipy.spatial import ConvexHull

from gmm_lab import Camera
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.colours import on_dark
from gmm_lab.pictures.labels import LABELS, ticks_of
from gmm_lab.pictures.scene import draw_frame

LOW, HIGH = np.array([-1.3, 170.0, 0.02]), np.array([1.2, 232.0, 0.09])
NAMES = ("length (m)", "width", "height")
CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
SIDES = [(azimuth, elevation) for azimuth in (-160, -70, 25, 50, 115) for elevation in (-35, 20, 60)]


def box(azimuth=50, elevation=20, low=LOW, high=HIGH):
    """Return Axes with an empty box drawn on them, and its view."""
    view = View(np.asarray(low, float), np.asarray(high, float), NAMES, Camera(azimuth, elevation))
    ax = Figure(figsize=(5.6, 4.9)).add_axes((0, 0, 1, 1))
    draw_frame(ax, view)
    ax.apply_aspect()
    return ax, view


def minus(texts):
    return [text.replace("\N{MINUS SIGN}", "-") for text in texts]


def number(text):
    return float(*minus([text.get_text()]))


def numbers_and_names(ax):
    return (
        [text for text in ax.texts if text.get_text().startswith(tuple("0123456789\N{MINUS SIGN}"))],
        [text for text in ax.texts if text.get_text().startswith(NAMES)],
    )


def edges(view, d):
    """Return the two ends in the data of the four edges of the box along axis d, (4, 2, 3)."""
    first, second = (i for i in range(3) if i != d)
    ends = np.empty((4, 2, 3))
    for edge, (one, other) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        ends[edge, :, first] = (view.low, view.high)[one][first]
        ends[edge, :, second] = (view.low, view.high)[other][second]
        ends[edge, :, d] = view.low[d], view.high[d]
    return ends


def labelled_edges(ax, view):
    """Return for each axis that has a name the ends in the picture of the edge at which the name is written."""
    found = {}
    for name in numbers_and_names(ax)[1]:
        d = NAMES.index(name.get_text().partition(" (\N{MULTIPLICATION SIGN}")[0])
        projected = [view.project(ends) for ends in edges(view, d)]
        found[d] = next(ends for ends in projected if np.allclose(ends.mean(axis=0), name.get_position()))
    return found


def hull(ax, view):
    """Return the outline of the box in pixels, as inequalities A @ place + b <= 0 of the places inside."""
    corners = ax.transData.transform(view.project(view.low + CORNERS * (view.high - view.low)))
    return ConvexHull(corners).equations


@pytest.mark.parametrize(("azimuth", "elevation"), SIDES)
def test_the_three_walls_meet_in_the_furthest_corner_and_leave_out_the_nearest(azimuth, elevation):
    ax, view = box(azimuth, elevation)
    walls = [path.vertices[:4] for path in next(c for c in ax.collections if isinstance(c, PolyCollection)).get_paths()]
    depths = (CORNERS - 0.5) @ view.camera.axes[2]
    places = view.project(view.low + CORNERS * (view.high - view.low)).round(9)
    nearest, furthest = places[depths.argmax()], places[depths.argmin()]
    assert len(walls) == 3
    for wall in walls:
        assert np.isclose(wall, furthest).all(axis=1).any()
        assert not np.isclose(wall, nearest).all(axis=1).any()
        np.testing.assert_allclose(wall[0] + wall[2], wall[1] + wall[3], atol=1e-12)  # round its sides, not across
        assert np.hypot(*np.diff(wall[:2], axis=0)[0]) > 0
    found = np.unique(np.concatenate(walls).round(9), axis=0)
    np.testing.assert_allclose(found, np.unique(np.delete(places, depths.argmax(), axis=0), axis=0), atol=2e-9)


@pytest.mark.parametrize(("azimuth", "elevation"), SIDES)
def test_the_grid_continues_every_tick_along_both_far_walls_beside_its_axis(azimuth, elevation):
    ax, view = box(azimuth, elevation)
    far = np.where(view.camera.axes[2] >= 0, view.low, view.high)
    expected = set()
    for d in range(3):
        for value in view.low[d] + (ticks_of(view.low[d], view.high[d])[0] + 0.5) * (view.high - view.low)[d]:
            for across in {0, 1, 2} - {d}:
                ends = np.array([view.low, view.high])
                ends[:, d], ends[:, across] = value, far[across]
                expected.add(tuple(sorted(map(tuple, (view.project(ends) + 0.0).round(6)))))
    xy = ax.lines[0].get_xydata()
    assert np.isnan(xy[2::3]).all()
    found = {tuple(sorted(map(tuple, (xy[i : i + 2] + 0.0).round(6)))) for i in range(0, len(xy), 3)}
    assert found == expected


@pytest.mark.parametrize(("azimuth", "elevation"), SIDES)
def test_a_number_stands_where_its_value_is_along_the_edge(azimuth, elevation):
    ax, view = box(azimuth, elevation)
    told = {d: [] for d in range(3)}
    at_edges = labelled_edges(ax, view)
    for text in numbers_and_names(ax)[0]:
        for d, (start, end) in at_edges.items():
            place = start + (number(text) - view.low[d]) / (view.high - view.low)[d] * (end - start)
            if np.allclose(place, text.get_position(), atol=1e-6):
                told[d].append(number(text))
    assert sum(map(len, told.values())) == len(numbers_and_names(ax)[0])
    for d in at_edges:
        assert 2 <= len(told[d]) <= 6
        assert told[d] == sorted(told[d])


@pytest.mark.parametrize(("azimuth", "elevation"), SIDES)
def test_axes_of_the_floor_are_told_at_their_lowest_edge_and_the_vertical_at_the_leftmost(azimuth, elevation):
    ax, view = box(azimuth, elevation)
    for d, found in labelled_edges(ax, view).items():
        side = 0 if d == 2 else 1
        middles = [view.project(ends).mean(axis=0)[side] for ends in edges(view, d)]
        assert found.mean(axis=0)[side] == pytest.approx(min(middles))


@pytest.mark.parametrize(("azimuth", "elevation"), SIDES)
def test_what_is_written_stands_outside_the_box(azimuth, elevation):
    """Beside an edge, whichever way it runs: no number reaches over the box, and names are further out."""
    ax, view = box(azimuth, elevation)
    outline = hull(ax, view)
    numbers, names = numbers_and_names(ax)
    away = {}
    for text in (*numbers, *names):
        bounds = text.get_window_extent()
        middle = np.array([bounds.x0 + bounds.x1, bounds.y0 + bounds.y1]) / 2
        away[text] = (outline[:, :2] @ middle + outline[:, 2]).max()
        assert away[text] > 0
        if text in numbers:
            corners = bounds.corners()
            assert ((corners @ outline[:, :2].T + outline[:, 2]).max(axis=1) > -1).all(), text
    assert min(away[name] for name in names) > min(away[text] for text in numbers)


@pytest.mark.parametrize("azimuth", [-170, -75, 20, 45, 70, 130])
def test_names_do_not_overlap_numbers(azimuth):
    """A name is turned along its edge: places all over it are looked at."""
    ax, _ = box(azimuth)
    numbers, names = numbers_and_names(ax)
    taken = [text.get_window_extent() for text in numbers]
    for name in names:
        middle = name.get_transform().transform(name.get_position())
        angle = np.radians(name.get_rotation())
        name.set_rotation(0)
        width, height = name.get_window_extent().size
        along = np.linspace(-width / 2, width / 2, 30)[:, None, None] * np.array([np.cos(angle), np.sin(angle)])
        across = np.linspace(-height / 2, height / 2, 7)[:, None] * np.array([-np.sin(angle), np.cos(angle)])
        places = (middle + along + across).reshape(-1, 2)
        for bounds in taken:
            assert not ((bounds.p0 < places) & (places < bounds.p1)).all(axis=1).any(), name


@pytest.mark.parametrize(("azimuth", "elevation"), SIDES)
def test_a_name_runs_along_its_edge_and_is_never_upside_down(azimuth, elevation):
    ax, view = box(azimuth, elevation)
    found = labelled_edges(ax, view)
    for name in numbers_and_names(ax)[1]:
        along = np.subtract(*found[NAMES.index(name.get_text())])
        angle = np.degrees(np.arctan2(along[1], along[0]))
        assert (name.get_rotation() - angle + 90) % 180 - 90 == pytest.approx(0, abs=1e-6)
        assert -90 < (name.get_rotation() + 180) % 360 - 180 <= 90


@pytest.mark.parametrize(
    ("camera", "told"),
    [((0, 0), {1, 2}), ((90, 0), {0, 2}), ((50, 90), {0, 1}), ((5, 3), {1, 2}), ((20, 20), {0, 1, 2})],
)
def test_an_axis_that_points_at_the_viewer_has_no_numbers(camera, told):
    ax, view = box(*camera)
    assert set(labelled_edges(ax, view)) == told


@pytest.mark.parametrize("elevation", [-60, 0, 20, 45, 90])
def test_turning_the_camera_neither_zooms_nor_cuts_the_box(elevation):
    limits, reach = set(), []
    for azimuth in range(0, 360, 45):
        ax, view = box(azimuth, elevation)
        limits.add((*ax.get_xlim(), *ax.get_ylim()))
        reach.append(view.project(view.low + CORNERS * (view.high - view.low)))
    ((left, right, bottom, top),) = limits
    low, high = np.min(reach, axis=(0, 1)), np.max(reach, axis=(0, 1))
    assert (ax.get_aspect(), left) == (1, -right)
    assert right - high[0] == pytest.approx(LABELS, abs=1e-9)  # from some side, no more than the room for labels
    assert 0.03 < top - high[1] < 0.15
    assert 0.03 < low[1] - bottom <= LABELS + 1e-9
    if elevation == 0:
        assert low[1] - bottom == pytest.approx(LABELS)


def test_walls_and_grid_stay_behind_all_else():
    ax, _ = box()
    walls, grid = next(c for c in ax.collections if isinstance(c, PolyCollection)), ax.lines[0]
    assert walls.get_zorder() < grid.get_zorder() < 1
    assert not ax.axison


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-2, 2), (0.9, 4.1), (1e-7, 5e-7), (-5, -4)])
def test_ticks_go_from_end_to_end_and_no_further(low, high):
    places, numbers, factor = ticks_of(low, high)
    values = np.array([float(text) for text in minus(numbers)]) * float(*minus([factor or "1"]))
    assert (-0.5 <= places).all() and (places <= 0.5).all()
    steps = np.diff(values)
    np.testing.assert_allclose(steps, steps[0])
    assert values[0] - low < steps[0] * (1 - 1e-9) and high - values[-1] < steps[0] * (1 - 1e-9)
    assert 3 <= len(values) <= 5


@pytest.mark.parametrize(
    ("high", "told"), [(7e6, " (\N{MULTIPLICATION SIGN}1e6)"), (7e-6, " (\N{MULTIPLICATION SIGN}1e\N{MINUS SIGN}6)")]
)
def test_a_factor_is_told_beside_the_name(high, told):
    ax, _ = box(low=[0, 0, 0], high=[high, 1, 1])
    assert [name.get_text() for name in numbers_and_names(ax)[1]] == [NAMES[0] + told, *NAMES[1:]]


@pytest.mark.parametrize(("low", "told"), [(1e8, " (+1e8)"), (-1e8, " (\N{MINUS SIGN}1e8)")])
def test_an_offset_is_told_beside_the_name(low, told):
    ax, _ = box(low=[low, 0, 0], high=[low + 1, 1, 1])
    assert numbers_and_names(ax)[1][0].get_text() == NAMES[0] + told


@pytest.mark.parametrize(("paper", "dark"), [("white", False), ("black", True), ("#303030", True), ("#ffff00", False)])
def test_paper_is_dark_where_black_ink_could_not_be_read(paper, dark):
    _, ax = plt.subplots(facecolor=paper)
    ax.set_axis_off()
    assert on_dark(ax) == dark
    ax.set_axis_on()
    ax.set_facecolor("white")
    assert not on_dark(ax)
    ax.set_facecolor("black")
    assert on_dark(ax)


def test_ink_can_be_read_on_its_paper():
    inks = []
    for paper in ("white", "black"):
        _, ax = plt.subplots(facecolor=paper)
        draw_frame(ax, View(LOW, HIGH, NAMES))
        inks.append({mpl.colors.to_rgb(text.get_color())[0] for text in ax.texts})
    assert max(inks[0]) < 0.4 and min(inks[1]) > 0.7


@pytest.mark.parametrize(("high", "told"), [((1, 1, 1), False), ((1, 1.05, 1), False), ((1, 1, 3), True)])
def test_unequal_scales_are_told_since_they_make_what_is_round_look_oval(high, told):
    ax, _ = box(low=(0, 0, 0), high=high)
    assert ("unequal scales" in [text.get_text() for text in ax.texts]) == told
