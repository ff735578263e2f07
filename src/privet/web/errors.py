"""Pages for what went wrong: what happened, what was kept, what to do.

They ask nothing of the database or the session, since either may be what failed.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext

from privet.web.appearance import read_theme
from privet.web.middleware import Answer


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    del exception
    return _page(
        request,
        400,
        title=gettext("This request could not be read"),
        happened=gettext("Something in what the browser sent was not as it must be."),
        kept=gettext("Nothing was changed."),
        todo=gettext("Go back and try again. If it happens again, start from the first page."),
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: who asked may not."""
    del exception
    return _page(
        request,
        403,
        title=gettext("This page does not open to you"),
        happened=gettext("Your roles do not include what this page shows."),
        kept=gettext("Nothing was changed."),
        todo=gettext("If you need it for your work, ask an operator for the role."),
    )


def not_opened(request: HttpRequest) -> HttpResponse:
    """405: an address that takes only what a form sends was opened by itself."""
    return _page(
        request,
        405,
        title=gettext("This page cannot be opened by itself"),
        happened=gettext("It answers a form, and its address was opened without one."),
        kept=gettext("Nothing was changed."),
        todo=gettext("Go back to the page with the form, or start from the first page."),
    )


def explain_form_addresses(answer: Answer) -> Answer:
    """Somebody who opens a form's address by itself gets a page, not the browser's own error."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET":
            return response
        if not request.accepts("text/html") or request.path.startswith("/api/"):
            return response
        page = not_opened(request)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return respond


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is nothing at this address."""
    del exception
    return _page(
        request,
        404,
        title=gettext("There is no such page"),
        happened=gettext("Nothing answers at this address. It may have been mistyped."),
        kept=gettext("Nothing was changed."),
        todo=gettext("Check the address, or start from the first page."),
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """429: so much came from one address, or for one account, that it could be guessing."""
    return _page(
        request,
        429,
        title=gettext("That was too often in a short time"),
        happened=gettext(
            "This was sent so often that it could be somebody who guesses, so we look at no more "
            "of it for now."
        ),
        kept=gettext("Nothing was changed."),
        todo=gettext("Wait a few minutes, and try again."),
    )


def failed(request: HttpRequest) -> HttpResponse:
    """500: something went wrong that nobody foresaw."""
    return _page(
        request,
        500,
        title=gettext("Something went wrong here"),
        happened=gettext("An error that we did not foresee stopped this page."),
        kept=gettext("What you had saved before is safe. What you just sent may not be saved."),
        todo=gettext("Try again in a moment. If it happens again, tell the operator this number:"),
        incident=getattr(request, "incident", ""),
    )


def forged_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form came without the secret that pages put into it."""
    del reason
    return _page(
        request,
        403,
        title=gettext("This form has expired"),
        happened=gettext(
            "It was open for too long, or cookies are switched off, or it is not ours."
        ),
        kept=gettext("What you sent was not saved."),
        todo=gettext("Go back, load the page again and send it once more, with cookies allowed."),
    )


def _page(request: HttpRequest, status: int, **words: str) -> HttpResponse:
    context = {
        **words,
        "status": status,
        "is_for_staff": request.path.startswith("/console/"),
        "theme": read_theme(request),
        "CSP_NONCE": getattr(request, "csp_nonce", ""),
    }
    return HttpResponse(render_to_string("errors/page.html", context), status=status)
