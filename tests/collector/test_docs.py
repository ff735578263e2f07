"""The documents of the API say what the code does."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any
from uuid import RFC_4122, UUID

import pytest

from privet.collector.limits import LIMITS
from privet.collector.parse import RawEvent, parse_batch
from privet.collector.reasons import DROPS, FIELD_DROPS, REFUSALS, Reason
from privet.events.log import DamageReason

_DOCS = Path(__file__).parents[2] / "docs" / "reference"
_API = (_DOCS / "collector-api.md").read_text()
_LOG = (_DOCS / "event-log.md").read_text()


def test_every_limit_is_listed_with_its_value() -> None:
    section = _API.split("## Limits")[1].split("\n## ")[0]
    listed = dict(re.findall(r"^\| `([a-z_]+)` \| ([\d.]+) \| ", section, re.M))
    assert listed == {k: str(v) for k, v in dataclasses.asdict(LIMITS).items()}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_listed_as_the_code_explains_it(reason: Reason) -> None:
    if reason in REFUSALS:
        status, what, remedy = REFUSALS[reason]
        line = f"| `{reason}` | {status} | {what} {remedy} |"
    else:
        line = f"| `{reason}` | {(DROPS | FIELD_DROPS)[reason]} |"
    assert line in _API


def test_no_reason_has_two_meanings() -> None:
    assert len(REFUSALS) + len(DROPS) + len(FIELD_DROPS) == len(Reason)


def test_every_key_of_an_event_is_listed() -> None:
    table = _API.split("| key of an event |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.M)) == set(RawEvent.__struct_fields__)


def test_the_example_batch_is_one() -> None:
    example = _API.split("```json\n")[1].split("```")[0]
    parsed = parse_batch(json.dumps(json.loads(example)).encode())
    assert parsed.envelope.events[0].name == "page_view"
    assert parsed.unlisted == 0


def test_the_curl_example_sends_a_batch() -> None:
    body = re.search(r"-d '(.*?)'", _API, re.S)
    assert body is not None
    assert parse_batch(body[1].encode()).envelope.events[0].name == "problem_check"


def test_the_python_example_makes_ids_that_are_accepted() -> None:
    code = _API.split("```python\n")[1].split("```")[0]
    made: dict[str, Any] = {}
    exec(code, made)  # noqa: S102 - the document's own code
    for _ in range(100):
        found = UUID(made["uuid7"]())
        assert found.version == 7
        assert found.variant == RFC_4122


def test_every_kind_of_damage_is_listed() -> None:
    assert set(re.findall(r"^\| `(\w+)` \| [A-Z]", _LOG, re.M)) >= {str(d) for d in DamageReason}
