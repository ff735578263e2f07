"""The directory of links in words: browsers, and places to opt out."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from privet.consent.policies.checking import LastCheck, LinkResult, last_checks
from privet.consent.policies.document import Cell, Grid, Row, Section, Text
from privet.consent.policies.links import Link, LinkKind, directory_in_force
from privet.web.words import Words, say_day

RESULTS: Mapping[LinkResult, Words] = {
    LinkResult.HOLDS: gettext_lazy("the link answered"),
    LinkResult.TURNED_AWAY: gettext_lazy("the site answers no program"),
    LinkResult.BROKEN: gettext_lazy("the link leads nowhere"),
    LinkResult.NO_ANSWER: gettext_lazy("the link did not answer"),
}


def say_browsers() -> Section:
    """How to control cookies in each browser."""
    intro = _(
        "Your browser can delete and block cookies, whatever this site does. Without the strictly "
        "necessary ones you cannot sign in; who deletes all cookies deletes the decision about "
        "them too, and is asked again."
    )
    return Section(
        key="browsers",
        title=_("How to control cookies in your browser"),
        blocks=(Text(key="intro", words=intro), _tabulate(LinkKind.BROWSER, _("Browser"))),
    )


def say_opt_outs() -> Section:
    """Where to opt out of what others do."""
    intro = _(
        "These places are run by others. What you choose there holds on other sites too; here "
        "your own choices hold in any case."
    )
    return Section(
        key="opt-out",
        title=_("Where to opt out elsewhere"),
        blocks=(Text(key="intro", words=intro), _tabulate(LinkKind.OPT_OUT, _("Where"))),
    )


def say_check(check: LastCheck | None) -> str:
    """When a link was last asked for, and what came of it."""
    if check is None:
        return _("the link was not asked for yet")
    return f"{RESULTS[check.result]}, {say_day(check.checked.date())}"


def _tabulate(kind: LinkKind, first: str) -> Grid:
    directory = directory_in_force()
    links = directory.of(kind)
    checks = last_checks(link.link for link in links)
    return Grid(
        key=kind.value,
        caption=_("Links, version %(version)s of the directory") % {"version": directory.version},
        columns=(first, _("What to do"), _("Last checked")),
        rows=tuple(_row(link, checks.get(link.link)) for link in links),
    )


def _say_read(link: Link) -> str:
    if link.checked is None:
        return _("not held against its source yet")
    return _("%(day)s by %(owner)s") % {"day": say_day(link.checked), "owner": link.owner}


def _row(link: Link, check: LastCheck | None) -> Row:
    cells = (
        Cell(words=link.title, link=link.link),
        Cell(words=link.says((get_language() or "en")[:2])),
        # Live, and so the last: what a check finds changes nothing of what the policy says.
        Cell(words=_say_read(link), about=say_check(check), live=True),
    )
    return Row(key=link.name, cells=cells)
