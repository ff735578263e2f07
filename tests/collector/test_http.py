"""Paths, methods, bodies and origins."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from privet.collector.limits import Limits
from privet.collector.script import Script
from tests.collector.kit import ALICE_ADDRESS, ORIGIN, Rig, allows

_OTHER = "https://else.example"
_STRANGER = "https://mallory.example"


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/t/events", 405, "method"),
        ("DELETE", "/t/events", 405, "method"),
        ("POST", "/t/health", 405, "method"),
        ("GET", "/t/", 404, "not_found"),
        ("GET", "/t/../etc/passwd", 404, "not_found"),
        ("POST", "/t/Events", 404, "not_found"),
    ],
)
def test_other_paths_and_methods_are_refused(
    rig: Rig, method: str, path: str, status: int, reason: str
) -> None:
    async def scenario() -> None:
        reply = await rig.request(method, path)
        assert (reply.status, reply.reason) == (status, reason)

    rig.run(scenario())


@pytest.mark.parametrize(
    ("headers", "status", "reason"),
    [
        ({"content-type": "text/html"}, 415, "content_type"),
        ({"content-type": ""}, 415, "content_type"),
        ({"content-type": "application/x-www-form-urlencoded"}, 415, "content_type"),
        ({"content-encoding": "gzip"}, 415, "content_encoding"),
        ({"content-length": "300000"}, 413, "body_too_large"),
        ({"content-length": "9" * 400}, 413, "body_too_large"),
    ],
)
def test_a_body_of_the_wrong_form_is_refused_before_it_is_read(
    rig: Rig, headers: Mapping[str, str], status: int, reason: str
) -> None:
    async def scenario() -> None:
        reply = await rig.post(rig.batch(), headers, chunks=[], hangs=True)
        assert (reply.status, reply.reason) == (status, reason)

    rig.run(scenario())


@pytest.mark.parametrize("kind", ["application/json", "text/plain;charset=UTF-8", "Text/Plain"])
def test_beacons_may_say_plain_text(rig: Rig, kind: str) -> None:
    async def scenario() -> None:
        assert (await rig.post(rig.batch(), {"content-type": kind})).status == 200

    rig.run(scenario())


def test_a_body_in_many_pieces_is_put_together(rig: Rig) -> None:
    rig.decide("alice", allows())

    async def scenario() -> None:
        body = rig.batch(token=rig.token())
        pieces = [body[n : n + 7] for n in range(0, len(body), 7)]
        assert (await rig.post(b"", chunks=pieces)).json["accepted"] == 1

    assert len(rig.run(scenario())) == 1


def test_a_body_that_grows_too_large_on_the_way_is_refused(rig: Rig) -> None:
    async def scenario() -> None:
        reply = await rig.post(b"", chunks=[b"x" * 100_000] * 5)
        assert (reply.status, reply.reason) == (413, "body_too_large")
        reply = await rig.post(b"x" * 300_000)
        assert (reply.status, reply.reason) == (413, "body_too_large")

    rig.run(scenario())


def test_a_client_that_goes_away_is_no_fault(rig: Rig) -> None:
    async def scenario() -> None:
        reply = await rig.post(b"", chunks=[])
        assert (reply.status, reply.reason) == (400, "body_incomplete")

    rig.run(scenario())


def test_a_body_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    rig = Rig(tmp_path, limits=Limits(body_seconds=0.0))

    async def scenario() -> None:
        import asyncio

        parts = await rig.app.start()
        slow = asyncio.ensure_future(rig.post(b"", chunks=[b"{"], hangs=True))
        await asyncio.sleep(0)
        rig.seconds = 1.0
        parts.collector.pace.sweep()
        parts.collector.pace.sweep()
        reply = await slow
        assert (reply.status, reply.reason) == (408, "body_too_slow")

    rig.run(scenario())


def test_a_client_is_not_blamed_for_what_the_server_slept_through(rig: Rig) -> None:
    async def scenario() -> None:
        import asyncio

        parts = await rig.app.start()
        slow = asyncio.ensure_future(rig.post(b"", chunks=[b"{"], hangs=True))
        await asyncio.sleep(0)
        rig.seconds += 10 * parts.limits.body_seconds
        parts.collector.pace.sweep()
        await asyncio.sleep(0)
        assert not slow.done()
        for _ in range(int(parts.limits.body_seconds)):
            rig.seconds += 1.0
            parts.collector.pace.sweep()
        assert (await slow).reason == "body_too_slow"

    rig.run(scenario())


def test_a_request_that_the_server_cancels_stays_cancelled(rig: Rig) -> None:
    import asyncio

    async def scenario() -> None:
        await rig.app.start()
        slow = asyncio.ensure_future(rig.post(b"", chunks=[b"{"], hangs=True))
        await asyncio.sleep(0)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow

    rig.run(scenario())


@pytest.mark.parametrize(
    ("origin", "status", "is_told"),
    [
        (ORIGIN, 200, True),
        (_OTHER, 403, True),
        (_STRANGER, 403, False),
        ("null", 403, False),
        (ORIGIN + ".mallory.example", 403, False),
        (ORIGIN.replace("https", "http"), 403, False),
        ("", 200, False),
    ],
)
def test_only_a_sites_own_pages_may_send_for_it(
    rig: Rig, origin: str, status: int, is_told: bool
) -> None:
    async def scenario() -> None:
        reply = await rig.post(rig.batch(), {"origin": origin})
        assert reply.status == status
        allowed = reply.headers.get(b"access-control-allow-origin")
        assert allowed == (origin.encode() if is_told else None)
        if origin:
            assert reply.headers[b"vary"] == b"Origin"

    rig.run(scenario())


@pytest.mark.parametrize(
    ("origin", "status"), [(ORIGIN, 204), (_OTHER, 204), (_STRANGER, 403), ("null", 403), ("", 403)]
)
def test_a_preflight_is_answered_to_known_origins(rig: Rig, origin: str, status: int) -> None:
    async def scenario() -> None:
        reply = await rig.request("OPTIONS", "/t/events", headers={"origin": origin})
        assert reply.status == status
        is_told = b"access-control-allow-methods" in reply.headers
        assert is_told == (status == 204)
        if is_told:
            assert reply.headers[b"access-control-allow-credentials"] == b"true"
            assert b"*" not in b"".join(reply.headers.values())

    rig.run(scenario())


def test_health_tells_whether_consent_is_fresh(rig: Rig) -> None:
    async def scenario() -> None:
        reply = await rig.request("GET", "/t/health", peer=ALICE_ADDRESS)
        assert reply.json == {"status": "ok", "consent": "fresh"}
        rig.consent.stale = True
        assert (await rig.request("GET", "/t/health")).json["consent"] == "stale"

    rig.run(scenario())


def test_the_script_is_served_packed_and_only_when_it_changed(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "privet.js"
    path.write_bytes(b"var privet = 1;" * 40)
    script = Script(path)
    plain = script.answer({})
    packed = script.answer({b"accept-encoding": b"gzip, br"})
    assert plain.body == path.read_bytes() == gzip.decompress(packed.body)
    headers = dict(packed.headers)
    assert headers[b"content-encoding"] == b"gzip"
    assert b"immutable" not in headers[b"cache-control"]
    for tag in (headers[b"etag"], b"W/" + headers[b"etag"], b'"x", ' + headers[b"etag"]):
        again = script.answer({b"if-none-match": tag})
        assert (again.status, again.body) == (304, b"")
    assert script.answer({b"if-none-match": b'"other"'}).status == 200


def test_a_script_that_was_not_built_is_not_found(rig: Rig) -> None:
    async def scenario() -> None:
        assert (await rig.request("GET", "/t/privet.js")).status == 404

    rig.run(scenario())
