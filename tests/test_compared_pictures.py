"""How nbval compares pictures where they aren't made: a picture that looks the same passes, another one doesn't."""

import base64
import importlib.util
import io
import shutil
import subprocess
import sys
from pathlib import Path

import imageio.v3 as iio
import nbformat
import numpy as np
import pytest
from nbval.plugin import IPyNbCell

CONFTEST = Path(__file__).resolve().parent.parent / "conftest.py"


@pytest.fixture(scope="module")
def conftest():
    """The conftest at the root, loaded once more without its effect on nbval."""
    before = IPyNbCell.compare_outputs
    spec = importlib.util.spec_from_file_location("root_conftest", CONFTEST)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    IPyNbCell.compare_outputs = before
    return module


def encoded(pixels, extension=".png"):
    file = io.BytesIO()
    iio.imwrite(file, pixels, extension=extension)
    return base64.b64encode(file.getvalue()).decode()


@pytest.fixture
def pixels():
    picture = np.full((60, 80, 3), 255, np.uint8)
    picture[20:40, 30:50] = [0, 114, 178]
    return picture


def test_noise_at_the_edges_is_alike(conftest, pixels):
    noisy = pixels.copy()
    noisy[20:40, 30] = 128  # one edge of the square: 20 of 4800 pixels
    noisy[0] -= 3
    assert noisy.tobytes() != pixels.tobytes()
    assert conftest.alike(encoded(noisy), encoded(pixels))


def test_a_change_that_can_be_seen_is_not(conftest, pixels):
    moved = np.roll(pixels, 10, axis=1)
    recoloured = pixels.copy()
    recoloured[20:40, 30:50] = [213, 94, 0]
    for other in (moved, recoloured, pixels[:-1]):
        assert not conftest.alike(encoded(other), encoded(pixels))


def test_animations_are_compared_frame_by_frame(conftest, pixels):
    frames = np.stack([pixels, np.roll(pixels, 20, axis=1)])
    same, backwards = encoded(frames, ".gif"), encoded(frames[::-1], ".gif")
    assert conftest.alike(same, encoded(frames, ".gif"))
    assert not conftest.alike(backwards, same)


def test_only_pictures_that_look_alike_are_replaced(conftest, pixels):
    noisy = pixels.copy()
    noisy[0, 0] = 0
    saved, near, far = (encoded(each) for each in (pixels, noisy, np.zeros_like(pixels)))
    page = '<img alt="a" src="data:image/png;base64,{}">'.format
    assert conftest.with_saved_pictures(page(near), page(saved)) == page(saved)
    assert conftest.with_saved_pictures(page(far), page(saved)) == page(far)
    assert conftest.with_saved_pictures(near, saved) == saved


def test_words_around_a_picture_still_count(conftest, pixels):
    page = '<img alt="{}" src="data:image/png;base64,' + encoded(pixels) + '">'
    assert conftest.with_saved_pictures(page.format("a"), page.format("b")) == page.format("a")


@pytest.mark.parametrize(("saved", "verdict"), [("the same", 0), ("another", 1)])
def test_nbval_fails_where_a_picture_differs(saved, verdict, tmp_path, pixels):
    """A notebook that draws `pixels`, saved with the same picture or with another."""
    code = f"import base64, IPython.display\nIPython.display.Image(base64.b64decode('{encoded(pixels)}'))"
    shown = encoded(pixels if saved == "the same" else np.roll(pixels, 10, axis=1))
    cell = nbformat.v4.new_code_cell(code, execution_count=1)
    data = {"image/png": shown, "text/plain": "<IPython.core.display.Image object>"}
    cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": ""}})
    nbformat.write(notebook, tmp_path / "picture.ipynb")
    shutil.copy(CONFTEST, tmp_path)
    nbval = "-m pytest --nbval --nbval-current-env -p no:cacheprovider -q".split()
    run = subprocess.run([sys.executable, *nbval, tmp_path], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == verdict, run.stdout
