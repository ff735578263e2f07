"""A button that is pressed twice acts once, and the second answer is the first one's."""

import re
from typing import Any

import pytest
from django.test import Client

from privet.accounts.models import AccessKey, Account, UsedForm
from privet.accounts.registry import create_site
from privet.accounts.roles import Role
from privet.consent.members.models import InstitutionEntry
from privet.consent.policies.models import PolicyVersion
from privet.insight.models import Experiment
from privet.integrity.case_rules import ActKind
from privet.integrity.models import Case, CaseAct
from tests.consent.members.kit import make_members
from tests.integrity.cast import WHY, a_finding, keep, make_institutions, make_officer
from tests.population import make_staff
from tests.web.conftest import SignIn
from tests.web.test_console_cookies import FORM as COOKIE
from tests.web.test_console_experiments import FORM as EXPERIMENT
from tests.web.test_console_policies import form_on
from tests.web.test_integrity_cases import Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_home")]


def values_of(client: Client, page: str) -> list[str]:
    """The values of the forms of a page that act once."""
    text = client.get(page).content.decode()
    return re.findall(r'<input type="hidden" name="once" value="([\w-]{36})">', text)


def press_twice(client: Client, page: str, target: str, said: dict[str, Any]) -> list[Any]:
    said = said | {"once": values_of(client, page)[0]}
    return [client.post(target, said) for _ in range(2)]


def test_one_key_is_made_and_both_answers_show_it(sign_in: SignIn):
    bob = sign_in(make_staff("bob@example.org", Role.ANALYST))
    said = {"name": "spreadsheet"}
    answers = press_twice(bob, "/console/reports", "/console/reports/keys", said)
    shown = [re.findall(r"pvk_[\w-]+", answer.content.decode()) for answer in answers]
    assert AccessKey.objects.count() == 1
    assert shown[0] == shown[1] != []


def test_one_experiment_is_defined_and_both_answers_lead_to_it(sign_in: SignIn):
    create_site(slug="hedgerow", name="Hedgerow", origins=["https://h.example"], by="test")
    bob = sign_in(make_staff("bob@example.org", Role.ANALYST))
    page = "/console/experiments"
    first, second = press_twice(bob, page, f"{page}/define", EXPERIMENT)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert Experiment.objects.count() == 1


def test_one_entry_is_proposed_and_both_answers_say_so(sign_in: SignIn):
    make_members()
    carol = sign_in(make_staff("carol@example.org", Role.MEMBER, "hedge"))
    page = "/console/cookies"
    first, second = press_twice(carol, page, f"{page}/propose", COOKIE)
    assert first["Location"] == second["Location"] == f"{page}?done=proposed"
    assert InstitutionEntry.objects.count() == 1


def test_one_case_is_opened_and_both_answers_lead_to_it(sign_in: SignIn):
    make_institutions()
    [row] = keep(a_finding(confidence=0.1))
    officer = make_officer("bob")
    bob = sign_in(Account.objects.get(pk=officer.account_id))
    page = "/console/integrity/findings"
    first, second = press_twice(bob, page, page, {"finding": str(row.pk), "why": WHY})
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_names_are_opened_once_on_record(sign_in: SignIn):
    room = Room(sign_in)
    room.act("bob", "reviewed")
    page = f"/console/integrity/{room.number}"
    said = {"step": "names_opened", "why": WHY}
    answers = press_twice(room.browser("carol"), page, f"{page}/act", said)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert CaseAct.objects.filter(kind=ActKind.NAMES_OPENED).count() == 1


def test_a_learner_who_replies_twice_is_not_told_that_it_failed(sign_in: SignIn):
    room = Room(sign_in)
    room.act("bob", "reviewed")
    page = f"/privacy/integrity/{room.number}"
    said = {"step": "replied", "text": "We sit at one table."}
    answers = press_twice(room.alice, page, f"{page}/say", said)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert CaseAct.objects.filter(kind=ActKind.REPLIED).count() == 1


def test_what_was_filled_in_wrongly_may_be_sent_again(sign_in: SignIn):
    make_members()
    carol = sign_in(make_staff("carol@example.org", Role.MEMBER, "hedge"))
    [value] = values_of(carol, "/console/cookies")
    target = "/console/cookies/propose"
    wrong = COOKIE | {"lifetime": "as long as it takes", "once": value}
    assert carol.post(target, wrong).status_code == 400
    assert carol.post(target, COOKIE | {"once": value}).status_code == 303
    assert InstitutionEntry.objects.count() == 1


def test_each_form_of_a_page_has_a_value_of_its_own(sign_in: SignIn):
    room = Room(sign_in)
    room.act("bob", "reviewed")
    values = values_of(room.browser("carol"), f"/console/integrity/{room.number}")
    assert len(values) == len(set(values)) > 0
    assert not UsedForm.objects.filter(led_to="").exists()


def test_one_version_is_published_and_both_answers_say_so(sign_in: SignIn):
    olga = sign_in(make_staff("olga@example.org", Role.PRIVACY_OFFICER))
    page = "/console/policies"
    said = form_on(olga.get(page).content.decode()) | {"reason": "The first version."}
    answers = press_twice(olga, page, f"{page}/publish", said)
    assert [answer["Location"] for answer in answers] == [f"{page}?done=cookies"] * 2
    assert PolicyVersion.objects.filter(kind="cookies").count() == 1
