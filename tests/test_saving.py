"""What a Jupyter server saves: stills where controls were, what a reader predicted, and an archive beside it."""

import json
import os
import re
import subprocess
import sys
import zipfile
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import nbclient
import nbformat
import pytest

from gmm_lab.exercises.predictions import CHOICE
from gmm_lab.lab import saving
from gmm_lab.lab.saving import CONTROLS, STATE, leave_stills, pack_beside


@pytest.fixture(scope="module")
def ran():
    """A notebook with an explorer, and with predictions that were made and not made, as a kernel leaves it."""
    cells = [
        "from gmm_lab import datasets, explorers\nfrom gmm_lab.exercises import predict",
        "explorers.mixture()",
        "made = predict('up', 'down')\nmade",
        "predict('<left>', 'right')",
        "made.choose('down')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    return nbclient.NotebookClient(notebook, timeout=600, store_widget_state=False).execute()


@pytest.fixture
def saved(ran):
    notebook = deepcopy(ran)
    leave_stills({"type": "notebook", "content": notebook})
    return notebook


def shown(cell, kind):
    return [output["data"][kind] for output in cell.outputs if kind in output.get("data", {})]


def test_controls_go_and_stills_stay(ran, saved):
    assert [len(shown(cell, CONTROLS)) for cell in ran.cells] == [0, 1, 1, 1, 0]
    assert [len(shown(cell, CONTROLS)) for cell in saved.cells] == [0] * 5
    (still,) = shown(saved.cells[1], "text/html")
    assert still.startswith("<div") and '<img alt="The sliders add up to' in still
    assert [cell.source for cell in saved.cells] == [cell.source for cell in ran.cells]


def test_what_was_predicted_stays_as_text(saved):
    assert shown(saved.cells[2], "text/plain") == ["I predict: up / down", "Kept: down. Now run the cells below."]
    assert "Kept: down." in shown(saved.cells[2], "text/html")[-1]
    assert shown(saved.cells[2], CHOICE) == [{"choice": "down"}]
    assert shown(saved.cells[3], "text/plain") == ["I predict: <left> / right", "Nothing chosen yet."]
    assert shown(saved.cells[3], CHOICE) == []


def test_controls_stay_where_their_state_is_saved_with_them(ran):
    notebook = deepcopy(ran)
    kept = shown(notebook.cells[1], CONTROLS)[0]["model_id"]
    notebook.metadata["widgets"] = {STATE: {"state": {kept: {}}}}
    leave_stills({"type": "notebook", "content": notebook})
    assert [len(shown(cell, CONTROLS)) for cell in notebook.cells] == [0, 1, 0, 0, 0]


def test_other_files_are_left_alone():
    leave_stills({"type": "file", "content": "text"})
    leave_stills(model={"type": "directory", "content": None}, path="", contents_manager=None)


def test_an_archive_is_renewed_where_there_is_one(tmp_path):
    (tmp_path / "pictures").mkdir()
    for name in ("mine.ipynb", "pictures/em.gif", ".hidden"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    pack_beside(os_path=str(tmp_path / "mine.ipynb"), model={}, contents_manager=None)
    assert not (tmp_path / saving.WORK).exists()
    (tmp_path / saving.WORK).touch()
    pack_beside(os_path=str(tmp_path / "mine.ipynb"), model={}, contents_manager=None)
    with zipfile.ZipFile(tmp_path / saving.WORK) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            "mine.ipynb": "mine.ipynb",
            "pictures/em.gif": "pictures/em.gif",
        }


def test_an_archive_that_cannot_be_written_is_left_whole(tmp_path, monkeypatch):
    (tmp_path / saving.WORK).write_bytes(b"whole")

    class Full(zipfile.ZipFile):
        def write(self, *_):
            raise OSError("disk full")

    (tmp_path / "mine.ipynb").touch()
    monkeypatch.setattr(zipfile, "ZipFile", Full)
    with pytest.raises(OSError, match="disk full"):
        saving.pack(tmp_path)
    assert (tmp_path / saving.WORK).read_bytes() == b"whole"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.ipynb", saving.WORK]


def test_a_server_in_this_environment_takes_both_up(tmp_path):
    """Its configuration travels with the package: what a hub or Binder installs is enough."""
    listed = [sys.executable, "-m", "jupyter", "server", "extension", "list"]
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(tmp_path)}
    told = subprocess.run(listed, env=environment, capture_output=True, text=True, check=True)
    assert re.search(r"gmm_lab\.lab\.saving\S* \S*enabled", told.stdout + told.stderr), told


def test_a_manager_that_another_extension_puts_in_place_is_watched():
    """As Jupytext does, whose extension is loaded after ours."""
    asked, later = {"first": [], "second": []}, []
    first, second = (
        SimpleNamespace(register_pre_save_hook=of.append, register_post_save_hook=of.append) for of in asked.values()
    )
    app = SimpleNamespace(contents_manager=first, io_loop=SimpleNamespace(add_callback=later.append))
    saving._load_jupyter_server_extension(app)
    app.contents_manager = second
    later[0]()
    assert asked == {"first": [], "second": [leave_stills, pack_beside]}


def test_its_settings_are_those_that_jupyterlab_knows():
    """A name that it does not know would be passed over in silence."""
    settings = json.loads((Path(saving.__file__).parent / "settings" / "overrides.json").read_text(encoding="utf-8"))
    schemas = Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas"
    for plugin, values in settings.items():
        package, name = plugin.split(":")
        schema = json.loads((schemas / package / f"{name}.json").read_text(encoding="utf-8"))
        assert values.keys() <= schema["properties"].keys()
