"""Explorers, driven without a browser: at both ends of every range and at random settings they tell what is true."""

import base64
import gc
import html
import io
import itertools
import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import imageio.v3 as iio
import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawn import dots
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from oracle import BEST, CLOUDS, EXPLORERS, LARGE, PENGUINS, TRUTH, expected
from PIL import Image

from gmm_lab import Mixture, Step, animate, datasets, explorers, fit
from gmm_lab.explorers import scrubber
from gmm_lab.explorers.explorer import Explorer
from gmm_lab.pictures.colours import PALETTE

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
LIMIT = 70 * 1024  # bytes that one update may send
KNOWN = {}


def fit_once(points, n_components, **options):
    """Return a fit, the same one when it is asked for again: each explorer of EM needs the same twelve."""
    key = points.tobytes(), n_components, *options.items()
    if key not in KNOWN:
        KNOWN[key] = fit(points, n_components, **options)
    return KNOWN[key]


@pytest.fixture(autouse=True)
def each_fit_once(monkeypatch):
    monkeypatch.setattr(scrubber, "fit", fit_once)


@pytest.fixture(scope="module")
def made():
    """One explorer of each lesson, for tests that ask for stills and move no control."""
    return {name: make() for name, make in EXPLORERS.items()}


@pytest.fixture(params=EXPLORERS)
def name(request):
    return request.param


@pytest.fixture
def explorer(name):
    return EXPLORERS[name]()


def shown(explorer):
    """Return the widgets that hold the picture, its caption, and a message when something went wrong."""
    body, message, _ = explorer.children
    return *body.children[1].children, message


def image(explorer):
    """Return the picture that an explorer shows, as the browser gets it."""
    data = re.search('base64,([^"]+)"', shown(explorer)[0].value)[1]
    return Image.open(io.BytesIO(base64.b64decode(data)))


@contextmanager
def unseen(explorer):
    """Let an explorer draw and tell, but turn nothing into pixels: the picture that it shows is blank."""
    with patch.object(explorer, "_pixels", lambda: Image.new("RGB", (8, 8))):
        yield


def set_to(explorer, settings):
    """Move the controls one after the other, and show where they all are at the end."""
    with unseen(explorer):
        for name, value in settings.items():
            explorer.controls[name].value = value
    explorer._update()


def above_the_controls(explorer):
    return explorer.children[0].children[0].children[0]


def ends(control):
    return control.options if hasattr(control, "options") else (control.min, control.max)


def assert_true(name, explorer):
    """Assert that caption, alternative text and picture belong to the settings, and that nothing is wrong."""
    for text in expected(name, explorer.settings):
        assert text in explorer.caption
    picture, caption, message = shown(explorer)
    alt = html.unescape(re.match(r'<img alt="([^"]+)"', picture.value)[1])
    assert alt == explorer.caption.replace("\n", " ")
    assert html.escape(explorer.caption).replace("\n", "<br>") in caption.value
    assert message.value == ""
    assert len(picture.value) + len(caption.value) < LIMIT


def test_each_lesson_makes_its_explorer_in_one_line(name):
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert len(re.findall(r"^explorer = explorers\.\w+\(.*\)$", code, re.MULTILINE)) == 1
    assert code.count("explorer.stills(") == 1
    text = next(
        "".join(cell["source"]) for cell in cells if "**Try this, and notice that:**" in "".join(cell["source"])
    )
    assert len(re.findall(r"^- ", text, re.MULTILINE)) == 3


def test_both_ends_of_every_range(name, explorer):
    assert_true(name, explorer)
    for control in explorer.controls.values():
        before = control.value
        for value in ends(control):
            control.value = value
            assert_true(name, explorer)
        with unseen(explorer):
            control.value = before


def test_all_controls_at_their_ends_together(name, explorer):
    for which in (0, -1):
        set_to(explorer, {key: ends(control)[which] for key, control in explorer.controls.items()})
        assert_true(name, explorer)


def any_settings(explorer, data):
    wanted = {}
    for key, control in explorer.controls.items():
        if hasattr(control, "options"):
            wanted[key] = data.draw(st.sampled_from(control.options))
        elif isinstance(control.value, int):
            wanted[key] = data.draw(st.integers(control.min, control.max))
        else:
            wanted[key] = data.draw(st.floats(control.min, control.max))
    return wanted


@pytest.mark.parametrize("name", EXPLORERS)
@settings(max_examples=50)
@given(data=st.data())
def test_random_settings(made, name, data):
    wanted = any_settings(made[name], data)
    with unseen(made[name]):
        caption = made[name].stills(wanted).captions[0]
    for text in expected(name, wanted):
        assert text in caption


@pytest.mark.parametrize("name", EXPLORERS)
@settings(max_examples=10)
@given(data=st.data())
def test_pictures_of_random_settings(made, name, data):
    """They are as large as the figure, or half as large, and few bytes."""
    (shown,) = made[name].stills(any_settings(made[name], data)).images
    size = np.array(Image.open(io.BytesIO(base64.b64decode(re.search('base64,([^"]+)"', shown)[1]))).size)
    assert np.rint(made[name]._canvas.figure.bbox.size).tolist() in (size.tolist(), (2 * size).tolist())
    assert len(shown) < LIMIT


def test_pictures_follow_the_controls_and_come_back(name, explorer):
    explorer._sharpen(1)  # as on an ordinary screen
    begin = np.asarray(image(explorer))
    for key, control in explorer.controls.items():
        if key in ("seed", "start", "frames_per_second"):
            continue
        before = control.value
        control.value = next(value for value in reversed(ends(control)) if value != before)
        assert not np.array_equal(np.asarray(image(explorer).convert("RGB")), np.asarray(begin)), key
        control.value = before
        assert np.array_equal(np.asarray(image(explorer)), begin), key


def test_every_control_has_a_label_and_a_name_of_its_own(name, made):
    labels = [control.description for control in made[name].controls.values()]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_nothing_of_an_earlier_picture_stays():
    explorer = EXPLORERS["04_m_step"]()

    def seen():
        picture = np.asarray(image(explorer).convert("RGB")).astype(int)
        strength = np.ptp(picture, axis=-1)
        pale = (strength > 8) & (strength < 40)  # inside an ellipse
        return pale.sum(), (picture[..., 2] - picture[..., 0] > 8).sum()

    pale, bluish = seen()
    assert min(pale, bluish) > 10_000
    for control in explorer.controls.values():
        control.value = 0.0
    left, of_component_1 = seen()
    assert left < 0.01 * pale
    assert of_component_1 == 0


def test_numbers_on_the_axes_follow():
    explorer = EXPLORERS["02_density"]()
    below_the_curve = []
    for axis in "zxz":
        explorer.controls["along"].value = axis
        below_the_curve.append(np.asarray(image(explorer).convert("L"))[710:, 880:] < 128)
    assert not np.array_equal(*below_the_curve[:2])
    assert np.array_equal(*below_the_curve[::2])


@pytest.mark.parametrize("place", [0.0, 7.0])
def test_grey_is_where_plain_exp_gives_nothing(place):
    explorer = EXPLORERS["02_density"]()
    explorer.controls["place_0"].value = place
    explorer.controls["place_2"].value = explorer.controls["place_2"].max
    line = np.tile([place, explorer.controls["place_1"].value, 0], (1001, 1))
    line[:, 2] = np.linspace(*explorer._canvas.figure.axes[1].get_xlim(), 1001)
    lost = np.mean(np.exp(TRUTH.log_joint(line)).sum(axis=1) == 0)
    picture = np.asarray(image(explorer).convert("RGB"))[660, 906:1214].astype(int)  # low in the panel
    grey = np.mean((np.ptp(picture, axis=-1) < 8) & (abs(picture.mean(axis=-1) - 221) < 12))
    assert lost > 0.2
    assert abs(grey - lost) < 0.15  # the curves cover some of it


def test_the_camera_turns_in_the_preview_as_in_the_animation():
    explorer = EXPLORERS["06_animation"]()
    for frame, turned in ((1, -90), (46, 90)):
        azimuth = explorer.controls["azimuth"].value + turned
        shown, same, other = explorer.stills(
            {"frame": frame, "turn": 180},
            {"frame": frame, "turn": 0, "azimuth": azimuth},
            {"frame": frame, "turn": 0},
        ).images
        assert shown == same != other


def test_its_height_never_changes(name, explorer):
    sizes = set()
    lines = set()
    for control in explorer.controls.values():
        for value in ends(control):
            with unseen(explorer):
                control.value = value
            sizes.add(re.search(r'width="\d+" height="\d+"', shown(explorer)[0].value)[0])
            lines.add(explorer.caption.count("\n"))
    assert len(sizes) == len(lines) == 1


def test_memory_does_not_grow():
    explorer = EXPLORERS["05_convergence"]()
    explorer._sharpen(1)  # as on an ordinary screen
    control = explorer.controls["azimuth"]  # whose picture is drawn anew as a whole

    def move(times):
        for value in itertools.islice(itertools.cycle(range(-180, 181, 5)), times):
            control.value = value

    def objects():
        gc.collect()
        return len(gc.get_objects())

    move(10)
    before = objects()
    move(30)
    assert objects() - before < 15  # less than one for two pictures


def test_stills_leave_the_controls_alone_and_no_figure_open(explorer):
    before = explorer.settings, explorer.caption
    key, control = next((key, control) for key, control in explorer.controls.items() if hasattr(control, "max"))
    stills = explorer.stills({}, {key: control.max})
    assert (explorer.settings, explorer.caption) == before
    assert stills.captions[0] == explorer.caption
    control.value = control.max
    assert stills.captions[1] == explorer.caption
    page = stills._repr_html_()
    assert all(html.escape(caption).replace("\n", "<br>") in page for caption in stills.captions)
    assert explorer.caption in repr(stills)
    assert plt.get_fignums() == []


def test_stills_of_settings_that_no_control_can_take():
    explorer = EXPLORERS["03_e_step"]()
    with pytest.raises(ValueError, match=r"no control colour: choose from component, move_0"):
        explorer.stills({"colour": 1})
    with pytest.raises(ValueError, match=r"size is 9, but a number from 0\.1 to 5 was expected"):
        explorer.stills({"size": 9})
    for value in ("large", None):
        with pytest.raises(ValueError, match=r"but a number from 0\.1 to 5 was expected"):
            explorer.stills({"size": value})
    with pytest.raises(ValueError, match=r"point is 1\.5, but a whole number from 1 to 1500 was expected"):
        explorer.stills({"point": 1.5})
    with pytest.raises(ValueError, match=r"component is 4, but \(1, 2, 3\) was expected"):
        explorer.stills({"component": 4})


def test_a_page_without_a_kernel_gets_a_still(explorer):
    bundle = explorer._repr_mimebundle_()
    assert 'alt="' + html.escape(explorer.caption.replace("\n", " ")) in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"].startswith("<Explorer with ")


def test_the_curve_follows_the_place():
    """Near the points its scale shows what a small move changes; far away it reaches as far as the place."""
    explorer = EXPLORERS["02_density"]()
    curve = explorer._canvas.figure.axes[1]
    points = CLOUDS.points[:, 2]
    assert np.ptp(curve.get_xlim()) < 1.2 * np.ptp(points)
    assert np.ptp(curve.get_ylim()) < 100
    explorer.controls["place_2"].value = 7.0
    assert curve.get_xlim()[0] < points.min() and curve.get_xlim()[1] > 7


@pytest.mark.parametrize("size", [1.0, 5.0])
def test_a_component_that_is_made_larger_is_seen_whole(size):
    explorer = EXPLORERS["03_e_step"]()
    explorer.controls["size"].value = size
    scene = explorer._canvas.figure.axes[0]
    outlines = np.concatenate([path.vertices for path in scene.collections[1].get_paths()])
    (left, right), (bottom, top) = scene.get_xlim(), scene.get_ylim()
    assert left < outlines[:, 0].min() and outlines[:, 0].max() < right
    assert bottom < outlines[:, 1].min() and outlines[:, 1].max() < top


def test_of_very_many_points_some_are_shown_and_the_caption_says_so():
    many = np.repeat(CLOUDS.points, 20, axis=0)
    step = Step(many, LARGE, -123456.0)
    for explorer, what in (
        (explorers.e_step(many, LARGE), "are drawn, and all that is told here is of these."),
        (explorers.em(many, 1), "are drawn, and all that is told here is of these."),
        (explorers.density(many, LARGE), "are drawn"),
        (explorers.animation([step, step], "never_written.gif"), "are drawn; log-likelihoods are of all."),
    ):
        assert explorer.caption.endswith(f"\n5000 of 30000 points {what}")
        assert sum(len(stamp.places) for stamp in dots(explorer._canvas.figure.axes[0])) == 5000
        if "point" in explorer.controls:
            assert explorer.controls["point"].max == 5000
    assert "log-likelihood -123456 " in explorer.caption  # as it was given, of all


def test_lines_lead_from_the_star_to_each_mean():
    explorer = EXPLORERS["02_density"]()
    scene = explorer._canvas.figure.axes[0]
    explorer.controls["place_2"].value = 1.0
    (lines,) = scene.collections[-1:]
    segments = np.array([path.vertices for path in lines.get_paths()])
    star = next(line.get_xydata()[0] for line in scene.lines if line.get_marker() == "*")
    np.testing.assert_allclose(segments[:, 0], np.tile(star, (3, 1)))
    up = segments[:, 1, 1] - star[1]  # the means stand one above another, in the order 1, 2, 3
    assert up[0] > up[1] > up[2]
    np.testing.assert_allclose(lines.get_colors()[:, :3], [to_rgb(colour) for colour in PALETTE[:3]])


def test_points_have_the_colour_of_their_component():
    points = datasets.eight_points().points
    apart = Mixture([0.5, 0.5], [[1, 1], [4, 3]], [0.05 * np.eye(2)] * 2)  # each point has one component to itself
    explorer = explorers.e_step(points, apart)
    drawn = [
        (tuple(place), stamp.face[:3]) for stamp in dots(explorer._canvas.figure.axes[0]) for place in stamp.places
    ]
    assert {place for place, _ in drawn} == set(map(tuple, points))
    for place, colour in drawn:
        np.testing.assert_allclose(colour, to_rgb(PALETTE[int(place[0] > 2.5)]), atol=0.02)


def test_two_threads_draw_one_after_the_other():
    """As in JupyterLab, where cells and controls run in threads of their own."""
    explorer, alone = EXPLORERS["05_convergence"](), EXPLORERS["05_convergence"]()
    for each in (explorer, alone):
        each._sharpen(1)  # as on an ordinary screen

    def move(name, values):
        for value in values:
            explorer.controls[name].value = value

    with ThreadPoolExecutor(2) as pool:
        moves = [pool.submit(move, "half_step", range(1, 12)), pool.submit(move, "azimuth", range(0, 60, 5))]
        for moved in moves:
            moved.result()
    move("point", [2])
    set_to(alone, explorer.settings)
    assert np.array_equal(np.asarray(image(explorer)), np.asarray(image(alone)))


def test_what_goes_wrong_is_shown_and_raised(monkeypatch):
    explorer = EXPLORERS["03_e_step"]()
    seen = explorer.caption

    def fail(**settings):
        raise ValueError("the <point> is lost")

    monkeypatch.setattr(explorer, "_draw", fail)
    with pytest.raises(ValueError, match="is lost"):
        explorer.controls["size"].value = 2.0
    message = shown(explorer)[2].value
    assert "the &lt;point&gt; is lost" in message
    assert "Move the last control back" in message
    assert explorer.caption == seen
    monkeypatch.undo()
    explorer.controls["size"].value = 1.5
    assert_true("03_e_step", explorer)


def test_it_works_in_one_and_two_dimensions():
    geyser = datasets.old_faithful()
    for n_dimensions in (1, 2):
        points, columns = geyser.points[::4, :n_dimensions], geyser.columns[:n_dimensions]
        result = fit(points, 2)
        for explorer in (
            explorers.density(points, result.mixture, columns),
            explorers.e_step(points, result.mixture, columns),
            explorers.m_step(points[:6], result.responsibilities[:6], columns),
            explorers.em(points, 2, columns),
            explorers.animation(result, "never_written.gif", columns),
        ):
            assert isinstance(explorer, Explorer)
            assert "azimuth" not in explorer.controls
            set_to(explorer, {key: ends(control)[-1] for key, control in explorer.controls.items()})
            assert image(explorer).size[0] > 400


def test_bad_input_is_told():
    points = datasets.eight_points().points
    flat = datasets.eight_points_start()
    with pytest.raises(ValueError, match="start lives in 2 dimensions, but 3 were expected"):
        explorers.mixture(flat)
    with pytest.raises(TypeError, match="mixture is 'good', but a Mixture was expected"):
        explorers.e_step(points, "good")
    with pytest.raises(ValueError, match="but the mixture lives in 2 dimensions"):
        explorers.density(np.ones((5, 3)), flat)
    with pytest.raises(ValueError, match=r"responsibilities has shape \(6, 3\)"):
        explorers.m_step(points, np.full((6, 3), 1 / 3))
    with pytest.raises(ValueError, match=r"a name that ends in \.gif was expected"):
        explorers.animation(fit(points, 1), "em.mp4")


@pytest.mark.parametrize("make", [explorers.e_step, lambda points, mixture: explorers.em(points, 2)])
def test_the_ring_is_around_the_chosen_point(make):
    """Where the picture is darker for one point than for another, there is that point's ring."""
    explorer = make(datasets.eight_points().points, datasets.eight_points_start())
    pictures = []
    for point in (1, 6):  # (0, 0) and (5, 3)
        explorer.controls["point"].value = point
        pictures.append(np.asarray(image(explorer).convert("L"))[40:, :820].astype(int))
    (y_1, x_1), (y_6, x_6) = (
        np.argwhere(here < there - 100).mean(axis=0) for here, there in itertools.permutations(pictures)
    )
    assert x_6 > x_1 + 100
    assert y_6 < y_1 - 50


class TestScrubber:
    """The explorer of EM."""

    def test_its_range_is_the_run(self):
        explorer = EXPLORERS["05_convergence"]()
        half_step, seed = explorer.controls["half_step"], explorer.controls["seed"]
        half_step.value = half_step.max
        for value in (1, 10, 0):
            seed.value = value
            run = fit(PENGUINS.points, 3, start="k-means++", rng=value)
            assert half_step.max == 2 * run.n_iterations + 1
            half_step.value = half_step.max
            assert f"After {run.n_iterations} iterations:\nlog-likelihood {run.log_likelihood:.6g}" in explorer.caption

    def test_a_shorter_run_ends_where_it_ends(self):
        explorer = EXPLORERS["05_convergence"]()
        explorer.controls["half_step"].value = explorer.controls["half_step"].max
        explorer.controls["seed"].value = 10
        assert explorer.controls["half_step"].value == 2 * 13 + 1
        assert_true("05_convergence", explorer)

    def test_buttons_step_and_stay_inside(self):
        explorer = EXPLORERS["05_convergence"]()
        pace, _, back, ahead = above_the_controls(explorer).children
        half_step = explorer.controls["half_step"]
        back.click()
        assert half_step.value == 0
        ahead.click()
        ahead.click()
        back.click()
        assert half_step.value == 1
        half_step.value = half_step.max
        ahead.click()
        assert half_step.value == half_step.max
        explorer.controls["seed"].value = 10
        assert pace.max == half_step.max

    def test_it_plays_pauses_and_begins_again(self):
        explorer = EXPLORERS["05_convergence"]()
        pace, play, *_ = above_the_controls(explorer).children
        half_step = explorer.controls["half_step"]
        half_step.value = half_step.max
        assert (pace.playing, play.description) == (False, "▶ play")
        play.click()
        assert (pace.playing, play.description, half_step.value) == (True, "❚❚ pause", 0)
        play.click()
        assert not pace.playing

    def test_its_panels_show_the_run(self):
        explorer = EXPLORERS["05_convergence"]()
        _, bars, climb, ends = explorer._canvas.figure.axes
        explorer.controls["seed"].value = 4
        explorer.controls["half_step"].value = 9  # iteration 5, E-step, after four M-steps
        run = fit(PENGUINS.points, 3, start="k-means++", rng=4)
        curve, here = (line.get_xydata() for line in climb.lines)
        np.testing.assert_array_equal(curve, np.c_[range(len(run.steps)), run.log_likelihoods])
        np.testing.assert_array_equal(here, [[4, run.log_likelihoods[4]]])
        all_ends, chosen = (line.get_xydata() for line in ends.lines)
        np.testing.assert_array_equal(chosen, [[4, run.log_likelihood]])
        np.testing.assert_array_equal(all_ends[4], chosen[0])
        widths = [bar.get_width() for bar in bars.patches]
        np.testing.assert_allclose(widths, run.steps[4].responsibilities[0])


class TestWriting:
    """The button of the explorer of an animation."""

    @pytest.fixture
    def explorer(self, tmp_path):
        return explorers.animation(BEST.steps[:6], tmp_path / "explored.gif", PENGUINS.columns)

    def test_it_writes_what_the_controls_ask_for(self, explorer, tmp_path):
        explorer.controls["mass"].value = 0.5
        explorer.controls["frames_per_second"].value = 10
        explorer.controls["elevation"].value = 40
        writing = above_the_controls(explorer)
        writing.button.click()
        data = (tmp_path / "explored.gif").read_bytes()
        same = animate(
            BEST.steps[:6],
            tmp_path / "same.gif",
            mass=0.5,
            columns=PENGUINS.columns,
            camera=explorers.controls.camera_of({"azimuth": 50, "elevation": 40}),
            turn=40,
            frames_per_second=10,
        )
        assert data == same.data
        assert writing.bar.value == writing.bar.max == 12
        assert f"{len(data) / 1024:.0f} KiB, 12 frames, {same.seconds:.1f} s" in writing.link.value
        link = re.search(r'<a download="explored.gif" href="data:image/gif;base64,([^"]+)"', writing.link.value)
        assert base64.b64decode(link[1]) == data
        assert iio.improps(data, index=None).n_images == 12
        assert not writing.button.disabled

    def test_a_folder_that_is_gone_is_told(self, tmp_path):
        (tmp_path / "there").mkdir()
        explorer = explorers.animation(BEST, tmp_path / "there" / "em.gif")
        (tmp_path / "there").rmdir()
        writing = above_the_controls(explorer)
        writing.button.click()
        assert "there is no folder" in shown(explorer)[2].value
        assert not writing.button.disabled
