"""Figures for programs: by key or by session, within the reach of the person."""

import csv
import io

import pytest
from django.test import Client

from privet.accounts.access_keys import make_access_key
from privet.accounts.roles import Role
from privet.kernel.clock import SystemClock
from privet.web.api.client import BUCKETS
from tests.population import BRAMBLE, POETRY, Learner, make_alice, make_staff

pytestmark = pytest.mark.django_db
TOTALS = "/api/v1/insight/questions/activity_totals"
COURSES = "/api/v1/insight/questions/activity_by_course"


@pytest.fixture(autouse=True)
def _fresh_buckets():
    BUCKETS.forget()


def key_of(account) -> Client:
    key = make_access_key(
        account_id=account.pk, name="test", by=f"account:{account.pk}", clock=SystemClock()
    )
    return Client(headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def analyst(filled: list[Learner]) -> Client:
    return key_of(make_staff("bob@example.org", Role.ANALYST))


def test_a_key_asks_with_its_persons_roles(analyst):
    answer = analyst.get(TOTALS, {"from": "2000-01-01"})
    assert answer.status_code == 200
    said = answer.json()
    assert (said["question"], said["use"]) == ("activity_totals", "analytics")
    assert said["rows"][0]["learners"] > 0
    assert 0 < said["learners_seen_share"] < 1


def test_the_figures_are_those_of_the_page(analyst, sign_in, filled):
    page = sign_in(make_staff("dora@example.org", Role.ANALYST))
    text = page.get("/console/activity?days=28&format=csv&table=courses").content.decode()
    on_page = {row["course"]: row["learners"] for row in csv.DictReader(io.StringIO(text))}
    rows = analyst.get(COURSES).json()["rows"]
    assert {row["course"]: str(row["learners"]) for row in rows} == on_page


def test_a_session_of_staff_asks_too(filled, sign_in):
    client = sign_in(make_staff("bob@example.org", Role.ANALYST))
    assert client.get(TOTALS).status_code == 200


def test_an_analyst_of_one_institution_sees_no_other(filled):
    client = key_of(make_staff("carol@example.org", Role.ANALYST, BRAMBLE))
    rows = client.get(COURSES, {"from": "2000-01-01"}).json()["rows"]
    assert {row["course"] for row in rows} == {POETRY}


def test_a_question_is_narrowed_by_its_parameters(analyst):
    rows = analyst.get(COURSES, {"course": POETRY}).json()["rows"]
    assert {row["course"] for row in rows} == {POETRY}


def test_nobody_is_told_nothing(filled):
    for client in (Client(), Client(headers={"Authorization": "Bearer pvk_guess"})):
        answer = client.get(TOTALS)
        assert (answer.status_code, answer.json()["error"]["reason"]) == (401, "no_key")


def test_a_wrong_key_is_not_made_good_by_a_session(filled, sign_in):
    client = sign_in(make_staff("bob@example.org", Role.ANALYST))
    assert client.get(TOTALS, headers={"Authorization": "Bearer pvk_guess"}).status_code == 401


def test_a_learner_is_told_nothing(filled):
    answer = key_of(make_alice(filled[0])).get(TOTALS)
    assert (answer.status_code, answer.json()["error"]["reason"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    ("address", "status", "reason"),
    [
        ("/api/v1/insight/questions/nothing", 404, "unknown_question"),
        (f"{TOTALS}?subject=5", 400, "bad_question"),
        (f"{TOTALS}?from=yesterday", 400, "bad_question"),
        (f"{TOTALS}?from=2026-02-01&to=2026-01-01", 400, "bad_question"),
        (f"{TOTALS}?from=0001-01-01&to=9999-12-31", 400, "bad_question"),
        (f"{TOTALS}?use=instruction", 400, "bad_question"),
        (f"{TOTALS}?use=curiosity", 400, "bad_use"),
        ("/api/v1/insight/questions/activity_over_time?grain=x", 400, "bad_question"),
    ],
)
def test_a_bad_question_says_what_is_wrong(analyst, address, status, reason):
    answer = analyst.get(address)
    assert (answer.status_code, answer.json()["error"]["reason"]) == (status, reason)


def test_the_list_says_what_each_question_takes(analyst):
    questions = analyst.get("/api/v1/insight/questions").json()["questions"]
    found = {one["name"]: one for one in questions}
    assert "course" in found["activity_totals"]["parameters"]
    assert found["activity_totals"]["says"]


def test_the_description_names_the_endpoints():
    said = Client().get("/api/v1/openapi.json").json()
    asked = said["paths"]["/api/v1/insight/questions/{name}"]["get"]
    assert {"from", "to", "use", "course", "grain"} <= {one["name"] for one in asked["parameters"]}


def test_the_description_says_that_a_key_opens_the_figures():
    said = Client().get("/api/v1/openapi.json").json()
    assert said["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for path, methods in said["paths"].items():
        if path.startswith("/api/v1/insight/"):
            assert methods["get"]["security"] == [{"key": []}]
