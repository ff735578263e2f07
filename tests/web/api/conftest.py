"""What tests of the API share: a platform, its pages, its learners, and browsers."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from django.test import Client

from privet.accounts.facts import Algorithm
from privet.accounts.registry import add_identity_key, create_site
from privet.web.api.client import BUCKETS
from privet.web.api.surroundings import VERIFIER, installation
from tests.accounts.kit import SECRET
from tests.remembered import forget_installation

ORIGIN = "https://hedgerow.example"


class Platform:
    """The platform hedgerow: it vouches for its learners."""

    origin = ORIGIN

    def token(self, name: str = "alice", **more: Any) -> str:
        """A token that its page would get for a learner."""
        now = int(datetime.now(UTC).timestamp())
        said = {
            "iss": "hedgerow",
            "sub": name,
            "aud": "privet",
            "iat": now,
            "exp": now + 600,
            "jti": secrets.token_hex(8),
            "birth_year": 1990,
            "country": "ES",
        } | more
        return jwt.encode(said, SECRET.encode(), algorithm="HS256", headers={"kid": "k1"})


class Page:
    """A browser on a page of the platform."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def state(self, token: str = "", query: str = "", **headers: str) -> Any:
        """What the page is told of consent; ``query`` asks for more."""
        if token:
            headers["authorization"] = f"Bearer {token}"
        return self.client.get(
            f"/api/v1/consent?site=hedgerow&lang=en{query}", headers={"origin": ORIGIN} | headers
        )

    def notice(self) -> dict[str, Any]:
        """What the page refers to when it sends a decision."""
        said = self.state().json()["notice"]
        return {"version": said["version"], "hash": said["hash"]}

    def decide(self, *yes: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        """Send a decision: yes to some of the four categories' choices, no to the others."""
        names = ("performance", "functionality", "targeting")
        body = {
            "site": "hedgerow",
            "choices": {name: name in yes for name in {*names, *yes}},
            "notice": more.pop("notice", None) or self.notice(),
            "control": "choose",
        } | more
        return self.send(body, headers)

    def send(self, body: Any, headers: dict[str, str] | None = None) -> Any:
        """Send any body as JSON."""
        return self.client.post(
            "/api/v1/consent/decisions",
            body,
            content_type="application/json",
            headers={"origin": ORIGIN} | (headers or {}),
        )


@pytest.fixture(autouse=True)
def _forgetful() -> Iterator[None]:
    """Each test begins with clients that have asked nothing yet, and with the home of now."""
    forget_installation()
    BUCKETS.forget()
    VERIFIER.__init__()  # type: ignore[misc]
    yield
    BUCKETS.forget()


@pytest.fixture
def platform(db: None) -> Platform:
    create_site(slug="hedgerow", name="Hedgerow", origins=[ORIGIN], by="operator")
    add_identity_key(
        site="hedgerow", kid="k1", algorithm=Algorithm.HS256, key=SECRET,
        keys=installation().ring, by="operator",
    )  # fmt: skip
    return Platform()


@pytest.fixture
def page(platform: Platform) -> Page:
    return Page(Client())


@pytest.fixture
def other_page(platform: Platform) -> Page:
    """The page in another browser."""
    return Page(Client())


@pytest.fixture
def still_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time passes for the buckets: a slow machine would fill them between two requests."""
    monkeypatch.setattr(BUCKETS, "_monotonic", lambda: 0.0)
