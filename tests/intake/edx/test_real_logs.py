"""Of real logs every line that is JSON becomes an event, whatever its type."""

import json
from pathlib import Path

import pytest

from privet.catalogue.uses import ALL_USES, ESSENTIAL, Use
from tests.conftest import SHARED_LOGS
from tests.intake.edx.kit import Kit

LOGS = sorted(SHARED_LOGS.glob("*.log"))
MAIL_AND_SECRETS = (b"@example.com", b"@edx.org", b"csrfmiddlewaretoken", b"sessionid")


def json_lines(path: Path) -> int:
    count = 0
    for text in path.read_bytes().splitlines():
        try:
            count += isinstance(json.loads(text), dict)
        except ValueError:
            continue
    return count


def test_there_are_nine_logs() -> None:
    assert len(LOGS) == 9


@pytest.mark.parametrize("uses", [ALL_USES, ESSENTIAL, Use.ANALYTICS], ids=str)
@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_every_json_line_is_an_event(kit: Kit, path: Path, uses: Use) -> None:
    reading = kit.read_bytes(path.read_bytes(), uses=uses)
    tally = reading.result.tally
    assert tally.events == json_lines(path)
    assert tally.rejected == {}
    assert tally.lines == len(path.read_bytes().splitlines())
    assert tally.events == len(reading.entries) + tally.not_permitted.total()


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_no_secret_of_a_real_log_is_kept(kit: Kit, path: Path) -> None:
    reading = kit.read_bytes(path.read_bytes())
    names = {
        str(found.get("username", "")).strip()
        for found in map(loaded, path.read_bytes().splitlines())
    }
    for entry in reading.entries:
        assert not any(secret in entry.detail for secret in MAIL_AND_SECRETS)
        assert not names & set(entry.page_path.split("/")) - {""}


def loaded(text: bytes) -> dict[str, object]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
