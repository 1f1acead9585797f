"""Animations: half-steps in order, a GIF that can be read back, and a file that is whole or not there."""

import itertools
import re

import imageio.v3 as iio
import numpy as np
import pytest
from drawn import dots
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from PIL import Image

from gmm_lab import Animation, Camera, Mixture, Step, animate, datasets, em, fit, k_means_plus_plus, storyboard
from gmm_lab.pictures import animation as module
from gmm_lab.pictures.animation import durations, spread
from gmm_lab.pictures.colours import PALETTE
from gmm_lab.pictures.half_steps import half_steps

BLACK = 60  # a pixel whose channels are all below is ink


def read(path):
    """Return the frames of a GIF, their delays in ms, and its loop flag (0 plays for ever)."""
    with Image.open(path) as image:
        loop = image.info.get("loop")
        delays = []
        for number in range(image.n_frames):
            image.seek(number)
            delays.append(image.info["duration"])
    return iio.imread(path, index=None), delays, loop


@pytest.fixture(scope="module")
def clouds_fit():
    return fit(datasets.three_gaussians(100).points, 3, start="random", rng=0)


@pytest.fixture(scope="module")
def animation(clouds_fit, tmp_path_factory):
    return animate(clouds_fit, tmp_path_factory.mktemp("written") / "em.gif", frames_per_second=5)


@pytest.fixture(scope="module")
def frames(animation):
    """The frames of `animation` as they are read back."""
    return read(animation.path)[0]


@pytest.fixture(scope="module")
def short(clouds_fit):
    """The beginning of the same history, for what is asked of the file, not of its pictures."""
    return clouds_fit.steps[:2]


# Half-steps


def test_half_steps_take_turns(clouds_fit):
    frames = half_steps(clouds_fit)
    n = clouds_fit.n_iterations
    assert [frame.kind for frame in frames] == ["start", *["E", "M"] * n, "end"]
    assert [frame.number for frame in frames] == np.repeat(np.arange(n + 1), 2).tolist()


@pytest.mark.parametrize("max_frames", [60, 16])
def test_an_e_step_changes_only_colours_and_an_m_step_only_components(max_frames, clouds_fit):
    """Where iterations are left out, an E-step changes both, and its caption says so."""
    frames = half_steps(clouds_fit, max_frames)
    gaps = [frame for frame in frames if "not shown" in frame.caption]
    assert bool(gaps) == (max_frames < 2 * len(clouds_fit.steps))
    for before, after in itertools.pairwise(frames):
        moved = before.step.mixture is not after.step.mixture
        recoloured = before.coloured_by is not after.coloured_by
        assert (moved, recoloured) == (after.kind == "M" or after in gaps, after.kind != "M")


def test_an_e_step_colours_by_its_own_mixture(clouds_fit):
    frames = half_steps(clouds_fit)
    assert frames[0].coloured_by is None
    assert all(frame.coloured_by is frame.step for frame in frames if frame.kind in ("E", "end"))


def test_a_long_history_shows_its_beginning_whole_and_its_end(penguins_fit):
    frames = half_steps(penguins_fit, max_frames=30)
    assert len(frames) <= 30
    shown = [frame.number for frame in frames if frame.kind == "E"]
    assert shown[:3] == [0, 1, 2]
    assert [frame.number for frame in frames[-2:]] == [shown[-1] + 1] * 2 == [penguins_fit.n_iterations] * 2
    gaps = np.diff(shown) - 1
    assert (np.diff(gaps) >= -1).all()
    assert gaps[-1] == gaps.max() > 1
    told = re.findall(r"\((\d+) not shown\)", " ".join(frame.caption for frame in frames))
    assert [int(number) for number in told] == gaps[gaps > 0].tolist()


# The file


def test_frames_delays_and_loop_are_read_back(animation):
    frames, delays, loop = read(animation.path)
    assert loop == 0
    assert frames.shape == (len(animation.captions), 480, 480, 3)
    assert delays == [800, *[200] * (len(frames) - 2), 2000]
    assert animation.seconds == pytest.approx(sum(delays) / 1000)
    assert animation.path.read_bytes() == animation.data


def test_delays_are_what_a_gif_can_hold(short, tmp_path):
    """It counts in hundredths of a second, so six frames a second are shown for 170 ms each."""
    animation = animate(short, tmp_path / "em.gif", frames_per_second=6)
    delays = read(animation.path)[1]
    assert delays[1] == 170
    assert animation.seconds == pytest.approx(sum(delays) / 1000)


def test_paper_is_white_in_every_frame(frames):
    assert (frames[:, [3, 3, -3, -3], [3, -3, 3, -3]] == 255).all()
    assert (frames == 255).all(axis=-1).mean() > 0.4


def test_only_what_should_change_changes(frames):
    """From the start to the first E-step grey points turn coloured; the outlines, drawn on top, stay as they were."""
    start, first = (frame.astype(int) for frame in frames[:2])
    outline = np.abs(start - [0, 114, 178]).max(axis=-1) < 12
    assert outline.sum() > 200
    assert (np.abs(start - first).max(axis=-1)[outline] < 40).mean() > 0.99
    grey = np.ptp(start[60:380], axis=-1).mean()
    assert np.ptp(first[60:380], axis=-1).mean() > grey


def test_components_and_blends_keep_their_colours_and_other_points_are_hollow(tmp_path):
    """Measured in the file as it is read back: outlines pure, dots as drawn on paper, a blend of two as well."""
    means = np.array([[0, 0], [12, 0], [6, 10]])
    mixture = Mixture([1 / 3] * 3, means, [np.eye(2)] * 3)
    between = [[6, y] for y in np.linspace(-9, -1, 9)]  # where components 1 and 2 are equally responsible
    points = np.array([*means.repeat(8, axis=0) + np.tile(np.linspace([-3, -3], [3, 3], 8), (3, 1)), *between])
    steps = [Step(points, mixture, 0.0)] * 2
    start, coloured = read(animate(steps, tmp_path / "em.gif").path)[0][[0, 1]]
    pure = np.array([to_rgb(colour) for colour in PALETTE[:3]])
    on_paper = 0.65 * np.array([*pure, pure[:2].mean(axis=0)]) + 0.35

    def seen(picture, colours):
        """Return how many pixels come within 4 steps of 255 of each colour."""
        off = np.abs(picture.astype(int)[..., None, :] - np.rint(255 * colours)).max(axis=-1)
        return (off <= 4).sum(axis=(0, 1))

    assert seen(coloured, pure).min() > 100
    assert seen(coloured, on_paper).min() > 100
    assert seen(start, pure).min() > 100
    assert (seen(start, on_paper) < 0.2 * seen(coloured, on_paper)).all()  # what there is are edges of outlines
    rim = np.array([[0.5, 0.5, 0.5]])
    assert seen(start, rim)[0] > 2 * seen(coloured, rim)[0]


def test_captions_are_written_in_the_frames(frames):
    ink = (frames[:, 5:40] < BLACK).all(axis=-1).sum(axis=(1, 2))
    assert ink.min() > 150
    assert len({frame[5:40].tobytes() for frame in frames}) == len(frames)


def test_the_panel_grows(frames):
    blue = (np.abs(frames[:, 390:450].astype(int) - [0, 114, 178]).max(axis=-1) < 40).sum(axis=(1, 2))
    assert blue[0] < 10 < blue[6] < blue[-1]


def test_the_camera_turns(clouds_fit, tmp_path):
    steps = clouds_fit.steps[-1:] * 2  # nothing changes, but what the camera sees
    (still, _, _), (turning, _, _) = (read(animate(steps, tmp_path / "a.gif", turn=turn).path) for turn in (0, 60))
    rows, columns = slice(60, 370), slice(80, 400)
    same = still[-2][rows, columns] == still[-1][rows, columns]
    other = turning[-2][rows, columns] == turning[-1][rows, columns]
    assert same.all()
    assert other.mean() < 0.97


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_any_list_of_steps_can_be_animated(n_dimensions, tmp_path):
    points = datasets.three_gaussians(60).points[:, :n_dimensions]
    steps = list(itertools.islice(em(points, k_means_plus_plus(points, 3)), 3))
    animation = animate(steps, tmp_path / "em.gif")
    assert len(animation.captions) == 6
    assert f"the {('curves', 'ellipses', 'ellipsoids')[n_dimensions - 1]} move" in animation.captions[2]


def test_one_step_alone_can_be_animated(clouds_fit, tmp_path):
    animation = animate([clouds_fit.steps[0]], tmp_path / "em.gif")
    assert read(animation.path)[1] == [1000, 2500]


def test_it_shows_itself_and_can_be_folded_away(short, tmp_path):
    animation = animate(short, tmp_path / "a<b.gif")
    shown = animation._repr_html_()
    assert shown.startswith("<details open><summary>a&lt;b.gif: select to hide or show the animation</summary>")
    alt = re.search('alt="([^"]+)"', shown)[1]
    assert alt == animation.alt
    assert f"in {len(animation.captions)} frames. First: Start: 3 Gaussians" in alt
    assert "After 1 iteration: log-likelihood" in alt
    assert repr(animation).startswith(f"<Animation: {len(animation.captions)} frames in ")


def test_two_runs_give_the_same_bytes(clouds_fit, animation, tmp_path):
    assert animate(clouds_fit, tmp_path / "a.gif", frames_per_second=5).data == animation.data


# What can't be animated leaves nothing behind


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("nowhere/em.gif", ValueError, "path is .*nowhere.em.gif, but there is no folder .*nowhere: create it first"),
        ("em.png", ValueError, r"path is .*em\.png, but a name that ends in \.gif was expected: try .*em\.gif"),
        ("em", ValueError, r"a name that ends in \.gif was expected: try .*em\.gif"),
        ("folder.gif", ValueError, r"that is a folder: name a file in it"),
    ],
)
def test_a_path_that_cannot_be_written_is_told(path, error, message, clouds_fit, tmp_path):
    (tmp_path / "folder.gif").mkdir()
    with pytest.raises(error, match=message):
        animate(clouds_fit, tmp_path / path)
    assert [each.name for each in tmp_path.iterdir()] == ["folder.gif"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"frames_per_second": 0}, ValueError, "frames_per_second is 0, but a finite number of at least 0.1"),
        ({"frames_per_second": 51}, ValueError, "frames_per_second is 51, but viewers show at most 50"),
        ({"turn": "slowly"}, TypeError, "turn is 'slowly', but a number was expected: try turn=40"),
        ({"mass": 0}, ValueError, "mass is 0, but a number between 0 and 1"),
        ({"camera": 50}, TypeError, "camera is 50, but a Camera was expected"),
        ({"columns": ["a", "b"]}, ValueError, "columns has 2 names, but points has 3 columns"),
    ],
)
def test_what_cannot_be_asked_for_leaves_no_file(options, error, message, clouds_fit, tmp_path):
    with pytest.raises(error, match=message):
        animate(clouds_fit, tmp_path / "em.gif", **options)
    assert not list(tmp_path.iterdir())


def test_what_has_no_picture_leaves_no_file(tmp_path):
    with pytest.raises(ValueError, match="points has 4 columns, but a picture shows 1, 2 or 3"):
        animate(fit(np.random.default_rng(0).normal(size=(50, 4)), 2), tmp_path / "em.gif")
    with pytest.raises(TypeError, match=r"history is \[1\], but a Fit or a list of at least one Step was expected"):
        animate([1], tmp_path / "em.gif")
    with pytest.raises(TypeError, match=r"path is 3, but the name of a file was expected: try 'em.gif'"):
        animate([1], 3)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("trouble", ["write_whole", "require_writable"])
def test_where_no_file_can_be_written_it_is_shown_all_the_same(trouble, short, tmp_path, monkeypatch):
    """In a hub's shared folder, and on a disk that is full. Nothing is drawn to find that out, and nothing is lost."""

    def fail(*arguments):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "em.gif"
    path.write_bytes(b"old")
    monkeypatch.setattr(f"gmm_lab.pictures.animation.{trouble}", fail)
    animation = animate(short, path)
    assert animation.path is None and animation.data.startswith(b"GIF89a")
    told = "em.gif was not saved (Permission denied): name a file in a folder of your own"
    assert animation.not_saved == told
    assert told in repr(animation) and f"<summary>{told}: select" in animation._repr_html_()
    assert 'src="data:image/gif;base64,' in animation._repr_html_()
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["em.gif"]


def test_what_goes_wrong_while_it_is_drawn_leaves_the_old_file(clouds_fit, tmp_path):
    path = tmp_path / "em.gif"
    path.write_bytes(b"old")

    def breaks(pictures, total):
        yield next(pictures)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        animate(clouds_fit, path, progress=breaks)
    assert path.read_bytes() == b"old"


def test_an_earlier_file_is_replaced(short, tmp_path):
    path = tmp_path / "em.gif"
    path.write_bytes(b"old")
    assert isinstance(animate(short, str(path)), Animation)
    assert path.read_bytes().startswith(b"GIF89a")


# Without drawing


@pytest.fixture
def history(mixture, points):
    return [Step(points, mixture, float(i)) for i in range(4)]


@pytest.fixture
def asked(monkeypatch):
    """Record what is asked to be rendered and encoded; each picture comes out blank."""
    record = {}

    def blank(frames, view, mass, turn):
        record.update(frames=len(frames), view=view, mass=mass, turn=turn)
        return iter([Image.new("RGB", (4, 4), (200 * (i % 2),) * 3) for i in range(len(frames))])

    monkeypatch.setattr(module, "render", blank)
    return record


def test_what_was_asked_for_reaches_the_pictures(asked, history, tmp_path):
    options = {"mass": 0.6, "columns": ["a", "b"], "camera": Camera(1, 2), "turn": -30}
    animation = animate(history, tmp_path / "em.gif", frames_per_second=2, **options)
    view = asked["view"]
    assert (view.columns, view.camera, asked["mass"], asked["turn"]) == (("a", "b"), Camera(1, 2), 0.6, -30)
    frames, delays, _ = read(animation.path)
    assert delays == [2000, *[500] * 6, 5000]
    assert animation.seconds == sum(delays) / 1000
    assert animation.captions == tuple(frame.caption for frame in half_steps(history))
    assert len(frames) == asked["frames"] == 8
    animate(history, tmp_path / "em.gif")
    assert (asked["mass"], asked["turn"], asked["view"].columns) == (0.9, 0, ("x", "y"))


def test_progress_counts_every_frame(asked, history, tmp_path):
    seen = []

    def progress(pictures, total):
        for number, picture in enumerate(pictures, start=1):
            seen.append((number, total))
            yield picture

    animate(history, tmp_path / "em.gif", progress=progress)
    assert seen == [(n, 8) for n in range(1, 9)]


def test_it_tells_how_long_it_is_and_where(asked, history, tmp_path):
    animation = animate(history, tmp_path / "em.gif")
    assert animation.not_saved == ""
    assert repr(animation) == f"<Animation: 8 frames in 5.0 s, {tmp_path / 'em.gif'}>"
    last = animation.captions[-1].replace("\n", ": ")
    assert animation.alt == (
        f"Animation of EM in 8 frames. First: Start: 3 Gaussians; no point has a colour yet. Last: {last}."
    )


@given(st.integers(2, 60), st.floats(0.1, 50))
def test_the_first_and_the_last_frame_stay_longer(n_frames, frames_per_second):
    first, *others, last = durations(n_frames, frames_per_second)
    delay = first / 4
    assert (first, last) == (4 * delay, 10 * delay)
    assert set(others) <= {delay}
    assert delay % 10 == 0
    assert delay == pytest.approx(1000 / frames_per_second, abs=5)


@pytest.mark.parametrize("wrong", [50.1, 0.09, 1000])
def test_frames_pass_neither_too_fast_nor_too_slowly(wrong):
    assert durations(2, 50) == [80, 200]
    assert durations(2, 0.1) == [40_000, 100_000]
    with pytest.raises(ValueError, match=r"frames_per_second is .* (50: try|at least 0\.1)"):
        durations(2, wrong)


@given(st.integers(1, 200), st.integers(2, 12))
def test_places_are_spread_from_the_first_to_the_last_and_closer_at_the_beginning(n, n_chosen):
    places = list(spread(n, n_chosen))
    assert len(places) == min(n, n_chosen)
    assert (places[0], places[-1]) == (0, n - 1)
    gaps = np.diff(places)
    assert (gaps >= 1).all()
    assert (np.diff(gaps) >= -1).all()  # but for rounding
    if n > n_chosen > 3:
        assert gaps[-1] > gaps[0]


def test_places_grow_as_squares():
    assert list(spread(101, 6)) == [0, 4, 16, 36, 64, 100]
    assert list(spread(26, 6)) == [0, 1, 4, 9, 16, 25]
    assert list(spread(7, 6)) == [0, 1, 2, 3, 4, 6]


@pytest.mark.parametrize(("n_frames", "shape"), [(2, (1, 3)), (3, (1, 3)), (4, (2, 2)), (5, (2, 3)), (7, (3, 3))])
def test_a_storyboard_has_a_panel_for_each_frame_and_hides_the_rest(n_frames, shape, history):
    figure = storyboard(history, n_frames)
    assert figure.axes[0].get_subplotspec().get_geometry()[:2] == shape
    assert len(figure.axes) == shape[0] * shape[1]
    assert [ax.axison for ax in figure.axes] == [i < n_frames for i in range(len(figure.axes))]
    width, height = figure.get_size_inches()
    assert width / shape[1] == pytest.approx(height / shape[0], rel=0.1)
    titles = [ax.get_title(loc="left") for ax in figure.axes[:n_frames]]
    assert figure.alt == "EM, from left to right: " + "; ".join(title.replace("\n", ": ") for title in titles) + "."


def test_all_panels_of_a_storyboard_share_their_view_and_tell_their_mass(history):
    figure = storyboard(history, 3, mass=0.5, columns=["a", "b"])
    assert len({(*ax.get_xlim(), *ax.get_ylim()) for ax in figure.axes}) == 1
    for ax in figure.axes:
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("a", "b")
        assert [text.get_text() for text in ax.texts] == ["ellipses hold 50 % of each component"]
        assert len(ax.collections[0].get_paths()) == 3
    points = [dots(ax) for ax in figure.axes]
    assert len(points[0]) == 1 < len(points[-1])  # hollow at the start, coloured at the end
