"""Animated GIFs: what is written is read back, white stays white, and a path is one that can be written."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gmm_lab.pictures.gif import check_path
from gmm_lab.pictures.gif import encode as encode_images


def decoded(data):
    """Return the frames of a GIF as RGB, how long each is shown in ms, and its loop flag (0 plays for ever)."""
    frames, delays = [], []
    with Image.open(io.BytesIO(data)) as image:
        for number in range(image.n_frames):
            image.seek(number)
            frames.append(np.asarray(image.convert("RGB")))
            delays.append(image.info["duration"])
        return np.array(frames), delays, image.info.get("loop")


def encode(pictures, durations):
    return encode_images([Image.fromarray(picture) for picture in pictures], durations)


def plain(*colours):
    """Return small pictures as an array, each with a white frame and one colour inside."""
    pictures = np.full((len(colours), 12, 16, 3), 255, dtype=np.uint8)
    for picture, colour in zip(pictures, colours, strict=True):
        picture[3:9, 4:12] = colour
    return pictures


def test_pictures_delays_and_loop_are_read_back():
    pictures = plain((200, 0, 0), (0, 160, 0), (0, 0, 120), (80, 80, 80))
    frames, delays, loop = decoded(encode(pictures, [400, 100, 250, 1000]))
    assert (frames.shape, delays, loop) == (pictures.shape, [400, 100, 250, 1000], 0)
    assert np.abs(frames.astype(int) - pictures).max() <= 4  # Pillow looks colours up in steps of 4


@pytest.mark.parametrize("alone", [0, -1])
def test_a_colour_of_the_first_or_the_last_picture_alone_is_in_the_palette(alone):
    """The palette is chosen from a few of the pictures: both ends are among them."""
    colours = [(200, 40, 40)] * 20
    colours[alone] = (20, 120, 200)
    frames, _, _ = decoded(encode(plain(*colours), [100] * 20))
    assert np.abs(frames[alone][5, 8].astype(int) - colours[alone]).max() <= 4


def test_paper_stays_pure_white_beside_colours_that_are_nearly_white(rng):
    pictures = plain((252, 251, 253), (0, 0, 90), (252, 252, 252), (120, 0, 0))
    pictures[3][3:9, 4:12] = rng.integers(0, 200, (6, 8, 3))
    frames, _, _ = decoded(encode(pictures, [100] * 4))
    assert (frames[:, :3] == 255).all() and (frames[:, 9:] == 255).all()
    assert (frames[[0, 2]] == 255).all()


def test_pale_colours_that_are_not_white_are_kept():
    frames, _, _ = decoded(encode(plain((245, 245, 245), (221, 221, 221)), [100] * 2))
    assert np.abs(frames[0][5, 8].astype(int) - 245).max() <= 2
    assert np.abs(frames[1][5, 8].astype(int) - 221).max() <= 2


def test_all_pictures_share_a_palette_of_at_most_64_colours(rng):
    """One colour more would double the palette, and cost every pixel a bit."""
    data = encode(rng.integers(0, 255, (3, 12, 16, 3), dtype=np.uint8), [100] * 3)
    assert data[10] & 0b111 == 5  # in the header: a palette of 2 ** (5 + 1) colours
    assert len(np.unique(decoded(data)[0].reshape(-1, 3), axis=0)) <= 64


def test_edges_are_not_dithered():
    """A colour that is not in the palette is shown as the nearest one, without a pattern."""
    pictures = plain(*[(4 * i, 0, 0) for i in range(60)])
    for frame in decoded(encode(pictures, [100] * 60))[0]:
        assert len(np.unique(frame[3:9, 4:12].reshape(-1, 3), axis=0)) == 1


def test_the_same_pictures_give_the_same_bytes():
    pictures = plain((200, 0, 0), (0, 160, 0))
    assert encode(pictures, [100, 200]) == encode(pictures, [100, 200])
    assert encode(pictures, [100, 200]).startswith(b"GIF89a")


@pytest.mark.parametrize("name", ["em.gif", "EM.GIF", "a.b.gif"])
def test_a_gif_in_a_folder_that_exists_is_a_path(name, tmp_path):
    assert check_path(str(tmp_path / name)) == check_path(tmp_path / name) == tmp_path / name
    assert isinstance(check_path(str(tmp_path / name)), Path)


def test_what_is_no_path_is_told(tmp_path):
    for wrong in (3, None, ["em.gif"], b"em.gif"):
        with pytest.raises(TypeError, match=r"but the name of a file was expected: try 'em.gif'"):
            check_path(wrong)
    for name, remedy in (("em.png", "em.gif"), ("film", "film.gif"), (".gif", ".gif.gif")):
        with pytest.raises(ValueError, match=f"ends in .gif was expected: try .*{remedy}$"):
            check_path(tmp_path / name)
    with pytest.raises(ValueError, match=r"path is \., but .*: try em\.gif$"):
        check_path("")
    with pytest.raises(ValueError, match=r"there is no folder .*nowhere: create it first, or name another"):
        check_path(tmp_path / "nowhere" / "em.gif")
    (tmp_path / "folder.gif").mkdir()
    with pytest.raises(ValueError, match=r"that is a folder: name a file in it, such as .*folder\.gif.em\.gif"):
        check_path(tmp_path / "folder.gif")
