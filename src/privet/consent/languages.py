"""The languages in which people are asked: each is one file, found where it lies.

Privet ships some beside this module; an operator adds others in ``PRIVET_HOME/languages``. The
file's name is the language (``ar.json``), its content that of a notice, and under ``technologies``
what each entry of the registry is for, by its name.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from privet.kernel.config import read_config

OPERATORS_FOLDER = "languages"
TECHNOLOGIES = "technologies"
"""The part of a file that explains entries of the registry, and is no part of a notice."""
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_LOG = logging.getLogger(__name__)

Stamp = tuple[tuple[Path, int], ...]
"""The files, each with the time of its last change (ns)."""


def read_languages(
    is_whole: Callable[[Mapping[str, Any]], bool] | None = None,
) -> Mapping[str, Mapping[str, Any]]:
    """The words of a notice in each language that has a file.

    The operator's file stands in for one of the same name that is shipped. With ``is_whole`` a
    file that is not counts as none: the shipped one stays, and nobody sees half a banner.
    """
    return _choose(languages_stamp(), is_whole)


def direction_of(code: str) -> str:
    """How a language is written, in the words of HTML: ``rtl`` or ``ltr``."""
    return "rtl" if code.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def read_purposes() -> Mapping[str, Mapping[str, str]]:
    """By language what technologies are for, by their names; the operator's words come first."""
    found: dict[str, dict[str, str]] = {}
    for code, text in _read(languages_stamp()):
        said = text.get(TECHNOLOGIES)
        words = said.items() if isinstance(said, dict) else ()
        sound = {name: says for name, says in words if isinstance(says, str) and says}
        found[code] = {**found.get(code, {}), **sound}
    return found


def languages_stamp() -> Stamp:
    """What tells whether a file came, went or was changed."""
    shipped = Path(str(files("privet.consent") / "notices"))
    folders = (shipped, read_config().home / OPERATORS_FOLDER)
    found = [path for folder in folders for path in sorted(folder.glob("*.json"))]
    return tuple((path, path.stat().st_mtime_ns) for path in found)


@lru_cache(maxsize=8)
def _choose(
    stamp: Stamp, is_whole: Callable[[Mapping[str, Any]], bool] | None
) -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for code, text in _read(stamp):
        words = {name: said for name, said in text.items() if name != TECHNOLOGIES}
        if is_whole is None or is_whole(words):
            found[code] = words
        else:
            _LOG.warning("Left out, since its file is not complete: the language %s", code)
    return found


@lru_cache(maxsize=4)
def _read(stamp: Stamp) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """Each file's language and content; the operator's come last."""
    read = [(path.stem, _parse(path)) for path, _ in stamp]
    return [(code, text) for code, text in read if text is not None]


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
