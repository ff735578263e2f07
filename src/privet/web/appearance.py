"""The colours a person asked for: the system's, light or dark.

The answer is a cookie that lasts until the browser is closed; nobody who asked for nothing has it.
"""

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from privet.web.permission import ANYBODY, opens_to

COOKIE = "privet_theme"
THEMES = ("light", "dark")


def read_theme(request: HttpRequest) -> str:
    """``light`` or ``dark``; empty for the system's."""
    asked = request.COOKIES.get(COOKIE, "")
    return asked if asked in THEMES else ""


@opens_to(ANYBODY)
@require_POST
def set_theme(request: HttpRequest) -> HttpResponseRedirect:
    """Remember the colours asked for, and go back to the page."""
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(back if is_ours else "/privacy/choices")
    asked = request.POST.get("theme", "")
    if asked in THEMES:
        response.set_cookie(
            COOKIE, asked, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
