"""Step 1: what is no batch is refused, with the reason, and what is one is read."""

import json

import pytest

from privet.collector.limits import LIMITS
from privet.collector.parse import parse_batch
from privet.collector.reasons import Reason, RefusedError

_ID = "018f4c3a-7b1c-7def-8abc-0123456789ab"
_EVENT = {"id": _ID, "name": "page_view", "time": 1_790_000_000_000}


def _body(*events: object, **more: object) -> bytes:
    return json.dumps({"site": "hedgerow", "events": list(events) or [_EVENT]} | more).encode()


def _reason(body: bytes) -> Reason:
    with pytest.raises(RefusedError) as caught:
        parse_batch(body)
    assert 400 <= caught.value.status < 500
    return caught.value.reason


def test_a_batch_of_listed_events_is_read_into_their_own_types() -> None:
    parsed = parse_batch(_body(_EVENT | {"data": {"title": "A hedge"}}))
    (event,) = parsed.envelope.events
    assert event.name == "page_view"
    assert event.data.f0 == "A hedge"
    assert parsed.unlisted == 0


def test_spaces_between_the_parts_do_not_matter() -> None:
    body = json.dumps(json.loads(_body()), indent=4).encode()
    assert parse_batch(body).envelope.site == "hedgerow"


def test_an_event_that_nobody_lists_leaves_the_others_readable() -> None:
    parsed = parse_batch(_body(_EVENT, _EVENT | {"name": "made_up"}))
    assert [e.name for e in parsed.envelope.events] == ["page_view", "made_up"]


def test_keys_of_an_event_that_nobody_knows_are_counted() -> None:
    assert parse_batch(_body(_EVENT | {"colour": "green", "size": 4})).unlisted == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.BAD_JSON),
        (b"{", Reason.BAD_JSON),
        (b'{"site":"hedgerow"', Reason.BAD_JSON),
        (_body()[:-5], Reason.BAD_JSON),
        (_body() + b"x", Reason.BAD_JSON),
        (b"[]", Reason.WRONG_SHAPE),
        (b"null", Reason.WRONG_SHAPE),
        (b"{}", Reason.WRONG_SHAPE),
        (b'{"site":"hedgerow","events":[]}', Reason.BATCH_EMPTY),
        (b'{"site":"hedgerow","events":{}}', Reason.WRONG_SHAPE),
        (b'{"site":"hedgerow","events":[1]}', Reason.WRONG_SHAPE),
        (b'{"site":7,"events":[]}', Reason.WRONG_SHAPE),
        (_body(_EVENT | {"time": "now"}), Reason.WRONG_SHAPE),
        (_body(_EVENT | {"time": -1}), Reason.WRONG_SHAPE),
        (_body(_EVENT | {"time": 1.5}), Reason.WRONG_SHAPE),
        (_body(_EVENT | {"time": 10**400}), Reason.WRONG_SHAPE),
        (_body(_EVENT | {"name": ""}), Reason.WRONG_SHAPE),
        (_body(_EVENT | {"name": "x" * 101}), Reason.WRONG_SHAPE),
        (_body(_EVENT | {"page": "/" + "x" * 2048}), Reason.WRONG_SHAPE),
        (_body(_EVENT | {"page": None}), Reason.WRONG_SHAPE),
        (_body(_EVENT | {"id": "not-a-uuid"}), Reason.BAD_EVENT_ID),
        (_body(token="x" * 4097), Reason.WRONG_SHAPE),
        (_body(*[_EVENT] * 101), Reason.BATCH_TOO_LARGE),
        (_body(_EVENT | {"object": "a\0b"}), Reason.NUL),
        (_body().replace(b"page_view", b"page\0view"), Reason.NUL),
        (_body().replace(b"hedgerow", b"\xff\xfe"), Reason.BAD_UTF8),
        (_body().decode().encode("utf-16"), Reason.BAD_UTF8),
        (_body().replace(b"hedgerow", b"\xed\xa0\x80"), Reason.BAD_UTF8),
        (_body(_EVENT | {"object": "\ud800"}), Reason.BAD_JSON),
        (_body().replace(b"1790000000000", b"NaN"), Reason.BAD_JSON),
        (_body().replace(b"1790000000000", b"Infinity"), Reason.BAD_JSON),
        (b"[" * 50_000, Reason.WRONG_SHAPE),
        (
            _body(_EVENT | {"data": 0}).replace(b'"data": 0', b'"data":' + b"[" * 50_000),
            Reason.TOO_DEEP,
        ),
        (_body().replace(b'"site"', b'"site": "other", "site"'), Reason.DUPLICATE_KEY),
        (_body().replace(b'"name"', b'"name": "logout", "name"'), Reason.DUPLICATE_KEY),
        (
            _body(_EVENT | {"data": {"title": "a"}}).replace(b'"title"', b'"title":"b","title"'),
            Reason.DUPLICATE_KEY,
        ),
        (
            _body(_EVENT | {"data": {"x": {"a": 1}}}).replace(b'"a"', b'"a":2,"a"'),
            Reason.DUPLICATE_KEY,
        ),
    ],
)
def test_what_is_no_batch_is_refused_with_its_reason(body: bytes, reason: Reason) -> None:
    assert _reason(body) is reason


def test_a_backslash_before_the_letters_of_a_nul_is_not_a_nul() -> None:
    body = _body(_EVENT | {"object": "\\u0000"})
    assert b"\\\\u0000" in body
    assert parse_batch(body).envelope.events[0].object == "\\u0000"


def test_a_refusal_tells_the_place_and_repeats_nothing_that_was_sent() -> None:
    with pytest.raises(RefusedError) as caught:
        parse_batch(_body(_EVENT | {"time": "alice@hedge.example"}))
    assert "events[0].time" in caught.value.what or "events[...].time" in caught.value.what
    assert "alice" not in str(caught.value)


def test_texts_of_every_script_are_read() -> None:
    body = json.dumps(
        {"site": "hedgerow", "events": [_EVENT | {"object": "Hecke, 树篱, سياج 🌳"}]},
        ensure_ascii=False,
    ).encode()
    assert parse_batch(body).envelope.events[0].object.endswith("🌳")


def test_the_largest_batch_fits_into_the_largest_body() -> None:
    body = _body(*[_EVENT | {"data": {"title": "x" * 500}}] * LIMITS.batch_events)
    assert len(body) < LIMITS.body_bytes
    assert len(parse_batch(body).envelope.events) == LIMITS.batch_events


_WRONG_IDS = {
    "version 4": "018f4c3a-7b1c-4def-8abc-0123456789ab",
    "another variant": "018f4c3a-7b1c-7def-cabc-0123456789ab",
    "a hyphen elsewhere": "018f4c3a7-b1c-7def-8abc-0123456789ab",
    "a hyphen too many": "018f4c3a-7b1c-7def-8abc-01234567-9ab",
    "a space for a digit": "018f4c3a-7b1c-7def-8abc-0123456789 b",
    "a letter that is no digit": "018f4c3a-7b1c-7def-8abc-0123456789ag",
    "a digit of another script": "018f4c3a-7b1c-7def-8abc-0123456789a١",  # noqa: RUF001
    "a digit too few": "018f4c3a-7b1c-7def-8abc-0123456789a",
    "a digit too many": "018f4c3a-7b1c-7def-8abc-0123456789abc",
}


@pytest.mark.parametrize("wrong", _WRONG_IDS.values(), ids=_WRONG_IDS)
@pytest.mark.parametrize("name", ["page_view", "made_up"])
def test_one_wrong_id_among_good_ones_refuses_the_batch(wrong: str, name: str) -> None:
    events = [_EVENT, _EVENT | {"id": wrong, "name": name}, _EVENT]
    assert _reason(_body(*events)) is Reason.BAD_EVENT_ID


def test_hyphens_that_only_add_up_over_two_ids_refuse_the_batch() -> None:
    one, other = "018f4c3a-7b1c-7def-8abc0-123456789a-", "b018f4c3a7b1c-7def-8abc-012345678901"
    assert _reason(_body(_EVENT | {"id": one}, _EVENT | {"id": other})) is Reason.BAD_EVENT_ID


@pytest.mark.parametrize("sent", [_ID, _ID.upper(), _ID.replace("-", "")])
def test_the_ways_to_write_an_id_give_the_same_bytes(sent: str) -> None:
    parsed = parse_batch(_body(_EVENT | {"id": sent}, _EVENT))
    assert list(parsed.ids) == [bytes.fromhex(_ID.replace("-", ""))] * 2


def test_what_was_read_before_hides_no_doubled_key() -> None:
    many = [_EVENT | {"object": f"hedge-{number}"} for number in range(40)]
    whole = json.dumps({"site": "hedgerow", "events": many}, separators=(",", ":")).encode()
    short = json.dumps({"site": "hedgerow", "events": [_EVENT]}, separators=(",", ":")).encode()
    doubled = short.replace(b'"name"', b'"name":"logout","name"')
    for _ in range(2):
        assert len(parse_batch(whole).envelope.events) == 40
        assert _reason(doubled) is Reason.DUPLICATE_KEY
        assert len(parse_batch(short).envelope.events) == 1
        assert _reason(whole.replace(b'"site"', b'"site":"x","site"')) is Reason.DUPLICATE_KEY
