"""Batches whose events differ from one to the next: each keeps what is its own."""

from typing import Any

import pytest

from privet.catalogue.uses import Choice
from privet.consent.rules import ALL_CHOICES
from privet.events.record import Batch
from tests.collector.kit import REFUSER, Rig, allows

_FIRST, _SECOND = 0x0102030405060708, 0x1112131415161718


def _kept(rig: Rig, *sent: tuple[str, str]) -> tuple[dict[str, Any], list[tuple[str, int]]]:
    """The answer to events with these names and sessions, and both of those that are kept."""
    events = [rig.event(name, session=session, data={}) for name, session in sent]
    answers: list[dict[str, Any]] = []

    async def scenario() -> None:
        answers.append((await rig.post(rig.batch(*events, token=rig.token()))).json)

    stored: list[Batch] = rig.run(scenario())
    return answers[0], [(e.name, e.session) for batch in stored for e in batch.entries]


def test_events_whose_names_and_sessions_change_in_turn_keep_their_own(rig: Rig) -> None:
    rig.decide("alice", allows())
    answer, kept = _kept(
        rig,
        ("page_view", f"{_FIRST:016x}"),
        ("link_click", f"{_FIRST:016x}"),
        ("page_view", f"{_SECOND:016x}"),
        ("page_view", ""),
        ("link_click", f"{_FIRST:016x}"),
    )
    assert answer == {"accepted": 5, "dropped": {}}
    assert kept == [
        ("page_view", _FIRST),
        ("link_click", _FIRST),
        ("page_view", _SECOND),
        ("page_view", 0),
        ("link_click", _FIRST),
    ]


@pytest.mark.parametrize("between", ["made_up", "problem_check"])
def test_a_dropped_event_between_two_others_drops_neither_of_them(rig: Rig, between: str) -> None:
    rig.decide("alice", allows())
    session = f"{_FIRST:016x}"
    answer, kept = _kept(
        rig, (between, session), ("page_view", session), (between, ""), ("page_view", session)
    )
    assert answer["accepted"] == 2
    assert sum(answer["dropped"].values()) == 2
    assert kept == [("page_view", _FIRST)] * 2


def test_events_of_one_name_that_a_server_sends_of_two_people_stay_each_persons(rig: Rig) -> None:
    rig.decide("alice", allows())
    rig.decide("carol", allows(Choice.FUNCTIONALITY))
    users = ["alice", "carol", "alice"]
    events = [rig.event("problem_check", user=user, data={"problem_id": "p1"}) for user in users]

    async def scenario() -> None:
        assert (await rig.post_server(rig.batch(*events))).status == 200

    (batch,) = rig.run(scenario())
    keys = [batch.actors[entry.actor].person_key for entry in batch.entries]
    assert keys == [rig.key_of(user) for user in users]
    assert batch.entries[0].uses == batch.entries[2].uses != batch.entries[1].uses


@pytest.mark.parametrize("source", ["learner", "server"])
def test_what_a_person_decides_holds_from_their_next_batch_on(rig: Rig, source: str) -> None:
    key = rig.key_of("alice")
    seen: list[tuple[int, list[str]]] = []

    async def scenario() -> None:
        for standing in (allows(), REFUSER, None, allows(restricted=True, uses=0), allows()):
            rig.consent.standings.pop(key, None)
            if standing is not None:
                rig.consent.standings[key] = standing
            if source == "server":
                reply = await rig.post_server(rig.batch(rig.event(data={}, user="alice")))
            else:
                reply = await rig.post(rig.batch(rig.event(data={}), token=rig.token()))
            answer = reply.json
            seen.append((answer["accepted"], list(answer["dropped"])))

    rig.run(scenario())
    assert seen == [(1, []), (0, ["refused"]), (0, ["undecided"]), (0, ["restricted"]), (1, [])]


def test_a_choice_that_is_taken_back_takes_its_fields_out_of_the_next_batch(rig: Rig) -> None:
    event = rig.event(data={}, referrer="https://search.example/x")

    async def scenario() -> None:
        for choices in (ALL_CHOICES, Choice.RESEARCH):
            rig.decide("alice", allows(choices))
            await rig.post(rig.batch(event, token=rig.token()))

    stored = rig.run(scenario())
    entries = [entry for batch in stored for entry in batch.entries]
    assert [entry.referrer_host for entry in entries] == ["search.example", ""]
    assert entries[0].uses != entries[1].uses
