"""Places: from where learners came, as far as their addresses tell."""

from dataclasses import dataclass

from privet.insight.asking import Question, ask
from privet.insight.results import NameLine


@dataclass(frozen=True, kw_only=True)
class PlaceLine:
    """A country (ISO 3166-1 alpha-2), or a region (ISO 3166-2) of one; empty if unknown."""

    country: str
    region: str
    learners: int
    events: int


@dataclass(frozen=True, kw_only=True)
class OperatorLine:
    """The operator of a network (ISP)."""

    asn: int | None
    organisation: str
    learners: int
    events: int


@dataclass(frozen=True, kw_only=True)
class Known:
    """How many learners came, and of how many the address told a country or a region."""

    learners: int
    with_country: int
    with_region: int


@dataclass(frozen=True, kw_only=True)
class Places:
    """From where learners came, as far as their addresses tell."""

    known: Known
    countries: tuple[PlaceLine, ...]
    regions: tuple[PlaceLine, ...]
    kinds: tuple[NameLine, ...]
    operators: tuple[OperatorLine, ...]


def show_places(question: Question) -> Places:
    """Countries, regions, kinds of network and their operators."""
    return Places(
        known=Known(**ask("places_totals", question)[0]),
        countries=tuple(
            PlaceLine(country=row.pop("place"), region="", **row)
            for row in ask("places_by_country", question)
        ),
        regions=tuple(
            PlaceLine(country=row.pop("place"), region=row.pop("area"), **row)
            for row in ask("places_by_region", question)
        ),
        kinds=tuple(
            NameLine(name=row.pop("kind"), **row) for row in ask("places_by_network_kind", question)
        ),
        operators=tuple(
            OperatorLine(organisation=row.pop("operator"), **row)
            for row in ask("places_by_operator", question)
        ),
    )
