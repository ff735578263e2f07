"""``privet consent links`` as an operator and a pipeline call it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from privet.cli.app import app
from privet.consent.policies.models import LinkCheck
from tests.consent.policies.web_server import served

pytestmark = pytest.mark.django_db
ENTRY = """
[[opt_out]]
name = "{name}"
title = "{name}"
link = "{link}"
owner = "Bob"
checked = 2026-11-20
says.en = "Here."
says.es = "Aquí."
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on this machine, and a directory of the operator's with two of its pages."""
    monkeypatch.setenv("PRIVET_HOME", str(tmp_path))
    with served() as address:
        entries = [
            ENTRY.format(name="ours", link=f"{address}/page"),
            ENTRY.format(name="lost", link=f"{address}/gone"),
        ]
        (tmp_path / "links.toml").write_text("version = 1\n" + "".join(entries))
        yield address


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, ["consent", "links", *words])


def test_links_that_hold_end_with_0_and_are_written_down(site: str) -> None:
    done = _run("ours")
    assert done.exit_code == 0, done.output
    assert "1 links asked for, 0 failed." in done.output
    assert LinkCheck.objects.get().link == f"{site}/page"


def test_a_link_that_leads_nowhere_ends_with_1_and_is_named(site: str) -> None:
    done = _run("ours", "lost", "--json")
    assert done.exit_code == 1
    said = {one["name"]: one for one in json.loads(done.output)}
    assert (said["lost"]["result"], said["lost"]["status"]) == ("broken", 404)
    assert said["ours"]["result"] == "holds"


def test_a_name_that_is_none_is_refused_and_nothing_is_asked(site: str) -> None:
    assert _run("nothing").exit_code == 2
    assert not LinkCheck.objects.exists()
