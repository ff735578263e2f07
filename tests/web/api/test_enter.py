"""From the platform into the privacy centre, by a token that opens one time."""

import pytest
from django.test import Client

from privet.accounts.models import Account
from privet.audit.models import Record
from privet.consent.models import Decision
from privet.web.api.client import BURST

pytestmark = pytest.mark.django_db
ENTER = "/privacy/enter"


def enter(platform, token=None, *, client=None, origin="", site="hedgerow"):
    return (client or Client()).post(
        ENTER,
        {"site": site, "token": platform.token() if token is None else token},
        headers={"origin": origin or platform.origin},
    )


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_a_learner_comes_in_and_is_signed_in(platform):
    client = Client()
    answer = enter(platform, client=client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/privacy/")
    assert is_signed_in(client)
    account = Account.objects.get()
    assert client.session["_auth_user_id"] == str(account.pk)
    assert Record.objects.filter(act="accounts.enter", by=f"account:{account.pk}").exists()


def test_the_token_is_not_in_the_address(platform):
    token = platform.token()
    assert token not in enter(platform, token).headers["Location"]


def test_a_token_opens_one_time(platform):
    token = platform.token()
    enter(platform, token)
    client = Client()
    answer = enter(platform, token, client=client)
    assert answer.status_code == 401
    assert not is_signed_in(client)
    assert token not in answer.content.decode()


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 5_000, "\0"])
def test_what_is_no_token_opens_nothing(platform, token):
    client = Client()
    answer = enter(platform, token, client=client)
    assert answer.status_code == 401
    assert not is_signed_in(client)
    assert not Account.objects.exists()


def test_a_token_without_number_opens_nothing(platform):
    assert enter(platform, platform.token(jti="")).status_code == 401


def test_a_form_on_mallorys_page_signs_nobody_in(platform):
    client = Client()
    answer = enter(platform, client=client, origin="https://mallory.example")
    assert answer.status_code == 403
    assert not is_signed_in(client)


def test_a_form_that_hides_its_page_signs_nobody_in(platform):
    assert enter(platform, origin="null").status_code == 403
    answer = Client().post(ENTER, {"site": "hedgerow", "token": platform.token()})
    assert answer.status_code == 403


def test_an_unknown_site_is_not_found(platform):
    assert enter(platform, site="nowhere").status_code == 404


def test_it_is_a_form_and_no_link(platform):
    assert Client().get(f"{ENTER}?token={platform.token()}").status_code == 405


def test_a_closed_account_stays_closed(platform):
    enter(platform)
    Account.objects.update(is_active=False)
    client = Client()
    assert enter(platform, client=client).status_code == 403
    assert not is_signed_in(client)


def test_who_was_signed_in_before_is_not_any_more(platform):
    client = Client()
    enter(platform, client=client)
    first = client.session.session_key
    enter(platform, platform.token("bob"), client=client)
    assert client.session["_auth_user_id"] == str(Account.objects.latest("pk").pk)
    assert client.session.session_key != first


def test_a_visitors_decision_is_joined_on_the_way_in(platform, page):
    page.decide("performance")
    answer = enter(platform, client=page.client)
    assert Decision.objects.filter(kind="join").count() == 1
    assert "privet_consent" in answer.cookies


def test_a_refusal_is_a_page_that_says_what_to_do(platform):
    answer = enter(platform, "x")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Content-Security-Policy" in answer.headers
    assert "Ask the platform for a new token" in answer.content.decode()


def test_who_tries_too_often_is_told_to_wait(platform, still_buckets):
    answers = [enter(platform, "x") for _ in range(2 * BURST)]
    assert answers[0].status_code != 429
    assert 429 in {answer.status_code for answer in answers}
