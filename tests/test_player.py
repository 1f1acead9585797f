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

from gmm_lab import datasets, fit, play
from gmm_lab.pictures.camera import View
from gmm_lab.pictures.half_steps import half_steps
from gmm_lab.pictures.player import LARGEST, _page
from gmm_lab.pictures.rendering import HEADER, render


@pytest.fixture(scope="module")
def clouds():
    return fit(datasets.three_gaussians().points, 3, start="k-means++", rng=0)


@pytest.fixture(scope="module")
def player(clouds):
    return play(clouds, turn=40)


def parts(player):
    """Return what the script gets: the pictures, None where a still holds it, the captions, and the delay in ms."""
    return json.loads(re.search(r"\.\.\.(\[.*\])\)\)</script>", player.html)[1])


def pictures(player):
    """Return all pictures in their order, (F, H, W, 3)."""
    stills = iter(re.findall(r'src="data:image/webp;base64,([^"]+)"', player.html))
    data = [base64.b64decode(other or next(stills)) for other in parts(player)[0]]
    assert next(stills, None) is None
    return [np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int) for picture in data]


def test_it_holds_every_half_step_as_the_animation_draws_it(clouds, player):
    frames = half_steps(clouds)
    wanted = [frame[HEADER:] for frame in render(frames, View.around(clouds.steps[0].points), 0.9, 40)]
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
    noise = rng.uniform(size=(20_000, 3))
    with pytest.warns(RuntimeWarning, match="not converged"):
        history = fit(noise, 6, tol=0, max_iter=60)
    player = play(history, turn=90)
    assert len(player.html.encode()) <= LARGEST
    assert len(player.captions) < 60
    assert any("not shown" in caption for caption in player.captions)


def test_the_same_history_gives_the_same_bytes(clouds, player):
    assert play(clouds, turn=40).html == player.html


def test_bad_input_is_told(clouds):
    with pytest.raises(TypeError, match="history is 'em', but a Fit or a list"):
        play("em")
    with pytest.raises(ValueError, match=r"frames_per_second is 0, but a finite number of at least 0\.1"):
        play(clouds, frames_per_second=0)
    with pytest.raises(TypeError, match="turn is 'left', but a number was expected"):
        play(clouds, turn="left")
