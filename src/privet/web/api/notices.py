"""The endpoints of notices at sign-up and enrolment: what to show, and that it was shown."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language_from_request
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field, StringConstraints

from privet.accounts.facts import SiteFacts
from privet.accounts.tokens import BadTokenError
from privet.consent.ledger import Layer, Place
from privet.consent.occasions.service import (
    OccasionNotice,
    enrolment_notice,
    sign_up_notice,
)
from privet.consent.registry import registry_for
from privet.consent.served import ServedToAnotherError, note_served, read_shown, sign_shown
from privet.kernel.config import read_config
from privet.web.api.client import check_rate
from privet.web.api.errors import RefusedError
from privet.web.api.origins import check_origin
from privet.web.api.schemas import ErrorOut
from privet.web.api.surroundings import SITES, VERIFIER, count_faults, installation
from privet.web.api.views import learner_of

router = Router(tags=["notices"])
_REFUSALS = {400: ErrorOut, 401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 429: ErrorOut}
_OCCASIONS = (Place.SIGN_UP, Place.ENROLMENT)
_Site = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class SignUpIn(Schema):
    """Which site, in which language."""

    site: _Site
    lang: Annotated[str, StringConstraints(max_length=35)] = ""


class EnrolmentIn(SignUpIn):
    """Which course, of which member."""

    institution: Annotated[str, StringConstraints(pattern="^[a-z0-9-]{0,80}$")] = ""
    course: Annotated[str, StringConstraints(max_length=160)] = ""


class SectionOut(Schema):
    """A part of a notice."""

    title: str
    text: str
    lines: list[str]


class TextOut(Schema):
    """The words of a notice, to be shown as they are: the hash is of the exact words."""

    title: str
    lead: str
    sections: list[SectionOut]


class OccasionOut(Schema):
    """A notice, and what to send back when it has been shown."""

    place: Literal["sign_up", "enrolment"]
    version: int
    hash: str
    language: str
    text: TextOut
    served: str = Field(description="Send it back with the learner's token.")
    served_id: UUID = Field(description="The number that the record of it will have.")
    choices: str = Field(description="Where the learner decides about the rest.")


class ServedIn(Schema):
    """That a learner had a notice before them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    site: _Site
    served: Annotated[str, StringConstraints(min_length=1, max_length=2_048)]
    token: Annotated[str, StringConstraints(min_length=1, max_length=4_096)] = Field(
        description="The identity token of the learner who signed up or enrolled."
    )


class ServedOut(Schema):
    """The record of the ledger."""

    record: UUID


@router.get(
    "/sign-up",
    response={200: OccasionOut, **_REFUSALS},
    summary="What having an account collects, for the page on which one is made",
)
def get_sign_up(
    request: HttpRequest, response: HttpResponse, where: Query[SignUpIn]
) -> OccasionOut:
    """Made from the catalogue, the registry and the choices of the banner; nothing is recorded."""
    site = _enter(request, response, where.site)
    notice = sign_up_notice(_language(request, where), clock=installation().clock)
    return _out(notice, site, institution="", course="")


@router.get(
    "/enrolment",
    response={200: OccasionOut, **_REFUSALS},
    summary="What a course and its institution collect, for the page on which one enrols",
)
def get_enrolment(
    request: HttpRequest, response: HttpResponse, where: Query[EnrolmentIn]
) -> OccasionOut:
    """As for sign-up, with the cookies that the member registered for the course.

    Without ``institution`` it is the site's own. Nothing is recorded: show it, and send ``served``
    back when the learner enrols.
    """
    site = _enter(request, response, where.site)
    institution = where.institution or site.institution
    notice = enrolment_notice(
        _language(request, where),
        institution=institution,
        course=where.course,
        clock=installation().clock,
    )
    return _out(notice, site, institution=institution, course=where.course)


@router.post(
    "/served",
    response={
        200: ServedOut,
        201: ServedOut,
        409: ErrorOut,
        413: ErrorOut,
        415: ErrorOut,
        **_REFUSALS,
    },
    summary="Record that a learner had a notice before them when they signed up or enrolled",
)
def post_served(request: HttpRequest, given: ServedIn) -> Status[ServedOut]:
    """201 if it was recorded, 200 if it stood in the ledger already."""
    check_rate(request)
    site, here = SITES.find(given.site), installation()
    check_origin(request, site)
    shown = read_shown(given.served, site=site.slug, ring=here.ring, clock=here.clock)
    if shown is None or shown.place not in _OCCASIONS:
        count_faults(["notice_served_unknown"])
        raise RefusedError(
            400, "unknown_notice", "The word of what was shown is not ours, or too old.",
            remedy="Get the notice again, show it, and send its served back within a week.",
        )  # fmt: skip
    try:
        identity = VERIFIER.verify(given.token, site=site, now=here.clock.now())
    except BadTokenError as error:
        raise RefusedError(401, "bad_token", error.what, remedy=error.remedy) from error
    try:
        is_new = note_served(who=learner_of(request, site, identity), shown=shown, clock=here.clock)
    except ServedToAnotherError as error:
        raise RefusedError(409, "served_to_another", error.what, remedy=error.remedy) from error
    return Status(201 if is_new else 200, ServedOut(record=shown.record_id))


def _enter(request: HttpRequest, response: HttpResponse, slug: str) -> SiteFacts:
    check_rate(request)
    site = SITES.find(slug)
    check_origin(request, site)
    response["Cache-Control"] = "no-store"
    return site


def _language(request: HttpRequest, where: SignUpIn) -> str:
    return where.lang or get_language_from_request(request)


def _out(notice: OccasionNotice, site: SiteFacts, *, institution: str, course: str) -> OccasionOut:
    here = installation()
    registry = registry_for(institution=institution, course=course)
    served = sign_shown(
        site=site.slug,
        notice=notice.shown,
        place=notice.place,
        layer=Layer.APP,
        registry=f"{registry.version} {registry.digest[:12]}",
        institution=institution,
        course=course,
        ring=here.ring,
        clock=here.clock,
    )
    shown = read_shown(served, site=site.slug, ring=here.ring, clock=here.clock)
    if shown is None:
        raise AssertionError("A word that was signed just now can be read.")
    return OccasionOut(
        place=notice.place.value,  # type: ignore[arg-type]
        version=notice.shown.version,
        hash=notice.shown.digest,
        language=notice.shown.language,
        text=TextOut(**notice.text),
        served=served,
        served_id=shown.record_id,
        choices=f"{read_config().public_url}{reverse('centre:choices')}?site={site.slug}",
    )
