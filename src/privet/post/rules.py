"""When a mail is tried again, when it is given up, and how long what was sent is remembered."""

from datetime import datetime, timedelta

MOST_TRIES = 8
CLAIM = timedelta(minutes=10)
"""How long one worker may take over a mail before another may try it."""
REMEMBERED = timedelta(days=30)
"""For how long it is known that a mail was sent, and to whom."""
_FIRST_PAUSE = timedelta(minutes=5)


def next_try(tries: int, *, now: datetime) -> datetime | None:
    """When a mail that failed so many times is tried again; none if it is given up.

    The pauses double from five minutes, so that eight tries reach over some ten hours.
    """
    if tries >= MOST_TRIES:
        return None
    doublings = tries - 1
    return now + _FIRST_PAUSE * (1 << doublings)


def is_lasting(code: int) -> bool:
    """Whether a server's answer says that trying again is of no use (RFC 5321, 4.2.1)."""
    return 500 <= code < 600
