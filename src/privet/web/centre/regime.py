"""The rule of a visitor's place: what it is, why it holds, and what it means at which age."""

from datetime import UTC, date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from privet.catalogue.uses import Choice
from privet.consent.ages import age_group
from privet.consent.explained import RegimeExplained, explain_regime
from privet.consent.notices import choice_name, current_words
from privet.consent.places import STATE_LAWS, Regime
from privet.consent.rules import TABLE, AgeGroup, Cell, Row
from privet.web.api.client import region_of
from privet.web.api.surroundings import installation
from privet.web.api.views import has_gpc
from privet.web.centre.frame import tabs_for
from privet.web.centre.person import Person, find_person, find_site
from privet.web.components.tables import Cell as TableCell
from privet.web.components.tables import Column, Kind, Table
from privet.web.permission import ANYBODY, opens_to
from privet.web.uses import name_of
from privet.web.words import Words, say_country, say_day

REGIMES: dict[Regime, Words] = {Regime.OPT_IN: _("opt-in"), Regime.OPT_OUT: _("opt-out")}
AGES: dict[AgeGroup, Words] = {
    AgeGroup.UNKNOWN: _("Age not known"),
    AgeGroup.CHILD: _("Under the age of consent"),
    AgeGroup.MINOR: _("Under 18"),
    AgeGroup.ADULT: _("Adult"),
}
_CELLS: dict[Cell, Words] = {
    Cell.WITHOUT_CONSENT: _("without asking"),
    Cell.IF_CHOSEN: _("only with a yes"),
    Cell.UNLESS_REFUSED: _("after a decision, unless refused"),
    Cell.NEVER: _("never"),
}


@opens_to(ANYBODY)
@require_safe
def regime(request: HttpRequest) -> HttpResponse:
    """The page, for learners and for visitors."""
    site = find_site(request)
    if site is None:
        return render(request, "centre/no_site.html", {"tabs": tabs_for(request)})
    person = find_person(request, site)
    today = installation().clock.now().astimezone(UTC).date()
    said = _explain(request, person, today)
    age = age_group(person.who.birth_year, country=person.who.country, today=today)
    context = {
        "tabs": tabs_for(request),
        "person": person,
        "said": said,
        "regime": REGIMES[said.regime],
        "place": _say_place(said),
        "age": AGES[age],
        "gpc": has_gpc(request),
        "uses": _uses(said.regime, age),
        "states": _states(today),
    }
    return render(request, "centre/regime.html", context)


def _explain(request: HttpRequest, person: Person, today: date) -> RegimeExplained:
    country = person.who.country
    region = region_of(request, country)
    return explain_regime(country, region=region, default=person.site.regime, on=today)


def _say_place(said: RegimeExplained) -> str:
    if not said.country:
        return gettext("a place that we do not know")
    country = say_country(said.country)
    return f"{said.state.name}, {country}" if said.state else country


def _uses(regime: Regime, age: AgeGroup) -> Table:
    """The published table of uses for one regime; what holds for this person stands first."""
    words = current_words(get_language() or "en", clock=installation().clock)
    ages = [age, *(one for one in AgeGroup if one is not age)]
    you = gettext("You: %(age)s") % {"age": AGES[age]}
    return Table(
        name="uses",
        caption=gettext("What may be done at which age"),
        columns=(
            Column(key="use", title=gettext("What for")),
            Column(key=age.value, title=you),
            *(Column(key=one.value, title=str(AGES[one])) for one in ages[1:]),
        ),
        rows=tuple(
            (
                TableCell(value=str(name_of(row.use)), about=_opened_by(row, words.text)),
                *(str(_CELLS[row.cells[regime, one]]) for one in ages),
            )
            for row in TABLE
        ),
        can_sort=False,
    )


def _opened_by(row: Row, text: object) -> str:
    """The choice that opens a use, as the notice calls it."""
    choice: Choice | None = row.choice
    if choice is None or not isinstance(text, dict):
        return ""
    name: str = text["choices"][choice_name(choice)]["name"]
    return name


def _states(today: date) -> Table:
    """The acts of US states in force."""
    binds = gettext("since %(day)s")
    laws = [law for law in STATE_LAWS.values() if law.source.since <= today]
    return Table(
        name="states",
        caption=gettext("Privacy acts of US states"),
        columns=(
            Column(key="state", title=gettext("State")),
            Column(key="since", title=gettext("In force since"), kind=Kind.DAY),
            Column(key="gpc", title=gettext("The signal is law")),
        ),
        rows=tuple(
            (
                TableCell(value=law.name, about=law.source.law, link=law.source.link),
                law.source.since,
                binds % {"day": say_day(law.gpc_since)}
                if law.gpc_since and law.binds_signal(today)
                else gettext("no, obeyed all the same"),
            )
            for law in sorted(laws, key=lambda law: law.name)
        ),
        can_sort=False,
    )
