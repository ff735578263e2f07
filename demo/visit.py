"""One request to a page: who visits, what they sent, and how the answer is made."""

import sqlite3
from collections.abc import Callable, Coroutine, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from demo.acts import Act, Actor, report
from demo.addresses import client_address
from demo.content import Library
from demo.ids import Randomness
from demo.notices import Notices
from demo.outbox import Outbox
from demo.people import Learner, find_session
from demo.settings import Settings
from demo.storage import open_store
from demo.tokens import TokenMaker

SESSION_COOKIE = "hedgerow_session"
FORM_BYTES = 100_000
FIELD_LENGTH = 5_000


@dataclass(frozen=True, kw_only=True)
class Platform:
    """What all requests share. Clock and randomness are passed in, so that tests can set them."""

    settings: Settings
    library: Library
    templates: Environment
    tokens: TokenMaker
    outbox: Outbox
    notices: Notices
    clock: Callable[[], int]
    """Milliseconds since 1970 UTC."""
    randomness: Randomness


@dataclass(kw_only=True)
class Visit:
    """One request, with its own connection to the database."""

    platform: Platform
    request: Request
    form: FormData
    store: sqlite3.Connection
    learner: Learner | None
    nonce: str
    now: int
    reported: bool = False
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def library(self) -> Library:
        """The courses."""
        return self.platform.library

    @property
    def path(self) -> str:
        """The path that was asked for."""
        return self.request.url.path

    def field(self, name: str) -> str:
        """One field of the form, without spaces around it and cut to a sane length."""
        value = self.form.get(name, "")
        return value.strip()[:FIELD_LENGTH] if isinstance(value, str) else ""

    def fields(self, name: str) -> list[str]:
        """All values of a field that may come several times."""
        return [v[:FIELD_LENGTH] for v in self.form.getlist(name)[:50] if isinstance(v, str)]

    def report(self, act: Act, learner: Learner) -> None:
        """Put an act into the outbox; within the transaction of what it reports."""
        actor = Actor(
            learner=learner.id,
            ip=client_address(self.request, self.platform.settings.trusted_proxies),
            agent=self.request.headers.get("user-agent", "")[:1000],
            page=self.path,
        )
        report(self.store, act, actor, now=self.now, randomness=self.platform.randomness)
        self.reported = True

    def identity_token(self) -> str:
        """A fresh token for the learner who is signed in; empty for a visitor."""
        if self.learner is None:
            return ""
        return self.platform.tokens.vouch(
            self.learner, now=self.now, randomness=self.platform.randomness
        )

    def show(self, template: str, *, status: int = 200, **values: object) -> Response:
        """A page in the platform's look."""
        page = self.platform.templates.get_template(template).render(
            visit=self, learner=self.learner, nonce=self.nonce, **self.context, **values
        )
        headers = {
            "Content-Security-Policy": content_policy(self.nonce),
            "Cache-Control": "no-store" if self.learner else "no-cache",
        }
        return HTMLResponse(page, status, headers)

    def go(self, address: str) -> Response:
        """Lead the browser on after a form was taken."""
        return RedirectResponse(address, 303)


Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def page(handler: Handler) -> Endpoint:
    """The endpoint of a page that everybody may see."""

    async def answer(request: Request) -> Response:
        _check_same_origin(request)
        form = await _read_form(request)
        platform: Platform = request.app.state.platform
        response, reported = await run_in_threadpool(_answer, platform, request, form, handler)
        if reported:
            platform.outbox.wake()
        return response

    return answer


def learners_page(handler: Handler) -> Endpoint:
    """The endpoint of a page for which one has to be signed in; others are led to sign-in."""

    def check(visit: Visit) -> Response:
        if visit.learner is not None:
            return handler(visit)
        wanted = visit.path if visit.request.method == "GET" else ""
        return visit.go(f"/sign-in?next={wanted}" if wanted else "/sign-in")

    return page(check)


def the_learner(visit: Visit) -> Learner:
    """Who is signed in; only for pages behind `learners_page`."""
    if visit.learner is None:
        raise HTTPException(403)
    return visit.learner


def content_policy(nonce: str) -> str:
    """The strictest policy that the pages work under: nothing runs that has no nonce."""
    own = "'self'"
    rules: Mapping[str, str] = {
        "default-src": "'none'",
        "script-src": f"'nonce-{nonce}' 'strict-dynamic'",
        "style-src": f"{own} 'nonce-{nonce}'",
        "img-src": own,
        "media-src": own,
        "connect-src": own,
        "frame-src": own,
        "form-action": own,
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _answer(
    platform: Platform, request: Request, form: FormData, handler: Handler
) -> tuple[Response, bool]:
    now = platform.clock()
    with closing(open_store(platform.settings.database)) as store:
        token = request.cookies.get(SESSION_COOKIE, "")
        visit = Visit(
            platform=platform,
            request=request,
            form=form,
            store=store,
            learner=find_session(store, token, now=now) if token else None,
            nonce=platform.randomness(16).hex(),
            now=now,
        )
        return handler(visit), visit.reported


def _check_same_origin(request: Request) -> None:
    """Take forms only from the platform's own pages; old browsers are judged by ``Origin``."""
    if request.method in {"GET", "HEAD"}:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        raise HTTPException(403)
    if site is None and origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)


async def _read_form(request: Request) -> FormData:
    if request.method != "POST":
        return FormData()
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411)
    if int(length) > FORM_BYTES:
        raise HTTPException(413)
    return await request.form(max_files=0, max_fields=100)
