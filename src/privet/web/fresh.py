"""Grave acts ask once more for the password of whoever acts, if their sign-in is not of late.

It is asked in the form of the act itself, so that what was written there is not lost. Who signs in
without a password, vouched for by a platform, has none to be asked for: the platform answers there.
"""

from datetime import UTC, datetime, timedelta
from typing import cast

from allauth.account.authentication import get_authentication_records
from allauth.core import ratelimit
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext

from privet.kernel.clock import SystemClock
from privet.kernel.errors import PrivetError

LASTS = timedelta(minutes=15)
"""So long a sign-in, or a password given again, is of late."""
FIELD = "password"
CONFIRMED = "privet_confirmed"
"""Under this name a session says when the password was given last (seconds since 1970)."""
_CLOCK = SystemClock()


class NotConfirmedError(PrivetError):
    """Whoever acts has not shown that it is still they."""


def asks_password(request: HttpRequest) -> bool:
    """Whether the form of a grave act has to ask for the password."""
    return _user(request).has_usable_password() and _CLOCK.now() - _last_sign_in(request) >= LASTS


def confirm(request: HttpRequest) -> None:
    """Let a grave act go on; raises `NotConfirmedError`, and then nothing may be done."""
    if not asks_password(request):
        return
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise NotConfirmedError(
            gettext("There were too many wrong passwords. Nothing was done."),
            remedy=gettext("Wait a minute, and try again."),
        )
    if not _user(request).check_password(request.POST.get(FIELD, "")):
        raise NotConfirmedError(
            gettext("This is not your password. Nothing was done."),
            remedy=gettext("Your sign-in is not of late, so give your password with this."),
        )
    request.session[CONFIRMED] = _CLOCK.now().timestamp()


def _last_sign_in(request: HttpRequest) -> datetime:
    times = [record["at"] for record in get_authentication_records(request, _user(request))]
    last = max([*times, request.session.get(CONFIRMED, 0.0)])
    return datetime.fromtimestamp(last, UTC)


def _user(request: HttpRequest) -> AbstractBaseUser:
    # The pages of grave acts open to nobody who is not signed in.
    return cast("AbstractBaseUser", request.user)
