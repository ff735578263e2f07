"""What the log says when something failed: an id, the kind of error and the place in the code."""

import logging
import secrets
import traceback
from types import TracebackType

_KEPT_FRAMES = 8
_OWN = "privet."


def new_incident() -> str:
    """A short id that stands on the error page and in the log, so that both can be matched."""
    return secrets.token_hex(4)


class ImpersonalFormatter(logging.Formatter):
    """Writes no path, no query, no address and no exception's text: all may hold personal data.

    Django's own messages about requests name their path; the route that answered says as much
    and names nobody. Exceptions are reduced to their type and the lines of code they passed.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line: time, level, logger, what, and where it failed."""
        parts = [
            self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            record.levelname,
            record.name,
            _what(record),
        ]
        if record.exc_info and record.exc_info[0]:
            parts += [record.exc_info[0].__name__, "at", _frames(record.exc_info[2])]
        return " ".join(parts)


def _what(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if request is None:
        # Our own messages name nobody; what fills a library's may be anybody's.
        is_whole = not record.args or record.name.startswith(_OWN)
        return record.getMessage() if is_whole else str(record.msg)
    match = getattr(request, "resolver_match", None)
    route = match.route if match else "no page"
    incident = getattr(request, "incident", "-")
    return f"{getattr(record, 'status_code', '-')} on {route} incident {incident}"


def _frames(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-_KEPT_FRAMES:]
    return " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}"
        for frame in reversed(frames)
    )
