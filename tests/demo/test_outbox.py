"""What the platform reports reaches Privet in the end, once, and keeps nobody waiting."""

import asyncio
import sqlite3
from collections.abc import Callable

import httpx
import pytest

from demo import acts
from demo.acts import Actor
from demo.outbox import Answer, Outbox, count_waiting
from demo.settings import Settings
from demo.storage import prepare_database
from tests.demo.conftest import NOON, PretendedPrivet, dice, reported, run

ALICE = Actor(learner="a1", ip="198.51.100.7", agent="Lynx", page="/sign-in")
REFUSAL = {"error": {"reason": "wrong_shape"}}


@pytest.fixture
def filled(store: sqlite3.Connection) -> sqlite3.Connection:
    """An outbox with three acts in it."""
    random = dice(3)
    for at in range(3):
        acts.report(store, acts.signed_in("success"), ALICE, now=NOON + at, randomness=random)
    return store


def send(settings: Settings, times: int = 1) -> list[Answer]:
    async def work() -> list[Answer]:
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            outbox = Outbox(settings, client)
            return [await outbox.send_some() for _ in range(times)]

    return run(work())


def test_what_waits_is_sent_with_the_key_and_then_gone(
    filled: sqlite3.Connection, settings: Settings, privet: PretendedPrivet
) -> None:
    send(settings)
    assert [len(batch["events"]) for batch in privet.batches] == [3]
    assert privet.batches[0]["site"] == "hedgerow"
    assert privet.keys == ["Bearer a-key"]
    assert count_waiting(settings.database) == 0


def test_an_act_carries_who_did_it_from_where_and_with_what(
    filled: sqlite3.Connection, settings: Settings, privet: PretendedPrivet
) -> None:
    send(settings)
    event = privet.batches[0]["events"][0]
    assert (event["user"], event["ip"], event["agent"]) == ("a1", "198.51.100.7", "Lynx")
    assert (event["name"], event["time"], event["page"]) == ("login", NOON, "/sign-in")


def test_an_empty_outbox_sends_nothing(settings: Settings, privet: PretendedPrivet) -> None:
    prepare_database(settings.database)
    assert send(settings) == [Answer(settled=True)]
    assert privet.batches == []


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_what_privet_cannot_take_now_is_sent_again_under_the_same_ids(
    filled: sqlite3.Connection, settings: Settings, privet: PretendedPrivet, status: int
) -> None:
    privet.answers.append((status, {}, {}))
    send(settings, times=2)
    first, second = privet.ids()
    assert first == second
    assert count_waiting(settings.database) == 0


def test_a_privet_that_is_down_loses_nothing(
    filled: sqlite3.Connection, settings: Settings, privet: PretendedPrivet
) -> None:
    away = Settings(home=settings.home, privet_url="http://127.0.0.1:9")
    answers = send(away, times=3)
    assert not any(answer.settled for answer in answers)
    assert count_waiting(settings.database) == 3
    send(settings)
    assert count_waiting(settings.database) == 0


def test_each_failure_waits_longer_than_the_one_before(
    filled: sqlite3.Connection, settings: Settings
) -> None:
    away = Settings(home=settings.home, privet_url="http://127.0.0.1:9")
    waits = [answer.wait_seconds for answer in send(away, times=12)]
    assert waits == sorted(waits)
    assert waits[0] > 0
    assert waits[-1] == 60


def test_privet_says_when_to_come_again(
    filled: sqlite3.Connection, settings: Settings, privet: PretendedPrivet
) -> None:
    privet.answers.append((503, {}, {"Retry-After": "7"}))
    assert send(settings)[0].wait_seconds == 7


def test_one_bad_event_does_not_keep_the_others_waiting(
    filled: sqlite3.Connection, settings: Settings, privet: PretendedPrivet
) -> None:
    privet.answers += [(400, REFUSAL, {}), (200, {}, {}), (400, REFUSAL, {}), (200, {}, {})]
    send(settings)
    assert [len(batch) for batch in privet.ids()] == [3, 1, 1, 1]
    assert count_waiting(settings.database) == 0
    kept = filled.execute("select refused, event from outbox").fetchall()
    assert [tuple(row) for row in kept] == [("wrong_shape", "")]


def test_when_privet_fails_between_single_events_the_rest_waits(
    filled: sqlite3.Connection, settings: Settings, privet: PretendedPrivet
) -> None:
    privet.answers += [(400, REFUSAL, {}), (200, {}, {}), (503, {}, {})]
    assert not send(settings)[0].settled
    assert count_waiting(settings.database) == 2


def test_a_refusal_without_a_reason_is_noted_by_its_status(
    filled: sqlite3.Connection, settings: Settings, privet: PretendedPrivet
) -> None:
    privet.answers += [(422, {}, {})] * 4
    send(settings)
    reasons = {row["refused"] for row in filled.execute("select refused from outbox")}
    assert reasons == {"status 422"}


def test_without_its_key_the_platform_keeps_what_it_has(
    filled: sqlite3.Connection, settings: Settings
) -> None:
    settings.api_key.unlink()
    assert not send(settings)[0].settled
    assert len(reported(filled)) == 3


def test_the_background_task_sends_by_itself_and_wakes_when_told(
    filled: sqlite3.Connection, settings: Settings, privet: PretendedPrivet
) -> None:
    async def work() -> None:
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            outbox = Outbox(settings, client)
            task = asyncio.create_task(outbox.run())
            await _until(lambda: count_waiting(settings.database) == 0)
            acts.report(filled, acts.signed_out(), ALICE, now=NOON + 9, randomness=bytes)
            outbox.wake()
            await _until(lambda: count_waiting(settings.database) == 0)
            task.cancel()

    run(work())
    assert [len(batch) for batch in privet.ids()] == [3, 1]


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(300):
        while not is_so():
            await asyncio.sleep(0.01)
