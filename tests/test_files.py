"""A file is written whole or not at all: whoever writes at the same time, however it ends, and wherever a link leads.

Tried with a full disk, with signals in mid-write, and as a user who may not write.
"""

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gmm_lab.files import require_writable, write_whole

POSIX = pytest.mark.skipif(os.name != "posix", reason="links, modes and signals as on Linux and macOS")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "em.gif"
    path.write_bytes(b"old")
    return path


def test_four_threads_write_one_name_and_a_reader_sees_whole_files_only(path):
    texts = [bytes([number]) * 200_000 for number in range(4)]
    write_whole(path, texts[0])
    seen, errors, ended = set(), [], threading.Event()

    def write(text):
        try:
            for _ in range(40):
                write_whole(path, text)
        except OSError as error:
            errors.append(error)

    def look():
        while not ended.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=look)
    writers = [threading.Thread(target=write, args=(text,)) for text in texts]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    ended.set()
    reader.join()
    assert errors == []
    assert seen <= set(texts)
    assert names(path.parent) == ["em.gif"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("act", ["write_bytes", "replace"])
def test_what_ends_a_write_leaves_the_old_file_and_nothing_else(error, act, path, monkeypatch):
    def fail(part, *arguments):
        Path(part).touch()
        raise error

    monkeypatch.setattr(*((os, "replace") if act == "replace" else (Path, "write_bytes")), fail)
    with pytest.raises(type(error)):
        write_whole(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert names(path.parent) == ["em.gif"]


@POSIX
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_signal_in_mid_write_leaves_the_old_file(number, path):
    code = """if True:
        import signal, sys, time
        from pathlib import Path
        from gmm_lab.files import write_whole
        signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background a shell has it ignored
        write = Path.write_bytes
        def slowly(self, data):
            write(self, data[:1])
            print("writing", flush=True)
            time.sleep(60)
        Path.write_bytes = slowly
        write_whole(Path(sys.argv[1]), b"new")"""
    with subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        assert run.stdout.readline() == b"writing\n"
        run.send_signal(getattr(signal, number))
        run.wait()
    assert path.read_bytes() == b"old"
    left = [name for name in names(path.parent) if name != "em.gif"]
    assert all(name.startswith(".em.gif.") and name.endswith(".part") for name in left)
    assert left == [] or number != "SIGINT"


@POSIX
def test_a_link_stays_and_what_it_leads_to_is_written(path, tmp_path):
    link, dangling = tmp_path / "link.gif", tmp_path / "dangling.gif"
    link.symlink_to(path)
    dangling.symlink_to(tmp_path / "not_yet.gif")
    for each in (link, dangling):
        write_whole(each, b"new")
        assert each.is_symlink() and each.read_bytes() == b"new"
    assert path.read_bytes() == (tmp_path / "not_yet.gif").read_bytes() == b"new"


@POSIX
def test_modes_are_as_they_were_and_new_files_as_the_umask_says(path, tmp_path):
    path.chmod(0o600)
    write_whole(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "new.gif", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.gif").stat().st_mode) == 0o640


@POSIX
@pytest.mark.parametrize(("place", "told"), [("", "the folder closed"), ("em.gif", "the file em.gif")])
def test_what_may_not_be_written_is_told_beforehand(place, told, tmp_path):
    """As an ordinary user: root may write anywhere."""
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "em.gif").touch()
    (folder / "em.gif").chmod(0o666)
    (folder / place).chmod(0o555 if not place else 0o444)
    require_writable(tmp_path / "open.gif")
    for parent in (tmp_path, *tmp_path.parents):
        if "pytest" in str(parent):
            parent.chmod(0o755)
    code = (
        "import os, sys; from pathlib import Path; from gmm_lab.files import require_writable\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "require_writable(Path(sys.argv[1]))"
    )
    run = subprocess.run([sys.executable, "-c", code, folder / "em.gif"], capture_output=True, text=True, check=False)
    (folder / place).chmod(0o755)
    assert f"PermissionError: {told} can't be written" in run.stderr
