"""Why this regime holds for this visitor: the words, and the source, for any page that shows them.

The words follow the language that is active, as those of pages do.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from privet.consent.places import Regime, Source, age_of_consent, find_age, find_regime, regime_of


@dataclass(frozen=True, kw_only=True)
class RegimeExplained:
    """The regime of a visitor, in words."""

    regime: Regime
    country: str
    """ISO 3166-1; empty if the place is not known."""
    age: int
    """From which age a person decides alone there."""
    words: tuple[str, ...]
    """Sentences: what the regime means, why it holds here, the age, and the signal."""
    source: Source | None
    """Where the regime is from; none if the place is not known to our list."""
    age_source: Source | None


def explain_regime(country: str, *, default: str = "", on: date) -> RegimeExplained:
    """The regime of a place on a day, and why; ``default`` is the site's for unknown places."""
    known, known_age = find_regime(country, on=on), find_age(country, on=on)
    regime = regime_of(country, default=default, on=on)
    age = age_of_consent(country, on=on)
    return RegimeExplained(
        regime=regime,
        country=country.upper(),
        age=age,
        words=(
            _meaning(regime),
            _reason(country, is_known=known is not None),
            _age(age),
            _signal(),
        ),
        source=known[1] if known else None,
        age_source=known_age[1] if known_age else None,
    )


def _meaning(regime: Regime) -> str:
    if regime is Regime.OPT_OUT:
        return _(
            "Opt-out: once you have decided, what an adult does not refuse counts as allowed. "
            "Before you decide, nothing is on."
        )
    return _("Opt-in: nothing is on unless you say yes.")


def _reason(country: str, *, is_known: bool) -> str:
    if not country:
        return _("We do not know where you are, so the rule for unknown places holds.")
    if not is_known:
        return _("We have no rule for your country on our list, so the strictest holds.")
    return _("It holds because of the law of your country.")


def _age(age: int) -> str:
    return _("From the age of %(age)d a person decides alone there.") % {"age": age}


def _signal() -> str:
    return _("Global Privacy Control is obeyed everywhere: with it nothing is sold or shared.")
