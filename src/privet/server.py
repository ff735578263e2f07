"""The composition root: one ASGI application of the collector and of Django.

Paths under ``/t/`` and ``/metrics`` go to the raw collector; all else goes to Django, which is
made first, so that the collector finds the tables that its snapshot reads. Beside them a thread
works out what the dashboards will be asked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from privet.web.asgi import application as django_application  # Must stay first: sets Django up.

from privet.collector.app import application as collector_application  # isort: skip
from privet.insight.warming import make_warmer  # isort: skip

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, or take part in the server's start and stop."""
    if scope["type"] == "lifespan":
        await collector_application(scope, _warming(receive), send)
    elif belongs_to_collector(scope["path"]):
        await collector_application(scope, receive, send)
    else:
        await django_application(scope, receive, send)


def _warming(receive: Receive) -> Receive:
    """Let answers be worked out beforehand while the server lives."""
    warmer = make_warmer()

    async def receive_and_warm() -> dict[str, Any]:
        message = await receive()
        step = warmer.start if message["type"] == "lifespan.startup" else warmer.stop
        await asyncio.to_thread(step)
        return message

    return receive_and_warm


def belongs_to_collector(path: str) -> bool:
    """Whether the collector answers to this path."""
    return path.startswith("/t/") or path == "/metrics"


OWN_PATHS = (
    "/t/", "/metrics", "/privacy", "/policies", "/console", "/accounts", "/api", "/static/privet",
    "/.well-known/privet-receipts.json",
)  # fmt: skip
"""What Privet answers to; a platform that shares the address answers to everything else."""


def belongs_to_privet(path: str) -> bool:
    """Whether Privet answers to this path on an address that it shares with a platform."""
    return any(path == own or path.startswith(own.rstrip("/") + "/") for own in OWN_PATHS)
