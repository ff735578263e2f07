"""Thousands of hostile bodies: each is refused with a reason, none a fault, nothing is stored."""

import gzip
import json
import random
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from privet.collector.limits import Limits
from privet.collector.reasons import REFUSALS, Reason
from tests.collector.kit import Rig, allows

Chance = random.Random
_PLENTY = Limits(client_burst=10**9, body_bytes=64 * 1024)


def _cut(body: bytes, chance: Chance) -> bytes:
    return body[: chance.randrange(len(body))]


def _wrong_byte(body: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + chance.choice([b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\x80"]) + body[at:]


def _in_a_text(body: bytes, chance: Chance, what: list[bytes]) -> bytes:
    at = chance.choice([n for n in range(len(body)) if body.startswith(b"hedge", n)])
    return body[:at] + chance.choice(what) + body[at:]


def _nul(body: bytes, chance: Chance) -> bytes:
    return _in_a_text(body, chance, [b"\0", b"\\u0000", b"a\\u0000b"])


def _surrogate(body: bytes, chance: Chance) -> bytes:
    return _in_a_text(body, chance, [b"\\ud800", b"\\udc00x", b"\\udbff\\u0041"])


def _control(body: bytes, chance: Chance) -> bytes:
    return _in_a_text(body, chance, [b"\\x41", b"\\u12", b"\\"]) + b"\\"


def _number(body: bytes, chance: Chance) -> bytes:
    wrong = [b"9" * 400, b"-1", b"1e999", b"NaN", b"-Infinity", b"1.5", b"0x10", b"01", b"1" * 5000]
    return body.replace(b"1795262400000", chance.choice(wrong))


def _twice(body: bytes, chance: Chance) -> bytes:
    key = chance.choice([b"site", b"events", b"id", b"name", b"time", b"title", b"token", b"data"])
    mark = b'"%b"' % key
    at = body.find(mark)
    return body[:at] + mark + chance.choice([b":1,", b':"x",', b":null,", b": {} ,"]) + body[at:]


def _deep(body: bytes, chance: Chance) -> bytes:
    depth = chance.randrange(2_000, 20_000)
    opening = chance.choice([b"[", b'{"a":'])
    return body.replace(b'"A hedge"', opening * depth + b"1")


def _packed(body: bytes, chance: Chance) -> bytes:
    return chance.choice([gzip.compress(body), zlib.compress(body), b"\x28\xb5\x2f\xfd" + body])


def _recoded(body: bytes, chance: Chance) -> bytes:
    return body.decode().encode(chance.choice(["utf-16", "utf-16-le", "utf-32", "utf-7"])) + b"\xfe"


def _huge(body: bytes, chance: Chance) -> bytes:
    return body.replace(b"A hedge", b"x" * chance.randrange(66_000, 100_000))


def _noise(_: bytes, chance: Chance) -> bytes:
    return b"\xff" + chance.randbytes(chance.randrange(400))


def _other_shape(body: bytes, chance: Chance) -> bytes:
    batch = json.loads(body)
    wrong: Any = chance.choice([None, 1, True, "x", [], {}, [None], [[]], {"a": 1}])
    place = chance.choice(["site", "events", "event", "whole", "name", "time", "id"])
    match place:
        case "whole":
            batch = wrong
        case "event":
            batch["events"][0] = wrong
        case "site" | "events":
            batch[place] = wrong if wrong != [] else 1
        case _:
            batch["events"][0][place] = wrong if wrong not in ("x", 1) else [wrong]
    return json.dumps(batch).encode()


def _rest(body: bytes, chance: Chance) -> bytes:
    return body + chance.choice([b"{}", b",", b"]", b"\x01", body])


HOSTILE: list[Callable[[bytes, Chance], bytes]] = [
    _cut,
    _wrong_byte,
    _nul,
    _surrogate,
    _control,
    _number,
    _twice,
    _deep,
    _packed,
    _recoded,
    _huge,
    _noise,
    _other_shape,
    _rest,
]
_HEADERS: list[dict[str, str]] = [
    {"content-type": "text/html"},
    {"content-type": "multipart/form-data; boundary=x"},
    {"content-encoding": "gzip"},
    {"content-encoding": "br"},
    {"content-length": "99999999999999999999"},
    {"origin": "https://mallory.example"},
    {"authorization": "Bearer \xff\x00"},
    {"authorization": "Basic YTpi"},
]


def _good(rig: Rig) -> bytes:
    event = rig.event(data={"title": "A hedge", "order": 1}, object="hedge")
    return rig.batch(event, token=rig.token())


def _pieces(body: bytes, chance: Chance) -> list[bytes]:
    if chance.random() < 0.7 or not body:
        return [body]
    cuts = sorted(chance.randrange(len(body)) for _ in range(4))
    return [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]


async def _attack(rig: Rig, rounds: int, seen: Counter[str]) -> None:
    good = _good(rig)
    for seed in range(rounds):
        chance = random.Random(seed)  # noqa: S311 - it has to be the same each time
        body, headers = good, {}
        if chance.random() < 0.1:
            headers = chance.choice(_HEADERS)
        else:
            body = chance.choice(HOSTILE)(good, chance)
        reply = await rig.post(b"", headers, chunks=_pieces(body, chance))
        assert 400 <= reply.status < 500, f"round {seed}: {reply.status} for {body[:200]!r}"
        assert reply.status == REFUSALS[Reason(reply.reason)][0]
        assert b"hedge" not in reply.body, "a refusal repeats nothing that was sent"
        seen[reply.reason] += 1


def _run(tmp_path: Path, rounds: int) -> Counter[str]:
    rig = Rig(tmp_path, limits=_PLENTY)
    rig.decide("alice", allows())
    seen: Counter[str] = Counter()
    assert rig.run(_attack(rig, rounds, seen)) == [], "something of a refused batch was stored"
    return seen


def test_hostile_bodies_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    seen = _run(tmp_path, 2_000)
    assert {
        "bad_json",
        "bad_utf8",
        "nul",
        "wrong_shape",
        "duplicate_key",
        "too_deep",
        "body_too_large",
        "content_type",
        "content_encoding",
        "bad_key",
        "origin_not_allowed",
        "bad_event_id",
    } <= set(seen)


@pytest.mark.soak
def test_a_hundred_thousand_hostile_bodies_leave_nothing(tmp_path: Path) -> None:
    assert _run(tmp_path, 100_000).total() == 100_000


def test_the_body_that_is_spoiled_is_itself_accepted(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.decide("alice", allows())

    async def scenario() -> None:
        assert (await rig.post(_good(rig))).json["accepted"] == 1

    rig.run(scenario())


def test_bodies_with_flipped_bits_are_never_a_fault(tmp_path: Path) -> None:
    rig = Rig(tmp_path, limits=_PLENTY)
    rig.decide("alice", allows())

    async def scenario() -> None:
        good = _good(rig)
        for seed in range(2_000):
            chance = random.Random(seed)  # noqa: S311 - it has to be the same each time
            body = bytearray(good)
            for _ in range(chance.randrange(1, 4)):
                body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
            reply = await rig.post(bytes(body))
            assert reply.status < 500, f"round {seed}"

    rig.run(scenario())
