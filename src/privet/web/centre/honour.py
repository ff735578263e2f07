"""The honor-code page: what is looked at for honest grades, why, how long, and how to object.

It is drawn from the catalogue, the texts of the detectors and the settings, so it cannot say
anything else than what is done.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.service import subjects_of
from privet.catalogue.columns import COLUMNS
from privet.catalogue.uses import ALL_USES, TERMS, Use
from privet.events.personal_data import count_by_event
from privet.integrity.findings import KEPT_DAYS, SUPPORTING, DetectorKind
from privet.integrity.reads import columns_read, events_open_to_integrity, events_read
from privet.kernel.config import read_config
from privet.web.centre.frame import tabs_for
from privet.web.centre.kinds import KIND_WORDS, HappeningKind, kind_of
from privet.web.centre.person import Person, find_person, find_site
from privet.web.detectors import DETECTORS, DetectorWords
from privet.web.permission import ANYBODY, opens_to, viewer_of
from privet.web.uses import BASES, USES
from privet.web.words import say_event


@dataclass(frozen=True, kw_only=True)
class Group:
    """Events of one kind, in the words of the catalogue."""

    name: str
    says: tuple[str, ...]


@opens_to(ANYBODY)
@require_safe
def honour(request: HttpRequest) -> HttpResponse:
    """The page; who is signed in finds the form to object on it."""
    site = find_site(request)
    person = find_person(request, site) if site else None
    terms, config = TERMS[Use.INTEGRITY], read_config()
    context = {
        "tabs": tabs_for(request),
        "read": _groups(events_read()),
        "open": _groups(events_open_to_integrity()),
        "places": _places(),
        "detectors": _detectors(opening=True),
        "supporting": _detectors(opening=False),
        "means": USES[Use.INTEGRITY].means,
        "basis": BASES[terms.basis],
        "months": terms.retention_months,
        "finding_months": round(KEPT_DAYS / 30.4),
        "case_weeks": config.case_keep_weeks,
        "reply_weeks": config.case_reply_weeks,
        "can_object": terms.can_be_objected_to,
        "own": _count_own(request),
        **_objection(person),
    }
    return render(request, "centre/honour.html", context)


def _groups(names: tuple[str, ...]) -> list[Group]:
    """Events by kind, each sentence once."""
    found: defaultdict[HappeningKind, set[str]] = defaultdict(set)
    for name in names:
        found[kind_of(name)].add(say_event(name))
    return [
        Group(name=str(words), says=tuple(sorted(found[kind], key=str.casefold)))
        for kind, words in KIND_WORDS.items()
        if found[kind]
    ]


def _places() -> list[str]:
    """What detectors read of where and with what an act was done."""
    read = set(columns_read())
    return [
        gettext(column.says)
        for column in COLUMNS
        if column.name in read and column.uses != ALL_USES
    ]


def _detectors(*, opening: bool) -> list[DetectorWords]:
    return [DETECTORS[kind] for kind in DetectorKind if (kind not in SUPPORTING) is opening]


def _count_own(request: HttpRequest) -> int | None:
    """How many of the learner's own events may be read for it; none for a visitor."""
    account = viewer_of(request).account_id
    if account is None:
        return None
    counted = count_by_event(subjects_of(account))
    return sum(number for _, uses, number in counted if Use.INTEGRITY in uses)


def _objection(person: Person | None) -> dict[str, object]:
    """Whether the person may object here, and has."""
    if person is None or not person.is_learner:
        return {"site": "", "objects": False}
    standing = person.standing_now()
    return {"site": person.site.slug, "objects": bool(standing.objected & Use.INTEGRITY)}
