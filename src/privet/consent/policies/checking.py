"""Asks for the links that policies show, and writes down what came of it.

A link holds if it answers, redirects included. Some sites turn every program away (401, 403, 429):
that proves nothing, so it is told apart, and a person must look.
"""

import http.client
import ssl
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urldefrag
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from django.db import transaction

from privet.audit.service import record_act
from privet.consent.policies.models import LinkCheck
from privet.kernel.clock import Clock

TIMEOUT_SECONDS = 15
_MOST_REDIRECTS = 8
_AT_ONCE = 6
_AGENT = "Mozilla/5.0 (compatible; Privet link check)"
_TURNED_AWAY = frozenset({401, 403, 405, 406, 429, 451})
_LONGEST = 500


class LinkResult(StrEnum):
    """What came of asking for a link."""

    HOLDS = "holds"
    TURNED_AWAY = "turned_away"
    """The site is there, and shows this page to no program."""
    BROKEN = "broken"
    """It answered that there is no such page, or failed."""
    NO_ANSWER = "no_answer"

    @property
    def is_failure(self) -> bool:
        """Whether the link must be mended."""
        return self in (LinkResult.BROKEN, LinkResult.NO_ANSWER)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A link and what came of asking for it."""

    link: str
    result: LinkResult
    status: int | None = None
    moved_to: str = ""
    """Where redirects led in the end, if that is another address."""


@dataclass(frozen=True, kw_only=True)
class LastCheck:
    """What is written down about a link."""

    checked: datetime
    result: LinkResult


def check_links(
    *, links: Sequence[str], by: str, clock: Clock, timeout_seconds: float = TIMEOUT_SECONDS
) -> list[Checked]:
    """Ask for each link once, keep what came of it, and return that in the same order."""
    wanted = list(dict.fromkeys(links))
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        found = list(pool.map(lambda link: ask_for(link, timeout_seconds=timeout_seconds), wanted))
    with transaction.atomic():
        for one in found:
            LinkCheck.objects.update_or_create(
                link=one.link,
                defaults={
                    "checked": clock.now(), "result": one.result, "status": one.status,
                    "moved_to": one.moved_to[:_LONGEST],
                },
            )  # fmt: skip
        failed = sum(one.result.is_failure for one in found)
        record_act(
            act="consent.check_links",
            by=by,
            about={"links": len(found), "failed": failed},
            clock=clock,
        )
    return found


def last_checks(links: Iterable[str]) -> dict[str, LastCheck]:
    """What is written down about these links; one that was never asked for is not there."""
    rows = LinkCheck.objects.filter(link__in=set(links)).values_list("link", "checked", "result")
    return {
        link: LastCheck(checked=checked, result=LinkResult(result))
        for link, checked, result in rows
    }


def ask_for(link: str, *, timeout_seconds: float) -> Checked:
    """Ask for one link; ``timeout_seconds`` is how long it may be silent."""
    request = Request(link, headers={"User-Agent": _AGENT, "Accept": "text/html,*/*;q=0.5"})  # noqa: S310 - checked below
    if request.type not in ("http", "https"):
        return Checked(link=link, result=LinkResult.BROKEN)
    opener = build_opener(_Redirects(), HTTPSHandler(context=ssl.create_default_context()))
    try:
        with opener.open(request, timeout=timeout_seconds) as answer:
            return Checked(
                link=link,
                result=LinkResult.HOLDS,
                status=answer.status,
                moved_to=_moved(link, answer.url),
            )
    except HTTPError as error:
        with error:
            return Checked(link=link, result=_result_of(error.code), status=error.code)
    except (OSError, http.client.HTTPException, ValueError):
        return Checked(link=link, result=LinkResult.NO_ANSWER)


class _Redirects(HTTPRedirectHandler):
    """Follows a few redirects, and only to addresses of the web."""

    max_redirections = _MOST_REDIRECTS

    def redirect_request(  # noqa: PLR0917 - the signature is the library's
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        if not newurl.startswith(("http://", "https://")):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _result_of(status: int) -> LinkResult:
    return LinkResult.TURNED_AWAY if status in _TURNED_AWAY else LinkResult.BROKEN


def _moved(asked: str, found: str) -> str:
    return "" if urldefrag(asked).url == urldefrag(found).url else found
