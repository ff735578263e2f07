"""Which pages may ask: a decision writes cookies, so its origin must be one of the site's."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from privet.accounts.facts import SiteFacts
from privet.kernel.config import read_config
from privet.web.api.errors import RefusedError
from privet.web.api.surroundings import SITES

PREFIXES = ("/api/v1/consent", "/api/v1/notices", "/api/v1/recommendations")
_PREFLIGHT_SECONDS = "600"


def check_origin(request: HttpRequest, site: SiteFacts) -> None:
    """Raise `RefusedError` (403) for a page of another site.

    Browsers send ``Origin`` with every POST (and ``null`` when they hide it), so who sends none
    is an app or a server, which no other page can make ask.
    """
    origin = request.headers.get("Origin")
    if origin is None or origin in site.origins or origin == own_origin():
        return
    raise RefusedError(
        403,
        "origin_not_allowed",
        "Pages of this origin do not speak for that site.",
        remedy="Let the operator add the origin to the site.",
    )


def own_origin() -> str:
    """The origin of Privet's own pages."""
    parts = urlsplit(read_config().public_url)
    return f"{parts.scheme}://{parts.netloc}"


def allow_origins(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: CORS for the pages of registered sites (Fetch standard, 3.2)."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        origin = request.headers.get("Origin")
        if origin is None or not request.path.startswith(PREFIXES):
            return answer(request)
        is_known = any(origin in site.origins for site in SITES.all().values())
        is_preflight = (
            request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        )
        response = _preflight(is_known=is_known) if is_preflight else answer(request)
        response["Vary"] = "Origin"
        if is_known:
            response["Access-Control-Allow-Origin"] = origin
            response["Access-Control-Allow-Credentials"] = "true"
        return response

    return respond


def _preflight(*, is_known: bool) -> HttpResponse:
    response = HttpResponse(status=204 if is_known else 403)
    if is_known:
        response["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
        response["Access-Control-Allow-Headers"] = "Content-Type, Authorization"
        response["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
    return response
