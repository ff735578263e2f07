"""What is not a page of its own: the token for the SDK, well-known files, health."""

from starlette.responses import JSONResponse, PlainTextResponse, Response

from demo.visit import Visit

_GPC_SUPPORTED_SINCE = "2026-11-01"


def give_token(visit: Visit) -> Response:
    """The identity token of who is signed in, for the SDK; nothing for a visitor."""
    headers = {"Cache-Control": "no-store"}
    if visit.learner is None:
        return Response(status_code=204, headers=headers)
    return JSONResponse({"token": visit.identity_token()}, headers=headers)


def show_gpc_support(_: Visit) -> Response:
    """Says to browsers and crawlers that Global Privacy Control is obeyed here."""
    return JSONResponse({"gpc": True, "lastUpdate": _GPC_SUPPORTED_SINCE})


def show_health(_: Visit) -> Response:
    """Answers when the platform's pages and database do."""
    return PlainTextResponse("ok")
