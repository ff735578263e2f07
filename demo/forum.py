"""The forum of a course: discussions, questions and replies."""

import sqlite3
from dataclasses import dataclass

THREAD_KINDS = ("discussion", "question")
_THREAD = (
    "select thread.*, coalesce(learner.name, 'A former learner') as author,"
    " (select count(*) from reply where reply.thread = thread.id) as replies"
    " from thread left join learner on learner.id = thread.learner"
)


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A post that others can reply to."""

    id: int
    course: str
    learner: str
    title: str
    body: str
    kind: str
    at: int
    author: str
    replies: int


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer in a discussion."""

    id: int
    learner: str
    body: str
    at: int
    author: str


def add_thread(
    store: sqlite3.Connection,
    *,
    course: str,
    learner: str,
    title: str,
    body: str,
    kind: str,
    now: int,
) -> int:
    """Begin a discussion; returns its number."""
    done = store.execute(
        "insert into thread (course, learner, title, body, kind, at) values (?, ?, ?, ?, ?, ?)",
        (course, learner, title, body, kind, now),
    )
    return int(done.lastrowid or 0)


def add_reply(store: sqlite3.Connection, *, thread: int, learner: str, body: str, now: int) -> int:
    """Reply in a discussion; returns the reply's number."""
    done = store.execute(
        "insert into reply (thread, learner, body, at) values (?, ?, ?, ?)",
        (thread, learner, body, now),
    )
    return int(done.lastrowid or 0)


def find_threads(store: sqlite3.Connection, course: str) -> list[Thread]:
    """All discussions of a course, the newest first."""
    rows = store.execute(f"{_THREAD} where course = ? order by at desc, id desc", (course,))
    return [Thread(**dict(row)) for row in rows]


def find_thread(store: sqlite3.Connection, course: str, number: int) -> Thread | None:
    """One discussion of a course, or none."""
    row = store.execute(f"{_THREAD} where course = ? and thread.id = ?", (course, number))
    found = row.fetchone()
    return None if found is None else Thread(**dict(found))


def find_replies(store: sqlite3.Connection, thread: int) -> list[Reply]:
    """The replies of a discussion, the oldest first."""
    rows = store.execute(
        "select reply.id, reply.learner, body, at,"
        " coalesce(learner.name, 'A former learner') as author"
        " from reply left join learner on learner.id = reply.learner"
        " where thread = ? order by reply.id",
        (thread,),
    )
    return [Reply(**dict(row)) for row in rows]
