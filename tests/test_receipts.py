"""The receipt: the versions that the lock has, and what it says where something differs."""

import platform
import tomllib
from pathlib import Path

from gmm_lab import receipt, receipts

LOCK = tomllib.loads((Path(__file__).resolve().parent.parent / "uv.lock").read_text(encoding="utf-8"))


def test_it_expects_what_is_locked():
    """Each at one version only, whatever the Python."""
    expected = receipts.MADE_WITH
    locked = {(package["name"], package["version"]) for package in LOCK["package"] if package["name"] in expected}
    assert set(expected.items()) == locked
    assert expected.keys() >= {"numpy", "matplotlib", "ipywidgets", "imageio"}


def test_all_is_well():
    lines = receipt({"height": (12.34567, 12.3457)}).splitlines()
    assert lines[0] == f"gmm_lab 0.1.0 on Python {platform.python_version()}"
    assert f"✓ numpy {receipts.MADE_WITH['numpy']}" in lines
    assert lines[-1] == "✓ height: 12.3457"
    assert all(line.startswith("✓ ") for line in lines[1:])


def test_a_number_that_differs_is_explained():
    line = receipt({"height": (-12.3467, -12.3457)}).splitlines()[-1]
    assert line.startswith("≠ height: -12.3467, expected -12.3457: choose Kernel, Restart Kernel and Run All Cells; if")


def test_a_number_that_is_none_is_no_agreement():
    assert receipt({"height": (float("nan"), 1.0)}).splitlines()[-1].startswith("≠ height: nan, expected 1")


def test_a_version_that_differs_is_explained(monkeypatch):
    monkeypatch.setitem(receipts.MADE_WITH, "numpy", "1.0")
    found = next(line for line in receipt({}).splitlines() if "numpy" in line)
    assert found.startswith("≠ numpy ")
    assert found.endswith(": made with 1.0, so pictures and last digits may differ slightly")
