"""The API as one thing: its routes, the form of its errors, the limit of its bodies."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from privet import __version__
from privet.consent.notices import NoticeError
from privet.consent.occasions.service import UnknownMemberError
from privet.consent.service import ConsentError
from privet.kernel.errors import PrivetError
from privet.web.api.errors import RefusedError, answer_of
from privet.web.api.insight import KEY, KEY_SCHEME
from privet.web.api.insight import router as insight_router
from privet.web.api.members import router as members_router
from privet.web.api.notices import router as notices_router
from privet.web.api.recommendations import router as recommendations_router
from privet.web.api.schemas import CHOICES
from privet.web.api.surroundings import count_faults
from privet.web.api.views import router
from privet.web.zero_bytes import refusal

LONGEST_BODY_BYTES = 16_384
_DECISIONS = "/api/v1/consent/decisions"
_SEE = "See /api/v1/docs for what is expected."


class LimitedParser(Parser):
    """Reads JSON bodies of a bounded size and says what is wrong with the others."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON value of the body; raises `RefusedError`."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > LONGEST_BODY_BYTES:
            raise RefusedError(
                413, "too_large", "The body is larger than 16 KiB.", remedy="Send a smaller one."
            )
        # Only this type makes browsers ask first whether a foreign page may send it.
        if request.content_type != "application/json":
            raise RefusedError(
                415, "not_json", "The body is not declared as JSON.",
                remedy="Send it with Content-Type: application/json.",
            )  # fmt: skip
        try:
            found = json.loads(request.body)
        except (ValueError, RecursionError) as error:
            raise RefusedError(400, "bad_json", "The body is not JSON.", remedy=_SEE) from error
        if b"\\u0000" in request.body:
            raise refusal("The body")
        return found


class DescribedAPI(NinjaAPI):
    """The API with a description of how programs of staff are recognised."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """What openapi.json holds."""
        schema = super().get_openapi_schema(**given)
        schema["components"]["securitySchemes"] = {KEY: KEY_SCHEME}
        return schema


api = DescribedAPI(
    title="Privet",
    version=__version__,
    description=(
        "Consent and suggestions for the pages and apps of a learning platform; figures for its "
        "staff."
    ),
    docs_url=None,
    openapi_url="/openapi.json",
    docs_decorator=require_safe,
    parser=LimitedParser(),
    urls_namespace="api",
)
api.add_router("/consent", router)
api.add_router("/consent", members_router)
api.add_router("/insight", insight_router)
api.add_router("/notices", notices_router)
api.add_router("/recommendations", recommendations_router)


@api.exception_handler(RefusedError)
def _refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    return _answer(request, error)


@api.exception_handler(PrivetError)
def _foreseen(request: HttpRequest, error: PrivetError) -> HttpResponse:
    status, reason = _STATUS.get(type(error), (400, "bad_request"))
    return _answer(request, RefusedError(status, reason, error.what, remedy=error.remedy))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the places that are wrong, and never repeat what stood there."""
    places = sorted({_place(found) for found in error.errors})
    what = f"Not as it must be: {', '.join(places[:10])}."
    return _answer(request, RefusedError(400, "bad_request", what, remedy=_SEE))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, RefusedError):
        return _answer(request, error.__cause__)  # What the parser above refused.
    what = "The request could not be read."
    return _answer(request, RefusedError(error.status_code, "bad_request", what, remedy=_SEE))


def _answer(request: HttpRequest, error: RefusedError) -> HttpResponse:
    """The refusal; a decision that could not be taken is counted, since it is no consent."""
    if request.path == _DECISIONS and error.status != 429:
        count_faults([f"decision_{error.reason}"])
    return answer_of(error)


_STATUS: dict[type[PrivetError], tuple[int, str]] = {
    NoticeError: (400, "unknown_notice"),
    ConsentError: (409, "conflict"),
    UnknownMemberError: (404, "unknown_institution"),
}
_KNOWN_PLACES = frozenset(
    {"site", "choices", "notice", "version", "hash", "control", "layer", "token", "id"}
    | {"institution", "lang", "query", "limit", "course", "seen", "kind", "name", "host"}
    | {"served", "setter", "page", "confirmed", *CHOICES}
)


def _place(found: dict[str, Any]) -> str:
    """The field that is wrong; a name that the API does not know is not repeated."""
    parts = [str(part) for part in found.get("loc", ())]
    place = ".".join(part for part in parts if part in _KNOWN_PLACES)
    if found.get("type") == "extra_forbidden" or "[key]" in parts:
        return f"{place} (an unknown name)" if place else "an unknown name"
    return place or "the body"
