"""The server as a whole: what lives as long as it does."""

import asyncio
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from privet.kernel.config import Config
from privet.server import application
from tests.web.conftest import empty_home

__all__ = ["empty_home"]


def is_warming() -> bool:
    return any(thread.name == "privet-warming" for thread in threading.enumerate())


async def live() -> list[tuple[str, bool]]:
    """Start the server and stop it; what it said, and whether answers were worked out then."""
    asked: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    said: asyncio.Queue[str] = asyncio.Queue()
    seen = []

    async def send(message: Mapping[str, Any]) -> None:
        await said.put(message["type"])

    running = asyncio.create_task(application({"type": "lifespan"}, asked.get, send))
    for step in ("startup", "shutdown"):
        await asked.put({"type": f"lifespan.{step}"})
        seen.append((await said.get(), is_warming()))
    await running
    return seen


@pytest.mark.django_db(transaction=True)
def test_answers_are_worked_out_beforehand_from_its_start_to_its_stop(empty_home: Config) -> None:
    assert asyncio.run(live()) == [
        ("lifespan.startup.complete", True),
        ("lifespan.shutdown.complete", False),
    ]
