"""The officer's page of policies: what would change, publishing, and who was quicker."""

import re

import pytest
from django.test import Client

from privet.accounts.roles import Role
from privet.audit.models import Record
from privet.consent.policies.checking import LinkResult
from privet.consent.policies.document import PolicyKind
from privet.consent.policies.models import LinkCheck, PolicyVersion
from privet.consent.policies.service import find_version
from privet.kernel.config import Config
from tests.consent.members.kit import make_members
from tests.population import make_staff
from tests.web.conftest import SignIn
from tests.web.test_policies import NOW, change_registry, page, publish

HERE = "/console/policies"
REASON = "A survey came; it remembers that you answered."


@pytest.fixture(autouse=True)
def _home(empty_home: Config) -> None:
    """An installation to which nothing has happened yet."""


@pytest.fixture
def olga(sign_in: SignIn) -> Client:
    """A privacy officer."""
    return sign_in(make_staff("olga@example.org", Role.PRIVACY_OFFICER))


def form_on(text: str, kind: str = "cookies") -> dict[str, str]:
    """The form as the page holds it, with a reason typed in."""
    card = text.partition(f'id="{kind}"')[2].partition("</section>")[0]
    held = dict(re.findall(r'<input type="hidden" name="(kind|base|seen)" value="([^"]*)"', card))
    return held | {"reason": REASON}


def test_an_officer_publishes_the_first_version(olga: Client) -> None:
    text = page(HERE, olga)
    assert "never published" in text
    answer = olga.post(f"{HERE}/publish", form_on(text))
    assert (answer.status_code, answer["Location"]) == (303, f"{HERE}?done=cookies")
    after = page(f"{HERE}?done=cookies", olga)
    assert "Nobody is told of a first version" in after
    assert "as published" in after
    version = find_version(PolicyKind.COOKIES, 1)
    assert version is not None
    assert version.reason == REASON
    assert set(version.documents) >= {"en", "es"}
    record = Record.objects.get(act="consent.publish_policy")
    assert record.by is not None
    assert record.by.startswith("account:")
    assert record.why == REASON


def test_of_a_later_version_learners_are_told(olga: Client, empty_home: Config) -> None:
    publish()
    change_registry(empty_home)
    olga.post(f"{HERE}/publish", form_on(page(HERE, olga)))
    assert "Learners are told of it from now on." in page(f"{HERE}?done=cookies", olga)
    assert "Published." not in page(f"{HERE}?done=nothing", olga)


def test_what_would_change_is_shown_before_it_is_published(
    olga: Client, empty_home: Config
) -> None:
    publish()
    assert "no longer as published" not in page(HERE, olga)
    change_registry(empty_home)
    text = page(HERE, olga)
    assert "no longer as published" in text
    assert "site_survey" in text
    assert "different in other languages" in text
    assert olga.post(f"{HERE}/publish", form_on(text)).status_code == 303
    assert PolicyVersion.objects.count() == 2


def test_the_second_of_two_officers_is_told_that_somebody_was_quicker(
    olga: Client, sign_in: SignIn, empty_home: Config
) -> None:
    publish()
    change_registry(empty_home)
    paul = sign_in(make_staff("paul@example.org", Role.PRIVACY_OFFICER))
    before_olga, before_paul = form_on(page(HERE, olga)), form_on(page(HERE, paul))
    assert olga.post(f"{HERE}/publish", before_olga).status_code == 303
    answer = paul.post(f"{HERE}/publish", before_paul)
    assert answer.status_code == 409
    assert "Somebody else has published" in answer.content.decode()
    assert PolicyVersion.objects.count() == 2


def test_what_changed_after_the_page_was_opened_is_not_published_unseen(
    olga: Client, empty_home: Config
) -> None:
    form = form_on(page(HERE, olga))
    change_registry(empty_home)
    answer = olga.post(f"{HERE}/publish", form)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "has changed since you opened the page" in text
    assert REASON in text
    assert not PolicyVersion.objects.exists()


def test_without_a_reason_nothing_is_published(olga: Client) -> None:
    answer = olga.post(f"{HERE}/publish", form_on(page(HERE, olga)) | {"reason": " "})
    assert answer.status_code == 400
    assert "gives no reason" in answer.content.decode()
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize(
    "form", [{}, {"kind": "biscuits", "base": "0"}, {"kind": "cookies", "base": "-1"}]
)
def test_a_form_that_is_none_publishes_nothing(olga: Client, form: dict[str, str]) -> None:
    assert olga.post(f"{HERE}/publish", form | {"reason": REASON}).status_code == 302
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize(
    ("role", "institution"),
    [(Role.ANALYST, ""), (Role.OPERATOR, ""), (Role.MEMBER, "hedge"), (Role.LEARNER, "")],
)
def test_nobody_else_publishes(role: Role, institution: str, olga: Client, sign_in: SignIn) -> None:
    make_members()
    form = form_on(page(HERE, olga))
    mallory = sign_in(make_staff("mallory@example.org", role, institution))
    assert mallory.post(f"{HERE}/publish", form).status_code == 403
    assert not PolicyVersion.objects.exists()


def test_a_visitor_is_asked_to_sign_in_and_publishes_nothing() -> None:
    assert Client().post(f"{HERE}/publish", {"kind": "cookies"}).status_code == 302
    assert not PolicyVersion.objects.exists()


def test_links_that_did_not_hold_are_named_to_the_officer(olga: Client) -> None:
    assert "privet consent links" in page(HERE, olga)
    link = "https://optout.aboutads.info/"
    check = LinkCheck.objects.create(link=link, checked=NOW.now(), result=LinkResult.NO_ANSWER)
    assert "the link did not answer" in page(HERE, olga)
    check.result = LinkResult.HOLDS
    check.save()
    assert "Each of them answered" in page(HERE, olga)


def test_what_an_operator_has_not_named_is_told(
    olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "PRIVET_CONTROLLER" in page(HERE, olga)
    monkeypatch.setenv("PRIVET_CONTROLLER", "Hedge University")
    monkeypatch.setenv("PRIVET_CONTACT", "https://hedge.example/privacy")
    assert "PRIVET_CONTROLLER" not in page(HERE, olga)
