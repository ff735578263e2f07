"""The directory of links: how to control cookies in each browser, and where to opt out.

What ships stands in ``links.toml``; an operator adds entries, or replaces those of the same name,
in a file of the same form in ``PRIVET_HOME``.
"""

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from privet.consent.policies.service import LANGUAGES
from privet.kernel.config import read_config
from privet.kernel.errors import PrivetError

OPERATORS_FILE = "links.toml"
_LONGEST_LINK = 500


class LinkFileError(PrivetError):
    """A file of links does not say what it must."""


class LinkKind(StrEnum):
    """What a link is for."""

    BROWSER = "browser"
    OPT_OUT = "opt_out"


@dataclass(frozen=True, kw_only=True)
class Link:
    """An entry of the directory."""

    name: str
    kind: LinkKind
    title: str
    link: str
    owner: str
    """Who answers for the entry."""
    checked: date | None
    """When its owner last held it against its source; none if nobody has yet."""
    words: Mapping[str, str]
    """What to do there, by language."""

    def says(self, language: str) -> str:
        """What to do there, in a language; in English if there is no other."""
        return self.words.get(language) or self.words[LANGUAGES[0]]


@dataclass(frozen=True, kw_only=True)
class Directory:
    """A version of the directory."""

    version: str
    """``1``, or ``1+3`` where the operator's file says that it is version 3."""
    links: tuple[Link, ...]

    def of(self, kind: LinkKind) -> tuple[Link, ...]:
        """The links of one kind."""
        return tuple(link for link in self.links if link.kind is kind)


_last_right: dict[Path, Directory] = {}
"""By home the directory when its file was last right."""
_log = logging.getLogger(__name__)


def read_directory() -> Directory:
    """The shipped links with the operator's; raises `LinkFileError` for an entry that is wrong."""
    operators = read_config().home / OPERATORS_FILE
    changed = operators.stat().st_mtime_ns if operators.exists() else 0
    return _read_once(operators, changed)


def directory_in_force() -> Directory:
    """As `read_directory`; while a file is wrong, what it said before, or what ships alone."""
    home = read_config().home
    try:
        _last_right[home] = read_directory()
    except LinkFileError as error:
        _log.error("%s is not right: %s", OPERATORS_FILE, error.what)
    return _last_right.get(home) or parse_directory(_shipped())


def parse_directory(*texts: str) -> Directory:
    """A directory from files of TOML, of which a later one replaces entries of an earlier."""
    found = [_parse(text) for text in texts]
    links: dict[str, Link] = {}
    for file in found:
        links |= {link.name: link for link in _links(file)}
    return Directory(
        version="+".join(str(file["version"]) for file in found), links=tuple(links.values())
    )


@lru_cache(maxsize=4)
def _read_once(operators: Path, changed: int) -> Directory:
    """Read again only when the operator's file has changed (``changed``: its time)."""
    return parse_directory(_shipped(), *([_text_of(operators)] if changed else []))


def _shipped() -> str:
    return (files("privet.consent.policies") / "links.toml").read_text()


def _text_of(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise LinkFileError(
            "The file of links cannot be read.", remedy="Save it as UTF-8, readable by Privet."
        ) from error


def _parse(text: str) -> Mapping[str, Any]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LinkFileError(
            "The file of links is not TOML.", remedy="Correct the line: " + str(error)
        ) from error
    if not isinstance(found.get("version"), int):
        raise LinkFileError(
            "The file of links has no version.", remedy="Begin it with version = 1."
        )
    return found


def _links(file: Mapping[str, Any]) -> list[Link]:
    return [_link(kind, entry) for kind in LinkKind for entry in file.get(kind.value, [])]


def _link(kind: LinkKind, entry: Mapping[str, Any]) -> Link:
    try:
        link = Link(
            name=entry["name"],
            kind=kind,
            title=entry["title"],
            link=entry["link"],
            owner=entry["owner"],
            checked=entry.get("checked"),
            words=dict(entry["says"]),
        )
        _check(link)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LinkFileError(
            f"The link {entry.get('name', '')!r} lacks something, or says what cannot be: {error}.",
            remedy="Give name, title, link, owner and says in each language; checked is a date.",
        ) from error
    return link


def _check(link: Link) -> None:
    if not link.link.startswith(("http://", "https://")) or len(link.link) > _LONGEST_LINK:
        raise ValueError("a link begins with http:// or https://")
    if link.checked is not None and type(link.checked) is not date:
        raise ValueError("checked is a date such as 2026-11-22")
    if not all(link.words.get(language, "").strip() for language in LANGUAGES):
        raise ValueError("it does not say in each language what to do there")
    if not all(text.strip() for text in (link.name, link.title, link.owner)):
        raise ValueError("a text is empty")
