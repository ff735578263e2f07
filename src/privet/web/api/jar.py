"""Cookies on the answer: set by the server, since browsers shorten what scripts set to 7 days."""

from collections.abc import Iterable
from http.cookies import Morsel

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from privet.accounts.facts import SiteFacts
from privet.consent.browser import SetCookies
from privet.consent.clearing import domains_of, refused_cookies
from privet.consent.cookies import (
    CONSENT_COOKIE,
    CONSENT_DAYS,
    VISITOR_COOKIE,
    VISITOR_DAYS,
    ConsentCookie,
    day_of,
    read_consent,
    read_visitor,
)
from privet.web.api.surroundings import installation

_DAY_SECONDS = 86_400
_OURS = frozenset({CONSENT_COOKIE, VISITOR_COOKIE})
"""They follow a decision by rules of their own."""


def put_cookies(
    response: HttpResponseBase,
    cookies: SetCookies,
    *,
    site: SiteFacts,
    secure: bool,
    request: HttpRequest | None = None,
) -> None:
    """Set and delete what a decision changes. The consent cookie is for scripts to read.

    Of ``request`` those cookies end that are registered in a category which is now refused: those
    that scripts cannot read end in no other way.
    """
    domain = site.cookie_domain or None
    if request is not None and cookies.consent is not None:
        _end_refused(response, request, cookies.consent, site)
    if cookies.consent is not None:
        response.set_cookie(
            CONSENT_COOKIE,
            cookies.consent,
            max_age=_seconds_of_decision(cookies.consent, site),
            domain=domain,
            secure=secure,
            httponly=False,
            samesite="Lax",
        )
    if cookies.ends_visitor:
        response.delete_cookie(VISITOR_COOKIE, domain=domain, samesite="Lax")
    elif cookies.visitor is not None:
        response.set_cookie(
            VISITOR_COOKIE,
            cookies.visitor,
            max_age=_seconds_left(cookies.visitor, site),
            domain=domain,
            secure=secure,
            httponly=True,
            samesite="Lax",
        )


def _end_refused(
    response: HttpResponseBase, request: HttpRequest, consent: str, site: SiteFacts
) -> None:
    here = installation()
    said = read_consent(consent, site=site.slug, keys=here.cookie_keys, now=here.clock.now())
    if not isinstance(said, ConsentCookie):
        return
    for name in refused_cookies(request.COOKIES.keys() - _OURS, said.choices):
        _end(response, name, domains_of(request.get_host()))


def _end(response: HttpResponseBase, name: str, domains: Iterable[str | None]) -> None:
    """End a cookie on every domain on which it may lie: it does not say on which it does."""
    for domain in domains:
        response.set_cookie(name, "", max_age=0, domain=domain, secure=name.startswith("__"))
        morsel: Morsel[str] = response.cookies.pop(name)
        # Kept under a key of its own, since the answer takes one cookie a key.
        response.cookies[f"{name} {domain or ''}"] = morsel


def _seconds_of_decision(value: str, site: SiteFacts) -> int:
    """As long as the decision counts: a cookie that is written anew does not extend it."""
    here = installation()
    now = here.clock.now()
    said = read_consent(value, site=site.slug, keys=here.cookie_keys, now=now)
    day = getattr(said, "day", day_of(now))
    return (CONSENT_DAYS - (day_of(now) - day)) * _DAY_SECONDS


def _seconds_left(value: str, site: SiteFacts) -> int:
    """Thirteen months from the first day: a later decision does not extend them."""
    here = installation()
    now = here.clock.now()
    visitor = read_visitor(value, site=site.slug, keys=here.cookie_keys, now=now)
    first_day = getattr(visitor, "day", day_of(now))
    return (VISITOR_DAYS - (day_of(now) - first_day)) * _DAY_SECONDS
