"""The officers' pages of cases and the learner's own: what they show, and what they never show."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from privet.accounts.models import Account
from privet.integrity.case_acts import Officer
from privet.integrity.case_rules import Verdict
from privet.integrity.cases import open_cases
from privet.integrity.deciding import decide_case, open_names, review_case
from privet.integrity.findings import DetectorKind
from privet.integrity.letters import CASE_PATH
from privet.integrity.models import Case, FindingRow
from privet.kernel.clock import SystemClock
from tests.integrity.cast import (
    ALICE,
    BRAMBLE,
    MALLORY,
    TERMS,
    WHY,
    a_finding,
    an_item,
    keep,
    make_institutions,
    make_learner,
    make_officer,
    nobody_certified,
)
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db
CLOCK = SystemClock()
REPLY = "My sister and I sit at one table."
HIDDEN = ("Alice", "Mallory", "learner.example", str(ALICE), str(MALLORY))


class Room:
    """A case about Alice, and browsers of all who have to do with it."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in
        make_institutions()
        mallory, _ = make_learner("mallory", MALLORY)
        alice, _ = make_learner("alice", ALICE)
        self.officers = {name: make_officer(name) for name in ("bob", "carol", "erin")}
        self.officers["dan"] = make_officer("dan", BRAMBLE)
        self.alice, self.mallory = sign_in(alice), sign_in(mallory)
        items = (*(an_item(number) for number in range(12)), an_item(12, dt=-90))
        keep(a_finding(n=13, items=items), a_finding(DetectorKind.CLOSE_SUBMITTERS, p=1, q=1))
        open_cases(clock=CLOCK, terms=TERMS, certified=nobody_certified)
        self.number = Case.objects.get().pk

    def finds_a_shared_account(self) -> None:
        """From now on it is the case about that."""
        facts = {"subjects": (ALICE,), "n": 20, "x": 3, "course": "", "lag_p90_seconds": None}
        keep(a_finding(DetectorKind.SHARING_TRAVEL, **facts), course="")
        open_cases(clock=CLOCK, terms=TERMS, certified=nobody_certified)
        self.number = Case.objects.get(is_sharing=True).pk

    def browser(self, name: str) -> Client:
        """An officer's."""
        return self._sign_in(Account.objects.get(pk=self.officers[name].account_id))

    def page(self, name: str = "bob") -> str:
        """The case as an officer sees it."""
        return self.browser(name).get(f"/console/integrity/{self.number}").content.decode()

    def act(self, name: str, step: str, *, verdict: str = "holds", why: str = WHY) -> Any:
        """An officer sends one of the page's forms."""
        said = {"step": step, "verdict": verdict, "why": why}
        return self.browser(name).post(f"/console/integrity/{self.number}/act", said)

    def say(self, step: str, text: str = REPLY, *, client: Client | None = None) -> Any:
        """The learner sends a form."""
        said = {"step": step, "text": text}
        return (client or self.alice).post(f"/privacy/integrity/{self.number}/say", said)

    def own(self) -> str:
        """The case as the learner sees it."""
        return self.alice.get(f"/privacy/integrity/{self.number}").content.decode()

    def do(self, verb: Callable[..., None], name: str, **said: Any) -> None:
        """What an officer did before."""
        officer: Officer = self.officers[name]
        verb(case_id=self.number, officer=officer, why=WHY, clock=CLOCK, terms=TERMS, **said)


@pytest.fixture
def room(empty_home: object, sign_in: SignIn) -> Room:
    return Room(sign_in)


def test_the_mails_link_is_the_learners_page() -> None:
    assert reverse("centre:own_case", args=[7]) == CASE_PATH.format(number=7)


def test_the_queue_shows_letters_and_no_person(room: Room) -> None:
    page = room.browser("bob").get("/console/integrity").content.decode()
    assert f"Case {room.number}" in page
    assert "waits for you" in page
    for word in HIDDEN:
        assert word not in page


def test_the_number_beside_the_page_is_that_of_all_cases_that_wait(room: Room) -> None:
    one = Case.objects.get()
    Case.objects.bulk_create(_copies_of(one, 500))
    page = room.browser("bob").get("/console/integrity/findings").content.decode()
    assert '<span class="waits">501<' in page


def _copies_of(case: Case, number: int) -> list[Case]:
    fields = {
        field.attname: getattr(case, field.attname)
        for field in Case._meta.concrete_fields
        if not field.primary_key
    }
    return [Case(**fields | {"course": f"course {place}"}) for place in range(number)]


def test_the_queue_says_what_speaks_for_a_case_before_it_is_opened(room: Room) -> None:
    page = room.browser("bob").get("/console/integrity").content.decode()
    assert "12 of 13 items after the answer was had" in page
    assert "chance: 1 in 1,000,000,000" in page
    assert "nine in ten within 30 s" in page
    assert re.search(r"\d innocent explanations fit", page)


def test_the_queue_says_what_speaks_for_a_shared_account(room: Room) -> None:
    room.finds_a_shared_account()
    page = room.browser("bob").get("/console/integrity").content.decode()
    assert "in two places on 3 of 20 days" in page
    for word in HIDDEN:
        assert word not in page


def test_the_queue_says_where_the_evidence_is_deleted(room: Room) -> None:
    Case.objects.update(evidence=None, closed=CLOCK.now(), state="closed", outcome="dismissed")
    page = room.browser("bob").get("/console/integrity?show=closed").content.decode()
    assert "deleted" in page
    assert "items after the answer" not in page


def test_the_case_shows_its_evidence_in_words_picture_and_table(room: Room) -> None:
    page = room.page()
    assert "Of 13 items, account A had the answer of 12 before account B submitted it." in page
    assert "1 in 1,000,000,000" in page
    assert "of 100,000 findings as strong as this, about one" in page
    assert page.count('class="timeline') == 2
    assert page.count('class="item') == 2 * 13
    assert page.count('class="item before"') == 2
    assert "\N{MINUS SIGN}2 min" in page
    assert "supports it only" in page
    assert "People who live together" in page
    assert "It is not known whether a certificate was issued." in page
    for word in HIDDEN:
        assert word not in page


def test_the_picture_needs_no_inline_style_or_script(room: Room) -> None:
    page = room.page()
    assert " style=" not in page
    drawn = page[page.index('<svg class="timeline') : page.rindex("</svg>")]
    assert "<script" not in drawn
    assert 'role="img"' in drawn


def test_an_officer_elsewhere_finds_no_case(room: Room) -> None:
    assert room.browser("dan").get(f"/console/integrity/{room.number}").status_code == 404
    assert room.act("dan", "reviewed").status_code == 404
    assert "No open case" in room.browser("dan").get("/console/integrity").content.decode()


def test_reviewing_takes_a_reason_and_tells_the_learner(room: Room) -> None:
    short = room.act("bob", "reviewed", why="sure")
    assert short.status_code == 400
    assert "Give from 20 to 2000 characters" in short.content.decode()
    done = room.act("bob", "reviewed")
    assert (done.status_code, done["Location"]) == (303, f"/console/integrity/{room.number}")
    assert "Your time to reply" not in room.own()
    assert "You were told" in room.own()


def test_a_step_that_somebody_else_was_quicker_with_says_so(room: Room) -> None:
    room.act("bob", "reviewed")
    late = room.act("carol", "reviewed", verdict="dismiss")
    assert late.status_code == 409
    assert "somebody was quicker" in late.content.decode()
    assert Case.objects.get().state == "told"


@pytest.mark.parametrize(("step", "verdict"), [("reviewed", "perhaps"), ("punish", "holds")])
def test_a_step_that_there_is_not_is_not_found(room: Room, step: str, verdict: str) -> None:
    assert room.act("bob", step, verdict=verdict).status_code == 404


def test_names_open_for_who_asked_alone(room: Room) -> None:
    room.act("bob", "reviewed")
    assert room.act("carol", "names_opened").status_code == 303
    seen = room.page("carol")
    assert "Mallory" in seen
    assert "alice@learner.example" in seen
    for word in HIDDEN:
        assert word not in room.page("bob")


def test_those_whose_names_they_are_read_who_looked_and_why(room: Room) -> None:
    room.do(review_case, "bob", verdict=Verdict.HOLDS)
    room.do(open_names, "carol")
    for client in (room.alice, room.mallory):
        page = client.get("/privacy/looks").content.decode()
        assert "integrity officer of Hedge" in page
        assert WHY in page


def test_two_decide_and_a_third_answers_the_appeal(room: Room) -> None:
    room.act("bob", "reviewed")
    assert room.say("replied").status_code == 303
    room.act("bob", "decided")
    twice = room.act("bob", "decided")
    assert twice.status_code == 409
    assert "It takes another person now" in twice.content.decode()
    assert "1 of 2 have decided" in room.page("carol")
    room.act("carol", "decided")
    assert "Both found that it holds" in room.own()
    assert room.say("appealed", "No.").status_code == 303
    assert room.act("bob", "appeal_decided").status_code == 409
    room.act("erin", "appeal_decided", verdict="dismiss")
    assert Case.objects.get().outcome == "overturned"
    assert "nothing is held against you" in room.own()


def test_the_institution_gets_a_text_that_changes_nothing(room: Room) -> None:
    room.act("bob", "reviewed")
    room.say("replied")
    room.do(decide_case, "bob", verdict=Verdict.HOLDS)
    room.do(decide_case, "carol", verdict=Verdict.HOLDS)
    assert room.act("bob", "handed_over").status_code == 409
    room.say("appealed", "No.")
    room.act("erin", "appeal_decided")
    response = room.act("bob", "handed_over")
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/plain")
    for words in ("alice@learner.example", "upheld on appeal", REPLY, WHY, "changes nothing"):
        assert words in text
    assert "Mallory" not in text
    looks = room.alice.get("/privacy/looks").content.decode()
    assert "integrity officer of Hedge" in looks


class TestTheLearnersPage:
    """What the learner sees and says."""

    def test_nothing_is_there_before_somebody_has_looked(self, room: Room) -> None:
        assert "There is no question about your work" in (
            room.alice.get("/privacy/integrity").content.decode()
        )
        assert room.alice.get(f"/privacy/integrity/{room.number}").status_code == 404

    def test_it_shows_the_same_evidence_and_protects_the_others(self, room: Room) -> None:
        room.do(review_case, "bob", verdict=Verdict.HOLDS)
        page = room.own()
        assert "account A had the answer of 12 before your account submitted it" in page
        for words in ("1 in 1,000,000,000", "People who live together", WHY, "You can reply"):
            assert words in page
        assert page.count('class="item') == 2 * 13
        for word in ("Mallory", str(MALLORY), str(ALICE), "Bob"):
            assert word not in page
        assert f"/privacy/integrity/{room.number}" in (
            room.alice.get("/privacy/integrity").content.decode()
        )

    def test_a_shared_account_is_asked_about_by_its_days(self, room: Room) -> None:
        room.finds_a_shared_account()
        room.do(review_case, "bob", verdict=Verdict.HOLDS)
        page = room.own()
        assert "looked at when and from where this account was used" in page
        assert "More days raise it" in page
        assert "times of answers" not in page

    def test_the_evidence_is_read_before_the_reply_to_which_the_letter_leads(
        self, room: Room
    ) -> None:
        room.do(review_case, "bob", verdict=Verdict.HOLDS)
        page = room.own()
        letter, evidence, form = map(page.index, ('href="#reply"', "The evidence", 'id="reply"'))
        assert letter < evidence < form

    def test_it_is_not_there_for_another_learner(self, room: Room) -> None:
        room.do(review_case, "bob", verdict=Verdict.HOLDS)
        assert room.mallory.get(f"/privacy/integrity/{room.number}").status_code == 404
        assert room.say("replied", client=room.mallory).status_code == 404
        assert Case.objects.get().reply == ""

    def test_a_reply_is_sent_once_and_kept(self, room: Room) -> None:
        room.do(review_case, "bob", verdict=Verdict.HOLDS)
        empty = room.say("replied", " ")
        assert empty.status_code == 400
        assert "Nothing was sent yet" in empty.content.decode()
        assert room.say("replied").status_code == 303
        assert room.say("replied", "Another.").status_code == 409
        assert REPLY in room.own()
        assert REPLY in room.page("carol")

    def test_what_comes_too_late_is_given_back(self, room: Room) -> None:
        room.act("bob", "reviewed")
        Case.objects.update(reply_until=CLOCK.now())
        answer = room.say("replied")
        assert answer.status_code == 409
        assert REPLY in answer.content.decode()
        assert Case.objects.get().reply == ""

    def test_what_a_learner_writes_is_text_and_nothing_else(self, room: Room) -> None:
        room.do(review_case, "bob", verdict=Verdict.HOLDS)
        room.say("replied", "<script>alert(1)</script>")
        assert "<script>alert(1)" not in room.page()
        assert "&lt;script&gt;alert(1)" in room.page()

    def test_a_step_that_there_is_not_is_not_found(self, room: Room) -> None:
        assert room.say("closed").status_code == 404

    def test_neither_decision_shows_before_both_are_there(self, room: Room) -> None:
        room.do(review_case, "bob", verdict=Verdict.HOLDS)
        room.say("replied")
        room.do(decide_case, "bob", verdict=Verdict.DISMISS)
        assert "dismiss it" not in room.own()
        assert "dismiss it" not in room.page("carol").lower().replace(">dismiss it<", "")


class TestFindings:
    """Findings without a case."""

    def test_an_officer_opens_one_with_a_reason(self, room: Room) -> None:
        Case.objects.all().delete()
        browser = room.browser("bob")
        assert "Answers at once, same address" in (
            browser.get("/console/integrity/findings").content.decode()
        )
        row = FindingRow.objects.get(kind="immediate")
        wrong = browser.post("/console/integrity/findings", {"finding": row.pk, "why": "so"})
        assert wrong.status_code == 400
        done = browser.post("/console/integrity/findings", {"finding": row.pk, "why": WHY})
        assert done["Location"] == f"/console/integrity/{Case.objects.get().pk}"

    @pytest.mark.parametrize("number", ["", "x", "9" * 30, "999"])
    def test_a_finding_that_there_is_not_is_said(self, room: Room, number: str) -> None:
        said = {"finding": number, "why": WHY}
        response = room.browser("bob").post("/console/integrity/findings", said)
        assert response.status_code == 400
        assert "There is no such case or finding here" in response.content.decode()

    def test_without_any_it_says_so(self, room: Room) -> None:
        page = room.browser("bob").get("/console/integrity/findings").content.decode()
        assert "No finding is without a case" in page


def test_closed_cases_have_a_list_of_their_own(room: Room) -> None:
    room.act("bob", "reviewed", verdict="dismiss")
    assert (
        "not pursued" in room.browser("bob").get("/console/integrity?show=closed").content.decode()
    )
    assert "No open case" in room.browser("bob").get("/console/integrity").content.decode()


def test_marks_and_doubts_are_said_on_the_case(room: Room) -> None:
    Case.objects.update(stands=False, disparity=CLOCK.now(), told=CLOCK.now())
    page = room.page()
    for words in ("Out of balance", "would not find this any more", "could not be written to"):
        assert words in page


def test_doubts_about_the_evidence_are_said_to_the_learner_and_to_the_institution(
    room: Room,
) -> None:
    doubts = ("would not find this any more", "more often than is allowed")
    room.act("bob", "reviewed")
    page = room.own()
    assert not any(words in page for words in doubts)
    room.say("replied")
    room.do(decide_case, "bob", verdict=Verdict.HOLDS)
    room.do(decide_case, "carol", verdict=Verdict.HOLDS)
    Case.objects.update(stands=False, disparity=CLOCK.now(), appeal_until=CLOCK.now())
    page, text = room.own(), room.act("bob", "handed_over").content.decode()
    for words in doubts:
        assert words in page
        assert words in text


def test_that_nobody_could_write_to_the_learner_is_said_while_it_matters(room: Room) -> None:
    Case.objects.update(told=CLOCK.now(), closed=CLOCK.now(), state="closed", outcome="dismissed")
    assert "could not be written to" not in room.page()


def test_the_navigation_says_how_many_cases_wait_for_the_officer(room: Room) -> None:
    counted = 'Cases <span class="waits">1<span'
    assert counted in room.browser("bob").get("/console/integrity/fairness").content.decode()
    room.act("bob", "reviewed", verdict="dismiss")
    assert counted not in room.browser("bob").get("/console/integrity/fairness").content.decode()
