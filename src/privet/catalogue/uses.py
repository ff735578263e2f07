"""Uses, choices and lawful bases: the closed sets that everything else is said in."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import IntFlag, StrEnum


class Use(IntFlag):
    """What a row may be used for; the bits of the column ``uses``."""

    INSTRUCTION = 1
    SECURITY = 2
    INTEGRITY = 4
    ANALYTICS = 8
    PERSONALISATION = 16
    MARKETING = 32
    RESEARCH = 64
    SHARING = 128


ESSENTIAL = Use.INSTRUCTION | Use.SECURITY | Use.INTEGRITY
"""The uses that need no consent. Only acts on the server may carry them."""

ALL_USES = Use(255)


class Choice(IntFlag):
    """What a learner decides about. Strictly necessary is not among them: it is always on."""

    PERFORMANCE = 1
    FUNCTIONALITY = 2
    TARGETING = 4
    MARKETING_MAIL = 8
    SALE_SHARING = 16
    RESEARCH = 32


NO_CHOICES = Choice(0)

CHOICE_USES: dict[Choice, Use] = {
    Choice.PERFORMANCE: Use.ANALYTICS,
    Choice.FUNCTIONALITY: Use.PERSONALISATION,
    Choice.TARGETING: Use.MARKETING,
    Choice.MARKETING_MAIL: Use.MARKETING,
    Choice.SALE_SHARING: Use.SHARING,
    Choice.RESEARCH: Use.RESEARCH,
}
"""The use that each choice opens. Two open marketing: an event says which of them it needs."""


class Basis(StrEnum):
    """Lawful bases of GDPR Art. 6(1), in the words of W3C DPV."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGITIMATE_INTEREST = "legitimate_interest"


@dataclass(frozen=True, kw_only=True)
class UseTerms:
    """On which basis a use stands and how long a row may serve it."""

    basis: Basis
    retention_months: int
    """Whole calendar months after the event; then the bit is cleared."""

    @property
    def retention(self) -> str:
        """The period in ISO 8601, e.g. ``P13M``."""
        return f"P{self.retention_months}M"

    def ends(self, day: date) -> date:
        """The first day on which a row of ``day`` may no longer serve the use.

        A month without that day ends with its last one, as in periods of civil law.
        """
        year, month = divmod(day.year * 12 + day.month - 1 + self.retention_months, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

    @property
    def can_be_objected_to(self) -> bool:
        """GDPR Art. 21: what stands on a legitimate interest can be objected to."""
        return self.basis is Basis.LEGITIMATE_INTEREST


TERMS: dict[Use, UseTerms] = {
    Use.INSTRUCTION: UseTerms(basis=Basis.CONTRACT, retention_months=60),
    Use.SECURITY: UseTerms(basis=Basis.LEGITIMATE_INTEREST, retention_months=12),
    Use.INTEGRITY: UseTerms(basis=Basis.LEGITIMATE_INTEREST, retention_months=36),
    Use.ANALYTICS: UseTerms(basis=Basis.CONSENT, retention_months=13),
    Use.PERSONALISATION: UseTerms(basis=Basis.CONSENT, retention_months=13),
    Use.MARKETING: UseTerms(basis=Basis.CONSENT, retention_months=13),
    Use.RESEARCH: UseTerms(basis=Basis.CONSENT, retention_months=60),
    Use.SHARING: UseTerms(basis=Basis.CONSENT, retention_months=13),
}


def use_names(uses: Use) -> list[str]:
    """The lower-case names of the bits that are set, in the order of the bits."""
    return [(use.name or "").lower() for use in Use if use in uses]


def parse_uses(names: str) -> Use:
    """Read ``analytics,research`` (any case, spaces allowed); raises ``KeyError`` on others."""
    found = Use(0)
    for name in names.replace(",", " ").split():
        found |= Use[name.upper()]
    return found
