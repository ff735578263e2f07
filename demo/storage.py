"""The platform's own database: its tables and how they are opened."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
create table if not exists learner (
    id text primary key, email text not null unique collate nocase, name text not null,
    password text not null, birth_year integer not null, country text not null,
    theme text not null default 'system', joined integer not null);
create view if not exists profile as
    select id, email, name, birth_year, country, theme from learner;
create table if not exists session (
    token_hash blob primary key, learner text not null, until integer not null);
create table if not exists enrolment (
    learner text not null, course text not null, since integer not null,
    primary key (learner, course));
create table if not exists answer (
    learner text not null, course text not null, problem text not null,
    attempts integer not null default 0, given text not null default '[]',
    earned real not null default 0, shown integer not null default 0,
    primary key (learner, course, problem));
create table if not exists thread (
    id integer primary key, course text not null, learner text not null,
    title text not null, body text not null, kind text not null, at integer not null);
create table if not exists reply (
    id integer primary key, thread integer not null, learner text not null,
    body text not null, at integer not null);
create table if not exists certificate (
    id text primary key, learner text not null, course text not null,
    percent integer not null, issued integer not null, shared integer not null default 0,
    unique (learner, course));
create table if not exists notice_word (
    word text primary key, learner text not null, at integer not null);
create table if not exists outbox (
    id text primary key, event text not null, refused text);
create index if not exists reply_by_thread on reply (thread);
create index if not exists thread_by_course on thread (course);
"""


def prepare_database(path: Path) -> None:
    """Make the file and its tables if they are not there; readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    store = open_store(path)
    try:
        store.execute("pragma journal_mode = wal")
        store.executescript(f"begin; {SCHEMA} commit;")
    finally:
        store.close()


def open_store(path: Path) -> sqlite3.Connection:
    """A connection that waits for others up to 10 seconds and commits only when told."""
    store = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    store.row_factory = sqlite3.Row
    return store


@contextmanager
def transaction(store: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; takes the write lock at once so that it cannot fail half-way."""
    store.execute("begin immediate")
    try:
        yield
    except BaseException:
        store.execute("rollback")
        raise
    store.execute("commit")
