"""Structured fields of HTTP (RFC 8941): lists and items, as client hints are written.

Only what is sent in requests is read, and it is read strictly: whoever sends anything else gets
`StructuredFieldError`, and the caller goes on without the field.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from decimal import Decimal

MAX_FIELD = 1_024
_MAX_MEMBERS = 64

BareItem = int | Decimal | str | bytes | bool


class StructuredFieldError(ValueError):
    """The text is not a structured field of the asked type."""


class Token(str):
    """A bare word, as opposed to a quoted string."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A value with its parameters."""

    value: BareItem
    parameters: dict[str, BareItem] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InnerList:
    """A list within a list."""

    items: tuple[Item, ...]
    parameters: dict[str, BareItem] = field(default_factory=dict)


Member = Item | InnerList

_NUMBER = re.compile(r"-?(?:([0-9]{1,12}\.[0-9]{1,3})|[0-9]{1,15})(?![0-9.])")
_NUMBER_STARTS = "-0123456789"
_STRING = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_TOKEN = re.compile(r"[A-Za-z*][!#$%&'*+\-.^_`|~:/A-Za-z0-9]*")
_BYTES = re.compile(r":([A-Za-z0-9+/]*={0,2}):")
_BOOLEAN = re.compile(r"\?([01])")
_KEY = re.compile(r"[a-z*][a-z0-9_\-.*]*")
_SPACES = re.compile(r" *")
_GAPS = re.compile(r"[ \t]*")
_ESCAPE = re.compile(r"\\(.)")


def parse_item(text: str) -> Item:
    """Read a field that is one item, e.g. ``"Windows"`` or ``?1``."""
    scan = _Scan(text)
    item = scan.item()
    scan.end()
    return item


def parse_list(text: str) -> list[Member]:
    """Read a field that is a list, e.g. ``"Chromium";v="128", "Not;A=Brand";v="24"``."""
    scan = _Scan(text)
    members = [] if scan.is_done() else list(scan.members())
    scan.end()
    return members


class _Scan:
    """A place in the text that moves on."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_FIELD:
            raise StructuredFieldError
        self._text = text
        self._at = 0
        self._take(_SPACES)

    def is_done(self) -> bool:
        return self._at >= len(self._text)

    def end(self) -> None:
        self._take(_SPACES)
        if not self.is_done():
            raise StructuredFieldError

    def members(self) -> list[Member]:
        found: list[Member] = [self._member()]
        while True:
            self._take(_GAPS)
            if self.is_done():
                return found
            self._expect(",")
            self._take(_GAPS)
            found.append(self._member())
            if len(found) > _MAX_MEMBERS:
                raise StructuredFieldError

    def item(self) -> Item:
        return Item(self._bare_item(), self._parameters())

    def _member(self) -> Member:
        return self._inner_list() if self._peek() == "(" else self.item()

    def _inner_list(self) -> InnerList:
        self._expect("(")
        items: list[Item] = []
        self._take(_SPACES)
        while self._peek() != ")":
            items.append(self.item())
            if self._peek() not in {" ", ")"}:
                raise StructuredFieldError
            self._take(_SPACES)
        self._expect(")")
        return InnerList(tuple(items), self._parameters())

    def _parameters(self) -> dict[str, BareItem]:
        found: dict[str, BareItem] = {}
        while self._peek() == ";":
            self._at += 1
            self._take(_SPACES)
            key = self._require(_KEY).group()
            has_value = self._peek() == "="
            self._at += has_value
            # A key that comes again overwrites the one before (RFC 8941, 4.2.3.2).
            found[key] = self._bare_item() if has_value else True
        return found

    def _bare_item(self) -> BareItem:
        first = self._peek()
        if first == '"':
            return _ESCAPE.sub(r"\1", self._require(_STRING).group(1))
        if first == "?":
            return self._require(_BOOLEAN).group(1) == "1"
        if first == ":":
            return _decode(self._require(_BYTES).group(1))
        if first in _NUMBER_STARTS and first:
            number = self._require(_NUMBER)
            return Decimal(number.group()) if number.group(1) else int(number.group())
        return Token(self._require(_TOKEN).group())

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _expect(self, char: str) -> None:
        if self._peek() != char:
            raise StructuredFieldError
        self._at += 1

    def _take(self, pattern: re.Pattern[str]) -> None:
        self._at = self._require(pattern).end()

    def _require(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise StructuredFieldError
        self._at = match.end()
        return match


def _decode(text: str) -> bytes:
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    try:
        return b64decode(padded, validate=True)
    except Base64Error as error:
        raise StructuredFieldError from error
