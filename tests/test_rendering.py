"""Half-steps as pictures: how the page is laid out, what the panel holds at each frame, where the camera stands.

What is drawn is asked of the artists, not of pixels.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from drawn import dots
from matplotlib.figure import Figure
from PIL import Image, ImageOps

from gmm_lab import Camera, Mixture, Step
from gmm_lab.pictures import rendering
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.colours import PALETTE
from gmm_lab.pictures.half_steps import half_steps
from gmm_lab.pictures.rendering import HEADER, SIZE, _draw_panel, _top, draw_half_step, render
from gmm_lab.pictures.stamps import HOLLOW
from gmm_lab.pictures.writing import write

VALUES = (-50.0, -30.0, -20.0, -19.0)


def frames_of(n_dimensions=3, values=VALUES):
    """Return the half-steps of a history with these log-likelihoods, the second mean moving on."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(40, n_dimensions))
    covariances = [np.eye(n_dimensions) / 4] * 2
    return half_steps(
        [
            Step(points, Mixture([0.5, 0.5], [[0] * n_dimensions, [i / 4] * n_dimensions], covariances), value)
            for i, value in enumerate(values)
        ]
    )


def view_of(frames, camera=None):
    return View.of([frame.step for frame in frames], 0.9, camera=camera)


@pytest.fixture
def seen(monkeypatch):
    """Record of each frame that is drawn: the view, what stands in the panel, and how many artists the scene keeps."""
    records = SimpleNamespace(views=[], framed=[], line=[], end=[], artists=[], scene=None, panel=None)
    draw_panel, draw, draw_frame = rendering._draw_panel, rendering.draw_half_step, rendering.draw_frame

    def panel(ax, *arguments):
        records.panel = ax
        records.artists_of_panel = draw_panel(ax, *arguments)
        return records.artists_of_panel

    def half_step(ax, view, *arguments):
        records.scene = ax
        records.views.append(view)
        draw(ax, view, *arguments)

    def frame(ax, view, *arguments, **options):
        records.framed.append(view)
        draw_frame(ax, view, *arguments, **options)

    monkeypatch.setattr(rendering, "_draw_panel", panel)
    monkeypatch.setattr(rendering, "draw_half_step", half_step)
    monkeypatch.setattr(rendering, "draw_frame", frame)
    return records


def rendered(records, frames, view, turn=0, mass=0.9):
    """Render all frames, and note after each what the panel shows and what is left in the scene."""
    pictures = []
    for picture in render(frames, view, mass, turn):
        line, end = records.artists_of_panel
        records.line.append(line.get_xydata().tolist())
        records.end.append(end.get_xydata().tolist())
        records.artists.append(len(records.scene.get_children()))
        pictures.append(picture)
    return pictures


def boxes(records):
    """Return what scene and panel take up in the picture with all their texts, in shares of its sides."""
    figure = records.panel.figure
    renderer = figure.canvas.get_renderer()
    return [
        ax.get_tightbbox(renderer).transformed(figure.transFigure.inverted()) for ax in (records.scene, records.panel)
    ]


def test_the_panels_line_grows_by_one_value_at_each_e_step_and_keeps_its_dot_at_the_end(seen):
    frames = frames_of()
    rendered(seen, frames, view_of(frames))
    assert [frame.kind for frame in frames] == ["start", "E", "M", "E", "M", "E", "M", "end"]
    whole = [[number, value] for number, value in enumerate(VALUES)]
    assert seen.line == [whole[:n] for n in (0, 1, 1, 2, 2, 3, 3, 4)]
    assert seen.end == [line[-1:] for line in seen.line]


@pytest.mark.parametrize("values", [VALUES, (-5.0,), (0.0,), (3.0, 3.0), (-19.0, -20.0)])
def test_the_panel_has_room_for_every_value_from_the_start(values):
    """Its limits stay, so that the line is seen to climb; a line without any gain runs through the middle."""
    frames = frames_of(values=values)
    ax = Figure().add_subplot()
    line, end = _draw_panel(ax, frames, "")
    assert len(line.get_xdata()) == len(end.get_xdata()) == 0
    (low, high), (first, last) = ax.get_ylim(), ax.get_xlim()
    below, above, range_ = min(values) - low, high - max(values), max(values) - min(values)
    assert below == pytest.approx(above)
    assert 0.05 * range_ < below
    assert below < 0.3 * range_ if range_ else below > 0
    assert first == -0.5
    assert last == max(len(values) - 1, 1) + 0.5


def test_the_panel_counts_whole_iterations_and_says_what_it_shows():
    frames = frames_of()
    ax = Figure().add_subplot()
    line, end = _draw_panel(ax, frames, "a note")
    ticks = ax.get_xticks()
    assert (ticks == np.rint(ticks)).all()
    assert (ax.get_xlabel(), ax.get_title(loc="left")) == ("iterations done", "log-likelihood (nats)")
    assert ax.get_title(loc="right") == "a note"
    assert not ax.spines["top"].get_visible() and not ax.spines["right"].get_visible()
    assert (line.get_color(), end.get_color()) == PALETTE[:2]
    assert end.get_markersize() > line.get_markersize()


@pytest.mark.parametrize("n_values", [30, 300])
def test_numbers_of_the_panel_do_not_crowd(n_values):
    ax = Figure().add_subplot()
    _draw_panel(ax, frames_of(values=[-float(n_values - i) for i in range(n_values)]), "")
    inside = [each for each in ax.get_xticks() if 0 <= each < n_values]
    assert 4 <= len(inside) <= 9
    assert len([each for each in ax.get_yticks() if -n_values <= each <= 0]) <= 3


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_caption_scene_and_panel_stand_one_below_the_other(n_dimensions, seen):
    frames = frames_of(n_dimensions, VALUES[:2])
    rendered(seen, frames, view_of(frames))
    scene, panel = boxes(seen)
    for box in (scene, panel):
        assert 0 <= box.x0 < box.x1 <= 1 and 0 <= box.y0 < box.y1 <= 1
        assert box.x1 - box.x0 > 0.75
    assert scene.y1 <= 1 - (HEADER - 1) / SIZE
    assert panel.y1 <= scene.y0
    assert scene.y1 - scene.y0 > 3 * (panel.y1 - panel.y0)
    if n_dimensions < 3:  # their sides stand one above the other
        scene, panel = seen.scene.get_position(), seen.panel.get_position()
        assert (scene.x0, scene.x1) == (panel.x0, panel.x1)


def test_a_picture_is_a_square_of_480_pixels(seen):
    frames = frames_of(2, VALUES[:1])
    for picture in rendered(seen, frames, view_of(frames)):
        assert (picture.size, picture.mode) == ((480, 480), "RGB")
    assert seen.panel.figure.bbox.size.tolist() == [480, 480]


def test_the_camera_turns_evenly_and_stands_in_the_middle_half_way(seen):
    frames = frames_of()
    rendered(seen, frames, view_of(frames, Camera(100, 35)), turn=42)
    azimuths = [view.camera.azimuth for view in seen.views]
    np.testing.assert_allclose(azimuths, np.linspace(79, 121, 8))
    assert {view.camera.elevation for view in seen.views} == {35}
    assert [view.camera for view in seen.framed[1:]] == [view.camera for view in seen.views]  # the box turns along


@pytest.mark.parametrize(("n_dimensions", "turn"), [(3, 0), (2, 0), (2, 42), (1, 42)])
def test_what_all_frames_share_is_drawn_once(n_dimensions, turn, seen):
    frames = frames_of(n_dimensions, VALUES[:2])
    rendered(seen, frames, view_of(frames), turn)
    assert len(seen.framed) == 1
    assert len(seen.views) == len(frames)


@pytest.mark.parametrize(("n_dimensions", "turn"), [(3, 0), (3, 42), (2, 0), (1, 0)])
def test_no_frame_keeps_what_another_drew(n_dimensions, turn, seen):
    """The same half-step drawn again gives the same picture, whatever was drawn between."""
    frames = frames_of(n_dimensions, VALUES[:2])
    frames = [frames[0], frames[2], frames[0]]
    pictures = rendered(seen, frames, view_of(frames), turn)
    assert len(set(seen.artists)) == 1
    if not turn:
        np.testing.assert_array_equal(pictures[0], pictures[2])
    assert pictures[0] != pictures[1]


def test_a_half_step_shows_hollow_points_first_and_then_colours():
    frames = frames_of(2)
    drawn = []
    for frame in (frames[0], frames[-1]):
        ax = Figure().add_subplot()
        draw_half_step(ax, view_of(frames), frame, 0.9)
        drawn.append(dots(ax))
        assert len(ax.collections[0].get_paths()) == 2  # an ellipse for each component
    assert [stamp.face for stamp in drawn[0]] == [HOLLOW]
    colours = [np.ptp(stamp.face[:3]) for stamp in drawn[1]]
    assert len(colours) > 1 and max(colours) > 0.4


def test_the_mass_is_told_and_decides_how_large_ellipses_are(seen):
    frames = frames_of(2, VALUES[:1])
    view, sizes = view_of(frames), []
    for mass in (0.5, 0.9):
        rendered(seen, frames, view, mass=mass)
        assert seen.panel.get_title(loc="right") == f"ellipses hold {100 * mass:g} % of each component"
        ax = Figure().add_subplot()
        draw_half_step(ax, view, frames[0], mass)
        sizes.append(np.ptp(ax.collections[0].get_paths()[0].vertices))
    assert sizes[0] < sizes[1]


def test_all_curves_of_an_animation_share_the_highest_top(seen):
    points = np.random.default_rng(0).normal(size=(40, 1))
    narrow, wide = (Mixture([1], [[0]], [[[variance]]]) for variance in (0.01, 1))
    frames = half_steps([Step(points, mixture, 0.0) for mixture in (wide, narrow, wide)])
    view = view_of(frames)
    peak = 1 / np.sqrt(2 * np.pi * 0.01)
    assert _top(frames, view) == pytest.approx(peak)
    rendered(seen, frames, view)
    assert seen.scene.get_ylim()[0] == 0
    assert peak < seen.scene.get_ylim()[1] < 1.3 * peak
    assert [_top(frames_of(n), view_of(frames_of(n))) for n in (2, 3)] == [None, None]


def test_the_caption_is_written_above_the_scene(monkeypatch):
    """In two lines that end above it, from the left."""
    written = []
    monkeypatch.setattr(rendering, "write", lambda picture, *arguments: written.append(arguments))
    frames = frames_of(2, VALUES[:2])
    list(render(frames, view_of(frames), 0.9, 0))
    assert [text for _, text, _ in written] == [frame.caption for frame in frames]
    for (right, down), text, size in written:
        paper = Image.new("RGB", (SIZE, SIZE), "white")
        write(paper, (right, down), text, size)
        left, top, end, bottom = ImageOps.invert(paper).getbbox()
        assert 0 < left < 20 and end < SIZE
        assert 0 < top < bottom <= HEADER
