"""Collects every sentence that is to be translated: of pages, of letters and of the catalogue.

``python -m privet.web.messages`` brings ``locale/*/LC_MESSAGES/django.po`` up to date; the new
sentences are then translated by hand, and a test fails until they are. It needs GNU gettext.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from privet.catalogue.columns import COLUMNS
from privet.catalogue.registry import EVENTS
from privet.catalogue.tables import TABLES

PERIOD = re.compile(r"\bP\d+[YMWD]\b")
"""How a period stands in what is said of a table, see `privet.catalogue.tables`."""
_HERE = Path(__file__).parent
_CATALOGUE = "catalogue_words.py"
_LANGUAGES = ("es",)
_OPTIONS = ("--no-location", "--no-wrap", "--no-obsolete", "--verbosity", "0")


def collect(directory: Path = _HERE) -> None:
    """Bring the languages' files in ``directory`` up to date with the sentences in it."""
    listed = directory / _CATALOGUE
    listed.write_text("\n".join([*_noops(), *_other_rooms()]), encoding="utf-8")
    languages = [option for language in _LANGUAGES for option in ("--locale", language)]
    try:
        subprocess.run(
            [sys.executable, "-m", "django", "makemessages", *languages, *_OPTIONS],
            cwd=directory,
            check=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "privet.web.settings"},
        )
    finally:
        listed.unlink()


def _noops() -> Iterator[str]:
    return (f"gettext_noop({words!r})" for words in catalogue_words())


def _other_rooms() -> Iterator[str]:
    """The code of other rooms that writes to people: letters, notices, why a rule holds."""
    for file in sorted(_HERE.parent.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if _HERE not in file.parents and "django.utils.translation import" in text:
            yield text


def catalogue_words() -> list[str]:
    """What the catalogue says of events, fields, the lake's columns and tables, each once."""
    return sorted(set(_words()) - {""})


def _words() -> Iterator[str]:
    yield from (column.says for column in COLUMNS)
    for event in EVENTS.values():
        yield event.says
        yield from (field.says for field in event.fields)
    for table in TABLES.values():
        if table.personal:
            yield table.purpose
            # A period in ISO 8601 has words of its own; in a sentence it is left as it stands.
            yield "" if PERIOD.fullmatch(table.retention) else table.retention


if __name__ == "__main__":
    collect()
