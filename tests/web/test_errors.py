"""Pages for what went wrong say what happened, what was kept, what to do."""

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from privet.web import errors
from privet.web.incidents import ImpersonalFormatter
from privet.web.permission import ANYBODY, opens_to
from privet.web.urls import urlpatterns as real


@opens_to(ANYBODY)
def _break(request: HttpRequest) -> HttpResponse:
    raise ValueError("alice@example.org is in this text")


urlpatterns = [*real, path("broken", _break)]
handler500 = errors.failed
MANY = 60
"""More attempts to sign in than one address has in a minute."""
PARTS = ("What happened", "What was kept", "What to do")


@pytest.mark.parametrize(
    "page",
    [
        errors.bad_request,
        errors.not_allowed,
        errors.not_found,
        errors.not_opened,
        errors.too_many,
        errors.failed,
    ],
)
def test_each_page_has_its_three_parts(page, rf: RequestFactory) -> None:  # type: ignore[no-untyped-def]
    text = page(rf.get("/")).content.decode()
    assert all(part in text for part in PARTS)


def test_a_page_that_does_not_exist_is_said_so(db: None) -> None:
    response = Client().get("/console/nothing")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_who_signs_in_too_often_is_told_on_a_page_of_the_site(db: None) -> None:
    visitor = Client(REMOTE_ADDR="198.51.100.7")
    tried = {"login": "mallory@example.org", "password": "a-guess-of-mallory"}
    answers = (visitor.post("/accounts/login/", tried) for _ in range(MANY))
    refused = next(answer for answer in answers if answer.status_code != 200)
    assert refused.status_code == 429
    assert all(part in refused.content.decode() for part in PARTS)


def test_a_forms_address_opened_by_itself_is_explained(db: None) -> None:
    response = Client().get("/privacy/theme", headers={"accept": "text/html"})
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert "This page cannot be opened by itself" in response.content.decode()


def test_a_program_that_asks_in_the_wrong_way_gets_no_page(db: None) -> None:
    response = Client().get("/privacy/theme", headers={"accept": "application/json"})
    assert (response.status_code, response.content) == (405, b"")


@pytest.mark.parametrize(
    ("path", "leads"), [("/privacy/nothing", "/privacy/choices"), ("/console/nothing", "/console/")]
)
def test_a_page_leads_back_to_where_whoever_asked_was(db: None, path: str, leads: str) -> None:
    assert f'class="button" href="{leads}"' in Client().get(path).content.decode()


@pytest.mark.urls(__name__)
def test_a_fault_shows_a_number_and_no_text_of_the_exception(db: None) -> None:
    response = Client(raise_request_exception=False).get("/broken")
    text = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong here" in text
    assert "alice@example.org" not in text


@pytest.mark.urls(__name__)
def test_the_log_has_the_number_and_the_place_and_nobodys_data(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    Client(raise_request_exception=False).get("/broken?who=alice@example.org")
    record = next(r for r in caplog.records if r.exc_info)
    line = ImpersonalFormatter().format(record)
    assert record.request.incident in line  # type: ignore[attr-defined]
    assert "ValueError at test_errors.py" in line
    assert "alice" not in line


def test_the_log_names_the_route_and_not_the_path(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    Client().get("/nothing/alice@example.org")
    line = ImpersonalFormatter().format(caplog.records[-1])
    assert "404 on no page" in line
    assert "alice" not in line


def test_the_log_leaves_out_what_fills_a_message() -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 0, "Told %s", ("alice",), None)
    assert ImpersonalFormatter().format(record).endswith("x Told %s")


def test_the_log_has_the_whole_of_our_own_messages() -> None:
    said = ("Fault %s: %s", ("1f2e", "ValueError"))
    record = logging.LogRecord("privet.cli.app", logging.ERROR, "", 0, *said, None)
    assert ImpersonalFormatter().format(record).endswith("privet.cli.app Fault 1f2e: ValueError")


def test_a_form_without_its_secret_is_refused_and_nothing_is_saved(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/privacy/theme", {"theme": "dark"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()
    assert "privet_theme" not in response.cookies


@pytest.mark.parametrize("address", ["/privacy/choices?lang=e%00n", "/privacy/no%00thing"])
def test_an_address_with_a_zero_byte_is_refused_since_no_database_takes_it(
    db: None, address: str
) -> None:
    response = Client().get(address)
    assert response.status_code == 400
    assert "This request could not be read" in response.content.decode()


def test_a_program_that_asks_with_a_zero_byte_is_told_so(db: None) -> None:
    response = Client().get("/api/v1/consent/state?site=hedge%00row")
    assert response.status_code == 400
    assert response.json()["error"]["reason"] == "zero_byte"


@opens_to(ANYBODY)
def _repeat(request: HttpRequest) -> HttpResponse:
    return HttpResponse("|".join(f"{key}={value}" for key, value in sorted(request.POST.items())))


urlpatterns += [path("repeat", _repeat)]


@pytest.mark.urls(__name__)
def test_a_zero_byte_in_a_form_is_left_out_and_the_rest_is_kept(db: None) -> None:
    response = Client().post("/repeat", {"why": "not a\x00 word is lost", "st\x00ep": "reply"})
    assert response.content.decode() == "step=reply|why=not a word is lost"
