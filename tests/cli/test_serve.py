"""``privet serve`` begins only where people can decide."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from privet.cli.app import app
from privet.consent.registry import OPERATORS_FILE, TechnologyError

pytestmark = pytest.mark.django_db


def test_a_registry_that_is_not_right_is_told_before_anything_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRIVET_HOME", str(tmp_path))
    (tmp_path / OPERATORS_FILE).write_text("version = ")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done = CliRunner().invoke(app, ["serve", "--port", str(taken.getsockname()[1])])
    assert isinstance(done.exception, TechnologyError)
    assert "not TOML" in done.exception.what
