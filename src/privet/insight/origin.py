"""Origin: by which sites, searches and campaigns learners come, and what advertisements do.

Advertisements are asked for under the marketing use, since the catalogue lets no other see them.
"""

from dataclasses import dataclass
from enum import StrEnum

from privet.catalogue.uses import Use
from privet.insight.asking import Question, ask
from privet.insight.origin_hosts import SEARCH_PATTERN, SOCIAL_PATTERN


class Origin(StrEnum):
    """The ways by which a visit begins."""

    SEARCH = "search"
    SOCIAL = "social"
    SITE = "site"
    CAMPAIGN = "campaign"
    DIRECT = "direct"


@dataclass(frozen=True, kw_only=True)
class OriginLine:
    """Visits by one way: of a kind (empty name), from one site, or by one campaign."""

    kind: Origin
    name: str
    learners: int
    sessions: int
    enrolled: int
    """Learners who enrolled on the day they came by it, or later in the period."""


@dataclass(frozen=True, kw_only=True)
class AdLine:
    """An advertisement in its place."""

    ad: str
    slot: str
    advertiser: str
    learners: int
    """Who saw or followed it."""
    followers: int
    """Who followed it at least once."""
    seen: int

    @property
    def response(self) -> float | None:
        """Which share of the learners followed it."""
        return min(1.0, self.followers / self.learners) if self.learners else None


@dataclass(frozen=True, kw_only=True)
class Origins:
    """Where learners come from."""

    kinds: tuple[OriginLine, ...]
    hosts: tuple[OriginLine, ...]
    campaigns: tuple[OriginLine, ...]
    ads: tuple[AdLine, ...]


def show_origin(question: Question) -> Origins:
    """Visits by their beginning, and the advertisements that were seen."""
    rows = ask("origin", question, search=SEARCH_PATTERN, social=SOCIAL_PATTERN)
    found: dict[str, list[OriginLine]] = {"kind": [], "host": [], "campaign": []}
    for row in rows:
        level = row.pop("level")
        found[level].append(OriginLine(**{**row, "kind": Origin(row["kind"])}))
    return Origins(
        kinds=tuple(found["kind"]),
        hosts=tuple(found["host"]),
        campaigns=tuple(found["campaign"]),
        ads=tuple(AdLine(**row) for row in ask("origin_ads", question, use=Use.MARKETING)),
    )
