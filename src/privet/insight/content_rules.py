"""What counts as a full view, how a given answer reads, and whether an answer may be quoted."""

import json
from typing import Any

SEGMENTS = 50
"""Into how many equal parts a video is divided."""
FULL_SEGMENTS = 45
"""So many of them seen are a full view: 90 %. The queries and the rollup write the same numbers."""
FEWEST_TO_QUOTE = 10
"""An answer is quoted only if so many learners gave it: a rare one may tell who wrote it."""
GRADE_STEPS = 10
_LONGEST = 120
_NOTHING = "…"


def is_full(mask: int) -> bool:
    """Whether a mask of seen segments makes a full view."""
    return mask.bit_count() >= FULL_SEGMENTS


def seen_share(mask: int) -> float:
    """The share of a video that a mask of seen segments stands for, from 0 to 1."""
    return mask.bit_count() / SEGMENTS


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
