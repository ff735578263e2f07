"""The verbs of notices at sign-up and enrolment: have one in a language, with its hash.

Each text is kept the first time it is told, so that the hash in a record always leads to its words.
How it is served and recorded is the banner's way, see `privet.consent.served`.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_supported_language_variant

from privet.accounts.registry import institution_names
from privet.audit.service import record_act
from privet.consent.ledger import NoticeShown, Place, hold_head
from privet.consent.notices import LANGUAGES, canonical, current_words, digest_of
from privet.consent.occasions.compose import Told, tell_enrolment, tell_sign_up
from privet.consent.occasions.models import OccasionText
from privet.kernel.clock import Clock
from privet.kernel.errors import PrivetError


class UnknownMemberError(PrivetError):
    """An enrolment at a member that nobody registered."""


@dataclass(frozen=True, kw_only=True)
class OccasionNotice:
    """A notice as it is told now."""

    place: Place
    shown: NoticeShown
    text: dict[str, Any]
    """``title``, ``lead`` and ``sections`` (``title``, ``text``, ``lines``)."""


def sign_up_notice(language: str, *, clock: Clock) -> OccasionNotice:
    """What having an account collects, in a language (``es-MX`` finds ``es``), else English."""
    spoken = _spoken(language)
    told = tell_sign_up(language=spoken, choices=_choices(spoken, clock))
    return _keep(Place.SIGN_UP, spoken, told, clock)


def enrolment_notice(
    language: str, *, institution: str, course: str, clock: Clock
) -> OccasionNotice:
    """What a course and its member collect; raises `UnknownMemberError`."""
    name = institution_names().get(institution)
    if name is None:
        raise UnknownMemberError(
            "No institution of that name is registered.",
            remedy="Check the name with the operator, or give the site one by default.",
        )
    spoken = _spoken(language)
    told = tell_enrolment(
        language=spoken,
        choices=_choices(spoken, clock),
        institution=institution,
        name=name,
        course=course,
    )
    return _keep(Place.ENROLMENT, spoken, told, clock)


def _spoken(language: str) -> str:
    """The language of the sentences; those that a platform names may be unknown to us."""
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return LANGUAGES[0]


def _choices(language: str, clock: Clock) -> dict[str, Any]:
    found: dict[str, Any] = current_words(language, clock=clock).text["choices"]
    return found


def _keep(place: Place, language: str, told: Told, clock: Clock) -> OccasionNotice:
    """The text under its number; it gets one the first time that it is told."""
    text = told.as_json()
    words = canonical({"place": place.value, **text})
    digest = digest_of(words)
    row = OccasionText.objects.filter(digest=digest).first()
    if row is None:
        row = _add(place, language, words, digest, clock)
    shown = NoticeShown(version=row.version, digest=digest, language=row.language)
    return OccasionNotice(place=place, shown=shown, text=json.loads(json.dumps(text)))


def _add(place: Place, language: str, words: str, digest: str, clock: Clock) -> OccasionText:
    """Add a text; who holds the ledger's end adds alone, so numbers have no gaps."""
    with transaction.atomic():
        hold_head()
        known = OccasionText.objects.filter(digest=digest).first()
        if known is not None:
            return known
        last = OccasionText.objects.order_by("-version").first()
        version = last.version + 1 if last else 1
        about: dict[str, str | int] = {"version": version, "place": place.value}
        record_act(act="consent.tell_notice", by="privet", about=about, clock=clock)
        return OccasionText.objects.create(
            version=version, place=place, language=language, words=words, digest=digest,
            made=clock.now(),
        )  # fmt: skip
