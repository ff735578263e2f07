"""User-agent client hints: what a browser says of itself beside the frozen ``User-Agent``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from privet.network.structured_fields import (
    Item,
    StructuredFieldError,
    parse_item,
    parse_list,
)

HINT_HEADERS = (
    "sec-ch-ua",
    "sec-ch-ua-full-version-list",
    "sec-ch-ua-platform",
    "sec-ch-ua-platform-version",
    "sec-ch-ua-mobile",
    "sec-ch-ua-model",
    "sec-ch-ua-form-factors",
)
"""The headers that are read, in lower case; a door passes on those that a request has."""

_MAX_NAME = 60
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A name that the browser goes by, and its version in full as far as it was told."""

    name: str
    version: str

    @property
    def major(self) -> str:
        """The main version: ``128`` of ``128.0.6613.84``."""
        return self.version.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the hints say; whatever was not sent or not well-formed is None or empty."""

    brands: tuple[Brand, ...] = ()
    platform: str | None = None
    platform_version: str | None = None
    is_mobile: bool | None = None
    model: str | None = None
    form_factors: frozenset[str] = frozenset()


def read_hints(headers: Mapping[str, str]) -> Hints:
    """Read the headers one by one; a bad one does not spoil the others."""
    brands = _read(headers, "sec-ch-ua", _brands) or ()
    full = _read(headers, "sec-ch-ua-full-version-list", _brands) or ()
    return Hints(
        brands=brands or full,
        platform=_read(headers, "sec-ch-ua-platform", _string),
        platform_version=_read(headers, "sec-ch-ua-platform-version", _string),
        is_mobile=_read(headers, "sec-ch-ua-mobile", _boolean),
        model=_read(headers, "sec-ch-ua-model", _string),
        form_factors=_read(headers, "sec-ch-ua-form-factors", _strings) or frozenset(),
    )


def _read(headers: Mapping[str, str], name: str, read: Callable[[str], _T | None]) -> _T | None:
    text = headers.get(name)
    if not text:
        return None
    try:
        return read(text)
    except StructuredFieldError:
        return None


def _brands(text: str) -> tuple[Brand, ...]:
    found = []
    for member in parse_list(text):
        if isinstance(member, Item) and type(member.value) is str:
            version = member.parameters.get("v", "")
            name = member.value.strip()[:_MAX_NAME]
            if name and isinstance(version, str) and not _is_decoy(name):
                found.append(Brand(name=name, version=version[:_MAX_NAME]))
    return tuple(found)


def _is_decoy(name: str) -> bool:
    """Browsers put in a nonsense brand, so that nobody relies on a fixed list (GREASE)."""
    return "".join(c for c in name.lower() if c.isalpha()) == "notabrand"


def _string(text: str) -> str | None:
    value = parse_item(text).value
    return value.strip()[:_MAX_NAME] or None if type(value) is str else None


def _boolean(text: str) -> bool | None:
    value = parse_item(text).value
    return value if isinstance(value, bool) else None


def _strings(text: str) -> frozenset[str]:
    values = (member.value for member in parse_list(text) if isinstance(member, Item))
    return frozenset(value.lower() for value in values if type(value) is str)
