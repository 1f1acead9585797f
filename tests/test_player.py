"""The player without a kernel: one piece of HTML, small enough, that holds every half-step and its caption.

What it does in a browser is tested in test_browser.
"""

import base64
import html
import io
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from gmm_lab import Camera, Step, datasets, fit, play
from gmm_lab.pictures import player as module
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.half_steps import half_steps
from gmm_lab.pictures.player import LARGEST, _page, _webp
from gmm_lab.pictures.rendering import HEADER, SIZE, render


@pytest.fixture(scope="module")
def clouds():
    return fit(datasets.three_gaussians().points, 3, start="k-means++", rng=0).steps[:7]


@pytest.fixture(scope="module")
def player(clouds):
    return play(clouds, turn=40)


def parts(player):
    """Return what the script gets: the pictures, None where a still holds it, the captions, and the delay in ms."""
    return json.loads(re.search(r"\.\.\.(\[.*\])\)\)\)</script>", player.html)[1])


def pictures(player):
    """Return all pictures in their order, (F, H, W, 3)."""
    stills = iter(re.findall(r'src="data:image/webp;base64,([^"]+)"', player.html))
    data = [base64.b64decode(other or next(stills)) for other in parts(player)[0]]
    assert next(stills, None) is None
    return [np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int) for picture in data]


def test_it_holds_every_half_step_as_the_animation_draws_it(clouds, player):
    frames = half_steps(clouds)
    view = View.of(clouds, 0.9)
    wanted = [np.asarray(frame)[HEADER:].astype(int) for frame in render(frames, view, 0.9, 40)]
    found = pictures(player)
    assert len(found) == len(wanted) == len(player.captions)
    for picture, same in zip(found, wanted, strict=True):
        assert picture.shape == same.shape
        assert np.abs(picture - same).mean() < 3
    assert player.captions == tuple(frame.caption for frame in frames) == tuple(parts(player)[1])
    assert parts(player)[2] == 250


def test_stills_have_captions_and_alternative_texts(player):
    stills = re.findall(r'<figure><img alt="([^"]+)".*?<figcaption>(.*?)</figcaption>', player.html)
    assert len(stills) == 6
    for alt, caption in stills:
        assert html.unescape(alt) in [text.replace("\n", ": ") for text in player.captions]
        assert caption.replace("<br>", ": ") == alt


def test_a_notebook_shows_it(player):
    assert player._repr_html_() == player.html
    assert repr(player).startswith(f"<Player: {len(player.captions)} half-steps. First: Start: 3 Gaussians")


def test_it_needs_nothing_from_elsewhere(player):
    assert "http" not in player.html
    assert set(re.findall(r'(?:src|href)="([^:]+):', player.html)) == {"data"}


def test_no_name_closes_its_script_or_opens_a_tag(rng):
    evil = "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>"
    history = fit(rng.normal(size=(30, 2)), 1)
    page = play(history, columns=[evil, '" onload="alert(1)']).html
    assert page.count("<script") == page.count("</script") == 1
    odd = _page(["AAAA"] * 2, (evil, evil), 250)
    assert odd.count("<script") == odd.count("</script") == 1
    assert "<!--" not in odd and odd.count("<img") == 2
    assert parts(SimpleNamespace(html=odd))[1] == [evil, evil]


def test_it_is_small_enough_whatever_the_history(rng):
    """Noise in many colours hardly compresses: then later iterations are left out, and the captions say so."""
    noise = rng.uniform(size=(6_000, 3))
    with pytest.warns(RuntimeWarning, match="not converged"):
        history = fit(noise, 6, tol=0, max_iter=60)
    player = play(history, turn=90)
    assert len(player.html.encode()) <= LARGEST
    assert len(player.captions) < 60
    assert any("not shown" in caption for caption in player.captions)


def test_the_same_history_gives_the_same_bytes(clouds, player):
    assert play(clouds, turn=40).html == player.html


# Without drawing


@pytest.fixture
def history(mixture):
    """Return a function that makes a history of so many iterations."""
    points = np.zeros((5, 2))
    return lambda n_iterations: [Step(points, mixture, float(i)) for i in range(n_iterations + 1)]


@pytest.fixture
def asked(monkeypatch):
    """Record what is asked to be rendered; each picture comes out blank, and as many bytes as `size` says."""
    record = SimpleNamespace(frames=[], views=[], masses=[], turns=[], shapes=set(), size=8)

    def blank(frames, view, mass, turn):
        for name, value in (("frames", len(frames)), ("views", view), ("masses", mass), ("turns", turn)):
            getattr(record, name).append(value)
        return (Image.new("RGB", (SIZE, SIZE)) for _ in frames)

    def webp(picture):
        record.shapes.add(picture.size)
        return "A" * record.size

    monkeypatch.setattr(module, "render", blank)
    monkeypatch.setattr(module, "_webp", webp)
    return record


def test_what_was_asked_for_reaches_the_pictures(asked, history):
    found = play(history(2), mass=0.6, columns=["a", "b"], camera=Camera(1, 2), turn=-30, frames_per_second=8)
    (view,) = asked.views
    assert (view.columns, view.camera) == (("a", "b"), Camera(1, 2))
    assert (asked.frames, asked.masses, asked.turns) == ([6], [0.6], [-30])
    assert asked.shapes == {(SIZE, SIZE - HEADER)}  # the caption is text beside the picture, not in it
    assert parts(found)[2] == 125
    play(history(1))
    assert (asked.masses[1], asked.turns[1], asked.views[1].columns) == (0.9, 0, ("x", "y"))


def test_a_long_history_has_sixty_frames_at_most(asked, history):
    assert len(play(history(29)).captions) == 60
    assert 50 < len(play(history(400)).captions) <= 60
    assert len(asked.frames) == 2


@pytest.mark.parametrize(("size", "tried"), [(24_000, 1), (30_000, 2), (60_000, 4), (400_000, 7)])
def test_frames_are_left_out_until_the_page_is_small_enough(size, tried, asked, history):
    """A third of them at a time, and never below six, which are shown however large they are."""
    asked.size = size
    found = play(history(200))
    assert len(asked.frames) == tried
    assert asked.frames == sorted(asked.frames, reverse=True)
    assert len(found.captions) == asked.frames[-1] >= 6
    if size < 250_000:
        assert len(found.html) <= LARGEST
    if tried > 1:
        assert asked.frames[1] > 30
        assert asked.frames[-2] * size > LARGEST - 30_000
    assert found.captions[0].startswith("Start") and found.captions[-1].startswith("After 200 iterations")


def test_stills_hold_their_pictures_and_the_script_all_others():
    """So that no picture is sent twice; the first and the last are among the stills."""
    page = _page([f"picture{i:02}" for i in range(20)], tuple(f"caption {i}" for i in range(20)), 250)
    stills = [int(i) for i in re.findall(r'src="data:image/webp;base64,picture(\d\d)"', page)]
    others = parts(SimpleNamespace(html=page))[0]
    assert len(stills) == 6
    assert (stills[0], stills[-1]) == (0, 19)
    assert [i for i, other in enumerate(others) if other is None] == stills == sorted(stills)
    assert [other for other in others if other] == [f"picture{i:02}" for i in range(20) if i not in stills]
    assert re.findall("<figcaption>(.*?)</figcaption>", page) == [f"caption {i}" for i in stills]


def test_stills_are_half_as_large_as_pictures_and_as_wide_for_their_height():
    page = _page(["A"], ("one",), 250)
    (size,) = re.findall(r'<img alt="one" width="(\d+)" height="(\d+)"', page)
    assert [int(side) for side in size] == [SIZE // 2, (SIZE - HEADER) // 2]


def test_players_with_other_captions_or_another_pace_have_other_names():
    """Two in one page must not be mixed up; pictures, which may differ in a pixel elsewhere, don't count."""
    pages = [
        _page(["A"] * 2, captions, pace)
        for captions, pace in ((("a", "b"), 250), (("a", "c"), 250), (("a", "b"), 100), (("a", "b"), 250))
    ]
    names = [re.search('data-name="([0-9a-f]{16})"', page)[1] for page in pages]
    assert len(set(names)) == 3 and names[0] == names[3]
    assert all(page.count(name) == 2 for page, name in zip(pages, names, strict=True))
    assert re.search('data-name="([^"]+)"', _page(["B"] * 2, ("a", "b"), 250))[1] == names[0]


def test_captions_keep_their_letters():
    page = _page(["A"], ("\u4f53\u91cd \u03b1 <\nnext",), 250)
    assert "\u4f53\u91cd \u03b1 &lt;<br>next" in page
    assert 'alt="\u4f53\u91cd \u03b1 &lt;: next"' in page
    assert "\u4f53\u91cd \u03b1 \\u003c\\nnext" in page  # in the script: no tag, and no escapes but this one


def test_a_picture_is_kept_without_loss_but_in_few_colours(rng):
    picture = np.full((40, 60, 3), 255, dtype=np.uint8)
    picture[10:30, 10:30] = [200, 30, 40]
    found = np.asarray(Image.open(io.BytesIO(base64.b64decode(_webp(Image.fromarray(picture))))).convert("RGB")).astype(
        int
    )
    assert found.shape == picture.shape
    assert np.abs(found - picture).max() <= 4


def test_it_tells_its_first_and_its_last_half_step(asked, history):
    assert repr(play(history(1))) == (
        "<Player: 4 half-steps. First: Start: 3 Gaussians; no point has a colour yet."
        " Last: After 1 iteration: log-likelihood 1 (+1.00).>"
    )


def test_bad_input_is_told(clouds):
    with pytest.raises(TypeError, match="history is 'em', but a Fit or a list"):
        play("em")
    with pytest.raises(ValueError, match=r"frames_per_second is 0, but a finite number of at least 0\.1"):
        play(clouds, frames_per_second=0)
    with pytest.raises(TypeError, match="turn is 'left', but a number was expected"):
        play(clouds, turn="left")
