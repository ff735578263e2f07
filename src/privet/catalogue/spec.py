"""The form in which an event and its fields are declared."""

from dataclasses import dataclass, field
from enum import StrEnum

from privet.catalogue.uses import TERMS, Basis, Choice, Use


class Origin(StrEnum):
    """Who saw the event, which settles what it may ever be used for."""

    BROWSER = "browser"
    """Observed on the learner's device: never instruction, security or integrity."""
    SERVER = "server"
    """An act of the learner that a server recorded."""
    MAIL = "mail"
    """An open or a click in a mail."""


class Kind(StrEnum):
    """The types of fields. All but ``json`` are checked; a value of another type is dropped."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXTS = "texts"
    """A list of at most 50 texts."""
    JSON = "json"
    """Any JSON value whose text is at most ``max_length`` characters long."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of an event's detail."""

    name: str
    kind: Kind
    says: str
    """What it is, in words that a learner understands."""
    data_category: str
    """A data category of fideslang 3, extended by ``user.education.*``."""
    uses: Use | None = None
    """The uses that may see it; none given means all of its event's."""
    max_length: int = 500
    """Characters of a text, or of each text in a list."""
    third_person: bool = False
    """Holds another learner's id, which is mapped to a pseudonym before it is stored."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One kind of event: who sees it, what it may serve, and its fields."""

    name: str
    origin: Origin
    says: str
    """A sentence for the learner: "You opened a page"."""
    uses: Use
    fields: tuple[Field, ...] = ()
    needs: Choice | None = None
    """A choice without which the event is not collected at all, whatever its uses."""
    by_name: dict[str, Field] = field(init=False, repr=False, compare=False)
    uses_bits: int = field(init=False, repr=False, compare=False)
    """``uses`` as a plain integer, which the gate combines five times as fast."""
    needs_bits: int = field(init=False, repr=False, compare=False)
    """``needs`` as a plain integer, 0 for none."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {f.name: f for f in self.fields})
        object.__setattr__(self, "uses_bits", int(self.uses))
        object.__setattr__(self, "needs_bits", int(self.needs or 0))

    def uses_of(self, listed: Field) -> Use:
        """The uses that may see one of the event's fields."""
        return self.uses if listed.uses is None else self.uses & listed.uses

    def bases_of(self, listed: Field) -> frozenset[Basis]:
        """The lawful bases on which a field is kept, one for each of its uses."""
        return frozenset(TERMS[use].basis for use in self.uses_of(listed))

    def retention_of(self, listed: Field) -> str:
        """The longest period for which a field may be kept, in ISO 8601."""
        longest = max(self.uses_of(listed), key=lambda use: TERMS[use].retention_months)
        return TERMS[longest].retention
