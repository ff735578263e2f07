"""How finely a video is looked at, how a given answer reads, and whether it may be quoted."""

import json
from typing import Any

SEGMENTS = 50
"""Into how many equal parts a video is divided; the queries and the rollup write the same."""
FEWEST_TO_QUOTE = 10
"""An answer is quoted only if so many learners gave it: a rare one may tell who wrote it. The query
writes the same, so that it holds on every path."""
GRADE_STEPS = 10
_LONGEST = 120
_NOTHING = "…"


def say_answer(text: str) -> str:
    """The answers of a problem in words: the values of its parts, whatever the parts are called.

    ``text`` is JSON, of which the end may be missing.
    """
    try:
        words = "; ".join(_words(json.loads(text)))
    except ValueError:
        words = text
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + _NOTHING


def _words(value: Any) -> list[str]:
    match value:
        case dict():
            return [", ".join(_words(part)) for part in value.values()]
        case list():
            return [word for part in value for word in _words(part)]
        case None:
            return []
        case _:
            return [str(value)]
