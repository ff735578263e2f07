"""Doubled keys: readers differ in which of two they take, so such a body is refused."""

import json
from typing import Any

from privet.collector.reasons import Reason, RefusedError

KEY = b'":'
"""What ends each key of compact JSON. If what is written back holds as many of them as what came,
then no key was doubled or unknown, and the exact and slow look can be spared."""


def load_strictly(data: bytes) -> Any:
    """The JSON value; raises `RefusedError` if an object in it has one key twice."""
    try:
        return json.loads(data, object_pairs_hook=_as_object, parse_int=_no_number)
    except RecursionError:
        raise RefusedError(Reason.TOO_DEEP) from None
    except ValueError:
        raise RefusedError(Reason.BAD_JSON) from None


def _as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RefusedError(Reason.DUPLICATE_KEY)
    return found


def _no_number(_: str) -> int:
    """Numbers do not matter here, and Python refuses to read very long ones."""
    return 0
