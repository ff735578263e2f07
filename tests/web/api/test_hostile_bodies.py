"""Bodies of every wrong shape are refused with a reason, in the one form of all errors."""

import json
from typing import Any

import pytest
from django.test import Client

from privet.web.api.client import BUCKETS
from tests.web.api.conftest import ORIGIN, Page

ENDPOINTS = {
    "/api/v1/consent/decisions": ("site", "choices", "notice", "control", "layer", "id", "token"),
    "/api/v1/consent/unregistered": ("site", "seen"),
    "/api/v1/notices/served": ("site", "kind"),
    "/api/v1/recommendations": ("site", "course"),
}
VALUES: tuple[Any, ...] = (
    None, 7.5, -1, 10**400, True, "\ud800", [], [[]], {}, {"": {}}, [None] * 50, float("nan"),
    float("inf"), json.loads("[" * 400 + "]" * 400),
)  # fmt: skip
TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/xml",
    "multipart/form-data",
    "",
)


def _send(address: str, body: Any, content_type: str = "application/json") -> Any:
    BUCKETS.forget()
    text = json.dumps(body)
    return Client().post(
        address, text.encode(), content_type=content_type, headers={"origin": ORIGIN}
    )


def _is_refused(answer: Any) -> bool:
    error = answer.json()["error"]
    says_why = set(error) == {"reason", "what", "remedy"} and all(error.values())
    return 400 <= answer.status_code < 500 and says_why


@pytest.mark.parametrize("address", ENDPOINTS)
def test_a_body_that_is_no_form_is_refused(page: Page, address: str) -> None:
    assert [body for body in VALUES if not _is_refused(_send(address, body))] == []


@pytest.mark.parametrize("address", ENDPOINTS)
def test_a_field_of_another_type_is_refused(page: Page, address: str) -> None:
    sound = {"site": "hedgerow"}
    bodies = [sound | {field: value} for field in ENDPOINTS[address] for value in VALUES]
    assert [body for body in bodies if not _is_refused(_send(address, body))] == []


def test_one_wrong_field_of_a_sound_decision_is_refused_with_a_reason(page: Page) -> None:
    address = "/api/v1/consent/decisions"
    sound = {
        "site": "hedgerow", "choices": {"performance": True}, "notice": page.notice(),
        "control": "choose", "layer": "banner", "course": "",
    }  # fmt: skip
    assert _send(address, sound).status_code == 201
    wrong = [value for value in VALUES if value is not None]
    bodies = [sound | {field: value} for field in (*sound, "id", "token") for value in wrong]
    assert [body for body in bodies if not _is_refused(_send(address, body))] == []


@pytest.mark.parametrize("address", ENDPOINTS)
def test_a_body_of_another_content_type_is_refused(page: Page, address: str) -> None:
    said = [_send(address, {"site": "hedgerow"}, kind) for kind in TYPES]
    assert [answer.status_code for answer in said if not _is_refused(answer)] == []


def test_the_description_names_what_is_answered(page: Page) -> None:
    described = page.client.get("/api/v1/openapi.json").json()["paths"]
    unsaid = [
        (address, answer.status_code)
        for address in ENDPOINTS
        for answer in (_send(address, {}), _send(address, {}, "text/plain"))
        if str(answer.status_code) not in described[address]["post"]["responses"]
    ]
    assert unsaid == []


def test_every_described_endpoint_answers_its_verbs_and_no_other(page: Page) -> None:
    described = page.client.get("/api/v1/openapi.json").json()["paths"]
    for address, verbs in described.items():
        for verb in ("get", "post", "put", "delete", "patch"):
            BUCKETS.forget()
            answer = page.client.generic(verb.upper(), address.replace("{name}", "x"))
            assert (answer.status_code == 405) == (verb not in verbs), (address, verb)


@pytest.mark.parametrize(
    ("address", "body", "said"),
    [
        ("/api/v1/consent/decisions", [], "the body"),
        ("/api/v1/consent/decisions", None, "the body"),
        ("/api/v1/consent/decisions", {"choices": {"performance": "x"}}, "choices.performance"),
        ("/api/v1/consent/decisions", {"choices": {"cake": True}}, "choices (an unknown name)"),
        ("/api/v1/consent/decisions", {"cake": True}, "an unknown name"),
        (
            "/api/v1/consent/unregistered",
            {"seen": [{"name": "a", "kind": "cookie", "page": "/c?x=2"}]},
            "seen.page",
        ),
    ],
)
def test_the_refusal_names_the_place_that_is_wrong(
    page: Page, address: str, body: Any, said: str
) -> None:
    sent = {"site": "hedgerow", **body} if isinstance(body, dict) else body
    places = _send(address, sent).json()["error"]["what"]
    assert said in places.removeprefix("Not as it must be: ").rstrip(".").split(", ")
