"""A disk without room: told apart from other faults, and said in words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from privet.events.errors import DiskFullError
from privet.events.log.roll import NO_ROOM

_WORDS = ("no space left on device", "disk is full", "quota exceeded", "file too large")
"""Databases and the table's library say it in words only."""


@contextmanager
def telling_when_full() -> Iterator[None]:
    """Raise `DiskFullError` for whatever fails inside for want of room."""
    try:
        yield
    except (OSError, sqlite3.Error, DatabaseError) as error:
        if not is_full(error):
            raise
        raise DiskFullError from error


def is_full(error: BaseException) -> bool:
    """Whether an error says that a disk, a quota or a file has no room."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return True
    text = str(error).lower()
    return any(words in text for words in _WORDS)
