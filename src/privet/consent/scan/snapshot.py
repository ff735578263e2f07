"""What lies in a browser at a moment: the whole cookie jar, and the storage of each frame."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Error, Page

from privet.consent.scan.set_cookie import effective_period
from privet.consent.scan.shapes import Kind
from privet.consent.technologies import SESSION

_READ = """async () => {
  const safe = async (read) => { try { return await read(); } catch { return []; } };
  const kept = {
    local_storage: await safe(() => Object.keys(localStorage)),
    session_storage: await safe(() => Object.keys(sessionStorage)),
    indexed_db: await safe(async () => (await indexedDB.databases()).map((one) => one.name)),
    cache: await safe(() => caches.keys()),
    service_worker: await safe(async () =>
      (await navigator.serviceWorker.getRegistrations()).map(
        ({ active, waiting, installing }) =>
          new URL((active ?? waiting ?? installing).scriptURL).pathname)),
  };
  return { origin, kept };
}"""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One thing that lies in the browser."""

    kind: Kind
    name: str
    host: str
    path: str = ""
    lifetime: str = ""
    """What is left of it: ISO 8601, or ``session``."""
    partition_key: str = ""
    http_only: bool = False


def read_jar(session: CDPSession, page: Page) -> tuple[Kept, ...]:
    """Everything that lies in the browser now."""
    cookies = session.send("Network.getAllCookies")["cookies"]
    now = time.time()
    return tuple(_cookie(one, now) for one in cookies) + tuple(
        one for frame in page.frames for one in _storage(frame)
    )


def _cookie(cookie: Mapping[str, Any], now: float) -> Kept:
    key = cookie.get("partitionKey", "")
    return Kept(
        kind=Kind.COOKIE,
        name=cookie["name"],
        host=cookie["domain"].lstrip("."),
        path=cookie["path"],
        lifetime=SESSION if cookie["session"] else effective_period(cookie["expires"] - now),
        partition_key=key.get("topLevelSite", "") if isinstance(key, dict) else key,
        http_only=cookie["httpOnly"],
    )


def _storage(frame: Any) -> list[Kept]:
    try:
        found = frame.evaluate(_READ)
    except Error:
        # The frame has gone, or has no origin of its own.
        return []
    if not isinstance(found, dict):
        raise Error("the page's own script keeps what it stores from being read")
    # A frame without an address of its own has the origin of the page that made it.
    host = urlsplit(found["origin"]).hostname or ""
    return [
        Kept(kind=Kind(kind), name=str(name), host=host)
        for kind, names in found["kept"].items()
        for name in names
    ]
