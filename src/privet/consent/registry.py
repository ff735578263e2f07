"""The registry of cookies and similar technologies: the platform's file, and members' entries."""

import json
import logging
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from privet.consent.languages import Stamp, languages_stamp, read_purposes
from privet.consent.technologies import (
    Category,
    Party,
    Technology,
    TechnologyError,
    TechnologyKind,
    check_technology,
    find_match,
)
from privet.kernel.config import read_config

__all__ = [
    "Category",
    "Party",
    "Registry",
    "Technology",
    "TechnologyError",
    "TechnologyKind",
    "entries_for",
    "find_file_fault",
    "match",
    "read_platform_registry",
    "read_registry",
    "read_registry_file",
    "registry_for",
]
OPERATORS_FILE = "registry.toml"
"""In the directory ``PRIVET_HOME``: what the operator's own platform sets, in the same form."""
_DECISION_COOKIE = "privet_consent"
_log = logging.getLogger(__name__)
_KEYS = frozenset(
    {"name", "kind", "setter", "party", "lifetime", "category", "purpose", "vendor", "data", "host"}
)


@dataclass(frozen=True, kw_only=True)
class Registry:
    """A version of the registry."""

    version: str
    """``1``, or ``1+3`` where the operator's file says that it is version 3."""
    digest: str
    """SHA-256 (hex) of the texts that it was read from."""
    technologies: tuple[Technology, ...]

    def of(self, category: Category) -> tuple[Technology, ...]:
        """The entries of a category."""
        return tuple(one for one in self.technologies if one.category is category)


_last_right: dict[Path, "Registry"] = {}
"""By file the registry when the file was last right."""


def read_platform_registry() -> Registry:
    """What the platform sets: what Privet does itself, and what the operator's file adds.

    While somebody breaks that file, what it said before stays in force: nobody could decide, or
    withdraw, without a registry. Raises `TechnologyError` if it was never right.
    """
    return _read(read_config().home / OPERATORS_FILE)


def entries_for(*, institution: str = "", course: str = "") -> Sequence[Technology]:
    """What may be met in a place: the platform's entries, then those in force of the member.

    Without ``course`` all of the member's entries are meant; without ``institution`` none of any.
    A member's category is never weaker than the platform's for the same technology.
    """
    platform = read_platform_registry().technologies
    return (*platform, *_entries_of(institution, course, platform)) if institution else platform


def registry_for(*, institution: str = "", course: str = "") -> Registry:
    """The registry as it is in a place; its digest is the platform's where no member adds to it."""
    platform = read_platform_registry()
    entries = tuple(entries_for(institution=institution, course=course))
    added = entries[len(platform.technologies) :]
    if not added:
        return platform
    said = "\0".join([platform.digest, *sorted(map(_say, added))])
    return Registry(
        version=platform.version, digest=sha256(said.encode()).hexdigest(), technologies=entries
    )


def match(
    name: str,
    kind: TechnologyKind | str,
    host: str = "",
    *,
    among: Iterable[Technology] | None = None,
    own_hosts: Collection[str] | None = None,
) -> Technology | None:
    """The entry that covers something found in a browser, see `technologies.find_match`.

    Without ``among`` the platform's entries are meant.
    """
    entries = read_platform_registry().technologies if among is None else among
    return find_match(name, kind, host, among=entries, own_hosts=own_hosts)


def read_registry(texts: Sequence[str]) -> Registry:
    """A registry from files of TOML; raises `TechnologyError` for the first entry that is wrong."""
    found = [_parse(text) for text in texts]
    technologies = tuple(_technology(entry) for file in found for entry in file["technology"])
    return Registry(
        version="+".join(str(file["version"]) for file in found),
        digest=sha256("\0".join(texts).encode()).hexdigest(),
        technologies=technologies,
    )


def read_registry_file(file: Path) -> Registry:
    """What Privet does itself, and what a file says, as if that were the operator's.

    Raises `TechnologyError` if it cannot be read or is not right.
    """
    return _complete([_shipped(), _text_of(file)], read_config().consent_days)


def _entries_of(
    institution: str, course: str, platform: Sequence[Technology]
) -> Sequence[Technology]:
    # Here and not above: who reads only the file needs no database.
    from privet.consent.members.in_force import entries_in_force  # noqa: PLC0415

    return entries_in_force(institution=institution, course=course, platform=platform)


def _say(one: Technology) -> str:
    """An entry in one way of writing, so that equal entries have equal digests."""
    said = {field.name: getattr(one, field.name) for field in fields(one)}
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def find_file_fault() -> TechnologyError | None:
    """What is wrong with the operator's file as it is now; none if it is in force."""
    found = _look(read_config().home / OPERATORS_FILE)
    return found if isinstance(found, TechnologyError) else None


def _read(operators: Path) -> Registry:
    found = _look(operators)
    if isinstance(found, Registry):
        _last_right[operators] = found
        return found
    if operators not in _last_right:
        raise TechnologyError(found.what, remedy=found.remedy)
    return _last_right[operators]


def _look(operators: Path) -> Registry | TechnologyError:
    changed = operators.stat().st_mtime_ns if operators.exists() else 0
    return _read_once(operators, changed, languages_stamp(), read_config().consent_days)


@lru_cache(maxsize=4)
def _read_once(
    operators: Path, changed: int, languages: Stamp, consent_days: int
) -> Registry | TechnologyError:
    """Read again only when the operator's file (``changed``: its time) or a language's has."""
    try:
        texts = [_shipped(), _text_of(operators)] if changed else [_shipped()]
        return _complete(texts, consent_days, read_purposes() if languages else {})
    except TechnologyError as error:
        _log.error("%s is not right: %s", operators.name, error.what)
        return error


def _shipped() -> str:
    return (files("privet.consent") / "registry_data" / "platform.toml").read_text()


def _complete(
    texts: Sequence[str], consent_days: int, purposes: Mapping[str, Mapping[str, str]] | None = None
) -> Registry:
    """A registry from texts, with what a setting and the languages' files say of its entries."""
    found = read_registry(texts)
    entries = [_as_kept(one, consent_days) for one in found.technologies]
    return replace(found, technologies=tuple(_explained(one, purposes or {}) for one in entries))


def _text_of(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise TechnologyError(
            "The registry's file cannot be read.", remedy="Save it as UTF-8, readable by Privet."
        ) from error


def _as_kept(one: Technology, consent_days: int) -> Technology:
    """The decision's own cookie lasts as long as the operator lets a decision last."""
    is_decision = one.name == _DECISION_COOKIE and one.kind is TechnologyKind.COOKIE
    return replace(one, lifetime=f"P{consent_days}D") if is_decision else one


def _explained(one: Technology, purposes: Mapping[str, Mapping[str, str]]) -> Technology:
    """With what the languages' files say that it is for; the entry's own words come first."""
    said = {code: named[one.name] for code, named in purposes.items() if one.name in named}
    return replace(one, purpose={**said, **one.purpose}) if said else one


def _parse(text: str) -> Mapping[str, Any]:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TechnologyError(
            "The registry's file is not TOML.", remedy="Correct the line: " + str(error)
        ) from error
    entries = found.get("technology")
    if not isinstance(found.get("version"), int) or not isinstance(entries, list):
        raise TechnologyError(
            "The registry's file has no version, or no list of technologies.",
            remedy="Begin it with version = 1, and each entry with [[technology]].",
        )
    return found


def _technology(entry: Mapping[str, Any]) -> Technology:
    name = entry.get("name", "")
    if not set(entry) <= _KEYS:
        raise _wrong(name, "has a field that is not known")
    try:
        found = Technology(
            name=name,
            kind=TechnologyKind(entry["kind"]),
            setter=entry["setter"],
            party=Party(entry["party"]),
            lifetime=entry["lifetime"],
            category=Category(entry["category"]),
            purpose=dict(entry["purpose"]),
            vendor=entry["vendor"],
            data=tuple(entry.get("data", ())),
            host=entry.get("host", ""),
        )
        check_technology(found)
    except TechnologyError as error:
        raise _wrong(name, error.what) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _wrong(name, f"lacks a field, or says in it what cannot be: {error}") from error
    return found


def _wrong(name: object, why: str) -> TechnologyError:
    return TechnologyError(
        f"The entry {name!r} of the registry: {why}",
        remedy="See docs/reference/cookie-registry.md for what an entry says.",
    )
