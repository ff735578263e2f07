"""``kill -9`` of a real server under load: nothing acknowledged is lost, nothing is there twice."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from privet.events.log import list_segments, read_segment, seal_abandoned
from privet.events.record import decode_batch
from privet.kernel.ids import new_event_id
from tests.collector.served import ORIGIN, Served, now_millis

_CLIENTS = 8
_PATIENCE_SECONDS = 300
_SERVERS = ("serve", "collect")


class _Load:
    """Clients that send events of their own, each once, and remember which were acknowledged."""

    def __init__(self, served: Served) -> None:
        self.acknowledged: list[bytes] = []
        self._served = served
        self._headers = {
            "content-type": "application/json",
            "origin": ORIGIN,
            "cookie": served.cookies(),
        }
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=self._send_all) for _ in range(_CLIENTS)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, more: int) -> None:
        """Return when so many more events were acknowledged, however slow the machine is."""
        wanted = len(self.acknowledged) + more
        until = time.monotonic() + _PATIENCE_SECONDS
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < until, "there was hardly any load"
            time.sleep(0.01)

    def end(self) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def _send_all(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._served.port, timeout=60)
        while not self._ends.is_set():
            try:
                self._send(connection)
            except (OSError, http.client.HTTPException):
                # The server is dead; what was under way is never sent again.
                connection.close()
                time.sleep(0.01)
        connection.close()

    def _send(self, connection: http.client.HTTPConnection) -> None:
        millis = now_millis()
        ids = [new_event_id(millis) for _ in range(5)]
        events = [{"id": str(i), "name": "page_view", "time": millis} for i in ids]
        body = json.dumps({"site": "hedgerow", "events": events})
        # Each batch is another household's, so that none of them asks too often.
        home = {"x-forwarded-for": f"203.0.113.{ids[0].int % 250}"}
        connection.request("POST", "/t/events", body, self._headers | home)
        reply = connection.getresponse()
        answer = json.loads(reply.read())
        if reply.status == 200 and answer["accepted"] == 5:
            self.acknowledged += [i.bytes for i in ids]


def _found(home: Path) -> Counter[bytes]:
    seal_abandoned(home / "log")
    found: Counter[bytes] = Counter()
    for ref in list_segments(home / "log"):
        content = read_segment(ref.path)
        assert content.damage == []
        for frame in content.frames:
            found.update(entry.event_id for entry in decode_batch(frame.payload).entries)
    return found


def _kill_often(home: Path, command: str, rounds: int) -> tuple[set[bytes], Counter[bytes]]:
    """The events that were acknowledged, and how often each stands in the log."""
    chance = random.Random(rounds)  # noqa: S311 - it has to be the same each time
    served = Served(home, command)
    served.start()
    load = _Load(served)
    try:
        for _ in range(rounds):
            load.wait_for(100)
            time.sleep(chance.uniform(0.0, 1.0))
            served.kill()
            served.start()
        load.wait_for(100)
    finally:
        load.end()
        served.stop()
    return set(load.acknowledged), _found(home)


@pytest.mark.parametrize("command", _SERVERS)
def test_a_killed_server_loses_nothing_it_acknowledged(tmp_path: Path, command: str) -> None:
    acknowledged, found = _kill_often(tmp_path, command, 3)
    assert acknowledged <= set(found), "an acknowledged event is lost"
    assert max(found.values()) == 1, "an event is there twice"


@pytest.mark.soak
@pytest.mark.parametrize("command", _SERVERS)
def test_a_server_killed_fifty_times_loses_nothing_it_acknowledged(
    tmp_path: Path, command: str
) -> None:
    acknowledged, found = _kill_often(tmp_path, command, 50)
    assert acknowledged <= set(found), "an acknowledged event is lost"
    assert max(found.values()) == 1, "an event is there twice"


@pytest.mark.parametrize("command", _SERVERS)
def test_a_server_that_is_asked_to_end_seals_its_log(tmp_path: Path, command: str) -> None:
    served = Served(tmp_path, command)
    served.start()
    load = _Load(served)
    load.wait_for(50)
    load.end()
    served.stop()
    assert not list((tmp_path / "log").rglob("*.open"))
    assert set(load.acknowledged) == set(_found(tmp_path))
