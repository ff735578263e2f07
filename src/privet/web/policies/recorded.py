"""What is recorded, from the catalogue: events with their fields, columns, and other records."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from privet.catalogue.columns import COLUMNS, Column
from privet.catalogue.registry import EVENTS
from privet.catalogue.spec import Event, Origin
from privet.catalogue.tables import TABLES
from privet.catalogue.uses import ALL_USES, TERMS, Basis, Use
from privet.consent.policies.document import Cell, Grid, Row, Section, Text
from privet.web.messages import PERIOD
from privet.web.technologies import say_lifetime
from privet.web.uses import BASES, USES
from privet.web.words import Words, say_months

ORIGINS: Mapping[Origin, Words] = {
    Origin.BROWSER: gettext_lazy("What your browser reports"),
    Origin.SERVER: gettext_lazy("What you do on the server of the platform"),
    Origin.MAIL: gettext_lazy("What you do with our mail"),
}


def say_recorded() -> Section:
    """The events, grouped by who saw them and what they may serve."""
    groups: dict[tuple[Origin, int], list[Event]] = {}
    for event in EVENTS.values():
        groups.setdefault((event.origin, event.uses_bits), []).append(event)
    intro = _(
        "What your browser reports is never used for grades, security or honesty, and unless it is "
        "allowed it is not stored at all. What you do on the server is recorded because your "
        "course or the safety of accounts needs it; each further use of it is yours to allow."
    )
    order = sorted(groups.items(), key=lambda item: (list(Origin).index(item[0][0]), -item[0][1]))
    grids = [_tabulate(origin, Use(bits), events) for (origin, bits), events in order]
    return Section(
        key="recorded",
        title=_("What is recorded of what you do"),
        blocks=(Text(key="intro", words=intro), *grids, _tabulate_columns()),
    )


def say_kept() -> Section:
    """What else stands in the database about people: accounts, decisions, requests."""
    found: dict[tuple[str, Basis, str], None] = {}
    for table in TABLES.values():
        if table.personal and table.basis is not None:
            found.setdefault((table.purpose, table.basis, table.retention))
    rows = [
        Row(
            key=f"{purpose} {retention}",
            cells=(
                Cell(words=_(purpose)),
                Cell(words=str(BASES[basis])),
                Cell(words=_say_retention(retention)),
            ),
        )
        for purpose, basis, retention in found
    ]
    grid = Grid(
        key="tables",
        caption=_("Other records about people"),
        columns=(_("What for"), _("Why it is allowed"), _("How long")),
        rows=tuple(rows),
    )
    return Section(key="kept", title=_("What else is kept"), blocks=(grid,))


def _tabulate(origin: Origin, uses: Use, events: Sequence[Event]) -> Grid:
    counted = ngettext("%(n)d kind of event", "%(n)d kinds of events", len(events))
    names = ", ".join(str(USES[use].name) for use in Use if use in uses)
    return Grid(
        key=f"{origin}_{int(uses)}",
        caption=f"{ORIGINS[origin]}: {names}",
        says=counted % {"n": len(events)},
        columns=(_("What happened"), _("What is noted of it"), _("At most for")),
        rows=tuple(_row(event) for event in events),
        folded=True,
    )


def _row(event: Event) -> Row:
    longest = max(TERMS[use].retention_months for use in Use if use in event.uses)
    fields = ", ".join(dict.fromkeys(_(field.says) for field in event.fields))
    cells = (
        Cell(words=_(event.says)),
        Cell(words=fields or _("nothing more")),
        Cell(words=say_months(longest)),
    )
    return Row(key=event.name, cells=cells)


def _tabulate_columns() -> Grid:
    return Grid(
        key="columns",
        caption=_("What stands beside each event"),
        says=_("Only the uses that are named may see it."),
        columns=(_("What"), _("Which uses may see it")),
        rows=tuple(_column_row(column) for column in COLUMNS),
        folded=True,
    )


def _column_row(column: Column) -> Row:
    names = ", ".join(str(USES[use].name) for use in Use if use in column.uses)
    seen = _("all that the event may serve") if column.uses == ALL_USES else names
    return Row(key=column.name, cells=(Cell(words=_(column.says)), Cell(words=seen)))


def _say_retention(retention: str) -> str:
    """A period, or a sentence, with each ISO 8601 period in it in words."""
    return PERIOD.sub(lambda found: _say_period(found[0]), _(retention))


def _say_period(period: str) -> str:
    months = period.removeprefix("P").removesuffix("M")
    return say_months(int(months)) if months.isdigit() else say_lifetime(period)
