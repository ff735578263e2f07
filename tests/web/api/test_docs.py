"""The API describes itself, to machines and to people, under a strict policy."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_description_names_every_endpoint_with_its_answers():
    said = Client().get("/api/v1/openapi.json").json()
    assert {"/api/v1/consent", "/api/v1/consent/decisions"} <= set(said["paths"])
    answers = said["paths"]["/api/v1/consent/decisions"]["post"]["responses"]
    assert set(answers) == {"200", "201", "400", "401", "403", "404", "409", "413", "415", "429"}


def test_every_field_of_a_decision_is_described():
    said = Client().get("/api/v1/openapi.json").json()
    form = said["components"]["schemas"]["DecisionIn"]
    assert form["additionalProperties"] is False
    assert set(form["required"]) == {"site", "choices", "notice", "control"}


def test_the_page_shows_endpoints_and_forms_without_script():
    answer = Client().get("/api/v1/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "POST /api/v1/consent/decisions" in text
    assert 'id="DecisionIn"' in text
    assert "<script" not in text


def test_the_page_says_what_a_question_takes_and_by_what_one_is_recognised():
    text = Client().get("/api/v1/docs").content.decode()
    asked = text.split("GET /api/v1/insight/questions/{name}")[1].split("</section>")[0]
    assert "Recognised by: A key from the page Reports of the console." in asked
    assert "<code>grain</code>. day, week or month" in asked
    assert "<code>name</code> (needed, in the path)" in asked
    assert "``" not in text


def test_the_page_keeps_its_own_policy():
    answer = Client().get("/api/v1/docs")
    policy = answer.headers["Content-Security-Policy"]
    [nonce] = set(re.findall(r"'nonce-([^']+)'", policy))
    text = answer.content.decode()
    assert "default-src 'none'" in policy
    assert all(f'nonce="{nonce}"' in tag for tag in re.findall(r"<link[^>]*stylesheet[^>]*>", text))
    assert "style=" not in text


def test_all_links_inside_the_page_lead_somewhere():
    text = Client().get("/api/v1/docs").content.decode()
    targets = set(re.findall(r'href="#([^"]+)"', text)) - {"main"}
    assert targets
    assert targets <= set(re.findall(r'id="([^"]+)"', text))
