"""Links are really asked for: those that hold, move, are refused, broken or silent."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from privet.audit.models import Record
from privet.consent.policies.checking import (
    Checked,
    LinkResult,
    ask_for,
    check_links,
    last_checks,
)
from privet.consent.policies.models import LinkCheck
from privet.kernel.clock import FixedClock
from tests.consent.policies.web_server import served

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PATIENT_SECONDS = 60.0


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served() as address:
        yield address


def _ask(link: str) -> Checked:
    return ask_for(link, timeout_seconds=PATIENT_SECONDS)


def test_a_link_that_answers_holds(site: str) -> None:
    assert _ask(f"{site}/page#part") == Checked(
        link=f"{site}/page#part", result=LinkResult.HOLDS, status=200
    )


@pytest.mark.parametrize("path", ["/moved", "/moved-twice"])
def test_a_link_that_moved_holds_and_where_to_is_said(site: str, path: str) -> None:
    found = _ask(site + path)
    assert (found.result, found.moved_to) == (LinkResult.HOLDS, f"{site}/there")


@pytest.mark.parametrize(
    ("path", "status"), [("/gone", 404), ("/failed", 500), ("/moved-to-nothing", 404)]
)
def test_a_page_that_is_not_there_is_broken(site: str, path: str, status: int) -> None:
    found = _ask(site + path)
    assert (found.result, found.status) == (LinkResult.BROKEN, status)


@pytest.mark.parametrize("path", ["/no-programs", "/slow-down"])
def test_a_site_that_turns_programs_away_proves_nothing(site: str, path: str) -> None:
    found = _ask(site + path)
    assert found.result is LinkResult.TURNED_AWAY
    assert not found.result.is_failure


def test_redirects_without_end_are_broken(site: str) -> None:
    assert _ask(f"{site}/round").result is LinkResult.BROKEN


@pytest.mark.parametrize("path", ["/moved-to-a-file", "/moved-to-ftp"])
def test_a_redirect_out_of_the_web_is_not_followed(site: str, path: str) -> None:
    found = _ask(site + path)
    assert (found.result, found.status) == (LinkResult.BROKEN, 302)


def test_a_link_that_is_none_of_the_web_is_never_opened() -> None:
    assert _ask("file:///etc/hostname").result is LinkResult.BROKEN


def test_who_is_silent_too_long_gave_no_answer(site: str) -> None:
    found = ask_for(f"{site}/silent", timeout_seconds=0.3)
    assert (found.result, found.status) == (LinkResult.NO_ANSWER, None)


def test_who_hangs_up_gave_no_answer(site: str) -> None:
    assert _ask(f"{site}/cut").result is LinkResult.NO_ANSWER


def test_where_nobody_listens_there_is_no_answer() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        # Bound, but not listening: the connection is refused.
        assert _ask(f"http://127.0.0.1:{taken.getsockname()[1]}/").result is LinkResult.NO_ANSWER


@pytest.mark.django_db
def test_what_came_of_it_is_kept_with_its_date_and_audited(site: str) -> None:
    links = [f"{site}/page", f"{site}/gone", f"{site}/page"]
    found = check_links(links=links, by="operator:bob", clock=FixedClock(NOON))
    assert [one.result for one in found] == [LinkResult.HOLDS, LinkResult.BROKEN]
    kept = last_checks([*links, f"{site}/never"])
    assert {link: (one.result, one.checked) for link, one in kept.items()} == {
        f"{site}/page": (LinkResult.HOLDS, NOON),
        f"{site}/gone": (LinkResult.BROKEN, NOON),
    }
    record = Record.objects.get(act="consent.check_links")
    assert (record.by, record.about) == ("operator:bob", {"links": 2, "failed": 1})


@pytest.mark.django_db
def test_a_later_check_takes_the_place_of_the_earlier(site: str) -> None:
    link = f"{site}/page"
    LinkCheck.objects.create(link=link, checked=NOON, result=LinkResult.NO_ANSWER)
    later = NOON + timedelta(days=1)
    check_links(links=[link], by="operator:bob", clock=FixedClock(later))
    kept = LinkCheck.objects.get()
    assert (kept.result, kept.checked, kept.status) == (LinkResult.HOLDS, later, 200)
