"""Pages that take a form once: a second press is led to where the first one led."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from privet.accounts.forms import free_form, settle_form, use_form
from privet.kernel.clock import SystemClock
from privet.web.permission import viewer_of
from privet.web.see_other import SEE_OTHER, SeeOther

FIELD = "once"
"""Under this name a form carries its value; the tag `once` writes it."""
_LONGEST = 64
_CLOCK = SystemClock()
View = Callable[..., HttpResponse]


def new_value() -> str:
    """A value for one form of one page."""
    return str(uuid.uuid4())


def value_of(request: HttpRequest) -> str:
    """The value that came with a form; empty if it has none, and then each press counts."""
    return request.POST.get(FIELD, "")[:_LONGEST]


def acts_once(view: View) -> View:
    """A view that answers a form with 303 once it has acted, and otherwise has done nothing."""

    @wraps(view)
    def act(request: HttpRequest, *args: object, **named: object) -> HttpResponse:
        value = value_of(request)
        if request.method != "POST" or not value:
            return view(request, *args, **named)
        with transaction.atomic():
            return _act(request, value, lambda: view(request, *args, **named))

    return act


def _act(request: HttpRequest, value: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    account = viewer_of(request).account_id or 0
    led_to = use_form(value=value, account_id=account, clock=_CLOCK)
    if led_to is not None:
        return SeeOther(led_to)
    response = answer()
    if response.status_code == SEE_OTHER:
        settle_form(value=value, account_id=account, led_to=response["Location"])
    else:
        free_form(value=value, account_id=account)
    return response
