"""My data: every event that is kept about a learner, in words, for that learner alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from privet.accounts.service import subjects_of
from privet.catalogue.uses import TERMS, Use
from privet.kernel.config import read_config
from privet.web.centre.frame import tabs_for
from privet.web.centre.happenings import Happening, describe
from privet.web.centre.kept import read_subject
from privet.web.centre.kinds import KIND_WORDS, HappeningKind, kind_of
from privet.web.components.pagination import PAGE, read_pages
from privet.web.components.tables import address
from privet.web.permission import SIGNED_IN, opens_to, viewer_of
from privet.web.uses import BASES, USES

_ON_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class KindOption:
    """A kind of events, with how many there are and the link that shows only those."""

    name: str
    number: int
    link: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class UseLine:
    """What a use means, on which basis, and for how long."""

    use: Use
    means: str
    basis: str
    months: int
    number: int


@opens_to(SIGNED_IN)
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The page: newest first, a page of them at a time."""
    viewer = viewer_of(request)
    subjects = subjects_of(viewer.account_id or 0)
    kept = sorted(read_subject(subjects, by=viewer.by), key=lambda row: row["time"], reverse=True)
    wanted = request.GET.get("kind", "")
    chosen = [row for row in kept if not wanted or kind_of(row["name"]) == wanted]
    query = request.GET.urlencode()
    pages = read_pages(request.GET.get(PAGE, ""), total=len(chosen), size=_ON_A_PAGE, query=query)
    shown = chosen[pages.start : pages.start + pages.size]
    happenings = [describe(row, sealed_days=read_config().sealed_days) for row in shown]
    context = {
        "tabs": tabs_for(request),
        "total": len(kept),
        "kind_chosen": wanted,
        "kinds": _kinds(Counter(kind_of(row["name"]) for row in kept), wanted, query),
        "days": _by_day(happenings),
        "pages": pages,
        "uses": _uses(Counter(use for row in kept for use in Use(row["uses"]))),
        "sealed_days": read_config().sealed_days,
    }
    return render(request, "centre/data.html", context)


def _kinds(numbers: Counter[HappeningKind], wanted: str, query: str) -> list[KindOption]:
    return [
        KindOption(
            name=str(words),
            number=numbers[kind],
            link=address(query, kind=kind.value, page=""),
            is_chosen=kind == wanted,
        )
        for kind, words in KIND_WORDS.items()
        if numbers[kind]
    ]


def _uses(numbers: Counter[Use]) -> list[UseLine]:
    return [
        UseLine(
            use=use,
            means=str(words.means),
            basis=str(BASES[TERMS[use].basis]),
            months=TERMS[use].retention_months,
            number=numbers[use],
        )
        for use, words in USES.items()
    ]


def _by_day(happenings: Sequence[Happening]) -> list[tuple[date, list[Happening]]]:
    days = groupby(happenings, key=lambda happening: happening.time.date())
    return [(day, list(found)) for day, found in days]
