"""The file of what was asked lately: read again as written, nothing about anybody in it."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from privet.events.query import Scope
from privet.insight.lately import Remembered
from privet.insight.lately_file import as_written, read_lately, write_lately
from tests.events.rows import NOON
from tests.insight.test_lately import asked, remembered

SCOPED = Scope(institutions=frozenset({"hedge-university"}), courses=frozenset({"c1", "c2"}))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lately.json"


@pytest.mark.parametrize("moves_on", [False, True])
def test_what_is_written_is_read_again(file: Path, moves_on: bool) -> None:
    one = remembered(asked(course="c1", grain="day"), moves_on=moves_on)
    told = {one: NOON, replace(one, scope=SCOPED): NOON - timedelta(hours=1)}
    write_lately(file, told)
    assert read_lately(file) == told == as_written(told)


def test_only_the_services_user_may_read_it_and_no_draft_is_left(file: Path) -> None:
    write_lately(file, {})
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_when_it_was_asked_is_written_to_the_minute(file: Path) -> None:
    told = {remembered(asked()): NOON + timedelta(seconds=59, microseconds=3)}
    write_lately(file, told)
    assert list(read_lately(file).values()) == [NOON]
    assert as_written(told) == read_lately(file)


def test_words_that_may_be_anybodys_are_not_written(file: Path) -> None:
    ways = "paths_used"
    some = remembered(asked(ways, page="/users/alice"))
    none = remembered(asked(ways))
    write_lately(file, {some: NOON, none: NOON})
    assert list(read_lately(file)) == [none]
    assert "alice" not in file.read_text()
    assert as_written({some: NOON}) == {}


def test_who_asked_is_not_written(file: Path) -> None:
    write_lately(file, {remembered(asked()): NOON})
    assert "account" not in file.read_text()


def _line(**values: object) -> list[dict[str, object]]:
    line = {
        "name": "options", "use": 2, "institutions": None, "courses": None, "moves_on": False,
        "params": {"start": "2026-09-01", "end": "2026-09-02"}, "asked": "2026-09-15T12:00:00Z",
    }  # fmt: skip
    return [line | values]


def test_a_line_is_read(file: Path) -> None:
    file.write_text(json.dumps(_line()))
    (one,) = read_lately(file)
    assert isinstance(one, Remembered)
    assert one.name == "options"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no list",
        "{}",
        '[{"name": 1}]',
        json.dumps(_line(use=1 << 40)),
        json.dumps(_line(params={"start": "soon"})),
        json.dumps(_line(moves_on=True)),
        json.dumps(_line(params={"start": 10**30, "end": 0}, moves_on=True)),
    ],
)
def test_what_cannot_be_read_is_as_if_it_were_not_there(file: Path, text: str) -> None:
    file.write_text(text)
    assert read_lately(file) == {}


def test_without_the_file_nothing_was_asked(file: Path) -> None:
    assert read_lately(file) == {}


def test_what_cannot_be_put_in_place_leaves_no_draft(file: Path) -> None:
    file.mkdir()
    with pytest.raises(OSError, match="lately"):
        write_lately(file, {})
    assert list(file.parent.iterdir()) == [file]
