"""Parts that both policies have: whom to reach, how changes are told, which law holds where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privet.consent.notices import Words as Notice
from privet.consent.places import REGIME_RULES, Regime, Source, find_regime
from privet.consent.policies.document import Cell, Grid, PolicyKind, Row, Section, Text
from privet.kernel.config import Config
from privet.web.words import say_country, say_day


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What both policies are made with."""

    config: Config
    notice: Notice
    today: date


def say_contact(config: Config) -> Section:
    """Who is responsible, and how they are reached."""
    named = (
        _("Responsible for the data is %(who)s.") % {"who": config.controller}
        if config.controller
        else _("Who is responsible for the data is not named yet.")
    )
    link = f"mailto:{config.contact}" if "@" in config.contact else config.contact
    reached = (
        _("Questions, requests and complaints reach the privacy officer here:")
        if config.contact
        else _("An address for questions is not named yet.")
    )
    blocks = (
        Text(key="controller", words=named),
        Text(key="contact", words=reached, link=link, link_words=config.contact),
        Text(
            key="complaint",
            words=_("You can also complain to the data-protection authority of your country."),
        ),
    )
    return Section(key="contact", title=_("Contact"), blocks=blocks)


def say_changes(kind: PolicyKind, config: Config) -> Section:
    """How a change is announced, and where earlier versions are."""
    days = config.policy_news_days
    told = ngettext(
        "When a new version is published, the privacy centre and the page for signing in say so "
        "for %(days)d day, or until you have said that you have seen it.",
        "When a new version is published, the privacy centre and the page for signing in say so "
        "for %(days)d days, or until you have said that you have seen it.",
        days,
    ) % {"days": days}
    asked = _(
        "If a new purpose, vendor, category or responsible body comes, you are also asked again; "
        "until you answer, it is off. A mended word asks nobody."
    )
    kept = _("Each version stays at its own address, with what is different from the one before.")
    blocks = (
        Text(key="told", words=told),
        Text(key="asked", words=asked),
        Text(
            key="kept",
            words=kept,
            link=reverse(f"policies:{kind}_changes"),
            link_words=_("All versions and what changed"),
        ),
    )
    return Section(key="changes", title=_("How changes are announced"), blocks=blocks)


def tabulate_regimes(today: date) -> Grid:
    """In which places silence counts as no, and where it may count as yes, with the source."""
    found: dict[tuple[Regime, Source], list[str]] = {}
    for place in REGIME_RULES:
        held = find_regime(place, on=today)
        if held is not None:
            found.setdefault(held, []).append(place)
    rows = [_regime_row(regime, source, places) for (regime, source), places in found.items()]
    rest = (
        Cell(words=_("Everywhere else, and where the place is not known")),
        Cell(words=_meaning(Regime.OPT_IN)),
        Cell(words=_("The strictest rule is taken.")),
    )
    return Grid(
        key="regimes",
        caption=_("What holds where"),
        columns=(_("Where"), _("What holds"), _("Law")),
        rows=(*rows, Row(key="rest", cells=rest)),
    )


def name_places(places: Iterable[str]) -> str:
    """Countries by name, in the order of the alphabet; a part of one behind its country."""
    return ", ".join(sorted(_place(place) for place in places))


def say_read(source: Source) -> str:
    """Since when a rule holds, and when it was last read."""
    return _("since %(since)s, last read %(checked)s") % {
        "since": say_day(source.since), "checked": say_day(source.checked),
    }  # fmt: skip


def _place(place: str) -> str:
    country, _dash, part = place.partition("-")
    return f"{say_country(country)} ({part})" if part else say_country(country)


def _regime_row(regime: Regime, source: Source, places: list[str]) -> Row:
    cells = (
        Cell(words=name_places(places)),
        Cell(words=_meaning(regime)),
        Cell(words=source.law, link=source.link, about=say_read(source)),
    )
    return Row(key=f"{regime} {source.law} {source.since}", cells=cells)


def _meaning(regime: Regime) -> str:
    if regime is Regime.OPT_OUT:
        return _("Opt-out: once you have been asked, what an adult does not refuse may be on.")
    return _("Opt-in: nothing is on unless you say yes.")
