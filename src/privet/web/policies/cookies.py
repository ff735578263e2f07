"""The cookie policy: what the registry, the members, the regimes and the latest scan say."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from privet.accounts.registry import institution_names
from privet.consent.notices import Words as Notice
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
from privet.consent.registry import Category, Technology, entries_for, read_platform_registry
from privet.web.policies.control import say_browsers, say_opt_outs
from privet.web.policies.parts import Facts, say_changes, say_contact, tabulate_regimes
from privet.web.policies.scanned import say_scan
from privet.web.technologies import CATEGORIES, KINDS, PARTIES, say_lifetimes


def compose_cookie_policy(facts: Facts) -> Document:
    """The cookie policy as it is true now, in the language that is active."""
    return Document(
        title=_("Cookie policy"),
        summary=_(
            "What this site keeps in your browser, for what and for how long, and how you decide "
            "about it. This page is made from the registry by which the site works."
        ),
        sections=(
            _say_what(),
            _say_ours(facts.notice),
            _say_members(),
            say_scan(),
            _say_decision(facts),
            say_browsers(),
            say_opt_outs(),
            say_changes(PolicyKind.COOKIES, facts.config),
            say_contact(facts.config),
        ),
    )


def _say_what() -> Section:
    cookie = _(
        "A cookie is a small text that a site asks your browser to keep and to send back. Local "
        "storage, session storage and databases in the browser keep things too. Pixels, scripts, "
        "frames and beacons ask a server for something, and that server may know your browser "
        "again. This policy is about all of them."
    )
    party = _(
        "First party is what this site sets itself. Third party is what others set, or receive."
    )
    persistent = _(
        "Nothing is left of a session cookie when the browser is closed. A persistent one stays "
        "until its time is over or you delete it. Where a browser ends it earlier than declared, "
        "both times are given."
    )
    texts = {"cookie": cookie, "party": party, "persistent": persistent}
    return Section(
        key="what",
        title=_("What cookies are"),
        blocks=tuple(Text(key=key, words=words) for key, words in texts.items()),
    )


def _say_ours(notice: Notice) -> Section:
    registry = read_platform_registry()
    blocks = tuple(
        Grid(
            key=category.value,
            caption=notice.text["choices"][category.value]["name"],
            tag=category.value,
            says=_says_category(category, notice),
            columns=_columns(_("Set by")),
            rows=tuple(_row(one, _set_by(one)) for one in registry.of(category)),
            empty=_("Nothing of this category is kept."),
        )
        for category in Category
    )
    return Section(key="ours", title=_("What this site keeps, by category"), blocks=blocks)


def _says_category(category: Category, notice: Notice) -> str:
    said = notice.text["choices"][category.value]["says"]
    when = (
        notice.texts["always_on"] if category is Category.NECESSARY else _("Only if you allow it.")
    )
    return f"{said} {when}"


def _say_members() -> Section:
    platform = len(entries_for())
    grids: list[Block] = []
    for slug, name in institution_names().items():
        entries = entries_for(institution=slug)[platform:]
        if entries:
            grids.append(_member_grid(slug, name, entries))
    intro = _(
        "A member institution may use more in its own courses. It registers that first, and the "
        "privacy officer reviews it. Where a course page loads the platform's guard, what nobody "
        "registered is blocked."
    )
    none = Text(key="none", words=_("No member has registered anything of its own."))
    return Section(
        key="members",
        title=_("What member institutions keep in their courses"),
        blocks=(Text(key="intro", words=intro), *(grids or [none])),
    )


def _member_grid(slug: str, name: str, entries: Sequence[Technology]) -> Grid:
    return Grid(
        key=slug,
        caption=name,
        columns=_columns(_("Set by"), _("Category and courses")),
        rows=tuple(_row(one, _set_by(one), _where(one)) for one in entries),
    )


def _columns(*more: str) -> tuple[str, ...]:
    return (_("Name and purpose"), _("Kind"), _("How long"), *more)


def _row(one: Technology, *more: Cell) -> Row:
    lasts = _("session") if one.is_session else _("persistent")
    name = Cell(words=one.name, about=one.says((get_language() or "en")[:2]), code=True)
    kind = Cell(words=str(KINDS[one.kind]), about=str(PARTIES[one.party]))
    return Row(
        key=f"{one.kind} {one.name} {one.host}",
        cells=(name, kind, Cell(words=say_lifetimes(one), about=lasts), *more),
    )


def _set_by(one: Technology) -> Cell:
    about = " · ".join(filter(None, (one.vendor, one.host)))
    return Cell(words=one.setter, about=about)


def _where(one: Technology) -> Cell:
    courses = ", ".join(one.courses) or _("all courses")
    return Cell(words=str(CATEGORIES[one.category]), about=courses, tag=one.category.value)


def _say_decision(facts: Facts) -> Section:
    config = facts.config
    asked = _(
        "Before you decide, only the strictly necessary is on. Saying no is as easy as saying yes, "
        "and you can change your mind at any time: it works at once, and backwards."
    )
    kept = ngettext(
        "A decision, a refusal too, is kept for %(days)d day; then you are asked again.",
        "A decision, a refusal too, is kept for %(days)d days; then you are asked again.",
        config.consent_days,
    ) % {"days": config.consent_days}
    signal = _(
        "If your browser sends Global Privacy Control, targeting, sale and sharing are off, "
        "wherever you are."
    )
    if config.obeys_dnt:
        signal = f"{signal} {_('Do Not Track is obeyed in the same way.')}"
    blocks = (
        Text(
            key="asked",
            words=asked,
            link=reverse("centre:choices"),
            link_words=_("Your choices"),
        ),
        Text(key="kept", words=kept),
        Text(key="signal", words=signal),
        tabulate_regimes(facts.today),
    )
    return Section(key="decide", title=_("How you decide"), blocks=blocks)
