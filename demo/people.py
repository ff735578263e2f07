"""Learners of the platform: sign-up, passwords, sessions, settings."""

import hashlib
import hmac
import sqlite3
from dataclasses import dataclass

from demo.ids import Randomness, make_name

SESSION_SECONDS = 14 * 24 * 3600
PASSWORD_LENGTH = 12
THEMES = ("system", "light", "dark")
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


@dataclass(frozen=True, kw_only=True)
class Learner:
    """Somebody with an account on the platform."""

    id: str
    email: str
    name: str
    birth_year: int
    country: str
    theme: str


@dataclass(frozen=True, kw_only=True)
class NewLearner:
    """What sign-up asks for, and nothing more."""

    email: str
    name: str
    password: str
    birth_year: int
    country: str


def add_learner(
    store: sqlite3.Connection, new: NewLearner, *, now: int, randomness: Randomness
) -> Learner | None:
    """Make an account; none if the e-mail address has one already. ``now`` in milliseconds."""
    learner_id = make_name(randomness)
    try:
        store.execute(
            "insert into learner (id, email, name, password, birth_year, country, joined)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            (
                learner_id,
                new.email,
                new.name,
                hash_password(new.password, randomness(16)),
                new.birth_year,
                new.country,
                now,
            ),
        )
    except sqlite3.IntegrityError:
        return None
    return find_learner(store, learner_id)


def find_learner(store: sqlite3.Connection, learner_id: str) -> Learner | None:
    """The learner of that id, or none."""
    row = store.execute("select * from profile where id = ?", (learner_id,))
    return _as_learner(row.fetchone())


def find_by_email(store: sqlite3.Connection, email: str) -> Learner | None:
    """The learner of that e-mail address, in any case, or none."""
    row = store.execute("select * from profile where email = ?", (email.strip(),))
    return _as_learner(row.fetchone())


def check_password(store: sqlite3.Connection, learner: Learner | None, password: str) -> bool:
    """Whether it is the learner's password; takes as long if there is no such learner."""
    stored = _NOBODYS_PASSWORD
    if learner is not None:
        found = store.execute("select password from learner where id = ?", (learner.id,))
        stored = found.fetchone()["password"]
    salt = bytes.fromhex(stored.partition("$")[0])
    return hmac.compare_digest(hash_password(password, salt), stored) and learner is not None


def hash_password(password: str, salt: bytes) -> str:
    """scrypt (RFC 7914), as ``salt$hash`` in hexadecimal digits."""
    digest = hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT)
    return f"{salt.hex()}${digest.hex()}"


def open_session(
    store: sqlite3.Connection, learner: Learner, *, now: int, randomness: Randomness
) -> str:
    """A new session's token; the database keeps only its hash. ``now`` in milliseconds."""
    token = make_name(randomness, 24)
    store.execute("delete from session where until < ?", (now,))
    store.execute(
        "insert into session values (?, ?, ?)",
        (_hash_token(token), learner.id, now + SESSION_SECONDS * 1000),
    )
    return token


def find_session(store: sqlite3.Connection, token: str, *, now: int) -> Learner | None:
    """The learner whose session that is, if it has not ended."""
    row = store.execute(
        "select profile.* from session join profile on profile.id = session.learner"
        " where token_hash = ? and until > ?",
        (_hash_token(token), now),
    )
    return _as_learner(row.fetchone())


def close_session(store: sqlite3.Connection, token: str) -> None:
    """End one session; the token is worth nothing afterwards."""
    store.execute("delete from session where token_hash = ?", (_hash_token(token),))


def change_profile(
    store: sqlite3.Connection, learner: Learner, *, name: str, country: str, theme: str
) -> None:
    """Keep new values of what a learner may change by themselves."""
    store.execute(
        "update learner set name = ?, country = ?, theme = ? where id = ?",
        (name, country, theme, learner.id),
    )


def change_password(
    store: sqlite3.Connection, learner: Learner, password: str, *, randomness: Randomness
) -> None:
    """Set a new password and end every session that the old one opened."""
    hashed = hash_password(password, randomness(16))
    store.execute("update learner set password = ? where id = ?", (hashed, learner.id))
    store.execute("delete from session where learner = ?", (learner.id,))


def _as_learner(row: sqlite3.Row | None) -> Learner | None:
    return None if row is None else Learner(**dict(row))


def _hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_NOBODYS_PASSWORD = hash_password("nobody has this password", bytes(16))
