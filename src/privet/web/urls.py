"""Which page answers to which address."""

from allauth.account import views as account_views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe
from django.views.i18n import set_language

from privet.web import errors
from privet.web.appearance import set_theme
from privet.web.navigation import first_page
from privet.web.permission import ANYBODY, SIGNED_IN, mount, opens_to, viewer_of


@opens_to(SIGNED_IN)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send a person to the first page that opens to them."""
    return HttpResponseRedirect(first_page(viewer_of(request)))


# Of allauth's pages only those that work without mail; each is named, so none opens by accident.
_FOR_ALL = [
    path("login/", account_views.login, name="account_login"),
    path("signup/", account_views.signup, name="account_signup"),
    path("inactive/", account_views.account_inactive, name="account_inactive"),
]
_SIGNED_IN = [
    path("logout/", account_views.logout, name="account_logout"),
    path("reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account_views.password_change, name="account_change_password"),
]
mount(_FOR_ALL, ANYBODY)
mount(_SIGNED_IN, SIGNED_IN)

urlpatterns: list[URLPattern | URLResolver] = [
    path("console/", home, name="home"),
    path("console/", include("privet.web.console.urls")),
    path("privacy/language", opens_to(ANYBODY)(set_language), name="set_language"),
    path("privacy/theme", set_theme, name="set_theme"),
    path("", include("privet.web.api.urls")),
    path("privacy/", include("privet.web.centre.urls")),
    path("policies/", include("privet.web.policies.urls")),
    path("accounts/", include([*_FOR_ALL, *_SIGNED_IN])),
]

handler400 = errors.bad_request
handler403 = errors.not_allowed
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.failed
