"""Stacks, parties and suggestions: the small parts of a scan."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from privet.consent.scan.parties import is_same_site, registrable
from privet.consent.scan.shapes import Kind
from privet.consent.scan.stacks import read_stack
from privet.consent.scan.suggest import SuggestionsError, read_suggestions
from tests.consent.scan.test_compare import FOUND


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.school.co.uk", "school.co.uk"),
        ("School.example", "school.example"),
        ("someone.github.io", "someone.github.io"),
        ("127.0.0.1:80", "127.0.0.1"),
        ("localhost", "localhost"),
    ],
)
def test_a_hosts_domain_is_what_somebody_registers(host: str, domain: str) -> None:
    assert registrable(host) == domain


def test_two_who_share_a_public_suffix_are_two_parties() -> None:
    assert not is_same_site("one.github.io", "two.github.io")
    assert is_same_site("a.school.example", "b.school.example")


def test_a_stack_begins_with_the_innermost_script_that_has_an_address() -> None:
    stack = (
        "Error\n at tell (<anonymous>:1:1)\n"
        " at eval (eval at mark (https://cdn.test/a.js?v=1:2:3), <anonymous>:1:1)\n"
        " at mark (https://cdn.test/a.js?v=1:2:3)\n at https://school.test/:9:1"
    )
    assert [call.text for call in read_stack(stack)] == [
        "eval https://cdn.test/a.js:2:3",
        "mark https://cdn.test/a.js:2:3",
        "anonymous https://school.test/:9:1",
    ]


def _suggestions(tmp_path: Path) -> Path:
    cookies = {
        "Meter": [
            {"cookie": "_m", "category": "Analytics", "wildcardMatch": "0"},
            {"cookie": "_m_", "category": "Marketing", "wildcardMatch": "1"},
        ]
    }
    vendors = [{"name": "Meter Inc", "domains": ["*.meter.example"]}]
    (tmp_path / "open-cookie-database.json").write_text(json.dumps(cookies))
    (tmp_path / "third-party-web.json").write_text(json.dumps(vendors))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "domain", "said"),
    [
        ("_m", "school.test", "Meter: Analytics"),
        ("_m_1", "cdn.meter.example", "Meter: Marketing; Meter Inc"),
        ("other", "school.test", ""),
    ],
)
def test_a_cookie_is_suggested_by_name_and_host(
    tmp_path: Path, name: str, domain: str, said: str
) -> None:
    known = read_suggestions(_suggestions(tmp_path))
    assert known.of(replace(FOUND, name=name, domain=domain)) == said


def test_a_request_is_suggested_by_its_host_alone(tmp_path: Path) -> None:
    known = read_suggestions(_suggestions(tmp_path))
    pixel = replace(FOUND, kind=Kind.PIXEL, name="_m", domain="a.meter.example")
    assert known.of(pixel) == "Meter Inc"


def test_without_files_nothing_is_suggested(tmp_path: Path) -> None:
    assert read_suggestions(tmp_path).of(FOUND) == ""


def test_a_file_that_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "third-party-web.json").write_text("{")
    with pytest.raises(SuggestionsError, match=r"third-party-web\.json is not JSON"):
        read_suggestions(tmp_path)
