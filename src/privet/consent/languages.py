"""The languages in which people are asked: each is one file, found where it lies.

Privet ships some beside this module; an operator adds others in ``PRIVET_HOME/languages``. The
file's name is the language (``ar.json``), its content that of a notice, and under ``technologies``
what each entry of the registry is for, by its name.
"""

import json
import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from privet.kernel.config import read_config

OPERATORS_FOLDER = "languages"
TECHNOLOGIES = "technologies"
"""The part of a file that explains entries of the registry, and is no part of a notice."""
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LOG = logging.getLogger(__name__)

Stamp = tuple[tuple[Path, int], ...]
"""The files, each with the time of its last change (ns)."""


def read_languages() -> Mapping[str, Mapping[str, Any]]:
    """The words of a notice in each language that has a file."""
    found = _read(languages_stamp())
    return {
        code: {name: said for name, said in text.items() if name != TECHNOLOGIES}
        for code, text in found.items()
    }


def read_purposes() -> Mapping[str, Mapping[str, str]]:
    """By language what technologies are for, by their names."""
    found = _read(languages_stamp())
    return {code: dict(text.get(TECHNOLOGIES, {})) for code, text in found.items()}


def languages_stamp() -> Stamp:
    """What tells whether a file came, went or was changed."""
    shipped = Path(str(files("privet.consent") / "notices"))
    folders = (shipped, read_config().home / OPERATORS_FOLDER)
    found = [path for folder in folders for path in sorted(folder.glob("*.json"))]
    return tuple((path, path.stat().st_mtime_ns) for path in found)


@lru_cache(maxsize=4)
def _read(stamp: Stamp) -> Mapping[str, Mapping[str, Any]]:
    """By language; the operator's file stands in for one of the same name that is shipped."""
    found: dict[str, Mapping[str, Any]] = {}
    for path, _ in stamp:
        text = _parse(path)
        if text is not None:
            found[path.stem] = text
    return found


def _parse(path: Path) -> Mapping[str, Any] | None:
    """A file's content; one that cannot be read must not keep others from being asked."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = None
    if not isinstance(said, dict) or not _CODE.fullmatch(path.stem):
        _LOG.warning("Left out, since it is no file of a language: %s", path.name)
        return None
    return said
