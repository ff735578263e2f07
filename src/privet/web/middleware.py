"""What every answer carries, and the id that every failure gets."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from privet.web.incidents import new_incident

Answer = Callable[[HttpRequest], HttpResponseBase]

# No page of Privet uses any of these, so none of its scripts may either.
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)


def set_headers(answer: Answer) -> Answer:
    """Headers that Django has no setting for; pages about people are kept in no cache."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond


class Incidents:
    """Gives a failed request the id that its page shows and the log names."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._answer(request)

    def process_exception(self, request: HttpRequest, _: Exception) -> None:
        """Note the id; Django logs and answers as it would without."""
        request.incident = new_incident()  # type: ignore[attr-defined]
