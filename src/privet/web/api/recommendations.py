"""The endpoints of suggestions: courses for one learner, and the one call that ends them."""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from privet.accounts.tokens import BadTokenError
from privet.catalogue.uses import Use
from privet.consent.service import Who, current_state, end_objection, record_objection
from privet.consent.state import reach_of
from privet.insight.recommend import MOST, Suggested, suggest, why_off
from privet.kernel.config import read_config
from privet.web.api.client import check_rate
from privet.web.api.errors import RefusedError
from privet.web.api.origins import check_origin
from privet.web.api.schemas import ErrorOut
from privet.web.api.surroundings import SITES, VERIFIER, installation
from privet.web.api.views import learner_of

router = Router(tags=["recommendations"])
_REFUSALS = {400: ErrorOut, 401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 429: ErrorOut}
_BEARER = "Bearer "
_Site = Annotated[str, StringConstraints(max_length=80)]


class SuggestionOut(Schema):
    """A course to go on with."""

    course: str = Field(description="The course's id, as the platform sent it in events.")
    reason: Literal["because", "popular"] = Field(
        description="because: learners who took your course continued with it; popular: many did."
    )
    because: str | None = Field(description="The learner's own course that speaks for it.")


class RecommendationsOut(Schema):
    """What is suggested to the learner, or why nothing is."""

    on: bool
    off_because: Literal["undecided", "refused", "objected", "restricted"] | None = Field(
        description="objected: they turned suggestions off, and nothing else."
    )
    suggestions: list[SuggestionOut]
    built: str | None = Field(description="When the model was built; null if none may be used.")


@router.get(
    "",
    response={200: RecommendationsOut, **_REFUSALS},
    summary="Courses that learners like this one continued with",
)
def get_recommendations(request: HttpRequest, site: _Site, limit: int = 5) -> RecommendationsOut:
    """Suggestions for the learner of ``Authorization: Bearer TOKEN`` (an identity token).

    Only a learner who allows functionality, and has not turned suggestions off, gets any; for
    everybody else the answer is 200 with ``on: false`` and the reason.
    """
    who = _learner(request, site)
    here = installation()
    found = suggest(
        standing=current_state(who=who, clock=here.clock).standing(),
        subjects=reach_of(who.key).subjects if who.key else (),
        most=max(1, min(limit, MOST)),
        by=_by(who),
        home=read_config().home,
        clock=here.clock,
    )
    return _present(found)


@router.delete(
    "",
    response={200: RecommendationsOut, **_REFUSALS},
    summary="Turn suggestions off, and nothing else",
)
def delete_recommendations(request: HttpRequest, site: _Site) -> RecommendationsOut:
    """Record the learner's objection: from now on no event of theirs serves suggestions.

    What was kept for them is hidden at once and loses that use within a day. Their other choices
    stay as they are. Twice is as once.
    """
    who = _learner(request, site)
    record_objection(
        who=who, uses=Use.PERSONALISATION, by=_by(who), clock=installation().clock, why=_WHY
    )
    return _after(who)


@router.post(
    "",
    response={200: RecommendationsOut, **_REFUSALS},
    summary="Take the objection to suggestions back",
)
def post_recommendations(request: HttpRequest, site: _Site) -> RecommendationsOut:
    """End the objection. It grants nothing: without functionality suggestions stay off."""
    who = _learner(request, site)
    end_objection(
        who=who, uses=Use.PERSONALISATION, by=_by(who), clock=installation().clock, why=_WHY
    )
    return _after(who)


_WHY = "the learner switched suggestions on the platform"


def _learner(request: HttpRequest, slug: str) -> Who:
    """Whom the token vouches for; raises `RefusedError`."""
    check_rate(request)
    site = SITES.find(slug)
    check_origin(request, site)
    said = request.headers.get("Authorization", "")
    try:
        token = said.removeprefix(_BEARER).strip() if said.startswith(_BEARER) else ""
        identity = VERIFIER.verify(token, site=site, now=installation().clock.now())
    except BadTokenError as error:
        raise RefusedError(401, "bad_token", error.what, remedy=error.remedy) from error
    return learner_of(request, site, identity)


def _after(who: Who) -> RecommendationsOut:
    standing = current_state(who=who, clock=installation().clock).standing()
    return _present(Suggested(off=why_off(standing)))


def _present(found: Suggested) -> RecommendationsOut:
    return RecommendationsOut(
        on=found.off is None,
        off_because=found.off.value if found.off else None,
        suggestions=[
            SuggestionOut(
                course=one.course,
                reason="because" if one.because else "popular",
                because=one.because or None,
            )
            for one in found.suggestions
        ],
        built=found.built.isoformat() if found.built else None,
    )


def _by(who: Who) -> str:
    return f"account:{who.account_id}" if who.account_id else "learner"
