"""The way from the platform into the privacy centre: a token that signs in one time."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from privet.accounts.facts import Identity, SiteFacts
from privet.accounts.service import enter_with
from privet.accounts.tokens import BadTokenError
from privet.consent.browser import join_browser, read_browser
from privet.kernel.errors import PrivetError
from privet.web.api.client import check_rate
from privet.web.api.errors import RefusedError
from privet.web.api.jar import put_cookies
from privet.web.api.origins import check_origin
from privet.web.api.surroundings import SITES, VERIFIER, count_faults, installation
from privet.web.api.views import learner_of
from privet.web.permission import ANYBODY, opens_to
from privet.web.see_other import SeeOther

CENTRE = "/privacy/"
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@opens_to(ANYBODY)
@csrf_exempt  # The form is the platform's; its origin and the one-time token protect it.
@require_POST
@sensitive_post_parameters("token")
def enter(request: HttpRequest) -> HttpResponse:
    """Sign a learner in to the privacy centre: form fields ``site`` and ``token``."""
    try:
        return _sign_in(request)
    except RefusedError as error:
        return _page(request, error, error.status)
    except PrivetError as error:
        return _page(request, error, 401 if isinstance(error, BadTokenError) else 403)


def _sign_in(request: HttpRequest) -> HttpResponse:
    check_rate(request)
    site = SITES.find(request.POST.get("site", ""))
    _check_is_page(request)
    check_origin(request, site)
    here = installation()
    token = request.POST.get("token", "")
    identity = VERIFIER.verify(token, site=site, now=here.clock.now())
    account = enter_with(identity=identity, keys=here.ring, clock=here.clock)
    login(request, account, backend=_BACKEND)
    response = SeeOther(CENTRE)
    _join(request, response, site, identity)
    return response


def _check_is_page(request: HttpRequest) -> None:
    """A browser names the page that sends the form; else Mallory's page could sign Alice in."""
    if request.headers.get("Origin") is None:
        raise RefusedError(
            403,
            "no_origin",
            "The browser did not say which page sent the form.",
            remedy="Open the privacy centre from a page of the platform.",
        )


def _join(
    request: HttpRequest, response: HttpResponse, site: SiteFacts, identity: Identity
) -> None:
    here = installation()
    header = request.headers.get("Cookie", "")
    browser = read_browser(header, site=site.slug, here=here)
    count_faults(browser.faults)
    who = learner_of(request, site, identity)
    by = f"account:{who.account_id}"
    _, cookies = join_browser(browser=browser, site=site, who=who, by=by, here=here)
    put_cookies(response, cookies, site=site, secure=request.is_secure(), request=request)


def _page(request: HttpRequest, error: PrivetError, status: int) -> HttpResponse:
    context = {
        "title": gettext("The privacy centre could not be opened"),
        "happened": error.what,
        "kept": gettext("Nothing was changed."),
        "todo": error.remedy,
        "status": status,
        "theme": "",
        "CSP_NONCE": getattr(request, "csp_nonce", ""),
    }
    return HttpResponse(render_to_string("errors/page.html", context), status=status)
