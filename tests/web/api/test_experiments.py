"""The script by which pages draw forms: the same for everybody, and about nobody."""

import json
import re

import pytest
from django.test import Client

from privet.insight.experiments import define_experiment, start_experiment, stop_experiment
from tests.insight.scenes import NOON
from tests.insight.test_experiment_rules import PLAN
from tests.insight.test_experiments import At

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/experiments.js?site=hedgerow"


def _forms(client: Client) -> object:
    said = re.match(r"const FORMS=(.*?);var ", client.get(ADDRESS).content.decode())
    assert said is not None
    return json.loads(said[1])


def test_it_holds_what_runs_now(platform: object) -> None:
    client = Client()
    assert _forms(client) == {}
    trial = define_experiment(plan=PLAN, by="test", clock=At(NOON))
    assert _forms(client) == {}
    start_experiment(experiment_id=trial.id, by="test", clock=At(NOON))
    assert _forms(client) == {"resume-link": [["link", 0.5], ["button", 1.0]]}
    stop_experiment(experiment_id=trial.id, by="test", clock=At(NOON))
    assert _forms(client) == {}


def test_it_may_be_kept_and_is_the_same_for_everybody(platform: object) -> None:
    answer = Client().get(
        ADDRESS, headers={"cookie": "privet_visitor=x", "origin": "https://a.example"}
    )
    assert answer["Cache-Control"] == "public, max-age=300"
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies
    assert answer.content == Client().get(ADDRESS).content


def test_a_site_that_is_not_registered_has_none(platform: object) -> None:
    answer = Client().get("/api/v1/experiments.js?site=nowhere")
    assert answer.status_code == 404
    assert answer.json()["error"]["reason"] == "unknown_site"


def test_it_is_only_read(platform: object) -> None:
    assert Client().post(ADDRESS).status_code == 405
