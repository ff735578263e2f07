"""Why this regime holds for this visitor: the words, and the source, for any page that shows them.

The words follow the language that is active, as those of pages do.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from privet.consent.places import (
    Regime,
    Source,
    StateLaw,
    age_of_consent,
    find_age,
    find_regime,
    find_state,
    regime_of,
)

_WITH_STATES = "US"


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
    state: StateLaw | None = None
    """The act of the US state, where the state is known and has one."""


def explain_regime(
    country: str, *, region: str = "", default: str = "", on: date
) -> RegimeExplained:
    """The regime of a place on a day, and why; ``default`` is the site's for unknown places.

    ``region`` is the network room's word for the part of the country. In the United States it
    tells whose act holds; where it is not known, the strictest of the states' acts does.
    """
    known, known_age = find_regime(country, on=on), find_age(country, on=on)
    regime = regime_of(country, default=default, on=on)
    age = age_of_consent(country, on=on)
    state = find_state(region, on=on) if country.upper() == _WITH_STATES else None
    return RegimeExplained(
        regime=regime,
        country=country.upper(),
        age=age,
        words=(
            _meaning(regime),
            _reason(country, region, state, is_known=known is not None),
            _age(age),
            _signal(state, on),
        ),
        source=state.source if state else known[1] if known else None,
        age_source=known_age[1] if known_age else None,
        state=state,
    )


def _meaning(regime: Regime) -> str:
    if regime is Regime.OPT_OUT:
        return _(
            "Opt-out: once you have decided, what an adult does not refuse counts as allowed. "
            "Before you decide, nothing is on."
        )
    return _("Opt-in: nothing is on unless you say yes.")


def _reason(country: str, region: str, state: StateLaw | None, *, is_known: bool) -> str:
    if not country:
        return _("We do not know where you are, so the rule for unknown places holds.")
    if not is_known:
        return _("We have no rule for your country on our list, so the strictest holds.")
    if country.upper() != _WITH_STATES:
        return _("It holds because of the law of your country.")
    if state is not None:
        return _("It holds because of the law of your state, %(state)s.") % {"state": state.name}
    if region:
        return _(
            "Your state has no privacy act on our list. We treat you as the strictest of the "
            "other states' acts asks."
        )
    return _("We do not know your state, so the strictest of the states' privacy acts holds.")


def _age(age: int) -> str:
    return _("From the age of %(age)d a person decides alone there.") % {"age": age}


def _signal(state: StateLaw | None, on: date) -> str:
    if state is not None and state.binds_signal(on):
        return _(
            "Global Privacy Control is obeyed: with it nothing is sold or shared. Your state's law "
            "requires it (%(law)s)."
        ) % {"law": state.gpc_law}
    return _("Global Privacy Control is obeyed everywhere: with it nothing is sold or shared.")
