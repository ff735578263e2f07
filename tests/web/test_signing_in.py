"""Signing in by e-mail, signing out, and the door that stays closed."""

import pytest
from django.test import Client

from privet.accounts.roles import Role
from tests.population import PASSWORD, make_staff


@pytest.fixture
def bob_account(db: None) -> None:
    make_staff("bob@example.org", Role.ANALYST)


def _sign_in(client: Client, email: str, password: str) -> int:
    return client.post("/accounts/login/", {"login": email, "password": password}).status_code


@pytest.mark.usefixtures("bob_account")
def test_bob_signs_in_with_his_address_and_password() -> None:
    client = Client()
    assert _sign_in(client, "Bob@Example.org", PASSWORD) == 302
    assert client.get("/console/")["Location"] == "/console/activity"


@pytest.mark.usefixtures("bob_account")
def test_the_session_ends_with_the_browser_and_no_script_reads_it() -> None:
    client = Client()
    _sign_in(client, "bob@example.org", PASSWORD)
    cookie = client.cookies["privet_session"]
    assert not cookie["max-age"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.usefixtures("bob_account")
@pytest.mark.parametrize("email", ["bob@example.org", "nobody@example.org"])
def test_a_wrong_password_and_a_wrong_address_get_the_same_answer(email: str) -> None:
    page = Client().post("/accounts/login/", {"login": email, "password": "not this one at all"})
    assert "The email address and/or password you specified are not correct." in (
        page.content.decode()
    )


@pytest.mark.usefixtures("bob_account")
def test_signing_out_is_a_form_and_ends_the_session() -> None:
    client = Client()
    _sign_in(client, "bob@example.org", PASSWORD)
    assert "You can sign in again at any time." in client.get("/accounts/logout/").content.decode()
    client.post("/accounts/logout/")
    assert client.get("/console/activity").status_code == 302


@pytest.mark.django_db
def test_nobody_signs_up_alone() -> None:
    page = Client().get("/accounts/signup/").content.decode()
    assert "Accounts are made for you" in page
    Client().post("/accounts/signup/", {"email": "mallory@example.org", "password1": PASSWORD})
    assert _sign_in(Client(), "mallory@example.org", PASSWORD) == 200


@pytest.mark.usefixtures("bob_account")
@pytest.mark.parametrize("bad", ["too short", "1qaz2wsx3edc4rfv", "bob@example.org!"])
def test_a_short_or_telling_password_is_refused(bad: str) -> None:
    client = Client()
    _sign_in(client, "bob@example.org", PASSWORD)
    form = {"oldpassword": PASSWORD, "password1": bad, "password2": bad}
    response = client.post("/accounts/password/change/", form)
    assert response.status_code == 200
    assert 'class="wrong"' in response.content.decode()


@pytest.mark.usefixtures("bob_account")
def test_a_long_password_is_taken() -> None:
    client = Client()
    _sign_in(client, "bob@example.org", PASSWORD)
    new = "seven brambles beside the gate"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert _sign_in(Client(), "bob@example.org", new) == 302


@pytest.mark.django_db
def test_who_was_signed_out_meanwhile_comes_back_to_the_page_and_not_to_its_form() -> None:
    came_from = "http://testserver/console/reports?done=saved"
    answer = Client().post("/console/reports/save", headers={"Referer": came_from})
    assert answer["Location"] == ("/accounts/login/?next=/console/reports%3Fdone%3Dsaved&lost=yes")
    assert "What you sent was not saved." in Client().get(answer["Location"]).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("referer", ["", "https://mallory.example/console/reports"])
def test_nobody_elses_page_is_come_back_to(referer: str) -> None:
    answer = Client().post("/console/reports/save", headers={"Referer": referer})
    assert answer["Location"] == "/accounts/login/?next=/console/&lost=yes"


@pytest.mark.django_db
def test_a_part_of_a_page_leads_to_signing_in_and_does_not_show_it_within() -> None:
    answer = Client().get("/console/live", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/accounts/login/?next=/console/live"
    assert answer.content == b""
    whole = Client().get("/console/live")
    assert (whole.status_code, whole["Location"]) == (302, "/accounts/login/?next=/console/live")
