"""Notices at sign-up and enrolment: shown as Privet gave them, told back when the learner acts."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from demo.app import make_app
from demo.settings import Settings
from demo.storage import open_store
from tests.demo.conftest import ALICE, StandingClock, Visitor, dice, run

COURSE = "/courses/statistics"
WEEK_MS = 7 * 86_400_000


@dataclass
class NoticeGiver:
    """A server that gives notices out as Privet does, and notes what is told back."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    status: int = 201
    is_away: bool = False


@pytest.fixture
def giver() -> Iterator[NoticeGiver]:
    said = NoticeGiver()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.asked.append(self.path)
            section = {"title": "Kept", "text": "You signed in.", "lines": ["For <safety>."]}
            text = {"title": "What is collected here", "lead": "This.", "sections": [section]}
            body = {"text": text, "served": f"word-{len(said.asked)}"}
            self._answer(500 if said.is_away else 200, body)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            said.told.append(json.loads(self.rfile.read(length)))
            self._answer(said.status, {})

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield said
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def app(tmp_path: Path, giver: NoticeGiver, clock: StandingClock) -> Starlette:
    settings = Settings(home=tmp_path, privet_url=giver.url)
    return make_app(settings, clock=clock, randomness=dice(7))


@pytest.fixture
def words(app: Starlette) -> Iterator[sqlite3.Connection]:
    opened = open_store(app.state.platform.settings.database)
    yield opened
    opened.close()


def _kept(words: sqlite3.Connection) -> list[str]:
    return [row["word"] for row in words.execute("select word from notice_word order by at")]


def _send(app: Starlette) -> None:
    async def send() -> None:
        async with httpx.AsyncClient() as client:
            app.state.notice_sender._client = client
            await app.state.notice_sender.send_some()

    run(send())


def test_the_sign_up_page_shows_the_words_as_they_came(app: Starlette) -> None:
    page = Visitor(app).get("/sign-up").text
    for words in ("What is collected here", "You signed in.", "For &lt;safety&gt;."):
        assert words in page
    assert 'name="served" value="word-1"' in page


def test_the_course_page_asks_for_that_course_and_its_member(
    app: Starlette, giver: NoticeGiver
) -> None:
    page = Visitor(app).get(COURSE).text
    assert "What is collected here" in page
    [asked] = giver.asked
    assert asked.startswith("/api/v1/notices/enrolment?site=hedgerow&lang=en&institution=")
    assert "course=course-v1" in asked


def test_who_signs_up_and_enrols_tells_both_words_back(
    app: Starlette, giver: NoticeGiver, words: sqlite3.Connection
) -> None:
    alice = Visitor(app)
    alice.post("/sign-up", {**ALICE, "served": "word-of-sign-up"})
    alice.post(f"{COURSE}/enrol", {"served": "word-of-course"})
    assert sorted(_kept(words)) == ["word-of-course", "word-of-sign-up"]
    _send(app)
    assert {told["served"] for told in giver.told} == {"word-of-course", "word-of-sign-up"}
    assert all(told["site"] == "hedgerow" and told["token"] for told in giver.told)
    assert _kept(words) == []


def test_an_enrolment_without_a_word_is_an_enrolment(
    app: Starlette, words: sqlite3.Connection
) -> None:
    alice = Visitor(app)
    alice.post("/sign-up", ALICE)
    assert alice.post(f"{COURSE}/enrol").status_code == 200
    assert _kept(words) == []


def test_a_word_that_is_too_long_is_left_out(app: Starlette, words: sqlite3.Connection) -> None:
    Visitor(app).post("/sign-up", {**ALICE, "served": "x" * 3000})
    assert _kept(words) == []


def test_who_is_enrolled_sees_no_notice_again(app: Starlette) -> None:
    alice = Visitor(app)
    alice.post("/sign-up", ALICE)
    alice.post(f"{COURSE}/enrol")
    assert "What is collected here" not in alice.get(COURSE).text


@pytest.mark.parametrize("status", [200, 201, 400, 404, 409, 413, 415])
def test_what_privet_settled_is_not_sent_again(
    app: Starlette, giver: NoticeGiver, words: sqlite3.Connection, status: int
) -> None:
    Visitor(app).post("/sign-up", {**ALICE, "served": "word"})
    giver.status = status
    _send(app)
    assert _kept(words) == []


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_what_privet_does_not_take_now_is_tried_again(
    app: Starlette, giver: NoticeGiver, words: sqlite3.Connection, status: int
) -> None:
    Visitor(app).post("/sign-up", {**ALICE, "served": "word"})
    giver.status = status
    _send(app)
    assert _kept(words) == ["word"]
    giver.status = 201
    _send(app)
    assert _kept(words) == []
    assert len(giver.told) == 2


def test_after_a_week_a_word_is_given_up(
    app: Starlette, giver: NoticeGiver, words: sqlite3.Connection, clock: StandingClock
) -> None:
    Visitor(app).post("/sign-up", {**ALICE, "served": "word"})
    clock.at += WEEK_MS + 1
    _send(app)
    assert (_kept(words), giver.told) == ([], [])


def test_the_word_of_somebody_who_is_gone_is_given_up(
    app: Starlette, giver: NoticeGiver, words: sqlite3.Connection
) -> None:
    Visitor(app).post("/sign-up", {**ALICE, "served": "word"})
    words.execute("delete from learner")
    _send(app)
    assert (_kept(words), giver.told) == ([], [])


def test_where_privet_is_away_its_own_page_is_linked_and_it_is_left_alone_for_a_while(
    app: Starlette, giver: NoticeGiver, clock: StandingClock
) -> None:
    giver.is_away = True
    visitor = Visitor(app)
    assert 'href="/privacy/notices/sign-up?site=hedgerow"' in visitor.get("/sign-up").text
    assert "/privacy/notices/enrolment?site=hedgerow&amp;institution=" in visitor.get(COURSE).text
    assert len(giver.asked) == 1
    giver.is_away = False
    clock.at += 30_000
    assert "What is collected here" in visitor.get("/sign-up").text
