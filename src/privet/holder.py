"""The protocol of every room that keeps personal data, so that rights reach all of them alike."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom a right is exercised for: an account's number and all pseudonyms it has."""

    account_id: int | None
    subjects: frozenset[int]
    person_keys: frozenset[bytes]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a holder keeps of a kind of data: for the record of processing and the preview."""

    what: str
    data_category: str
    purpose: str
    lawful_basis: str
    retention: str
    """ISO 8601 period, or a sentence where the end is an event."""


@dataclass(frozen=True, kw_only=True)
class Erased:
    """So many records of the person are gone."""

    records: int


@dataclass(frozen=True, kw_only=True)
class Held:
    """Something must stay; erasure resumes by itself when the time has come."""

    reason: str
    until: datetime


class Holder(Protocol):
    """One room as a keeper of personal data."""

    name: str

    def describe(self) -> Collection[Kept]:
        """What this room keeps, whoever it is about."""

    def find(self, person: Person) -> int:
        """How many records it keeps about the person."""

    def export(self, person: Person) -> Iterator[Mapping[str, Any]]:
        """Each record about the person, third persons left out."""

    def rectify(self, person: Person, *, field: str, value: str, by: str) -> bool:
        """Correct a field; false if this room does not keep it."""

    def preview(self, person: Person) -> Mapping[str, int]:
        """What an erasure would remove, by kind."""

    def erase(self, people: Collection[Person], *, by: str) -> Erased | Held:
        """Remove all records about the people, or say what stays and until when."""

    def verify(self, people: Collection[Person]) -> bool:
        """Whether nothing about the people is left, by looking again."""
