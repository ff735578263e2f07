"""My data: every event that is kept about a learner, in words, for that learner alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.service import subjects_of
from privet.catalogue.uses import TERMS, Basis, Use
from privet.events.personal_data import count_by_event, read_subject
from privet.kernel.config import read_config
from privet.web.centre.frame import tabs_for
from privet.web.centre.happenings import Happening, describe
from privet.web.centre.kinds import KIND_WORDS, HappeningKind, kind_of
from privet.web.components.pagination import PAGE, read_pages
from privet.web.components.tables import address
from privet.web.network import network_notice
from privet.web.permission import SIGNED_IN, opens_to, viewer_of
from privet.web.uses import BASES, USES

_ON_A_PAGE = 30
Counted = Sequence[tuple[str, Use, int]]
"""An event's name, the uses of some rows, and how many they are."""


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
    counted = count_by_event(subjects)
    numbers = _by_kind(counted)
    wanted = request.GET.get("kind", "")
    names = {name for name, _, _ in counted if not wanted or kind_of(name) == wanted}
    query = request.GET.urlencode()
    pages = read_pages(
        request.GET.get(PAGE, ""),
        total=sum(number for name, _, number in counted if name in names),
        size=_ON_A_PAGE,
        query=query,
    )
    rows = read_subject(
        subjects,
        by=viewer.by,
        why="the learner looked at their own data",
        event_names=names,
        limit=pages.size,
        offset=pages.start,
    )
    sealed_days = read_config().sealed_days
    context = {
        "tabs": tabs_for(request),
        "total": sum(numbers.values()),
        "kind_chosen": wanted,
        "kinds": _kinds(numbers, wanted, query),
        "days": _by_day([describe(row, sealed_days=sealed_days) for row in rows]),
        "pages": pages,
        "uses": _uses(counted),
        "credits": network_notice().credits,
    }
    return render(request, "centre/data.html", context)


def _by_kind(counted: Counted) -> Counter[HappeningKind]:
    numbers: Counter[HappeningKind] = Counter()
    for name, _, number in counted:
        numbers[kind_of(name)] += number
    return numbers


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


def _uses(counted: Counted) -> list[UseLine]:
    return [
        UseLine(
            use=use,
            means=str(words.means),
            basis=_say_basis(TERMS[use].basis, number),
            months=TERMS[use].retention_months,
            number=number,
        )
        for use, words in USES.items()
        for number in (sum(number for _, uses, number in counted if use in uses),)
    ]


def _say_basis(basis: Basis, number: int) -> str:
    """Why a use may be; nobody is told that they agreed to what is not done with their data."""
    if basis is Basis.CONSENT and not number:
        return gettext("only if you agree")
    return str(BASES[basis])


def _by_day(happenings: Sequence[Happening]) -> list[tuple[date, list[Happening]]]:
    days = groupby(happenings, key=lambda happening: happening.time.date())
    return [(day, list(found)) for day, found in days]
