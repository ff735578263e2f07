"""The officer's overview: what waits, what was found, what people allow, and where to go on."""

from datetime import UTC

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.consent.ledger import count_records
from privet.consent.members.rules import EntryState
from privet.consent.members.service import count_entries
from privet.consent.members.unregistered import list_unregistered
from privet.consent.notices import current_words
from privet.consent.policies.document import PolicyKind
from privet.consent.policies.service import Version, latest_version
from privet.consent.scan.service import ScanRecord, latest_scan
from privet.insight.consent_rates import By, ConsentRates, show_rates
from privet.insight.rules import Grain, last_days
from privet.web.api.surroundings import installation
from privet.web.components.figures import Figure
from privet.web.components.tables import Kind
from privet.web.console.consent_charts import CHOICES
from privet.web.navigation import opens
from privet.web.permission import everywhere, opens_to, viewer_of
from privet.web.policies.names import NAMES
from privet.web.words import Words

_DAYS = 28


@opens_to(everywhere(Act.SEE_CONSENT_LEDGER))
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The page."""
    clock = installation().clock
    today = clock.now().astimezone(UTC).date()
    rates = show_rates(last_days(_DAYS, today=today), grain=Grain.DAY)
    waiting = count_entries(EntryState.PROPOSED)
    found = len(list_unregistered())
    scan = latest_scan()
    context = {
        "days": _DAYS,
        "figures": _figures(rates, waiting, found, scan),
        "waiting": waiting,
        "found": found,
        "scan": scan,
        "addresses": ", ".join(scan.urls) if scan else "",
        "shares": _shares(rates),
        "notice": current_words(get_language() or "en", clock=clock).shown.version,
        "records": count_records(),
        "policies": _policies(),
        "may_publish": opens("console:policies", viewer_of(request)),
    }
    return render(request, "console/privacy.html", context)


def _figures(
    rates: ConsentRates, waiting: int, found: int, scan: ScanRecord | None
) -> list[Figure]:
    total = rates.total
    return [
        Figure(
            name=gettext("Entries to review"),
            value=waiting,
            remark=gettext("proposed by members"),
        ),
        Figure(
            name=gettext("Found, not registered"),
            value=found,
            remark=gettext("by pages and scans"),
        ),
        Figure(
            name=gettext("Not as registered"),
            value=scan.drifts if scan else None,
            remark=gettext("in the latest scan") if scan else gettext("no scan yet"),
        ),
        Figure(
            name=gettext("Rejected all"),
            value=rates.part(By.CONTROL, "reject_all"),
            kind=Kind.SHARE,
            remark=gettext("of %(n)s who decided") % {"n": total.deciders if total else 0},
        ),
    ]


def _shares(rates: ConsentRates) -> list[tuple[Words, int, float | None]]:
    """For each choice how many allow it, and their share."""
    total = rates.total
    if total is None:
        return []
    return [
        (words, total.allowed[choice], total.share(choice)) for choice, words in CHOICES.items()
    ]


def _policies() -> list[tuple[Words, Version | None]]:
    return [(NAMES[kind], latest_version(kind)) for kind in PolicyKind]
