"""The hub to try a class out with: its password stands in no file, and what it does not have it asks for.

JupyterHub itself is no part of the environment; its configuration is a program that traitlets runs.
"""

from pathlib import Path

import pytest
from traitlets.config.loader import PyFileConfigLoader

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "jupyterhub"


def load():
    return PyFileConfigLoader("jupyterhub_config.py", str(FOLDER)).load_config()


def test_the_password_comes_from_outside_and_nobody_else_is_let_in(monkeypatch):
    monkeypatch.setenv("CLASS_PASSWORD", "twelve birds")
    config = load()
    assert config.SharedPasswordAuthenticator == {"user_password": "twelve birds"}
    assert config.JupyterHub.authenticator_class == "shared-password"
    assert config.JupyterHub.bind_url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("password", ["", "short"])
def test_without_a_password_the_hub_does_not_start_and_says_why(password, monkeypatch):
    monkeypatch.setenv("CLASS_PASSWORD", password)
    with pytest.raises(SystemExit, match=r"^Set CLASS_PASSWORD to .* eight characters"):
        load()
