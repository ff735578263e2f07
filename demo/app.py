"""The platform as an ASGI app: its addresses, its look and its background task."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import httpx
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from demo.content import read_library
from demo.grading import can_show_answer, can_submit
from demo.headers import SafetyHeaders
from demo.ids import Randomness
from demo.notices import Notices, NoticeSender
from demo.outbox import Outbox
from demo.settings import Settings, read_settings
from demo.storage import prepare_database
from demo.tokens import TokenMaker, read_or_make_key
from demo.views import account, catalogue, discuss, learn, small
from demo.visit import Endpoint, Handler, Platform, Visit, learners_page, page

HERE = Path(__file__).parent


def make_app(
    settings: Settings | None = None,
    *,
    clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    randomness: Randomness = secrets.token_bytes,
    client: httpx.AsyncClient | None = None,
) -> Starlette:
    """The platform; the clock counts milliseconds since 1970 UTC."""
    chosen = settings or read_settings()
    prepare_database(chosen.database)
    client = client or httpx.AsyncClient(timeout=10)
    outbox = Outbox(chosen, client)
    tokens = TokenMaker(read_or_make_key(chosen.identity_key), chosen.site)
    notices = Notices(chosen, clock)
    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(SafetyHeaders)],
        exception_handlers={HTTPException: _show_problem, Exception: _show_failure},
        lifespan=_lifespan,
    )
    app.state.client = client
    app.state.notice_sender = NoticeSender(
        chosen, client, tokens, clock=clock, randomness=randomness
    )
    app.state.platform = Platform(
        settings=chosen,
        library=read_library(),
        templates=make_templates(),
        tokens=tokens,
        outbox=outbox,
        notices=notices,
        clock=clock,
        randomness=randomness,
    )
    return app


@cache
def make_templates() -> Environment:
    """The templates, which escape everything and fail on a name that is not there."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    markdown = MarkdownIt("commonmark").enable("table")
    templates.filters["markdown"] = lambda text: Markup(markdown.render(text))  # noqa: S704 - ours
    templates.filters["inline"] = lambda text: Markup(markdown.renderInline(text))  # noqa: S704
    templates.filters["day"] = _say_day
    templates.globals["can_submit"] = can_submit
    templates.globals["can_show_answer"] = can_show_answer
    return templates


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    senders = (app.state.platform.outbox, app.state.notice_sender)
    sending = [asyncio.create_task(sender.run()) for sender in senders]
    yield
    for one in sending:
        one.cancel()
        with suppress(asyncio.CancelledError):
            await one
    await app.state.client.aclose()


def _routes() -> list[BaseRoute]:
    course, unit = "/courses/{course}", "/courses/{course}/units/{unit:int}"
    problem, thread = unit + "/problems/{problem}", course + "/forum/{thread:int}"
    certificate = "/certificates/{certificate}"
    return [
        *_open("/", catalogue.show_home),
        *_open("/courses", catalogue.show_catalogue),
        *_open(course, catalogue.show_course),
        *_open("/institutions", catalogue.show_institutions),
        *_open("/institutions/{institution}", catalogue.show_institution),
        *_open("/search", catalogue.show_search),
        *_open("/partners/bramble-books", catalogue.show_partner),
        *_open("/partners/fieldnotes", catalogue.show_fieldnotes),
        *_open("/workbench", catalogue.show_workbench),
        *_open("/about", catalogue.show_about),
        *_open("/sign-up", account.show_sign_up, account.sign_up),
        *_open("/sign-in", account.show_sign_in, account.sign_in),
        *_closed("/sign-out", post=account.sign_out),
        *_closed("/settings", account.show_settings, account.change_settings),
        *_closed("/settings/password", post=account.change_password),
        *_closed(course + "/enrol", post=learn.enrol),
        *_closed(course + "/leave", post=learn.leave),
        *_closed(course + "/learn", learn.show_course_home),
        *_closed(unit, learn.show_unit),
        *_closed(problem, post=learn.submit_answer),
        *_closed(problem + "/answer", post=learn.show_answer),
        *_closed(course + "/forum", discuss.show_forum, discuss.begin_thread),
        *_closed(thread, discuss.show_thread, discuss.reply),
        *_closed("/progress", learn.show_progress),
        *_closed(course + "/certificate", post=learn.claim_certificate),
        *_open(certificate, learn.show_certificate),
        *_closed(certificate + "/share", post=learn.share_certificate),
        *_open("/privet-token", small.give_token),
        *_open("/.well-known/gpc.json", small.show_gpc_support),
        *_open("/health", small.show_health),
        Mount("/assets", StaticFiles(directory=HERE / "assets"), name="assets"),
        Mount("/media", StaticFiles(directory=HERE / "media"), name="media"),
    ]


def _open(path: str, get: Handler, post: Handler | None = None) -> list[Route]:
    """The routes of a page for everybody."""
    return _make_routes(page, path, get, post)


def _closed(path: str, get: Handler | None = None, post: Handler | None = None) -> list[Route]:
    """The routes of a page for which one has to be signed in."""
    return _make_routes(learners_page, path, get, post)


def _make_routes(
    guard: Callable[[Handler], Endpoint], path: str, get: Handler | None, post: Handler | None
) -> list[Route]:
    pairs = ((get, "GET"), (post, "POST"))
    return [Route(path, guard(one), methods=[method]) for one, method in pairs if one]


async def _show_problem(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return await _message(request, status)


async def _show_failure(request: Request, _: Exception) -> Response:
    return await _message(request, 500)


async def _message(request: Request, status: int) -> Response:
    def show(visit: Visit) -> Response:
        return visit.show("message.html", status=status, code=status)

    quiet = Request({**request.scope, "method": "GET"}, request.receive)
    return await page(show)(quiet)


def _say_day(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{moment.day} {moment:%B %Y}"
