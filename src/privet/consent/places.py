"""Places: which law of consent holds where, and from which age a person decides alone.

The rules are dated data with their sources, in ``law/places.toml``. What is not known is treated
as the strictest.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Any


class Regime(StrEnum):
    """How a place treats silence after a person was asked."""

    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a rule is from, since when it holds, and when it was last read there."""

    law: str
    checked: date
    since: date
    link: str


@dataclass(frozen=True, kw_only=True)
class StateLaw:
    """The privacy act of a US state: an opt-out law, which may bind to the browser's signal."""

    place: str
    """ISO 3166-2: ``US-CA``."""
    name: str
    source: Source
    gpc_since: date | None
    """Since when a universal opt-out signal binds by law; none if it is no duty there."""
    gpc_law: str = ""

    def binds_signal(self, on: date) -> bool:
        """Whether the law itself requires on that day that the signal be obeyed."""
        return self.gpc_since is not None and self.gpc_since <= on


STRICTEST_AGE = 16
"""Where the age of digital consent is not known (GDPR Art. 8(1))."""
ADULT_AGE = 18

Rules = Mapping[str, tuple[tuple[Any, Source], ...]]
"""ISO 3166-1 country → its rules with their sources, oldest first."""


def regime_of(country: str, *, default: str = "", on: date | None = None) -> Regime:
    """The regime of a country on a day; ``default`` is the site's word for unknown places.

    Without a day it is that of the rules that held when they were last read.
    """
    if not country:
        return Regime(default) if default else Regime.OPT_IN
    known = find_regime(country, on=on)
    return known[0] if known else Regime.OPT_IN


def age_of_consent(country: str, *, on: date | None = None) -> int:
    """From which age a person in this country consents alone, on a day."""
    known = find_age(country, on=on)
    return known[0] if known else STRICTEST_AGE


def find_regime(country: str, *, on: date | None = None) -> tuple[Regime, Source] | None:
    """The regime of a country with its source, none if it is not known."""
    found = _rule_of(country, REGIME_RULES, on)
    return (Regime(found[0]), found[1]) if found else None


def find_age(country: str, *, on: date | None = None) -> tuple[int, Source] | None:
    """The age of digital consent of a country with its source, none if it is not known."""
    found = _rule_of(country, AGE_RULES, on)
    return (int(found[0]), found[1]) if found else None


def _rule_of(country: str, rules: Rules, on: date | None) -> tuple[Any, Source] | None:
    day = on or LAST_CHECKED
    held = [rule for rule in rules.get(country.upper(), ()) if rule[1].since <= day]
    return held[-1] if held else None


def read_rules(text: str, kind: str) -> Rules:
    """The rules of one kind (``regime`` or ``age``) in the text of a file."""
    found: dict[str, list[tuple[Any, Source]]] = {}
    for entry in tomllib.loads(text).get(kind, []):
        source = Source(**{name: entry[name] for name in ("law", "checked", "since", "link")})
        for country in entry["places"].split():
            found.setdefault(country, []).append((entry[kind], source))
    return {
        country: tuple(sorted(rules, key=lambda rule: rule[1].since))
        for country, rules in sorted(found.items())
    }


def read_states(text: str) -> Mapping[str, StateLaw]:
    """The acts of US states in the text of a file, by ISO 3166-2."""
    return {
        entry["place"]: StateLaw(
            place=entry["place"],
            name=entry["name"],
            source=Source(**{name: entry[name] for name in ("law", "checked", "since", "link")}),
            gpc_since=entry.get("gpc_since"),
            gpc_law=entry.get("gpc_law", ""),
        )
        for entry in tomllib.loads(text).get("state", [])
    }


def find_state(region: str, *, on: date | None = None) -> StateLaw | None:
    """The act of a US state in force on a day; none if there is none, or the state is not known.

    ``region`` is as the network room tells it: ``US-CA``, or ``US/California`` from databases
    that only know names.
    """
    country, _, name = region.partition("/")
    code = next((law.place for law in STATE_LAWS.values() if law.name == name), "")
    law = STATE_LAWS.get(code if name and country == "US" else region.upper())
    day = on or LAST_CHECKED
    return law if law and law.source.since <= day else None


_TEXT = (files("privet.consent") / "law" / "places.toml").read_text()
REGIME_RULES = read_rules(_TEXT, "regime")
AGE_RULES = read_rules(_TEXT, "age")
STATE_LAWS = read_states(_TEXT)
"""ISO 3166-2 → the act of that US state, also those whose day is still to come."""
LAST_CHECKED = max(
    source.checked for rules in (*REGIME_RULES.values(), *AGE_RULES.values()) for _, source in rules
)
AGES_OF_CONSENT: Mapping[str, tuple[int, Source]] = {
    country: found for country in AGE_RULES if (found := find_age(country)) is not None
}
"""ISO 3166-1 country → age of digital consent and its source, as they were last read."""
REGIMES: Mapping[str, tuple[Regime, Source]] = {
    country: held for country in REGIME_RULES if (held := find_regime(country)) is not None
}
"""ISO 3166-1 country → regime and its source; all that are not here are opt-in."""
