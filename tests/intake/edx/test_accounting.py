"""Whatever the bytes are, every line is accounted for and nothing breaks."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privet.intake.edx_line import MAX_LINE_BYTES, Context, Line
from tests.conftest import SHARED_LOGS
from tests.intake.edx.kit import Kit, Reading, line

RELAXED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NAMES = (*Line.__struct_fields__, *Context.__struct_fields__, "POST", "GET", "page", "id", "length")
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
ANY_JSON = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)
ANY_LINE = st.dictionaries(st.sampled_from(NAMES), ANY_JSON, max_size=8).map(json.dumps)


def assert_accounted(reading: Reading, lines: int) -> None:
    tally = reading.result.tally
    assert tally.lines == lines
    assert tally.lines == tally.events + tally.skipped.total() + tally.rejected.total()
    assert tally.events == tally.kept + tally.not_permitted.total()
    assert tally.kept == len(reading.entries)
    assert tally.rejected.total() == len(reading.result.rejects)
    for entry in reading.entries:
        assert entry.uses
        if entry.detail:
            assert isinstance(json.loads(entry.detail.decode()), dict)


@RELAXED
@given(block=st.binary(max_size=400))
def test_any_bytes_are_accounted_for(kit: Kit, block: bytes) -> None:
    lines = block.split(b"\n")
    assert_accounted(kit.read_bytes(block), len(lines) - (not lines[-1]))


@RELAXED
@given(text=ANY_LINE)
def test_any_json_object_is_accounted_for(kit: Kit, text: str) -> None:
    assert_accounted(kit.read(text), 1)


@RELAXED
@given(parts=st.dictionaries(st.sampled_from(NAMES), ANY_JSON, max_size=4), event=ANY_JSON)
def test_any_object_with_a_time_is_an_event(kit: Kit, parts: dict[str, Any], event: Any) -> None:
    whole = line() | parts | {"time": "2026-11-20T10:00:00+00:00", "event": event}
    reading = kit.read(json.dumps(whole))
    assert_accounted(reading, 1)
    assert reading.result.tally.events == 1


@RELAXED
@given(data=st.data())
def test_a_real_line_with_any_damage_is_accounted_for(kit: Kit, data: st.DataObject) -> None:
    text = bytearray(data.draw(st.sampled_from(REAL_LINES)))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != 10))
    cut = data.draw(st.integers(1, len(text)))
    assert_accounted(kit.read_bytes(bytes(text[:cut]) + b"\n"), 1)


REAL_LINES = [
    text
    for path in sorted(SHARED_LOGS.glob("*.log"))
    for text in path.read_bytes().splitlines()[::9]
    if text
]


def test_a_line_that_is_too_long_is_none_however_well_it_is_formed(kit: Kit) -> None:
    long = line(agent="x" * MAX_LINE_BYTES)
    reading = kit.read(line(), long, line(time="2026-11-20T10:00:01+00:00"))
    assert_accounted(reading, 3)
    assert reading.result.tally.rejected == {"too_long": 1}


def test_lines_are_told_apart_when_values_and_lines_are_equally_many(kit: Kit) -> None:
    one, two = json.dumps(line()), json.dumps(line(time="2026-11-20T10:00:01+00:00"))
    reading = kit.read(one[:20].rstrip(), one[20:] + two)
    assert_accounted(reading, 2)
    assert reading.entries == []


def test_one_bad_line_costs_no_other(kit: Kit) -> None:
    bad = json.dumps(line())[:-1]
    reading = kit.read(line(), bad, "", line(time="2026-11-20T10:00:01+00:00"))
    assert_accounted(reading, 4)
    assert reading.result.tally.events == 2
    offset = len(json.dumps(line())) + 1
    assert [(r.offset, r.size_bytes) for r in reading.result.rejects] == [(offset, len(bad))]
