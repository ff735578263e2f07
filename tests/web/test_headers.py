"""What browsers are told: strict content security, names of cookies, nothing kept in caches."""

import re

import pytest
from django.conf import settings
from django.test import Client

PAGES = (
    "/console/activity",
    "/console/live",
    "/privacy/",
    "/privacy/data",
    "/privacy/choices",
    "/nothing",
)


def _policy(client: Client, address: str) -> dict[str, str]:
    header = client.get(address)["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in header.split(";"))


@pytest.mark.parametrize("address", PAGES)
def test_scripts_and_styles_come_by_nonce_alone(address: str, bob: Client) -> None:
    policy = _policy(bob, address)
    assert re.fullmatch(r"'nonce-[A-Za-z0-9+/=]{20,}'", policy["script-src"])
    assert policy["script-src"] == policy["style-src"]
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)


def test_no_two_answers_share_a_nonce(bob: Client) -> None:
    assert len({_policy(bob, "/privacy/choices")["script-src"] for _ in range(3)}) == 3


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_style_or_script_inline(address: str, bob: Client) -> None:
    page = bob.get(address).content.decode()
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert not re.search(r"<[^>]+\son[a-z]+=", page)
    assert "javascript:" not in page
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)


@pytest.mark.parametrize("address", PAGES)
def test_pages_about_people_stay_in_no_cache(address: str, bob: Client) -> None:
    response = bob.get(address)
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "geolocation=()" in response["Permissions-Policy"]


def test_cookies_have_names_of_privets_own(bob: Client) -> None:
    bob.get("/privacy/choices")
    assert set(bob.cookies) <= {"privet_session", "privet_csrf"}
    assert settings.LANGUAGE_COOKIE_NAME == "privet_language"


def test_a_visitor_who_only_looks_gets_no_session(filled: object) -> None:
    client = Client()
    client.get("/privacy/choices")
    assert "privet_session" not in client.cookies
