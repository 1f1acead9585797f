"""`python -m gmm_lab` in a terminal: what it writes, and what it says to a user's mistake: a sentence, no traceback.

Tried in a folder with a space and an umlaut, in one that can't be written, in a terminal and in a pipe.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gmm_lab import datasets
from gmm_lab.__main__ import main

TABLE = str(datasets.example_csv())


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    folder = tmp_path / "meine Übung"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def refused(*arguments):
    """Return what is said where a command can't be carried out, after asserting that it is one sentence."""
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    told = str(ended.value.code)
    assert told.startswith(f"{arguments[0]}: ") and "\n" not in told
    return told


@pytest.mark.parametrize("command", ["", "lessons", "fit"])
def test_help_tells_what_there_is(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: python -m gmm_lab {command}".rstrip())
    assert {"": "lessons", "lessons": "never overwritten", "fit": "-k"}[command] in told


def test_lessons_are_copied_and_what_was_written_into_them_stays(folder, capsys):
    main(["lessons", "mine"])
    copies = sorted((folder / "mine").glob("*.ipynb"))
    assert len(copies) == len([*Path(__file__).parents[1].glob("notebooks/*.ipynb")])
    copies[0].write_text("mine", encoding="utf-8")
    main(["lessons", "mine"])
    assert copies[0].read_text(encoding="utf-8") == "mine"
    told = capsys.readouterr().out
    assert "put there now" in told and "has all lessons" in told


def test_lessons_where_nothing_can_be_written(folder):
    (folder / "mine").write_text("a file of mine", encoding="utf-8")
    assert "mine" in refused("lessons", "mine")
    assert (folder / "mine").read_text(encoding="utf-8") == "a file of mine"
    assert "no_folder" in refused("lessons", "no_folder/mine")


def test_a_table_is_fitted_and_drawn(folder, capsys):
    main(["fit", TABLE, "-k", "2", "-o", "out.gif"])
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "<Fit: converged after 5 iterations, log-likelihood -1130.26>"
    assert told[1] == "Mixture of 2 Gaussians in 2-D:"
    assert re.fullmatch(r"out\.gif: \d+ frames, [\d.]+ s", told[-1])
    assert (folder / "out.gif").read_bytes().startswith(b"GIF89a")


def test_without_an_output_nothing_is_written(folder, capsys):
    main(["fit", TABLE, "-k", "1", "-c", "waiting_min"])
    assert "in 1-D" in capsys.readouterr().out
    assert [*folder.iterdir()] == []


FOUR = "a,b,c,two words\n" + "".join(f"{i},{i * i % 7},{i * 3 % 5},{i % 2}\n" for i in range(20))
MISTAKES = {
    "no such table": (["nowhere.csv", "-k", "2"], "there is no file nowhere.csv"),
    "no table": (["text.csv", "-k", "2"], "no column of numbers"),
    "no such column": ([TABLE, "-k", "2", "-c", "length"], "has no column 'length': its header is eruption_min"),
    "no components": ([TABLE, "-k", "0"], "at least 1 was expected"),
    "too many components": ([TABLE, "-k", "300"], "ask for fewer components"),
    "no GIF": ([TABLE, "-k", "2", "-o", "out.png"], "try out.gif"),
    "no such folder": ([TABLE, "-k", "2", "-o", "nowhere/out.gif"], "there is no folder nowhere"),
    "four columns": (["four.csv", "-k", "1", "-o", "out.gif"], "choose, as in -c a b c, or leave out -o"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_in_a_sentence_and_nothing_is_written(mistake, folder, capsys):
    (folder / "four.csv").write_text(FOUR, encoding="utf-8")
    (folder / "text.csv").write_text("a,b\nx,y\n", encoding="utf-8")
    arguments, told = MISTAKES[mistake]
    assert told in refused("fit", *arguments)
    assert capsys.readouterr().out == "" and sorted(path.name for path in folder.iterdir()) == ["four.csv", "text.csv"]


def test_what_cannot_be_written_is_found_out_before_time_is_spent(monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    monkeypatch.setattr("gmm_lab.fit", lambda *_, **__: pytest.fail("time was spent"))
    assert "can't be written" in refused("fit", TABLE, "-k", "2", "-o", "out.gif")


def test_a_disk_that_gets_full_meanwhile_is_told_and_leaves_nothing(folder, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gmm_lab.pictures.animation.write_whole", full)
    assert "No space left on device" in refused("fit", TABLE, "-k", "2", "-o", "out.gif")
    assert [*folder.iterdir()] == []


def test_an_interrupt_is_no_traceback(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("gmm_lab.fit", interrupted)
    assert refused("fit", TABLE, "-k", "2") == "fit: interrupted"


def started(*arguments, **streams):
    return subprocess.run([sys.executable, "-m", "gmm_lab", *arguments], check=False, text=True, **streams)


def test_a_warning_is_a_note_and_no_line_of_code(folder):
    (folder / "two.csv").write_text("a,b\n" + "1,2\n" * 9 + "3,4\n" * 9, encoding="utf-8")
    ended = started("fit", "two.csv", "-k", "2", capture_output=True)
    assert ended.returncode == 0
    assert re.fullmatch(r"Note: .*needle.*\n", ended.stderr), "in a pipe, no bar either"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no terminal that a test can open")
def test_in_a_terminal_bars_count_iterations_and_frames():
    import fcntl
    import pty
    import struct
    import termios

    shown, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    ended = started("fit", TABLE, "-k", "2", "-o", "out.gif", stderr=terminal, stdout=subprocess.PIPE)
    os.close(terminal)
    told = os.read(shown, 100_000).decode()
    os.close(shown)
    assert ended.returncode == 0
    assert re.search(r"run 1 of 1: \d+ iterations", told) and re.search(r"drawing: 100%.*frames/s", told)
