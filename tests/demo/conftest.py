"""A platform of its own for each test, somebody to look at it, and a Privet that does as told."""

import asyncio
import json
import sqlite3
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import httpx
import pytest
from starlette.applications import Starlette

from demo.app import make_app
from demo.ids import Randomness
from demo.settings import Settings
from demo.storage import open_store

NOON = 1_795_262_400_000
"""2026-11-21 12:00 UTC, in milliseconds."""
BASE = "http://hedgerow.test"
T = TypeVar("T")
ALICE = {
    "name": "Alice",
    "email": "alice@hedgerow.example",
    "password": "a hedge of many words",
    "birth_year": "1990",
    "country": "GB",
}


def dice(seed: int) -> Randomness:
    """Randomness that falls the same way each time."""
    return Random(seed).randbytes  # noqa: S311 - a test repeats itself


def run(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns; in a thread of its own, since a browser's loop may run in this."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


class StandingClock:
    """A clock in milliseconds that moves only when told."""

    def __init__(self, at: int = NOON) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


class Visitor:
    """A browser without JavaScript: keeps cookies, sends forms, follows where it is led."""

    def __init__(self, app: Starlette, **headers: str) -> None:
        self._app = app
        self._headers = headers
        self.cookies = httpx.Cookies()

    def get(self, path: str, **more: Any) -> httpx.Response:
        return run(self._ask("GET", path, more))

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        return run(self._ask("POST", path, {"data": data or {}, **more}))

    async def _ask(self, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(
            self._app, raise_app_exceptions=False, client=("198.51.100.7", 40_000)
        )
        async with httpx.AsyncClient(
            transport=transport,
            base_url=BASE,
            cookies=self.cookies,
            headers=self._headers,
            follow_redirects=more.pop("follow", True),
        ) as client:
            answer = await client.request(method, path, **more)
            self.cookies = client.cookies
            return answer


@dataclass
class PretendedPrivet:
    """A server that takes events as Privet does, and answers what a test wants."""

    url: str
    answers: list[tuple[int, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    """Status, body and headers of the next answers; afterwards all is accepted."""
    batches: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def ids(self) -> list[list[str]]:
        """The event ids of each batch that came."""
        return [[event["id"] for event in batch["events"]] for batch in self.batches]


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def privet() -> Iterator[PretendedPrivet]:
    taken = PretendedPrivet(url="")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            taken.batches.append(json.loads(self.rfile.read(length)))
            taken.keys.append(self.headers["Authorization"])
            accepted = {"accepted": len(taken.batches[-1]["events"]), "dropped": {}}
            status, body, headers = (
                taken.answers.pop(0) if taken.answers else (200, accepted, dict[str, str]())
            )
            text = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    taken.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield taken
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(tmp_path: Path, privet: PretendedPrivet) -> Settings:
    made = Settings(home=tmp_path, privet_url=privet.url)
    made.api_key.write_text("a-key")
    return made


@pytest.fixture
def app(settings: Settings, clock: StandingClock) -> Starlette:
    return make_app(settings, clock=clock, randomness=dice(7))


@pytest.fixture
def store(app: Starlette, settings: Settings) -> Iterator[sqlite3.Connection]:
    opened = open_store(settings.database)
    yield opened
    opened.close()


@pytest.fixture
def visitor(app: Starlette) -> Visitor:
    return Visitor(app)


@pytest.fixture
def alice(app: Starlette) -> Visitor:
    """Alice, signed in."""
    browser = Visitor(app)
    assert browser.post("/sign-up", ALICE).status_code == 200
    return browser


@pytest.fixture
def student(alice: Visitor) -> Visitor:
    """Alice, enrolled in statistics."""
    assert alice.post("/courses/statistics/enrol").status_code == 200
    return alice


def reported(store: sqlite3.Connection) -> list[dict[str, Any]]:
    """All events in the outbox, the oldest first."""
    rows = store.execute("select event from outbox where event != '' order by rowid")
    return [json.loads(row["event"]) for row in rows]
