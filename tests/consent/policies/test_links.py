"""The directory of links: complete as it ships, extended by an operator, strict about entries."""

from datetime import date
from pathlib import Path

import pytest

from privet.consent.policies.links import (
    LinkFileError,
    LinkKind,
    directory_in_force,
    parse_directory,
    read_directory,
)
from privet.kernel.config import read_config

ENTRY = """
version = 3

[[opt_out]]
name = "daa"
title = "DAA"
link = "https://ads.example.org/"
owner = "Bob"
checked = 2026-11-20
says.en = "Refuse here."
says.es = "Rechace aquí."
"""


def test_each_browser_that_people_ask_about_is_there() -> None:
    titles = [link.title for link in parse_directory(SHIPPED).of(LinkKind.BROWSER)]
    assert titles == ["Chrome", "Safari", "Safari on iOS", "Firefox", "Chrome on Android", "Edge"]


def test_the_places_to_opt_out_are_there_and_say_what_became_of_nais() -> None:
    links = {link.name: link for link in parse_directory(SHIPPED).of(LinkKind.OPT_OUT)}
    assert {"daa", "edaa", "nai", "gpc", "google-analytics", "facebook"} <= set(links)
    assert "ended on 15 September 2025" in links["nai"].says("en")
    assert "Global Privacy Control" in links["nai"].says("es")


def test_each_entry_has_an_owner_and_both_languages_and_claims_no_check() -> None:
    for link in parse_directory(SHIPPED).links:
        assert link.owner
        assert link.checked is None
        assert link.says("en") != link.says("es")
        assert link.says("fr") == link.says("en")


def test_an_owner_may_say_when_they_looked_and_need_not() -> None:
    assert parse_directory(ENTRY).links[0].checked == date(2026, 11, 20)
    assert parse_directory(ENTRY.replace("checked = 2026-11-20", "")).links[0].checked is None


def test_an_operator_replaces_an_entry_and_raises_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRIVET_HOME", str(tmp_path))
    assert read_directory().version == "1"
    (read_config().home / "links.toml").write_text(ENTRY)
    directory = read_directory()
    assert directory.version == "1+3"
    [daa] = [link for link in directory.links if link.name == "daa"]
    assert daa.link == "https://ads.example.org/"


@pytest.mark.parametrize("broken", [b"version = ", b"\xff"])
def test_a_file_that_is_wrong_harms_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bytes
) -> None:
    monkeypatch.setenv("PRIVET_HOME", str(tmp_path))
    file = read_config().home / "links.toml"
    file.write_bytes(broken)
    assert directory_in_force().version == "1"
    file.write_text(ENTRY)
    assert directory_in_force().version == "1+3"
    file.write_bytes(broken)
    assert directory_in_force().version == "1+3"
    with pytest.raises(LinkFileError):
        read_directory()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version = 3", ""),
        ("version = 3", "version ="),
        ('link = "https://ads.example.org/"', 'link = "javascript:alert(1)"'),
        ('owner = "Bob"', 'owner = " "'),
        ("checked = 2026-11-20", 'checked = "yesterday"'),
        ('says.es = "Rechace aquí."', ""),
    ],
)
def test_an_entry_that_lacks_something_is_refused_with_what_to_do(old: str, new: str) -> None:
    with pytest.raises(LinkFileError) as caught:
        parse_directory(ENTRY.replace(old, new))
    assert caught.value.remedy


def _shipped() -> str:
    from importlib.resources import files

    return (files("privet.consent.policies") / "links.toml").read_text()


SHIPPED = _shipped()
