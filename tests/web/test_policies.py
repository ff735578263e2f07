"""The public pages of policies: true by construction, frozen by version, announced when changed."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import override

from privet.accounts.roles import Role
from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import Use
from privet.consent.members.service import accept_entry
from privet.consent.policies.checking import LinkResult
from privet.consent.policies.document import Document, PolicyKind, fingerprint
from privet.consent.policies.models import LinkCheck, PolicySeen
from privet.consent.policies.service import latest_version, publish_policy
from privet.consent.registry import read_platform_registry
from privet.consent.scan.service import keep_scan
from privet.consent.scan.shapes import DriftKind, Report, Step, StepRun
from privet.kernel.clock import SystemClock
from privet.kernel.config import Config
from privet.web.messages import catalogue_words
from privet.web.policies.composing import compose, compose_all
from privet.web.uses import USES
from tests.consent.members.kit import CLOCK, COURSE, OFFICER, make_members, propose
from tests.consent.scan.test_compare import FOUND
from tests.population import make_staff
from tests.web.conftest import SignIn

NOW = SystemClock()
MORE = """
version = 2

[[technology]]
name = "site_survey"
kind = "cookie"
setter = "the <b>platform</b>"
party = "first"
lifetime = "P90D"
category = "functionality"
purpose.en = "Remembers that you answered the survey."
purpose.es = "Recuerda que respondió la encuesta."
vendor = "Hedgerow"
"""


@pytest.fixture(autouse=True)
def _home(empty_home: Config) -> None:
    """An installation to which nothing has happened yet."""


def test_each_line_of_a_policy_has_a_name_of_its_own():
    """By these versions are compared: of two lines of one name only one would be."""
    make_members()
    accept_entry(number=propose(), by=OFFICER, clock=CLOCK)
    for kind in PolicyKind:
        for document in compose_all(kind, clock=NOW).values():
            names = list(_names_in(document))
            assert len(set(names)) == len(names)


def _names_in(document: Document) -> Iterator[tuple[str, ...]]:
    for section in document.sections:
        yield (section.key,)
        for block in section.blocks:
            yield (section.key, block.key)
            yield from ((section.key, block.key, row.key) for row in getattr(block, "rows", ()))


def page(address: str, client: Client | None = None, language: str = "en") -> str:
    """The text of a page, as a person reads it."""
    answer = (client or Client()).get(address, headers={"accept-language": language})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def publish(kind: PolicyKind = PolicyKind.COOKIES) -> int:
    """Publish what is true now."""
    documents, last = compose_all(kind, clock=NOW), latest_version(kind)
    return publish_policy(
        kind=kind, documents=documents, base=last.number if last else 0,
        seen=fingerprint(documents), reason="A survey came.", by="account:7", clock=NOW,
    )  # fmt: skip


def change_registry(config: Config) -> None:
    """The operator's platform sets one cookie more."""
    (config.home / "registry.toml").write_text(MORE)


@pytest.fixture
def changed(empty_home: Config) -> Config:
    """A cookie policy in its second version."""
    publish()
    change_registry(empty_home)
    publish()
    return empty_home


def test_each_thing_in_the_registry_stands_in_the_policy_with_what_it_is_for() -> None:
    text = page("/policies/cookies")
    for one in read_platform_registry().technologies:
        assert one.name in text
        assert one.says("en") in text


def test_declared_and_effective_lifetimes_are_both_told(empty_home: Config) -> None:
    (empty_home.home / "registry.toml").write_text(MORE.replace("P90D", "P2Y"))
    assert "2 years declared, 400 days in effect" in page("/policies/cookies")


def test_a_category_without_cookies_says_so() -> None:
    assert "Nothing of this category is kept." in page("/policies/cookies")


def test_what_members_registered_is_told_by_institution_and_course() -> None:
    make_members()
    assert "No member has registered anything" in page("/policies/cookies")
    number = propose(name="lab_layout")
    assert "lab_layout" not in page("/policies/cookies")
    accept_entry(number=number, by=OFFICER, clock=CLOCK)
    text = page("/policies/cookies")
    assert "lab_layout" in text
    assert "Hedge University" in text
    assert COURSE in text


def test_every_event_and_every_use_stands_in_the_privacy_notice() -> None:
    text = page("/policies/privacy")
    assert [event.name for event in EVENTS.values() if event.says not in text] == []
    assert [use for use in Use if str(USES[use].name) not in text] == []


def test_both_policies_name_the_law_with_its_source() -> None:
    for address in ("/policies/cookies", "/policies/privacy"):
        assert "Directive 2002/58/EC" in page(address)
        assert "Germany" in page(address)


def test_every_browser_and_every_place_to_opt_out_has_its_link() -> None:
    text = page("/policies/cookies")
    for words in ("Safari on iOS", "Firefox", "Edge", "DAA", "EDAA", "thenai.org", "gaoptout"):
        assert words in text


def test_a_link_tells_when_it_was_asked_for_and_what_came_of_it() -> None:
    assert "the link was not asked for yet" in page("/policies/cookies")
    link = "https://optout.aboutads.info/"
    LinkCheck.objects.create(link=link, checked=NOW.now(), result=LinkResult.BROKEN)
    assert "the link leads nowhere" in page("/policies/cookies")


def test_the_latest_scan_is_told_with_what_is_not_as_the_policy_says() -> None:
    assert "No scan has been made yet" in page("/policies/cookies")
    _scan(replace(FOUND, name="fine"))
    assert "All of it is as this page says." in page("/policies/cookies")
    wrong = replace(FOUND, name="planted", drift=(DriftKind.UNREGISTERED,))
    _scan(replace(FOUND, name="fine"), replace(wrong, drift=()), wrong)
    text = page("/policies/cookies")
    assert "It found 2 things" in text
    assert "1 of them is not as this page says" in text
    assert "planted" in text


def test_a_scan_that_broke_off_is_told_as_incomplete() -> None:
    _scan(replace(FOUND, name="fine"))
    assert "not complete" not in page("/policies/cookies")
    run = StepRun(step=Step.ACCEPT, third_party_cookies=True, was_driven=False, broke_off=True)
    _scan(replace(FOUND, name="fine"), runs=(run,))
    assert "That look was not complete" in page("/policies/cookies")


def test_a_scan_that_saw_no_banner_says_so() -> None:
    run = StepRun(
        step=Step.ACCEPT, third_party_cookies=True, was_driven=False, banner_visible=False
    )
    _scan(replace(FOUND, name="fine"), runs=(run,))
    assert "In that look the banner was not visible" in page("/policies/cookies")


def _scan(*found: object, runs: tuple[StepRun, ...] = ()) -> None:
    report = Report(urls=("https://school.test/",), browser="Chromium 1", runs=runs, found=found)  # type: ignore[arg-type]
    keep_scan(
        report=report, started=NOW.now(), journey="", registry=read_platform_registry(), by="bob"
    )


def test_who_is_responsible_and_the_address_come_from_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "is not named yet" in page("/policies/privacy")
    monkeypatch.setenv("PRIVET_CONTROLLER", "Hedge University, 1 Hedge Row")
    monkeypatch.setenv("PRIVET_CONTACT", "privacy@hedge.example")
    text = page("/policies/privacy")
    assert "1 Hedge Row" in text
    assert 'href="mailto:privacy@hedge.example"' in text


def test_words_of_the_registry_are_no_markup_of_the_page(empty_home: Config) -> None:
    change_registry(empty_home)
    answer = Client().get("/policies/cookies").content.decode()
    assert "the &lt;b&gt;platform&lt;/b&gt;" in answer


def test_the_pages_need_no_script() -> None:
    for kind in PolicyKind:
        assert "<script" not in page(f"/policies/{kind}")


def test_a_policy_speaks_the_language_that_is_asked_for() -> None:
    with override("es"):
        said = compose(PolicyKind.COOKIES, clock=NOW)
    assert "Guarda lo que decidiste sobre tus datos" in str(said)
    assert "Guarda lo que decidiste sobre tus datos" in page("/policies/cookies", language="es")


def test_before_a_version_is_published_the_page_says_so() -> None:
    assert "has not been published as a version yet" in page("/policies/cookies")
    assert "No version has been published yet" in page("/policies/cookies/changes")


def test_a_published_policy_names_its_version_and_its_day() -> None:
    publish()
    text = page("/policies/cookies")
    assert "Version 1, published on" in text
    assert "no longer what version" not in text
    assert 'href="/policies/cookies/1"' in text


def test_when_the_truth_has_moved_on_the_page_says_so_plainly(empty_home: Config) -> None:
    publish()
    change_registry(empty_home)
    text = page("/policies/cookies")
    assert "site_survey" in text
    assert "In one place that is no longer what version 1 says" in text
    pending = page("/policies/cookies/changes")
    assert "True now, and not published yet" in pending
    assert "site_survey" in pending


def test_what_a_link_check_or_a_scan_finds_is_no_difference() -> None:
    publish()
    link = "https://optout.aboutads.info/"
    LinkCheck.objects.create(link=link, checked=NOW.now(), result=LinkResult.HOLDS)
    _scan(replace(FOUND, name="fine"))
    assert "no longer what version" not in page("/policies/cookies")


def test_a_version_stays_as_it_was_under_its_address(changed: Config) -> None:
    assert "site_survey" not in page("/policies/cookies/1")
    assert "It is no longer in force." in page("/policies/cookies/1")
    last = page("/policies/cookies/2")
    assert "site_survey" in last
    assert "This is the version in force" in last
    version = latest_version(PolicyKind.COOKIES)
    assert version is not None
    assert version.digest in last


def test_what_changed_between_versions_is_shown_line_by_line(changed: Config) -> None:
    text = page("/policies/cookies/changes")
    assert re.search(r'id="version-2".*site_survey.*id="version-1".*The first version', text, re.S)


def test_a_version_that_is_none_is_not_found() -> None:
    assert Client().get("/policies/cookies/7").status_code == 404
    assert Client().get(f"/policies/cookies/{2**70}").status_code == 404


ANNOUNCED = "The Cookie policy changed on"


def test_a_first_version_is_not_announced() -> None:
    publish()
    assert ANNOUNCED not in page("/accounts/login/")


def test_a_changed_policy_is_announced_where_people_come_in(changed: Config) -> None:
    for address in ("/accounts/login/", "/policies/privacy"):
        text = page(address)
        assert ANNOUNCED in text
        assert "/policies/cookies/changes#version-2" in text


def test_who_has_seen_the_change_is_told_no_more(changed: Config, sign_in: SignIn) -> None:
    alice = sign_in(make_staff("alice@example.org", Role.LEARNER))
    assert ANNOUNCED in page("/policies/privacy", alice)
    form = {"kind": "cookies", "version": "2", "next": "/policies/privacy"}
    answer = alice.post("/policies/seen", form)
    assert (answer.status_code, answer["Location"]) == (303, "/policies/privacy")
    assert ANNOUNCED not in page("/policies/privacy", alice)
    assert ANNOUNCED in page("/policies/privacy")


@pytest.mark.parametrize(
    "form", [{}, {"kind": "biscuits", "version": "2"}, {"kind": "cookies", "version": "x"}]
)
def test_what_cannot_have_been_seen_is_not_found(form: dict[str, str], sign_in: SignIn) -> None:
    alice = sign_in(make_staff("alice@example.org", Role.LEARNER))
    assert alice.post("/policies/seen", form).status_code == 404
    assert not PolicySeen.objects.exists()


def test_the_way_back_leads_nowhere_else(changed: Config, sign_in: SignIn) -> None:
    alice = sign_in(make_staff("alice@example.org", Role.LEARNER))
    form = {"kind": "cookies", "version": "2", "next": "https://evil.example/"}
    assert alice.post("/policies/seen", form)["Location"] == "/policies/cookies"


def test_a_visitor_cannot_say_that_they_have_seen_it(changed: Config) -> None:
    answer = Client().post("/policies/seen", {"kind": "cookies", "version": "2"})
    assert answer.status_code == 302
    assert not PolicySeen.objects.exists()


def test_the_policies_are_linked_from_the_foot_of_each_frame(sign_in: SignIn) -> None:
    officer = sign_in(make_staff("olga@example.org", Role.PRIVACY_OFFICER))
    for address, client in (("/accounts/login/", Client()), ("/console/policies", officer)):
        text = page(address, client)
        assert 'href="/policies/cookies"' in text
        assert 'href="/policies/privacy"' in text


def test_places_and_days_are_said_in_words() -> None:
    text = page("/policies/privacy")
    assert "since 25 May 2018, last read" in text
    assert str(date(2018, 5, 25)) not in text


def test_the_shipped_directory_lies_in_the_package() -> None:
    from privet.consent.policies import links

    assert (Path(links.__file__).parent / "links.toml").is_file()


def test_periods_of_other_records_are_said_in_words_with_what_they_begin_at() -> None:
    text = page("/policies/privacy")
    assert "5 years" in text
    assert "1 year after the last evidence" in text
    assert "the note of it for 30 days" in text
    assert "until the account is erased" in text
    assert re.search(r"\bP\d+[YMWD]\b", text) is None


def test_what_it_says_of_other_records_is_collected_for_translation() -> None:
    words = catalogue_words()
    assert "to keep a person signed in" in words
    assert "P12M after the last evidence" in words
    assert not {"", "P60M"} & set(words)
