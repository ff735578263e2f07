"""Cookies on the answer: set by the server, since browsers shorten what scripts set to 7 days."""

from django.http.response import HttpResponseBase

from privet.accounts.facts import SiteFacts
from privet.consent.browser import SetCookies
from privet.consent.cookies import (
    CONSENT_COOKIE,
    CONSENT_DAYS,
    VISITOR_COOKIE,
    VISITOR_DAYS,
    day_of,
    read_visitor,
)
from privet.web.api.surroundings import installation

_DAY_SECONDS = 86_400


def put_cookies(
    response: HttpResponseBase, cookies: SetCookies, *, site: SiteFacts, secure: bool
) -> None:
    """Set and delete what a decision changes. The consent cookie is for scripts to read."""
    domain = site.cookie_domain or None
    if cookies.consent is not None:
        response.set_cookie(
            CONSENT_COOKIE,
            cookies.consent,
            max_age=CONSENT_DAYS * _DAY_SECONDS,
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


def _seconds_left(value: str, site: SiteFacts) -> int:
    """Thirteen months from the first day: a later decision does not extend them."""
    here = installation()
    now = here.clock.now()
    visitor = read_visitor(value, site=site.slug, keys=here.cookie_keys, now=now)
    first_day = getattr(visitor, "day", day_of(now))
    return (VISITOR_DAYS - (day_of(now) - first_day)) * _DAY_SECONDS
