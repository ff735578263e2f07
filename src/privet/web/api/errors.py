"""How the API says no: a word for programs, a sentence for people, and what to do."""

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse

from privet.kernel.errors import PrivetError


class RefusedError(PrivetError):
    """A request that is refused, with its status and its reason in one word."""

    def __init__(self, status: int, reason: str, what: str, *, remedy: str) -> None:
        super().__init__(what, remedy=remedy)
        self.status = status
        self.reason = reason


def answer_of(error: RefusedError) -> JsonResponse:
    """The answer to a refused request."""
    response = JsonResponse(body_of(error.reason, error.what, error.remedy), status=error.status)
    if error.status == 429:
        response["Retry-After"] = "60"
    return response


def body_of(reason: str, what: str, remedy: str) -> Mapping[str, Any]:
    """The one form of all errors of the API."""
    return {"error": {"reason": reason, "what": what, "remedy": remedy}}
