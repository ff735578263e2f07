"""No database takes a zero byte within a text; so none comes as far as a view."""

from urllib.parse import unquote_plus

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from privet.web.api.errors import RefusedError, answer_of
from privet.web.errors import bad_request
from privet.web.middleware import Answer

ZERO = "\x00"


def keep_out_zero_bytes(answer: Answer) -> Answer:
    """Refuse an address that holds one, which no page makes; leave it out of what a form sends.

    A form is not refused: what somebody wrote, and pasted such a byte into, is not lost. Bodies of
    the API are JSON and are looked at where that is read.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        is_api = request.path.startswith("/api/")
        if ZERO in request.path or ZERO in unquote_plus(request.META.get("QUERY_STRING", "")):
            return answer_of(refusal("The address")) if is_api else bad_request(request)
        if request.method == "POST" and not is_api:
            _leave_out(request)
        return answer(request)

    return respond


def refusal(where: str) -> RefusedError:
    """What a program is told; ``where`` begins the sentence."""
    return RefusedError(
        400, "zero_byte", f"{where} holds a zero byte.", remedy="Send the text without it."
    )


def _leave_out(request: HttpRequest) -> None:
    if not any(ZERO in key or ZERO in "".join(values) for key, values in request.POST.lists()):
        return
    kept = QueryDict(mutable=True)
    for key, values in request.POST.lists():
        kept.setlist(key.replace(ZERO, ""), [value.replace(ZERO, "") for value in values])
    request.POST = kept  # type: ignore[assignment]
