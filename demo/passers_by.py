"""Visitors of the demo who answer the banner and go: what the officer's rates are counted from.

Each is a browser of its own, without an account, that comes through the demo's proxy and decides
by the public API, in a mix that is the same each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

import httpx

from demo.settings import SITE

PASSERS_BY = 40
_NOTHING = dict.fromkeys(
    ("performance", "functionality", "targeting", "marketing_mail", "sale_sharing", "research"),
    False,
)
_ALL = {"performance": True, "functionality": True, "targeting": True}
_WAYS: tuple[tuple[str, dict[str, bool]], ...] = (
    ("accept_all", _ALL),
    ("reject_all", _NOTHING),
    ("choose", {**_NOTHING, "performance": True}),
    ("reject_all", _NOTHING),
    ("accept_all", _ALL),
    ("choose", {**_NOTHING, "functionality": True, "research": True}),
    ("accept_all", _ALL),
)
_PLACES = (
    ("81.157.0", "en"), ("77.20.0", "en"), ("213.98.0", "es"), ("172.10.0", "en"),
    ("223.237.0", "en"),
)  # fmt: skip
_SIGNAL_EVERY = 9


@dataclass(frozen=True, kw_only=True)
class PasserBy:
    """Somebody who answers the banner once."""

    ip: str
    language: str
    control: str
    choices: dict[str, bool]
    gpc: bool


def passers_by(many: int = PASSERS_BY) -> Iterator[PasserBy]:
    """The mix: ways to answer and places follow each other, and some browsers send the signal."""
    pairs = zip(cycle(_WAYS), cycle(_PLACES), strict=False)
    for number, ((control, choices), (network, language)) in enumerate(islice(pairs, many)):
        yield PasserBy(
            ip=f"{network}.{number + 1}", language=language, control=control, choices=choices,
            gpc=number % _SIGNAL_EVERY == 0,
        )  # fmt: skip


def let_pass(url: str) -> list[str]:
    """Let all of them answer; returns what was refused them."""
    with httpx.Client(base_url=url, timeout=20, trust_env=False) as client:
        return [fault for one in passers_by() for fault in _answer(client, url, one)]


def _answer(client: httpx.Client, url: str, one: PasserBy) -> list[str]:
    client.cookies.clear()
    headers = {"X-Forwarded-For": one.ip, "Origin": url}
    if one.gpc:
        headers["Sec-GPC"] = "1"
    asked = {"site": SITE, "lang": one.language}
    shown = client.get("/api/v1/consent", params=asked, headers=headers)
    if not shown.is_success:
        return [f"the notice for a visitor: {shown.status_code}"]
    notice = shown.json()["notice"]
    decision = {
        "site": SITE, "choices": one.choices, "control": one.control,
        "notice": {"version": notice["version"], "hash": notice["hash"]},
    }  # fmt: skip
    answer = client.post("/api/v1/consent/decisions", json=decision, headers=headers)
    if answer.is_success or _is_conflict(answer):
        return []
    return [f"the decision of a visitor: {answer.status_code} {answer.text[:200]}"]


def _is_conflict(answer: httpx.Response) -> bool:
    """A yes against the signal has to be confirmed; this visitor goes without."""
    return answer.status_code == httpx.codes.CONFLICT
