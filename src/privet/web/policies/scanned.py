"""What the latest scan found, beside what the policy says: live, for it is no promise but proof."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from privet.consent.policies.document import Block, Cell, Grid, Row, Section, Text
from privet.consent.scan.service import ScanRecord, findings_of, latest_scan
from privet.consent.scan.shapes import Found
from privet.web.technologies import DRIFTS, KINDS, STEPS
from privet.web.words import NOTHING, say_day

_MOST = 100


def say_scan() -> Section:
    """When a browser last looked, at what, and what of it is not as registered."""
    scan = latest_scan()
    blocks = _say_nothing() if scan is None else _say_found(scan)
    return Section(key="checked", title=_("Checked with a real browser"), blocks=blocks)


def _say_nothing() -> tuple[Block, ...]:
    words = _("No scan has been made yet, so this page rests on the registry alone.")
    return (Text(key="none", words=words, live=True),)


def _say_found(scan: ScanRecord) -> tuple[Block, ...]:
    hosts = ", ".join(dict.fromkeys(urlsplit(url).hostname or "" for url in scan.urls))
    found = _once(findings_of(scan.id))
    wrong = [one for one in found if one.drift]
    tried = ", ".join(dict.fromkeys(str(STEPS[run.step]) for run in scan.runs if run.was_driven))
    looked = _("On %(day)s a real browser went through %(hosts)s (%(tried)s).") % {
        "day": say_day(scan.started.date()), "hosts": hosts, "tried": tried or NOTHING,
    }  # fmt: skip
    counted = ngettext(
        "It found %(found)d thing that is kept or asked for.",
        "It found %(found)d things that are kept or asked for.",
        len(found),
    ) % {"found": len(found)}
    texts = (
        Text(key="looked", words=f"{looked} {counted}", live=True),
        Text(key="judged", words=_judge(len(wrong)), live=True),
        *_say_banner(scan),
        *_say_incomplete(scan),
    )
    return (*texts, _tabulate(wrong)) if wrong else texts


def _say_banner(scan: ScanRecord) -> tuple[Block, ...]:
    if not scan.is_without_banner:
        return ()
    words = _("In that look the banner was not visible, so nobody would have been asked.")
    return (Text(key="banner", words=words, live=True),)


def _say_incomplete(scan: ScanRecord) -> tuple[Block, ...]:
    if not scan.broken_off:
        return ()
    names = ", ".join(dict.fromkeys(str(STEPS[run.step]) for run in scan.broken_off))
    words = _("That look was not complete: it broke off at %(steps)s.") % {"steps": names}
    return (Text(key="incomplete", words=words, live=True),)


def _judge(wrong: int) -> str:
    if not wrong:
        return _("All of it is as this page says.")
    return ngettext(
        "%(wrong)d of them is not as this page says. It is listed here until it is mended.",
        "%(wrong)d of them are not as this page says. They are listed here until they are mended.",
        wrong,
    ) % {"wrong": wrong}


def _tabulate(wrong: Sequence[Found]) -> Grid:
    return Grid(
        key="wrong",
        caption=_("Not as this page says"),
        columns=(_("Name"), _("Kind"), _("What is wrong")),
        rows=tuple(_row(one) for one in wrong[:_MOST]),
        live=True,
    )


def _row(one: Found) -> Row:
    cells = (
        Cell(words=one.name, about=one.domain, code=True),
        Cell(words=str(KINDS[one.kind.registered_as])),
        Cell(words=", ".join(str(DRIFTS[drift]) for drift in one.drift)),
    )
    return Row(key=f"{one.kind} {one.name} {one.domain}", cells=cells)


def _once(found: Sequence[Found]) -> list[Found]:
    """Each thing once, and as something wrong if it was wrong in any step."""
    each: dict[tuple[str, str, str], Found] = {}
    for one in found:
        key = (one.kind, one.name, one.domain)
        if key not in each or (one.drift and not each[key].drift):
            each[key] = one
    return list(each.values())
