"""Set-up that mends itself, touches only what it made, and refuses a lock that was tampered with.

Nothing is installed here: that a whole set-up works, whoever runs these tests has seen.
"""

import json
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "uv.lock").read_text(encoding="utf-8")
UV = re.search(r'\[\[package\]\]\nname = "uv"\n.*?(?=\[\[package\]\])', LOCK, re.DOTALL)[0]


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """The script, as if it stood in an empty folder with an umlaut."""
    monkeypatch.syspath_prepend(ROOT)
    monkeypatch.delitem(sys.modules, "bootstrap", raising=False)
    import bootstrap

    folder = tmp_path / "meine Übung"
    folder.mkdir()
    for name in ("uv.lock", "pyproject.toml", "bootstrap.py"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    paths = {"VENV": ".venv", "PYTHON": ".venv/bin/python", "MARK": ".venv/made_by_gmm_lab.json"}
    for name, path in {"ROOT": "", **paths}.items():
        monkeypatch.setattr(bootstrap, name, folder / path)
    return bootstrap


@pytest.fixture
def steps(bootstrap, monkeypatch):
    """What the script would do, in order, in place of doing it."""
    done = []

    def make_venv(for_tests):
        done.append("make")
        bootstrap.VENV.mkdir(exist_ok=True)
        bootstrap.MARK.write_text("{}", encoding="utf-8")

    def sync(for_tests, again=False):
        done.append(("all" if for_tests else "readers") + " again" * again)

    monkeypatch.setattr(bootstrap, "make_venv", make_venv)
    monkeypatch.setattr(bootstrap, "install_uv", lambda locked: done.append("uv"))
    monkeypatch.setattr(bootstrap, "sync", sync)
    monkeypatch.setattr(bootstrap, "finds", lambda *packages: True)
    monkeypatch.setattr(bootstrap, "has_uv", lambda locked: True)
    return done


def once(bootstrap, steps, *arguments):
    steps.clear()
    bootstrap.main(["bootstrap.py", *arguments])
    return list(steps)


def test_what_is_in_place_is_left_in_place(bootstrap, steps, capsys):
    assert once(bootstrap, steps) == ["make", "uv", "readers"]
    assert capsys.readouterr().out.startswith("Setting up in the folder .venv")
    assert once(bootstrap, steps) == []
    assert capsys.readouterr().out == ""
    assert once(bootstrap, steps, "--test") == ["all"]
    assert once(bootstrap, steps) == [], "what the tests need is not taken away again"


@pytest.mark.parametrize("change", "lock,moved,package lost,python lost,older uv,half a mark,earlier".split(","))
def test_what_is_not_in_place_is_mended(change, bootstrap, steps, monkeypatch):
    once(bootstrap, steps, "--test")
    expected = ["all"]
    if change == "lock":
        (bootstrap.ROOT / "uv.lock").write_text(LOCK + "\n", encoding="utf-8")
    elif change == "moved":
        content = json.loads(bootstrap.MARK.read_text(encoding="utf-8"))
        bootstrap.MARK.write_text(json.dumps(content | {"root": "elsewhere"}), encoding="utf-8")
    elif change == "package lost":
        monkeypatch.setattr(bootstrap, "finds", lambda *packages: "gmm_lab" not in packages)
        expected = ["all", "all again"]
    elif change == "python lost":
        monkeypatch.setattr(bootstrap, "finds", lambda *packages: False)
        expected = ["make", "uv", "all", "all again"]
    elif change == "older uv":
        (bootstrap.ROOT / "uv.lock").write_text(LOCK + "\n", encoding="utf-8")
        monkeypatch.setattr(bootstrap, "has_uv", lambda locked: False)
        expected = ["make", "uv", "all"]
    elif change == "half a mark":
        bootstrap.MARK.write_text('{"root', encoding="utf-8")
        expected = ["readers"]
    elif change == "earlier":
        bootstrap.MARK.replace(bootstrap.VENV / ".ready")
        expected = ["readers"]
    assert once(bootstrap, steps) == expected


@pytest.mark.parametrize("kind", ["folder", "venv", "file", "link", "dangling link"])
def test_a_venv_of_ones_own_is_never_touched(kind, bootstrap, steps, tmp_path):
    theirs = tmp_path / "theirs"
    if kind == "file":
        bootstrap.VENV.write_text("mine", encoding="utf-8")
    elif "link" in kind:
        if kind == "link":
            theirs.mkdir()
            (theirs / "mine").touch()
            (theirs / "made_by_gmm_lab.json").touch()  # even one that leads to a .venv of ours
        bootstrap.VENV.symlink_to(theirs)
    else:
        bootstrap.VENV.mkdir()
        (bootstrap.VENV / ("mine" if kind == "folder" else "pyvenv.cfg")).write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SystemExit, match=r"a \.venv that this project did not make, and it was left alone"):
        once(bootstrap, steps)
    assert steps == [] and sorted(tmp_path.rglob("*")) == before


def test_a_venv_half_removed_is_known_as_ours_and_as_broken(bootstrap, tmp_path, monkeypatch):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "mine").touch()
    for name in ("bin", "lib"):
        (bootstrap.VENV / name).mkdir(parents=True)
    bootstrap.PYTHON.touch()
    (bootstrap.VENV / "lib64").symlink_to(theirs)
    seen = []

    def rmtree(path):
        seen.append((bootstrap.MARK.is_file(), bootstrap.PYTHON.exists()))
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap.shutil, "rmtree", rmtree)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.make_venv(False)
    monkeypatch.undo()
    assert seen == [(True, False)] and (theirs / "mine").is_file()


def test_the_package_is_looked_for_from_elsewhere(bootstrap, monkeypatch):
    """In the project's folder Python finds any module that lies there."""
    (bootstrap.ROOT / "only_here.py").touch()
    monkeypatch.chdir(bootstrap.ROOT)
    monkeypatch.setattr(bootstrap, "PYTHON", sys.executable)
    assert bootstrap.finds("json") and not bootstrap.finds("json", "only_here")


def test_a_python_that_is_not_of_a_venv_is_not_taken_for_ours(bootstrap, monkeypatch):
    """Without its pyvenv.cfg, as where make clean was interrupted, .venv/bin/python installs into the system."""
    monkeypatch.setattr(bootstrap, "PYTHON", sys._base_executable)
    assert not bootstrap.finds("json")


def test_an_index_for_other_projects_is_not_asked(bootstrap, monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    asked = {}
    monkeypatch.setattr(bootstrap, "run", lambda command, **options: asked.update(options))
    bootstrap.sync(for_tests=False)
    assert "UV_DEFAULT_INDEX" not in asked["env"] and "HTTPS_PROXY" in asked["env"]


def test_a_download_cut_off_is_told_in_one_sentence(bootstrap):
    """The server promises more than it sends."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=promise_more, args=(server,), daemon=True).start()
        script = bootstrap.ROOT / "bootstrap.py"
        address = f"http://127.0.0.1:{server.getsockname()[1]}/pip-1-py3-none-any.whl"
        code = f"""
import runpy, sys, urllib.request
import importlib.util as finder
here, there = urllib.request.urlopen, finder.find_spec
urllib.request.urlopen = lambda url, **options: here({address!r}, **options)
finder.find_spec = lambda name, *rest: None if name == "ensurepip" else there(name, *rest)
sys.argv = [{str(script)!r}]
runpy.run_path({str(script)!r}, run_name="__main__")
"""
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 1 and ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("The set-up stopped: a download failed or was cut off")


def promise_more(server):
    connection, _ = server.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nhalf")


HASH = re.compile(r'hash = "sha256:[0-9a-f]{64}"')
TAMPERED = {
    "no hash": HASH.sub("", UV, 1),
    "a hash of another kind": HASH.sub('hash = "md5:d41d8cd98f00b204e9800998ecf8427e"', UV, 1),
    "half a hash": HASH.sub('hash = "sha256:d41d8cd98f00b204"', UV, 1),
    "another host": UV.replace("files.pythonhosted.org", "files.example.org", 1),
    "plain http": UV.replace("https://files", "http://files", 1),
    "another index": UV.replace("https://pypi.org/simple", "https://example.org/simple"),
    "a folder": UV.replace('registry = "https://pypi.org/simple"', 'directory = "../other"'),
    "a repository": UV.replace('registry = "https://pypi.org/simple"', 'git = "https://example.org/uv"'),
    "no files": re.sub(r"(sdist = .*\n|wheels = \[.*?\]\n)", "", UV, flags=re.DOTALL),
    "another version": re.sub(r'\nversion = ".*?"', '\nversion = "9.9.9"', UV, count=1),
    "another package's file": re.sub(r"/uv-(?=[^/]*\.whl)", "/evil-", UV, count=1),
    "a package more": UV + '[[package]]\nname = "evil"\nsource = { url = "https://example.org/evil.whl" }\n',
    "cut off": UV[:-40],
    "no lock": "\0\0",
}


@pytest.mark.parametrize("case", TAMPERED)
def test_a_lock_that_was_tampered_with_is_refused_before_anything_is_done(case, bootstrap, steps):
    assert UV in LOCK and TAMPERED[case] != UV
    (bootstrap.ROOT / "uv.lock").write_text(LOCK.replace(UV, TAMPERED[case]), encoding="utf-8")
    with pytest.raises(SystemExit, match=r"uv\.lock was changed: .*Nothing was installed"):
        once(bootstrap, steps)
    assert steps == [] and not bootstrap.VENV.exists()


def test_a_file_with_another_hash_is_not_run(bootstrap, tmp_path):
    wheel = tmp_path / "pip-1-py3-none-any.whl"
    wheel.write_bytes(b"other")
    with pytest.raises(OSError, match="its hash differs"):
        bootstrap.fetch({"url": wheel.as_uri(), "hash": "sha256:" + "0" * 64}, tmp_path)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("error: Failed to write\n  Caused by: No space left on device (os error 28)", "the disk is full. Free"),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "this folder can't be written. End"),
        ("error: Failed to fetch\n  Caused by: dns error", "a download failed or was cut off. See"),
        ("cause: failed to create directory `/home/a/.cache/uv`: Permission denied", "Set UV_CACHE_DIR to a folder"),
        ("WARNING: Retrying after connection broken: /simple/uv/\nERROR: out of cheese", "not known here"),
        ("  resolver.resolve()\njson.JSONDecodeError: Unterminated", "where it stopped. (json"),
        ("  × Failed to read\n  ╰─▶ Hash mismatch for numpy", "a file is not the one that uv.lock names"),
        ("error: The lockfile at `uv.lock` needs to be updated", "uv.lock does not fit pyproject.toml"),
        ("error: out of cheese\n", "not known here. See its last words; where nothing helps, remove the folder .venv"),
        ("", "it gave no reason"),
    ],
)
def test_trouble_is_told_in_one_sentence_with_what_to_do(said, told, bootstrap):
    with pytest.raises(SystemExit) as end:
        bootstrap.run([sys.executable, "-c", f"import sys; print({said!r}, file=sys.stderr); sys.exit(2)"])
    assert told in str(end.value) and "\n" not in str(end.value)


def test_the_package_is_found_by_a_relative_path_in_plain_letters():
    """So the folder may be renamed, and be called what it likes."""
    (path,) = Path(sys.prefix).glob("[Ll]ib/**/site-packages/gmm_lab.pth")
    line = path.read_bytes().decode("ascii").strip()
    assert not Path(line).is_absolute() and (path.parent / line).resolve() == ROOT


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 15, 0)])
def test_another_python_is_told_what_to_do(version):
    told = f"import sys; sys.version_info = {version}; sys.version = '3.x'"
    code = f"{told}; exec(open({str(ROOT / 'bootstrap.py')!r}, encoding='utf-8').read())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("gmm_lab needs Python 3.11 to 3.14") and "make lab PYTHON=" in run.stderr
