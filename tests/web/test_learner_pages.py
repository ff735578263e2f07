"""At risk by name, one learner, and who looked: the right, the reason, the record, the end."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from privet.accounts.models import Account, Site, Subject
from privet.accounts.registry import create_institution, create_site
from privet.accounts.roles import Role
from privet.insight.looking import LOOK_MINUTES
from privet.insight.models import Look
from privet.kernel.config import Config
from tests.events.rows import ALICE
from tests.insight.kit import COURSE, SERVER_ONLY, check, enrol, event, keep
from tests.population import BRAMBLE, HEDGE, make_staff
from tests.web.conftest import SignIn

TODAY = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0)
WHY = "She asked me for help with unit 2"


@pytest.fixture
def alice(empty_home: Config) -> Account:
    """A learner of Hedge University who agreed, failed, and has been away for nine days."""
    for slug, name in ((HEDGE, "Hedge University"), (BRAMBLE, "Bramble College")):
        create_institution(slug=slug, name=name, by="test")
    create_site(slug="hedgerow", name="H", origins=["https://x.example"], by="test")
    account = Account.objects.create_user(email="alice@example.org", name="Alice Thorn")
    account.externalid_set.create(site=Site.objects.get(), external_id="alice-17")
    Subject.objects.create(pk=ALICE, person=ALICE, account=account)
    past = TODAY - timedelta(days=9)
    keep(
        enrol(at=TODAY - timedelta(days=20)), check(0, at=past), event("page_view", at=past),
    )  # fmt: skip
    return account


@pytest.fixture
def tess(alice: Account, sign_in: SignIn) -> Client:
    """A tutor at Hedge University."""
    return sign_in(make_staff("tess@example.org", Role.TUTOR, HEDGE))


@pytest.fixture
def mallory(alice: Account, sign_in: SignIn) -> Client:
    """A tutor at another institution."""
    return sign_in(make_staff("mallory@example.org", Role.TUTOR, BRAMBLE))


def _search(client: Client, wanted: str = "alice-17", why: str = WHY) -> tuple[int, str]:
    response = client.post("/console/learners", {"wanted": wanted, "why": why})
    return response.status_code, response.headers.get("Location", "") or response.content.decode()


def test_a_tutor_finds_a_learner_and_the_address_names_nobody(tess: Client) -> None:
    status, address = _search(tess)
    assert status == 303
    assert address == f"/console/learners/{Look.objects.get().pk}"
    page = re.sub(r"</?(?:span|wbr)[^>]*>", "", tess.get(address).content.decode())
    for words in ("Alice Thorn", "alice-17", WHY, COURSE, "enrolled"):
        assert words in page


def test_a_search_that_is_pressed_twice_is_one_look(tess: Client) -> None:
    form = tess.get("/console/learners").content.decode()
    [value] = re.findall(r'name="once" value="([\w-]{36})"', form)
    said = {"wanted": "alice-17", "why": WHY, "once": value}
    answers = [tess.post("/console/learners", said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer["Location"] for answer in answers} == {
        f"/console/learners/{Look.objects.get().pk}"
    }


def test_the_form_shows_nobody(tess: Client) -> None:
    page = tess.get("/console/learners").content.decode()
    assert "Alice" not in page
    assert "no list to browse" in page
    assert not Look.objects.exists()


def test_the_page_of_one_learner_has_no_files(tess: Client) -> None:
    _, address = _search(tess)
    assert "format=" not in tess.get(address).content.decode()


@pytest.mark.parametrize(
    ("wanted", "why", "words"),
    [
        ("alice-17", "help", "A reason has from 10 to 500 characters"),
        ("nobody", WHY, "Nobody at your institutions"),
        ("", WHY, "Nobody at your institutions"),
    ],
)
def test_what_is_wrong_is_said_and_the_reason_kept(
    wanted: str, why: str, words: str, tess: Client
) -> None:
    status, page = _search(tess, wanted, why)
    assert status == 400
    assert words in page
    assert why in page
    assert f'value="{wanted}"' in page
    assert not Look.objects.exists()


def test_a_tutor_elsewhere_finds_nobody(mallory: Client) -> None:
    status, page = _search(mallory)
    assert status == 400
    assert "Nobody at your institutions" in page
    assert "Alice" not in page


def test_a_look_opens_to_nobody_else(tess: Client, mallory: Client) -> None:
    _, address = _search(tess)
    response = mallory.get(address)
    assert response.status_code == 404
    assert "Alice" not in response.content.decode()


def test_a_look_that_is_over_asks_for_the_reason_again(tess: Client) -> None:
    _, address = _search(tess)
    past = datetime.now(UTC) - timedelta(minutes=LOOK_MINUTES, seconds=1)
    Look.objects.update(time=past)
    response = tess.get(address)
    assert response.status_code == 404
    assert "This look is over" in response.content.decode()
    assert "Alice" not in response.content.decode()


def test_what_browsers_observe_is_not_shown_and_that_is_said(tess: Client, alice: Account) -> None:
    Subject.objects.create(pk=ALICE + 50, person=ALICE + 50, account=None)
    other = Account.objects.create_user(email="ben@example.org", name="Ben")
    Subject.objects.filter(pk=ALICE + 50).update(account=other)
    keep(enrol(ALICE + 50, at=TODAY, uses=SERVER_ONLY))
    _, address = _search(tess, "ben@example.org")
    page = tess.get(address).content.decode()
    assert "never one person" in page
    assert "No answer is recorded" in page


def test_the_states_of_an_enrolment_are_told_apart(tess: Client) -> None:
    for number, (name, words) in enumerate(
        (("edx.course.enrollment.deactivated", "left"), ("edx.certificate.created", "certificate"),
         ("edx.forum.thread.created", "no enrolment recorded"))
    ):  # fmt: skip
        keep(event(name, course=f"course-v1:Hedge+X{number}+2026", at=TODAY, uses=SERVER_ONLY))
        _, address = _search(tess)
        assert words in tess.get(address).content.decode()


def _list(client: Client, **form: str) -> tuple[int, str]:
    response = client.post("/console/at-risk/people", {"course": COURSE, "why": WHY} | form)
    return response.status_code, response.content.decode()


def test_counts_are_for_analysts_and_names_for_tutors(tess: Client, sign_in: SignIn) -> None:
    bob = sign_in(make_staff("bob@example.org", Role.ANALYST))
    assert "Who they are" not in bob.get("/console/at-risk").content.decode()
    page = tess.get("/console/at-risk").content.decode()
    assert "Who they are" in page
    assert "Choose a course above" in page
    assert _list(bob)[0] == 403


def test_the_rule_stands_on_the_page_within_its_bounds(tess: Client) -> None:
    page = tess.get("/console/at-risk?away=1&points=99").content.decode()
    assert "nothing in the course for 3 days" in page
    assert "less than 90 %" in page


def test_the_list_names_who_is_at_risk_and_records_it(tess: Client) -> None:
    status, page = _list(tess)
    assert status == 200
    assert "Alice Thorn" in page
    look = Look.objects.get()
    assert (look.kind, look.why) == ("list", WHY)
    response = tess.post("/console/learners", {"listed": str(look.pk)})
    assert response.status_code == 303
    assert "Alice Thorn" in tess.get(response["Location"]).content.decode()


def test_the_list_needs_a_reason(tess: Client) -> None:
    status, page = _list(tess, why="help")
    assert status == 400
    assert "A reason has from 10" in page
    assert f'name="course" value="{COURSE}"' in page
    assert "Alice" not in page


def test_a_list_without_anybody_says_so(tess: Client, mallory: Client) -> None:
    assert "Nobody who can be named" in _list(tess, away="30")[1]
    assert "Nobody who can be named" in _list(mallory)[1]


def test_the_list_says_how_many_cannot_be_named(tess: Client) -> None:
    keep(enrol(ALICE + 60, at=TODAY - timedelta(days=20)))
    assert "1 more is known only to a log" in _list(tess)[1]


def test_the_learner_reads_who_looked_and_why(
    tess: Client, alice: Account, sign_in: SignIn
) -> None:
    mine = sign_in(alice)
    assert "Nobody has looked" in mine.get("/privacy/looks").content.decode()
    _search(tess)
    _list(tess)
    page = mine.get("/privacy/looks").content.decode()
    for words in ("tutor of Hedge University", WHY, "Your courses, answers and results",
                  "Your place on a list"):  # fmt: skip
        assert words in page
    # A look never shows it, so the learner must not read that it did.
    assert "your browser observed" not in page
    assert "Tess" not in page


def test_the_name_is_shown_where_the_installation_says_names(
    tess: Client, alice: Account, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    _search(tess)
    monkeypatch.setenv("PRIVET_NAME_WHO_LOOKED", "1")
    mine = sign_in(alice)
    assert "Tess, tutor" in mine.get("/privacy/looks").content.decode()
    Look.objects.update(viewer=999, institutions="")
    page = mine.get("/privacy/looks").content.decode()
    assert "tutor of the whole platform" in page
    Look.objects.update(viewer=None)
    assert "tutor of the whole platform" in mine.get("/privacy/looks").content.decode()


def test_nobody_reads_who_looked_at_another(tess: Client, sign_in: SignIn) -> None:
    _search(tess)
    bob = sign_in(Account.objects.create_user(email="bob@example.org"))
    assert "Nobody has looked" in bob.get("/privacy/looks").content.decode()
