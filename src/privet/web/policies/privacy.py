"""The privacy notice: what the catalogue, the table of uses and the regimes say."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privet.catalogue.recipients import RECIPIENTS, Recipient
from privet.catalogue.uses import TERMS, Basis, Use
from privet.consent.notices import choice_name
from privet.consent.places import AGE_RULES, STRICTEST_AGE, Regime, Source, find_age
from privet.consent.policies.document import (
    Block,
    Cell,
    Document,
    Grid,
    PolicyKind,
    Row,
    Section,
    Text,
)
from privet.consent.rules import TABLE, AgeGroup
from privet.consent.rules import Cell as Allows
from privet.kernel.config import Config
from privet.web.centre.lines import RECIPIENTS as RECIPIENT_WORDS
from privet.web.policies.parts import (
    Facts,
    name_places,
    say_changes,
    say_contact,
    say_read,
    tabulate_regimes,
)
from privet.web.policies.recorded import say_kept, say_recorded
from privet.web.uses import BASES, USES
from privet.web.words import say_months


def compose_privacy_notice(facts: Facts) -> Document:
    """The privacy notice as it is true now, in the language that is active."""
    return Document(
        title=_("Privacy notice"),
        summary=_(
            "What is recorded about you, what it is used for and why that is allowed, for how "
            "long, who sees it, and what you can do about it. This page is made from the "
            "catalogue by which data are let in: what it does not list is not stored."
        ),
        sections=(
            _say_why(facts),
            say_recorded(),
            _say_network(facts.config),
            say_kept(),
            _say_places(facts),
            _say_rights(),
            say_changes(PolicyKind.PRIVACY, facts.config),
            say_contact(facts.config),
        ),
    )


def _say_why(facts: Facts) -> Section:
    intro = _(
        "Each thing that is recorded carries the uses it may serve. A use that is not on the list "
        "of a thing, or that you do not allow, never sees it."
    )
    grid = Grid(
        key="uses",
        caption=_("Uses"),
        columns=(_("What for"), _("Why it is allowed"), _("How long"), _("Who sees it")),
        rows=tuple(_use_row(use, facts) for use in TERMS),
    )
    return Section(
        key="why",
        title=_("What data are used for, and why that is allowed"),
        blocks=(Text(key="intro", words=intro), grid),
    )


def _use_row(use: Use, facts: Facts) -> Row:
    words, terms = USES[use], TERMS[use]
    choices = " · ".join(
        facts.notice.text["choices"][choice_name(row.choice)]["name"]
        for row in TABLE
        if row.use is use and row.choice is not None
    )
    basis = BASES[terms.basis]
    cells = (
        Cell(words=str(words.name), about=str(words.means), tag=words.category),
        Cell(words=str(basis), about=choices),
        Cell(words=say_months(terms.retention_months)),
        Cell(words=", ".join(_recipient(one) for one in RECIPIENTS[use])),
    )
    return Row(key=(use.name or "").lower(), cells=cells)


def _recipient(one: Recipient) -> str:
    name, what = RECIPIENT_WORDS[one]
    return f"{name} ({what})"


def _say_network(config: Config) -> Section:
    sealed = ngettext(
        "Your network address and the exact name of your browser are sealed. For %(days)d day "
        "they can be opened to look into an attack; then the key is destroyed.",
        "Your network address and the exact name of your browser are sealed. For %(days)d days "
        "they can be opened to look into an attack; then the key is destroyed.",
        config.sealed_days,
    ) % {"days": config.sealed_days}
    totals = (
        _(
            "Page views of visitors who allowed nothing are counted in some places, as totals "
            "without a line for anybody. From them nobody can be found."
        )
        if config.anonymous_totals
        else _("Page views of visitors who allowed nothing are not counted.")
    )
    blocks = (Text(key="sealed", words=sealed), Text(key="totals", words=totals))
    return Section(key="network", title=_("Addresses and totals"), blocks=blocks)


def _say_places(facts: Facts) -> Section:
    intro = _(
        "What you are asked depends on where you are and how old you are. An unknown place or age "
        "counts as the strictest. Global Privacy Control is obeyed everywhere."
    )
    regimes = {
        Regime.OPT_IN: _("What is allowed at which age, where nothing is on unless you say yes"),
        Regime.OPT_OUT: _("What is allowed at which age, where you are asked and may refuse"),
    }
    blocks: tuple[Block, ...] = (
        Text(key="intro", words=intro),
        tabulate_regimes(facts.today),
        _tabulate_ages(facts),
        *(_tabulate_uses(regime, caption, facts) for regime, caption in regimes.items()),
    )
    return Section(key="places", title=_("Where you are, and how old you are"), blocks=blocks)


def _tabulate_ages(facts: Facts) -> Grid:
    found: dict[tuple[int, Source], list[str]] = {}
    for place in AGE_RULES:
        held = find_age(place, on=facts.today)
        if held is not None:
            found.setdefault(held, []).append(place)
    rest = (
        Cell(words=_("Everywhere else, and where the place is not known")),
        Cell(words=_say_age(STRICTEST_AGE)),
        Cell(words=_("The strictest rule is taken.")),
    )
    return Grid(
        key="ages",
        caption=_("From which age a person decides alone"),
        columns=(_("Where"), _("Age"), _("Law")),
        rows=(
            *(_age_row(*held, places) for held, places in sorted(found.items(), key=_by_age)),
            Row(key="rest", cells=rest),
        ),
    )


def _by_age(item: tuple[tuple[int, Source], list[str]]) -> tuple[int, str]:
    (age, source), _places = item
    return age, source.law


def _age_row(age: int, source: Source, places: list[str]) -> Row:
    cells = (
        Cell(words=name_places(places)),
        Cell(words=_say_age(age)),
        Cell(words=source.law, link=source.link, about=say_read(source)),
    )
    return Row(key=f"{age} {source.law} {source.since}", cells=cells)


def _say_age(age: int) -> str:
    return ngettext("%(n)s year", "%(n)s years", age) % {"n": age}


def _tabulate_uses(regime: Regime, caption: str, facts: Facts) -> Grid:
    ages = {
        AgeGroup.UNKNOWN: _("Age not known"),
        AgeGroup.CHILD: _("Under that age"),
        AgeGroup.MINOR: _("Under 18"),
        AgeGroup.ADULT: _("From 18 on"),
    }
    says = {
        Allows.WITHOUT_CONSENT: _("always"),
        Allows.IF_CHOSEN: _("if you say yes"),
        Allows.UNLESS_REFUSED: _("unless you refuse"),
        Allows.NEVER: _("never"),
    }
    rows = []
    for row in TABLE:
        choice = choice_name(row.choice) if row.choice is not None else ""
        about = facts.notice.text["choices"][choice]["name"] if choice else ""
        first = Cell(words=str(USES[row.use].name), about=about, tag=USES[row.use].category)
        cells = (first, *(Cell(words=says[row.cells[regime, age]]) for age in ages))
        rows.append(Row(key=f"{row.use.name} {choice}", cells=cells))
    return Grid(
        key=f"ages_{regime}",
        caption=caption,
        columns=(_("What for"), *ages.values()),
        rows=tuple(rows),
    )


def _say_rights() -> Section:
    object_to = ", ".join(
        str(USES[use].name)
        for use, terms in TERMS.items()
        if terms.basis is Basis.LEGITIMATE_INTEREST
    )
    blocks = (
        Text(
            key="see",
            words=_("You can see each thing that is kept about you, and why."),
            link=reverse("centre:data"),
            link_words=_("What is kept about you"),
        ),
        Text(
            key="decide",
            words=_("You can allow, refuse and withdraw each choice at any time."),
            link=reverse("centre:choices"),
            link_words=_("Your choices"),
        ),
        Text(
            key="object",
            words=_(
                "You can object to what stands on a legitimate interest (%(uses)s), and to "
                "suggestions."
            )
            % {"uses": object_to},
        ),
        Text(
            key="ask",
            words=_(
                "You can ask for a copy of your data to take elsewhere, for a correction, for a "
                "restriction and for erasure. Write to the address under Contact."
            ),
        ),
    )
    return Section(key="rights", title=_("What you can do"), blocks=blocks)
