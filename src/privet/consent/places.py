"""Places: which law of consent holds where, and from which age a person decides alone.

Dated data with its sources. What is not known is treated as the strictest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Regime(StrEnum):
    """How a place treats silence after a person was asked."""

    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a rule is from, and when it was last read there."""

    law: str
    checked: date


_CHECKED = date(2026, 11, 1)
GDPR_8 = Source(law="GDPR Art. 8(1) and the member states' laws on it", checked=_CHECKED)
UK_GDPR_8 = Source(law="UK GDPR Art. 8, Data Protection Act 2018 s. 9", checked=_CHECKED)
COPPA = Source(law="COPPA, 15 U.S.C. 6501 and 16 CFR 312", checked=_CHECKED)
US_STATES = Source(
    law="CCPA (Cal. Civ. Code 1798.120, 1798.135) and the privacy acts of other US states",
    checked=_CHECKED,
)

STRICTEST_AGE = 16
"""Where the age of digital consent is not known (GDPR Art. 8(1))."""
ADULT_AGE = 18

_AGES: dict[int, tuple[Source, str]] = {
    13: (GDPR_8, "BE DK EE FI LV MT PT SE"),
    14: (GDPR_8, "AT BG CY ES IT LT"),
    15: (GDPR_8, "CZ FR GR"),
    16: (GDPR_8, "DE HR HU IE LU NL PL RO SK"),
}
AGES_OF_CONSENT: Mapping[str, tuple[int, Source]] = {
    country: (age, source)
    for age, (source, countries) in _AGES.items()
    for country in countries.split()
} | {"GB": (13, UK_GDPR_8), "US": (13, COPPA)}
"""ISO 3166-1 country → age of digital consent and its source."""

REGIMES: Mapping[str, tuple[Regime, Source]] = {"US": (Regime.OPT_OUT, US_STATES)}
"""ISO 3166-1 country → regime and its source; all that are not here are opt-in."""


def regime_of(country: str, *, default: str = "") -> Regime:
    """The regime of a country; ``default`` is the site's word for people of unknown place."""
    if not country:
        return Regime(default) if default else Regime.OPT_IN
    known = REGIMES.get(country.upper())
    return known[0] if known else Regime.OPT_IN


def age_of_consent(country: str) -> int:
    """From which age a person in this country consents alone."""
    known = AGES_OF_CONSENT.get(country.upper())
    return known[0] if known else STRICTEST_AGE
