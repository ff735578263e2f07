"""Whole requests: what is stored of whom, what is answered, and what is never kept."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from privet.catalogue.uses import ESSENTIAL, Choice, Use
from privet.collector.limits import Limits
from privet.events.live import read_counters, read_recent
from privet.events.record import NOBODY, Batch
from privet.kernel.clock import to_micros
from privet.kernel.ids import new_event_id
from privet.kernel.origin import unseal_origin
from tests.collector.kit import (
    ALICE_ADDRESS,
    ALICE_AGENT,
    NOW,
    REFUSER,
    Reply,
    Rig,
    allows,
)

_OBSERVED = int(Use.ANALYTICS | Use.PERSONALISATION | Use.RESEARCH)


def _one(rig: Rig, posting: Coroutine[Any, Any, Reply]) -> tuple[Reply, list[Batch]]:
    """The reply to one request, and what it left in the log."""
    replies: list[Reply] = []

    async def keep() -> None:
        replies.append(await posting)

    stored = rig.run(keep())
    return replies[0], stored


def test_a_click_of_alice_who_agreed_is_stored_with_what_it_may_serve(rig: Rig) -> None:
    rig.decide("alice", allows())
    event = rig.event(
        referrer="https://search.example/find?q=hedge",
        page="/courses/x?utm_campaign=spring&session=abc",
        session="0102030405060708",
        data={"title": "Hedges", "order": 2, "previous": "/a?token=1"},
    )
    reply, (batch,) = _one(rig, rig.post(rig.batch(event, token=rig.token())))
    assert reply.json == {"accepted": 1, "dropped": {}}
    (entry,) = batch.entries
    assert batch.source == "web:hedgerow"
    assert batch.actors[entry.actor].person_key == rig.key_of("alice")
    assert entry.event_id == UUID(event["id"]).bytes
    assert entry.uses == _OBSERVED
    assert (entry.page_path, entry.referrer_host, entry.campaign) == (
        "/courses/x",
        "search.example",
        "spring",
    )
    assert entry.session == 0x0102030405060708
    assert entry.institution == "hedge-university"
    assert entry.detail == b'{"title":"Hedges","order":2,"previous":"/a"}'


def test_a_row_that_may_not_serve_security_holds_no_address_at_all(rig: Rig) -> None:
    rig.decide("alice", allows())
    _, (batch,) = _one(rig, rig.post(rig.batch(token=rig.token())))
    place = batch.circumstances[batch.entries[0].circumstance]
    assert place.country == "ES"
    assert place.browser == "Firefox 128"
    assert (place.sealed, place.address_token, place.network_token, place.key_id) == (None,) * 4


def test_a_row_for_personalisation_alone_holds_neither_place_nor_device(rig: Rig) -> None:
    rig.decide("alice", allows(Choice.FUNCTIONALITY))
    event = rig.event(referrer="https://search.example/", page="/a?utm_campaign=c")
    _, (batch,) = _one(rig, rig.post(rig.batch(event, token=rig.token())))
    (entry,) = batch.entries
    assert entry.uses == int(Use.PERSONALISATION)
    assert entry.circumstance == NOBODY
    assert (entry.referrer_host, entry.campaign) == ("", "")


def test_a_refusers_click_leaves_no_row(rig: Rig) -> None:
    rig.decide("alice", REFUSER)
    reply, stored = _one(rig, rig.post(rig.batch(token=rig.token())))
    assert reply.json == {"accepted": 0, "dropped": {"refused": 1}}
    assert stored == []


def test_who_has_not_decided_leaves_no_row_with_or_without_a_token(rig: Rig) -> None:
    async def both() -> None:
        for token in ({"token": rig.token()}, {}):
            reply = await rig.post(rig.batch(**token))
            assert reply.json["dropped"] == {"undecided": 1}

    assert rig.run(both()) == []


def test_a_refusers_submission_is_stored_for_the_essential_uses(rig: Rig) -> None:
    rig.decide("alice", REFUSER)
    event = rig.event(
        "problem_check",
        user="alice",
        ip=ALICE_ADDRESS,
        agent=ALICE_AGENT,
        data={"problem_id": "p1", "answers": {"a": [1, 2]}, "grade": 1},
    )
    reply, (batch,) = _one(rig, rig.post_server(rig.batch(event)))
    assert reply.json == {"accepted": 1, "dropped": {}}
    (entry,) = batch.entries
    assert batch.source == "api:hedgerow"
    assert entry.uses == int(ESSENTIAL)
    place = batch.circumstances[entry.circumstance]
    assert place.address_token is not None
    assert place.key_id == NOW.year
    assert place.sealed is not None
    day = NOW.date()
    opened = unseal_origin(rig.keys.day_key(day), day, place.sealed)
    assert (opened.address, opened.agent) == (ALICE_ADDRESS, ALICE_AGENT)


def test_no_raw_address_agent_or_id_is_in_any_file(rig: Rig, tmp_path: Path) -> None:
    rig.decide("alice", allows())
    event = rig.event("login", user="alice", ip=ALICE_ADDRESS, agent=ALICE_AGENT)

    async def scenario() -> None:
        await rig.post_server(rig.batch(event))
        await rig.post(rig.batch(token=rig.token("alice")))
        await rig.post(b"{", {"x-forwarded-for": ALICE_ADDRESS})

    rig.run(scenario())
    for path in (p for p in tmp_path.rglob("*") if p.is_file()):
        content = path.read_bytes()
        for secret in (ALICE_ADDRESS, "Mozilla", "alice"):
            assert secret.encode() not in content, f"{secret} is in {path.name}"


def test_events_of_a_server_name_each_learner_and_share_what_is_the_same(rig: Rig) -> None:
    events = [
        rig.event("login", user=user, ip="203.0.113.9", agent="x") for user in ("alice", "bob") * 2
    ]
    _, (batch,) = _one(rig, rig.post_server(rig.batch(*events)))
    assert [a.person_key for a in batch.actors] == [rig.key_of("alice"), rig.key_of("bob")]
    assert [e.actor for e in batch.entries] == [0, 1, 0, 1]
    assert len(batch.circumstances) == 1


def test_a_visitors_decision_in_the_cookies_is_obeyed(rig: Rig) -> None:
    headers = {"cookie": rig.visitor_cookies(Choice.PERFORMANCE)}
    reply, (batch,) = _one(rig, rig.post(rig.batch(), headers))
    assert reply.json["accepted"] == 1
    assert batch.entries[0].uses == int(Use.ANALYTICS)
    assert batch.actors[0].person_key != rig.key_of("alice")


@pytest.mark.parametrize("choice", [one for one in Choice if one is not Choice.PERFORMANCE])
def test_a_number_counts_only_with_the_category_under_which_it_is_registered(
    rig: Rig, choice: Choice
) -> None:
    ad = rig.event("ad_seen", data={"ad": "a1"})
    headers = {"cookie": rig.visitor_cookies(choice)}
    reply, stored = _one(rig, rig.post(rig.batch(rig.event(), ad), headers))
    assert reply.json["accepted"] == 0
    assert stored == []


def test_what_a_visitor_withdrew_elsewhere_narrows_an_old_cookie(rig: Rig) -> None:
    headers = {"cookie": rig.visitor_cookies(Choice.PERFORMANCE)}

    async def twice() -> None:
        assert (await rig.post(rig.batch(), headers)).json["accepted"] == 1
        parts = await rig.app.start()
        sender = parts.collector._identifier.identify(
            _parsed(rig.batch()), {b"cookie": headers["cookie"].encode()}, NOW
        )
        assert sender.person.actor is not None
        rig.consent.standings[sender.person.actor.person_key] = REFUSER
        assert (await rig.post(rig.batch(), headers)).json["dropped"] == {"refused": 1}

    assert len(rig.run(twice())) == 1


def _parsed(body: bytes) -> Any:
    from privet.collector.parse import parse_batch

    return parse_batch(body).envelope


def test_what_a_learner_left_behind_in_a_shared_browser_decides_for_nobody(rig: Rig) -> None:
    cookies = rig.visitor_cookies(Choice.PERFORMANCE, of_learner=True)
    reply, stored = _one(rig, rig.post(rig.batch(), {"cookie": cookies}))
    assert reply.json["dropped"] == {"undecided": 1}
    assert stored == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: c.replace("privet_consent=", "privet_consent=x"),
        lambda c: c.replace("privet_visitor=", "privet_visitor=x"),
        lambda c: c + "; privet_consent=other",
        lambda c: c + "; privet_visitor=other",
        lambda c: c.split("; ")[0],
        lambda c: c.split("; ")[1],
        lambda c: c[:0],
    ],
)
def test_cookies_that_are_wrong_in_any_way_are_no_decision(
    rig: Rig, spoil: Callable[[str], str]
) -> None:
    cookies = spoil(rig.visitor_cookies(Choice.PERFORMANCE))
    reply, stored = _one(rig, rig.post(rig.batch(), {"cookie": cookies}))
    assert reply.json["dropped"] == {"undecided": 1}
    assert stored == []


def test_while_consent_is_stale_everybody_is_undecided(rig: Rig) -> None:
    rig.decide("alice", allows())
    rig.consent.stale = True
    cookies = {"cookie": rig.visitor_cookies(Choice.PERFORMANCE)}

    async def scenario() -> None:
        reply = await rig.post(rig.batch(token=rig.token()))
        assert reply.json["dropped"] == {"undecided": 1}
        assert (await rig.post(rig.batch(), cookies)).json["dropped"] == {"undecided": 1}
        act = rig.event("problem_check", user="alice")
        assert (await rig.post_server(rig.batch(act))).json["accepted"] == 1

    (batch,) = rig.run(scenario())
    assert batch.entries[0].uses == int(ESSENTIAL)


@pytest.mark.parametrize(
    ("value", "is_obeyed"),
    [("1", True), ("1, 0", True), ("0, 1", True), ("0", False), ("true", False), ("11", False)],
)
def test_the_signal_is_obeyed_if_it_is_exactly_1(rig: Rig, value: str, is_obeyed: bool) -> None:
    rig.decide("alice", allows())
    body = rig.batch(rig.event("ad_seen", data={"ad": "a1"}), token=rig.token())
    reply, _ = _one(rig, rig.post(body, {"sec-gpc": value}))
    assert reply.json["dropped"] == ({"gpc": 1} if is_obeyed else {})


def test_a_browser_cannot_report_an_act_of_a_server(rig: Rig) -> None:
    rig.decide("alice", allows())
    body = rig.batch(rig.event("problem_check", data={"grade": 1}), token=rig.token())
    reply, stored = _one(rig, rig.post(body))
    assert reply.json["dropped"] == {"not_for_source": 1}
    assert stored == []


def test_a_browser_cannot_speak_of_another_learner_or_address(rig: Rig) -> None:
    rig.decide("alice", allows())
    event = rig.event(user="bob", ip="198.51.100.9", agent="other")
    _, (batch,) = _one(rig, rig.post(rig.batch(event, token=rig.token())))
    assert [a.person_key for a in batch.actors] == [rig.key_of("alice")]


def test_a_machine_for_which_somebody_decided_is_stored_and_called_a_machine(rig: Rig) -> None:
    rig.decide("alice", allows())
    body = rig.batch(token=rig.token())
    reply, (batch,) = _one(rig, rig.post(body, {"user-agent": "Examplebot/1.0"}))
    assert reply.json["dropped"] == {}
    assert [place.device for place in batch.circumstances] == ["bot"]


def test_fields_that_are_not_right_are_dropped_and_counted_and_the_event_is_kept(
    rig: Rig,
) -> None:
    rig.decide("alice", allows())
    event = rig.event(
        data={
            "title": "x" * 501,
            "order": "two",
            "language": "en",
            "route": None,
            "mood": "good",
        }
    )
    reply, (batch,) = _one(rig, rig.post(rig.batch(event, token=rig.token())))
    assert reply.json["accepted"] == 1
    assert reply.json["fields"] == {"field_too_long": 1, "field_type": 1, "unlisted_field": 1}
    assert batch.entries[0].detail == b'{"language":"en"}'


@pytest.mark.parametrize("at", [b"@", b"\\u0040", b"%40"])
def test_an_e_mail_address_in_a_text_of_a_browser_is_taken_out(rig: Rig, at: bytes) -> None:
    rig.decide("alice", allows())
    event = rig.event(data={"title": "Inbox of alice@hedge.example"}, object="mailto:a@b.example")
    body = rig.batch(event, token=rig.token()).replace(b"@", at)
    _, (batch,) = _one(rig, rig.post(body))
    assert batch.entries[0].detail == b'{"title":"Inbox of *"}'
    assert batch.entries[0].object == "mailto:"


def test_an_e_mail_address_in_free_json_of_a_browser_is_taken_out(rig: Rig) -> None:
    rig.decide("alice", allows())
    old = ["alice@hedge.example", {"at": "\nalice@hedge.example", "n": 2}]
    _, (batch,) = _one(
        rig, rig.post(rig.batch(rig.event("seq_goto", data={"old": old}), token=rig.token()))
    )
    assert batch.entries[0].detail == b'{"old":["*",{"at":"\\n*","n":2}]}'


@pytest.mark.parametrize(
    ("sent_off", "time_off", "stored_off", "reason"),
    [
        (0, 0, 0, None),
        (3, 3, 3, None),
        (-3600, -3600, 0, None),
        (3600, 3600, 0, None),
        (-3600, -3610, -10, None),
        (30 * 3600, 30 * 3600, 0, "clock"),
        (None, 301, 0, "in_future"),
        (None, -9 * 86_400, 0, "too_old"),
        (None, -7 * 86_400, -7 * 86_400, None),
    ],
)
def test_a_clients_clock_is_corrected_as_far_as_it_can_be(
    rig: Rig, sent_off: int | None, time_off: int, stored_off: int, reason: str | None
) -> None:
    rig.decide("alice", allows())
    now = to_micros(NOW) // 1000
    sent = {} if sent_off is None else {"sent": now + sent_off * 1000}
    body = rig.batch(rig.event(time=now + time_off * 1000), token=rig.token(), **sent)
    reply, stored = _one(rig, rig.post(body))
    assert reply.json["dropped"] == ({reason: 1} if reason else {})
    if reason is None:
        assert stored[0].entries[0].time == (now + stored_off * 1000) * 1000


def test_a_server_may_deliver_what_a_browser_may_no_longer(rig: Rig) -> None:
    now = to_micros(NOW) // 1000
    event = rig.event("login", user="alice", time=now - 20 * 86_400_000)
    reply, _ = _one(rig, rig.post_server(rig.batch(event)))
    assert reply.json["accepted"] == 1


def test_one_event_twice_in_a_batch_is_stored_once(rig: Rig) -> None:
    rig.decide("alice", allows())
    event = rig.event()
    reply, (batch,) = _one(rig, rig.post(rig.batch(event, event, token=rig.token())))
    assert reply.json == {"accepted": 1, "dropped": {"duplicate": 1}}
    assert len(batch.entries) == 1


def test_ids_of_one_person_are_never_anothers(rig: Rig) -> None:
    for learner in ("alice", "mallory"):
        rig.decide(learner, allows())
    event = rig.event()
    act = rig.event("login", user="alice", id=event["id"])

    async def scenario() -> None:
        for learner in ("alice", "alice", "mallory"):
            await rig.post(rig.batch(event, token=rig.token(learner)))
        for _ in range(2):
            await rig.post_server(rig.batch(act))

    first, again, other, server, server_again = (b.namespace for b in rig.run(scenario()))
    assert first == again
    assert server == server_again
    assert len({first, other, server}) == 3
    assert len(first) == 8


def test_a_batch_with_one_malformed_event_is_refused_whole(rig: Rig) -> None:
    rig.decide("alice", allows())
    now = to_micros(NOW) // 1000
    wrong = [
        rig.event(id=str(new_event_id(now)).replace("-7", "-4", 1)),
        rig.event(session="short"),
        rig.event(session="zzzzzzzzzzzzzzzz"),
        rig.event(data=[1]),
        rig.event(data="text"),
    ]
    reasons = ["bad_event_id", "bad_session", "bad_session", "wrong_shape", "wrong_shape"]

    async def scenario() -> None:
        for event, reason in zip(wrong, reasons, strict=True):
            reply = await rig.post(rig.batch(rig.event(), event, token=rig.token()))
            assert (reply.status, reply.reason) == (400, reason)
        act = rig.event("login", user="alice", ip="not an address")
        assert (await rig.post_server(rig.batch(act))).reason == "bad_address"

    assert rig.run(scenario()) == []


def test_a_session_may_be_written_as_base64url(rig: Rig) -> None:
    rig.decide("alice", allows())
    body = rig.batch(rig.event(session="AAAAAAAAAAE"), token=rig.token())
    _, (batch,) = _one(rig, rig.post(body))
    assert batch.entries[0].session == 1


def test_the_counters_and_the_live_view_tell_what_was_done(rig: Rig) -> None:
    rig.decide("alice", allows())
    events = [rig.event(), rig.event("made_up-alice"), rig.event("problem_check")]

    async def scenario() -> None:
        await rig.post(rig.batch(*events, token=rig.token()))
        await rig.post(b"{")
        text = (await rig.request("GET", "/metrics")).body.decode()
        assert "privet_collector_accepted_total 1" in text
        assert 'privet_collector_dropped_total{reason="unlisted_event"} 1' in text
        assert 'privet_collector_refused_total{reason="bad_json"} 1' in text
        assert "privet_collector_consent_stale 0" in text

    rig.run(scenario())
    counters = read_counters(rig.config.live)
    assert counters["requests"] == 2
    arrivals = read_recent(rig.config.live).arrivals
    assert [(a.name, a.reason) for a in arrivals] == [
        ("problem_check", "not_for_source"),
        ("", "unlisted_event"),
        ("page_view", ""),
    ]


def test_who_asks_too_often_has_to_wait(tmp_path: Path) -> None:
    rig = Rig(tmp_path, limits=Limits(client_burst=1, client_per_second=0.001))

    async def scenario() -> None:
        assert (await rig.post(rig.batch())).status == 200
        reply = await rig.post(rig.batch())
        assert (reply.status, reply.reason) == (429, "rate")
        assert reply.headers[b"retry-after"] == b"5"
        assert (await rig.post(rig.batch(), peer="198.51.100.9")).status == 200

    rig.run(scenario())


def test_a_platforms_server_is_not_held_back_as_one_address_but_an_invented_key_is(
    tmp_path: Path,
) -> None:
    rig = Rig(tmp_path, limits=Limits(client_burst=1, client_per_second=0.001))

    async def scenario() -> None:
        event = rig.event("login", user="alice", page="/sign-in")
        for _ in range(3):
            assert (await rig.post_server(rig.batch(event))).status == 200
        assert (await rig.post_server(rig.batch(event), key="invented")).reason == "bad_key"
        assert (await rig.post_server(rig.batch(event), key="invented")).reason == "rate"

    rig.run(scenario())


def test_a_third_persons_id_is_never_stored_as_it_is(rig: Rig) -> None:
    from privet.catalogue.registry import EVENTS
    from privet.catalogue.spec import Kind, Origin

    found = (
        (event, field)
        for event in EVENTS.values()
        for field in event.fields
        if field.third_person and field.kind is Kind.TEXT and event.origin is Origin.SERVER
    )
    event, field = next(found)
    rig.decide("alice", allows())
    act = rig.event(event.name, user="alice", data={field.name: "bob"})
    _, (batch,) = _one(rig, rig.post_server(rig.batch(act)))
    assert rig.key_of("bob").hex().encode() in batch.entries[0].detail
    assert b'"bob"' not in batch.entries[0].detail


def test_free_json_is_kept_within_bounds(rig: Rig) -> None:
    deep: Any = 1
    for _ in range(20):
        deep = [deep]

    async def scenario() -> None:
        for answers, fault in ((deep, "field_too_deep"), ("x" * 9000, "field_too_long")):
            act = rig.event("problem_check", user="alice", data={"answers": answers})
            reply = await rig.post_server(rig.batch(act))
            assert reply.json["fields"] == {fault: 1}

    assert [b.entries[0].detail for b in rig.run(scenario())] == [b"", b""]


def test_client_hints_are_told_to_the_enrichment(rig: Rig) -> None:
    rig.decide("alice", allows())
    headers = {"sec-ch-ua-platform": '"Windows"'}
    _, (batch,) = _one(rig, rig.post(rig.batch(token=rig.token()), headers))
    assert batch.circumstances[0].os == "Windows"


def test_the_address_is_that_of_the_client_behind_a_trusted_proxy(tmp_path: Path) -> None:
    rig = Rig(tmp_path, proxies=("10.0.0.0/8",), limits=Limits(client_burst=1))

    async def scenario() -> None:
        for client in ("203.0.113.1", "203.0.113.2"):
            headers = {"x-forwarded-for": client}
            assert (await rig.post(rig.batch(), headers, peer="10.0.0.1")).status == 200

    rig.run(scenario())


def test_a_fault_nobody_foresaw_tells_a_number_and_no_text(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class BrokenLog:
        log_id = "collector-broken"

        async def append(self, _: bytes) -> None:
            raise ValueError("alice@hedge.example")

        def close(self) -> None:
            pass

    rig = Rig(tmp_path, log=BrokenLog())
    rig.decide("alice", allows())
    reply, _ = _one(rig, rig.post(rig.batch(token=rig.token())))
    assert (reply.status, reply.reason) == (500, "fault")
    number = reply.json["error"]["what"].split()[1].rstrip(".")
    assert number in caplog.text
    assert "alice" not in caplog.text + reply.body.decode()


def test_the_server_is_started_and_stopped_by_its_lifespan(rig: Rig) -> None:
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent: list[str] = []

    async def receive() -> dict[str, str]:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope = {"type": "lifespan"}
    asyncio.run(rig.app(scope, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
