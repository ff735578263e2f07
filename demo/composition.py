"""Hedgerow and Privet on one address: the only file of the platform that imports Privet.

As a module it is the ASGI application that the server runs. As a program (``python -m
demo.composition``) it prepares Privet for the platform: what an operator would otherwise do by
hand, read as JSON from standard input.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.app import make_app
from privet.server import application as privet_application
from privet.server import belongs_to_privet

# isort: split
# The server sets Django up, without which the tables below cannot be imported.
from privet.accounts import registry, service
from privet.accounts.facts import Algorithm
from privet.accounts.models import Account, Institution, Site
from privet.accounts.roles import Role
from privet.consent.members.service import list_entries, propose_entry
from privet.consent.registry import OPERATORS_FILE, Category, Party, Technology, TechnologyKind
from privet.insight.experiment_rules import Plan, Variant
from privet.insight.experiments import define_experiment, list_experiments, start_experiment
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing

BY = "demo"
RUNS_SINCE = timedelta(days=60)
"""The experiment began before the simulated crowd came, some of whom took part in it."""
platform = make_app()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Privet answers under its own paths, the platform to everything else."""
    if scope["type"] == "lifespan":
        await _live_through(scope, receive, send)
    elif belongs_to_privet(scope["path"]):
        await privet_application(scope, receive, send)
    else:
        await platform(scope, receive, send)


async def _live_through(scope: Scope, receive: Receive, send: Send) -> None:
    """Start Privet, then the platform; stop them in the other order."""
    await receive()
    try:
        async with AsyncExitStack() as stack:
            for app in (privet_application, platform):
                await stack.enter_async_context(_running(app, scope))
            await send({"type": "lifespan.startup.complete"})
            await receive()
    except Exception as error:  # noqa: BLE001 - whatever it is, the server has to be told
        await send({"type": "lifespan.startup.failed", "message": str(error)})
        return
    await send({"type": "lifespan.shutdown.complete"})


@asynccontextmanager
async def _running(app: ASGIApp, scope: Scope) -> AsyncIterator[None]:
    """The app between its start and its stop."""
    asked: asyncio.Queue[Message] = asyncio.Queue()
    said: asyncio.Queue[Message] = asyncio.Queue()

    async def receive() -> Message:
        return await asked.get()

    task = asyncio.ensure_future(_as_coroutine(app, {**scope, "state": {}}, receive, said.put))
    await asked.put({"type": "lifespan.startup"})
    answer = await said.get()
    if answer["type"] != "lifespan.startup.complete":
        raise RuntimeError(answer.get("message", "A part of the server could not start."))
    try:
        yield
    finally:
        await asked.put({"type": "lifespan.shutdown"})
        await said.get()
        await task


async def _as_coroutine(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


def prepare(wanted: dict[str, Any]) -> dict[str, str]:
    """Make Privet's tables, the site, its members, its keys and its staff; again adds nothing.

    Returns the key of the server API if one was asked for.
    """
    call_command("migrate", verbosity=0, interactive=False)
    keys = KeyRing(read_config().keys)
    site = wanted["site"]
    for slug, name in wanted["institutions"].items():
        if not Institution.objects.filter(slug=slug).exists():
            registry.create_institution(slug=slug, name=name, by=BY)
    if Site.objects.filter(slug=site).exists():
        registry.set_origins(site=site, origins=wanted["origins"], by=BY)
    else:
        registry.create_site(slug=site, name=wanted["name"], origins=wanted["origins"], by=BY)
    registry.add_identity_key(
        site=site,
        kid=wanted["kid"],
        algorithm=Algorithm.EDDSA,
        key=wanted["identity_key"],
        keys=keys,
        by=BY,
    )
    for account in wanted["staff"]:
        _prepare_account(account)
    _prepare_experiment(site)
    _prepare_registry()
    if not wanted["needs_api_key"]:
        return {}
    return {"api_key": registry.create_api_key(site=site, name="the platform's server", by=BY)}


def _prepare_account(wanted: dict[str, str]) -> None:
    if Account.objects.filter(email=wanted["email"]).exists():
        return
    account = service.create_account(
        email=wanted["email"], password=wanted["password"], name=wanted["name"], by=BY
    )
    service.grant_role(
        account_id=account.pk,
        role=Role(wanted["role"]),
        institution=wanted["institution"],
        by=BY,
    )


class _Earlier:
    """A clock that stands at the beginning of the experiment."""

    def now(self) -> datetime:
        return datetime.now(UTC) - RUNS_SINCE


def _prepare_experiment(site: str) -> None:
    """Two ways of linking from a course's home to the next unit; `site.js` draws them."""
    plan = Plan(
        site=site,
        key="resume-link",
        name="Link or button to the next unit",
        hypothesis="A button is seen sooner than a line of text, so more learners go on.",
        page="/courses/*/learn",
        variants=(Variant(name="link", weight=1), Variant(name="button", weight=1)),
        outcome="page_view",
        target="/courses/*/units/*",
    )
    if any(trial.plan.key == plan.key for trial in list_experiments()):
        return
    trial = define_experiment(plan=plan, by=BY, clock=_Earlier())
    start_experiment(experiment_id=trial.id, by=BY, clock=_Earlier())


def _prepare_registry() -> None:
    """What the platform sets itself, and one entry of a member's that waits for review."""
    text = Path(__file__).with_name("registry.toml").read_text("utf-8")
    (read_config().home / OPERATORS_FILE).write_text(text, "utf-8")
    member = Account.objects.filter(email="member@hedgerow.example").first()
    if member is None or list_entries(institutions={"hedge"}):
        return
    entry = Technology(
        name="hedge_bench_*",
        kind=TechnologyKind.LOCAL_STORAGE,
        setter="the virtual bench that Hedge University prepares for its next course",
        party=Party.FIRST,
        lifetime="unlimited",
        category=Category.FUNCTIONALITY,
        purpose={
            "en": "Remembers how you arranged the bench, so that you find it again.",
            "es": "Recuerda cómo dispusiste la mesa de trabajo, para que la encuentres igual.",
        },
        vendor="Hedge University",
        data=("user.preferences",),
        institution="hedge",
    )
    propose_entry(entry=entry, by=f"account:{member.pk}", clock=SystemClock())


if __name__ == "__main__":
    json.dump(prepare(json.load(sys.stdin)), sys.stdout)
