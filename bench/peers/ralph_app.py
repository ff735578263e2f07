"""Ralph's endpoint with its storing stubbed out; runs in an environment of its own.

Only the two methods that touch the disk are replaced: looking up ids finds nothing, and writing
counts. Everything else is as it ships, the check of statements and basic authentication included.
"""

import json
import os
from pathlib import Path

import bcrypt

USER, WORD = "bench", "bench-password"


def _write_credentials(path: Path) -> None:
    user = {
        "username": USER,
        "hash": bcrypt.hashpw(WORD.encode(), bcrypt.gensalt()).decode(),
        "scopes": ["all"],
        "agent": {"mbox": "mailto:bench@example.org"},
    }
    path.write_text(json.dumps([user]))


_write_credentials(Path(os.environ["RALPH_AUTH_FILE"]))

from ralph.api import app as application  # noqa: E402, F401 - it reads that file
from ralph.backends.lrs.fs import FSLRSBackend  # noqa: E402


def _find_nothing(*_: object, **__: object) -> list[object]:
    return []


def _only_count(_: FSLRSBackend, data: object, *__: object, **___: object) -> int:
    return len(list(data))  # type: ignore[call-overload]


FSLRSBackend.query_statements_by_ids = _find_nothing
FSLRSBackend.write = _only_count
