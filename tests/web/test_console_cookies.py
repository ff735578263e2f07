"""The pages of the registry: a member proposes, an officer reviews, each within their reach."""

import pytest
from django.test import Client

from privet.accounts.roles import Role
from privet.accounts.service import grant_role
from privet.consent.members.models import InstitutionEntry
from privet.consent.members.service import accept_entry
from privet.consent.members.unregistered import Reporter, Seen, report_unregistered
from privet.consent.registry import OPERATORS_FILE, Category, TechnologyKind
from privet.kernel.config import Config
from privet.web.technologies import say_lifetime
from tests.consent.members.kit import CLOCK, COURSE, OFFICER, make_members, propose
from tests.population import make_staff
from tests.web.conftest import SignIn

FORM = {
    "institution": "hedge", "name": "lab_layout", "kind": "cookie", "category": "functionality",
    "purpose_en": "Remembers the bench.", "purpose_es": "Recuerda la mesa.", "lifetime": "P90D",
    "setter": "the laboratory", "vendor": "Hedge University", "party": "first", "host": "",
    "data_categories": "user.preferences, user.device", "courses": f"{COURSE}\n",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _members(empty_home: Config) -> None:
    make_members()


@pytest.fixture
def member(sign_in: SignIn) -> Client:
    """Carol speaks for Hedge University."""
    return sign_in(make_staff("carol@example.org", Role.MEMBER, "hedge"))


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return sign_in(make_staff("olga@example.org", Role.PRIVACY_OFFICER))


def _page(client: Client, address: str = "/console/cookies") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def _report(name: str, institution: str = "hedge") -> None:
    report_unregistered(
        institution=institution, course=COURSE, reporter=Reporter.PAGE, clock=CLOCK,
        seen=[Seen(name=name, kind=TechnologyKind.COOKIE)],
    )  # fmt: skip


def test_the_officer_reads_that_the_platforms_file_is_broken_and_what_is_in_force(
    officer, empty_home
):
    file = empty_home.home / OPERATORS_FILE
    file.write_text("version = 3\ntechnology = []\n")
    assert "is not right" not in _page(officer, "/console/registry")
    file.write_text("version = ")
    page = _page(officer, "/console/registry")
    assert "What it said before stays in force." in page
    assert "not TOML" in page
    assert "2+3" in page


def test_a_member_without_entries_reads_what_they_are_for(member):
    page = _page(member)
    assert "None yet." in page
    assert '<details class="card more define" id="propose" open>' in page


def test_a_member_proposes_and_sees_where_it_stands(member):
    answer = member.post("/console/cookies/propose", FORM, follow=True)
    page = answer.content.decode()
    assert "The privacy officer reviews it" in page
    assert "waits for review" in page
    row = InstitutionEntry.objects.get()
    assert row.courses == [COURSE]
    assert row.data == ["user.preferences", "user.device"]
    assert row.proposed_by.startswith("account:")


def test_a_proposal_that_may_not_be_says_why_and_keeps_what_was_typed(member):
    weak = FORM | {"name": "privet_visitor", "category": "necessary"}
    answer = member.post("/console/cookies/propose", weak)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Choose performance." in page
    assert 'value="privet_visitor"' in page
    assert not InstitutionEntry.objects.exists()


def test_a_member_proposes_for_nobody_else(member):
    answer = member.post("/console/cookies/propose", FORM | {"institution": "thicket"})
    assert answer.status_code == 400
    assert not InstitutionEntry.objects.exists()


def test_a_member_sees_nothing_of_anothers(member):
    propose(institution="thicket", name="thicket_secret")
    _report("thicket_sneaky", institution="thicket")
    page = _page(member)
    assert "thicket_secret" not in page
    assert "thicket_sneaky" not in page


def test_a_member_withdraws_its_own_and_no_other(member):
    own, others = propose(), propose(institution="thicket")
    answer = member.post(f"/console/cookies/{own}/withdraw", follow=True)
    assert "Withdrawn." in answer.content.decode()
    assert member.post(f"/console/cookies/{others}/withdraw").status_code == 404
    assert member.post("/console/cookies/99999/withdraw").status_code == 404
    states = dict(InstitutionEntry.objects.values_list("pk", "state"))
    assert states == {own: "withdrawn", others: "proposed"}


def test_withdrawing_twice_is_no_error(member):
    number = propose()
    member.post(f"/console/cookies/{number}/withdraw")
    answer = member.post(f"/console/cookies/{number}/withdraw", follow=True)
    assert answer.status_code == 200
    assert "Withdrawn." not in answer.content.decode()


def test_what_is_registered_nowhere_is_shown_with_the_way_to_register_it(member):
    _report("sneaky")
    page = _page(member)
    assert "sneaky" in page
    link = "/console/cookies?institution=hedge&amp;name=sneaky&amp;kind=cookie"
    assert link in page
    filled = _page(member, "/console/cookies?institution=hedge&name=sneaky&kind=cookie")
    assert 'value="sneaky"' in filled


def test_a_member_of_several_institutions_sees_which_entry_is_whose(sign_in):
    account = make_staff("carol@example.org", Role.MEMBER, "hedge")
    grant_role(account_id=account.pk, role=Role.MEMBER, institution="thicket", by="test")
    propose()
    assert "Hedge University, Thicket College" in _page(sign_in(account))


def test_an_officer_reviews_a_new_entry(officer):
    number = propose()
    assert "no entry of this name in force" in _page(officer, "/console/registry")
    address = f"/console/registry/{number}/review"
    answer = officer.post(address, {"step": "accept"}, follow=True)
    page = answer.content.decode()
    assert "Accepted." in page
    assert "Nothing waits." in page
    assert "lab_layout" in page


def test_an_officer_sees_what_a_change_would_change(officer):
    accept_entry(number=propose(), by=OFFICER, clock=CLOCK)
    propose(lifetime="P2Y", category=Category.TARGETING, courses=(), data=())
    page = _page(officer, "/console/registry")
    assert "<del>90 days</del>" in page
    assert "<ins>2 years</ins>" in page
    assert "2 years declared, 400 days in effect" in page
    assert "<del>Functionality</del>" in page
    assert "<ins>all</ins>" in page
    assert "<ins>none</ins>" in page


def test_an_officer_refuses_with_a_reason_that_the_member_reads(officer, member):
    number = propose()
    address = f"/console/registry/{number}/review"
    assert officer.post(address, {"step": "refuse", "reason": " "}).status_code == 400
    assert InstitutionEntry.objects.get().state == "proposed"
    officer.post(address, {"step": "refuse", "reason": "Say what the bench is."})
    assert "Say what the bench is." in _page(member)


def test_what_is_no_step_is_not_there(officer):
    number = propose()
    address = f"/console/registry/{number}/review"
    assert officer.post(address, {"step": "forget"}).status_code == 404
    assert officer.post("/console/registry/99999/review", {"step": "accept"}).status_code == 404


def test_the_officer_sees_what_is_registered_nowhere_in_all_institutions(officer):
    _report("sneaky")
    _report("hidden", institution="thicket")
    page = _page(officer, "/console/registry")
    assert "sneaky" in page
    assert "hidden" in page


def test_names_from_pages_are_written_as_text(officer, member):
    _report("<script>alert(1)</script>")
    for client, address in ((member, "/console/cookies"), (officer, "/console/registry")):
        assert "<script>alert(1)" not in _page(client, address)


def test_the_officers_page_is_not_the_members_nor_the_other_way_round(officer, member):
    assert member.get("/console/registry").status_code == 403
    assert officer.get("/console/cookies").status_code == 403


@pytest.mark.parametrize(
    ("lifetime", "words"),
    [
        ("session", "until the browser is closed"),
        ("unlimited", "until it is cleared"),
        ("P1D", "1 day"),
        ("P1Y2M3W", "1 year, 2 months, 3 weeks"),
        ("PT1H30M5S", "1 hour, 30 minutes, 5 seconds"),
        ("P183D", "183 days"),
    ],
)
def test_a_lifetime_is_said_in_words(lifetime, words):
    assert say_lifetime(lifetime) == words


def test_the_navigation_says_how_much_waits_for_the_officer(officer):
    counted = 'Cookie registry <span class="waits">2<span class="unseen"> waiting</span></span></a>'
    assert 'class="waits"' not in _page(officer, "/console/policies")
    propose(name="one")
    propose(name="two")
    assert _page(officer, "/console/policies").count(counted) == 2
