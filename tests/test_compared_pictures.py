"""How nbval compares pictures where they aren't made: a picture that looks the same passes, another one doesn't."""

import base64
import importlib.util
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import imageio.v3 as iio
import nbformat
import numpy as np
import pytest
from kind import kind, recorded
from nbval.plugin import IPyNbCell

CONFTEST = Path(__file__).resolve().parent.parent / "conftest.py"
PICTURE = re.compile(r"[A-Za-z0-9+/]{500,}={0,2}")


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


def test_pictures_are_paired_in_their_order(conftest, pixels):
    """A picture that comes too late, or twice, is another one."""
    other = np.roll(pixels, 10, axis=1)
    page = '["{}","{}"]'.format
    saved = page(encoded(pixels), encoded(other))
    for first, second in ((other, pixels), (pixels, pixels), (other, other)):
        new = page(encoded(first), encoded(second))
        assert conftest.with_saved_pictures(new, saved) != saved


def parts_of(page):
    """Return the pictures of a player, as the comparison finds them, and what is left of it."""
    return PICTURE.findall(page), PICTURE.sub("", page)


@pytest.fixture(scope="module")
def players():
    """The same player made under two kinds of kernel of OpenBLAS and with fewer instructions in NumPy."""
    code = (
        "from gmm_lab import datasets, fit, play\npenguins = datasets.penguins()\n"
        "print(play(fit(penguins.points, 3, rng=1).steps[-20:], columns=penguins.columns).html)"
    )
    kernels = {"x86_64": "Nehalem", "AMD64": "Nehalem", "aarch64": "ARMV8", "arm64": "ARMV8"}
    older = {"OPENBLAS_CORETYPE": kernels.get(platform.machine(), ""), "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL"}
    return [
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | kind, capture_output=True, encoding="utf-8", check=True
        ).stdout
        for kind in ({}, older)
    ]


def test_a_player_made_under_another_kernel_is_alike(conftest, players):
    """Each of its pictures, those in the data of its script as well."""
    here, elsewhere = players
    pictures, words = parts_of(here)
    others, same_words = parts_of(elsewhere)
    assert len(pictures) == len(others) > 30
    assert words == same_words
    assert conftest.with_saved_pictures(elsewhere, here) == here
    if "x86" in platform.machine():
        assert pictures != others


@pytest.mark.parametrize("place", [0, 7, -1])
def test_one_picture_of_a_player_that_differs_is_seen(conftest, players, place):
    here = players[0]
    picture = PICTURE.findall(here)[place]
    darker = iio.imread(base64.b64decode(picture)) // 2
    changed = here.replace(picture, encoded(darker, ".webp"))
    assert changed != here
    assert conftest.with_saved_pictures(changed, here) != here


def test_the_kind_of_machine_is_recorded_beside_the_pictures():
    assert recorded().keys() == kind().keys()
    assert all(recorded().values())
    assert kind() == json.loads(json.dumps(kind()))


@pytest.mark.skipif("x86" not in platform.machine(), reason="the name of a kernel of OpenBLAS for x86")
def test_another_kernel_is_another_kind():
    run = [sys.executable, "-c", "from kind import kind; print(kind()['matrix products'])"]
    environment = os.environ | {"OPENBLAS_CORETYPE": "Nehalem", "PYTHONPATH": str(CONFTEST.parent / "tools")}
    assert subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout == "['Nehalem']\n"


def test_words_around_a_picture_still_count(conftest, pixels):
    page = '<img alt="{}" src="data:image/png;base64,' + encoded(pixels) + '">'
    assert conftest.with_saved_pictures(page.format("a"), page.format("b")) == page.format("a")


@pytest.mark.parametrize(("saved", "verdict"), [("the same", 0), ("another", 1)])
def test_nbval_fails_where_a_picture_differs(saved, verdict, tmp_path, pixels):
    """A notebook that draws `pixels`, saved with the same picture or with another."""
    shown = encoded(pixels if saved == "the same" else np.roll(pixels, 10, axis=1))
    code = f"import base64, IPython.display\nIPython.display.Image(base64.b64decode('{encoded(pixels)}'))"
    cell = nbformat.v4.new_code_cell(code, execution_count=1)
    data = {"image/png": shown, "text/plain": "<IPython.core.display.Image object>"}
    cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
    run = validated(cell, tmp_path)
    assert run.returncode == verdict, run.stdout


def validated(cell, folder, **environment):
    """Run nbval with our conftest on a notebook of one cell."""
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": ""}})
    nbformat.write(notebook, folder / "one.ipynb")
    shutil.copy(CONFTEST, folder)
    nbval = "-m pytest --nbval --nbval-current-env -p no:cacheprovider -q one.ipynb".split()
    environment = os.environ | {"PYTHONPATH": str(CONFTEST.parent / "tools")} | environment
    run = [sys.executable, *nbval]
    return subprocess.run(run, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_kernel_under_test_knows_nothing_of_its_users_shell_and_profile(tmp_path):
    profile = tmp_path / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text("c.InlineBackend.figure_formats = {'svg'}", encoding="utf-8")
    (tmp_path / "style").mkdir()
    (tmp_path / "style" / "matplotlibrc").write_text("figure.dpi: 30\nfigure.facecolor: black", encoding="utf-8")
    code = (
        "import sys\nimport matplotlib.pyplot as plt\nfrom matplotlib_inline.config import InlineBackend\n"
        "style = plt.rcParams\nprint(style['figure.dpi'], style['figure.facecolor'])\n"
        "print('inline' in plt.get_backend(), sys.warnoptions)\n"
        "print(InlineBackend.instance(parent=get_ipython()).figure_formats)"
    )
    cell = nbformat.v4.new_code_cell(code, execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="100.0 white\nTrue []\n{'png'}\n")]
    of_a_user = {"IPYTHONDIR": str(tmp_path / "ipython"), "MATPLOTLIBRC": str(tmp_path / "style")}
    run = validated(cell, tmp_path, MPLBACKEND="Agg", PYTHONWARNINGS="ignore", **of_a_user)
    assert run.returncode == 0, run.stdout
