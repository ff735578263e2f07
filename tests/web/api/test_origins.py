"""CORS: pages of registered origins may read answers, and no other page."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
ASK = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
DECISIONS = "/api/v1/consent/decisions"


def preflight(origin):
    return Client().options(DECISIONS, headers={"origin": origin} | ASK)


def test_a_page_of_the_platform_may_ask(platform):
    answer = preflight(platform.origin)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == platform.origin
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("origin", ["https://mallory.example", "null", "*", ""])
def test_no_other_page_may_ask(platform, origin):
    answer = preflight(origin)
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_answers_can_be_read_by_the_platforms_page_even_if_they_refuse(platform):
    answer = Client().get("/api/v1/consent?site=nowhere", headers={"origin": platform.origin})
    assert answer.status_code == 404
    assert answer.headers["Access-Control-Allow-Origin"] == platform.origin


def test_privets_own_pages_may_ask(platform, page):
    answer = page.state(origin="http://127.0.0.1:8000")
    assert answer.status_code == 200


def test_pages_outside_the_api_are_not_opened(platform):
    answer = Client().get("/console/", headers={"origin": platform.origin})
    assert "Access-Control-Allow-Origin" not in answer.headers
