"""Reports: views that are saved, the mail that comes of them, keys, and nobody else's."""

import re
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from urllib.parse import urlencode

import pytest
from django.template.loader import render_to_string
from django.test import Client

from privet.accounts.access_keys import access_keys_of
from privet.accounts.models import AccessKey, Account
from privet.accounts.roles import Role
from privet.accounts.service import revoke_role
from privet.insight.models import SavedView
from privet.insight.saved_views import save_view, set_weekly
from privet.jobs.mailing import Mailing
from privet.kernel.clock import FixedClock, SystemClock
from privet.kernel.config import read_config
from privet.post.models import Mail
from privet.web.components.tables import Column, Kind, Table
from privet.web.reports import weekly as weekly_mails
from privet.web.reports.mail import Part
from privet.web.reports.weekly import put_weekly_mails
from tests.population import BRAMBLE, STATISTICS, Learner, end_of_yesterday, make_alice, make_staff
from tests.post.servers import smtp_server

pytestmark = pytest.mark.django_db
REPORTS = "/console/reports"
SAVE = f"{REPORTS}/save"


@pytest.fixture
def staff(filled: list[Learner]) -> Account:
    return make_staff("bob@example.org", Role.ANALYST)


@pytest.fixture
def bob(staff: Account, sign_in) -> Client:
    return sign_in(staff)


@pytest.fixture
def monday() -> FixedClock:
    """The Monday after the population's last day, at noon."""
    last = end_of_yesterday().date() - timedelta(days=1)
    day = last + timedelta(days=7 - last.weekday())
    return FixedClock(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def saved(
    account: Account,
    clock,
    *,
    name="My week",
    page="activity",
    query="",
    weekly=True,
    language="en",
):
    view = save_view(
        account_id=account.pk, name=name, page=page, query=query, language=language,
        by="test", clock=clock,
    )  # fmt: skip
    set_weekly(account_id=account.pk, number=view.number, weekly=weekly, by="test", clock=clock)
    SavedView.objects.filter(pk=view.number).update(mailed=None)
    return view


def test_a_dashboard_offers_to_be_saved_as_it_is_narrowed(bob):
    page = bob.get("/console/activity", {"course": STATISTICS, "days": "7"}).content.decode()
    kept = re.search(r'name="query" value="([^"]*)"', page)
    assert kept is not None
    answer = bob.post(SAVE, {"name": "Mine", "page": "activity", "query": "course=x&days=7"})
    assert (answer.status_code, answer["Location"]) == (303, f"{REPORTS}?done=saved")
    text = bob.get(REPORTS).content.decode()
    assert 'href="/console/activity?course=x&amp;days=7">Mine</a>' in text


@pytest.mark.parametrize("page", ["", "nothing", "save_view", "intake", "../privacy"])
def test_only_pages_that_open_to_them_are_saved(bob, page):
    assert bob.post(SAVE, {"name": "Mine", "page": page, "query": ""}).status_code == 404
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_not_saved_and_that_is_said(bob):
    answer = bob.post(SAVE, {"name": " ", "page": "activity", "query": ""})
    assert answer.status_code == 400
    assert "A view needs a name" in answer.content.decode()


def test_what_a_name_holds_is_shown_as_text(bob):
    bob.post(SAVE, {"name": "<script>alert(1)</script>", "page": "activity", "query": ""})
    assert "<script>alert" not in bob.get(REPORTS).content.decode()


def test_nobody_changes_the_view_of_another(bob, staff, sign_in):
    view = saved(staff, SystemClock())
    mallory = sign_in(make_staff("mallory@example.org", Role.ANALYST))
    for act in ("delete", "weekly"):
        address = f"{REPORTS}/views/{view.number}"
        assert mallory.post(address, {"act": act}).status_code == 404
    assert SavedView.objects.count() == 1
    assert "My week" not in mallory.get(REPORTS).content.decode()


def test_a_view_is_mailed_weekly_then_not_then_gone(bob, staff):
    view = saved(staff, SystemClock(), weekly=False)
    address = f"{REPORTS}/views/{view.number}"
    for act, weekly in (("weekly", True), ("not_weekly", False)):
        assert bob.post(address, {"act": act}).status_code == 303
        assert SavedView.objects.get().is_weekly is weekly
    assert bob.post(address, {"act": "burn"}).status_code == 404
    assert bob.post(address, {"act": "delete"}).status_code == 303
    assert not SavedView.objects.exists()


def test_without_mail_the_page_says_why_there_is_none(bob, staff):
    saved(staff, SystemClock(), weekly=False)
    text = bob.get(REPORTS).content.decode()
    assert "PRIVET_MAIL_URL" in text
    assert 'value="weekly"' not in text


def test_a_key_is_shown_once(bob, staff):
    answer = bob.post(f"{REPORTS}/keys", {"name": "spreadsheet"})
    [key] = re.findall(r"pvk_[\w-]+", answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    assert key not in bob.get(REPORTS).content.decode()
    asks = Client(headers={"Authorization": f"Bearer {key}"})
    assert asks.get("/api/v1/insight/questions/activity_totals").status_code == 200
    [line] = access_keys_of(account_id=staff.pk, clock=SystemClock())
    assert bob.post(f"{REPORTS}/keys/{line.number}/revoke").status_code == 303
    assert asks.get("/api/v1/insight/questions/activity_totals").status_code == 401


def test_nobody_revokes_the_key_of_another(bob, staff, sign_in):
    bob.post(f"{REPORTS}/keys", {"name": "spreadsheet"})
    mallory = sign_in(make_staff("mallory@example.org", Role.ANALYST))
    number = AccessKey.objects.get().pk
    assert mallory.post(f"{REPORTS}/keys/{number}/revoke").status_code == 404
    assert AccessKey.objects.exists()


def test_the_mail_tells_what_the_page_tells(bob, staff, monday):
    saved(staff, monday, query=urlencode({"course": STATISTICS}))
    assert put_weekly_mails(config=read_config(), clock=monday) == 1
    mail = Mail.objects.get()
    last = monday.now().date() - timedelta(days=1)
    first = last - timedelta(days=6)
    page = bob.get("/console/activity", {"course": STATISTICS, "from": first, "to": last})
    said = re.sub(r"\s+", " ", page.content.decode())
    [learners] = re.findall(r'<dt>Active learners</dt> <dd class="value">([^<]+)</dd>', said)
    assert f"Active learners: {learners}" in mail.text
    assert f">{learners} <" in mail.html or f">{learners}<" in mail.html
    assert mail.address == "bob@example.org"
    assert STATISTICS in mail.text
    assert f"from={first}" in mail.text


def test_tables_of_a_mail_have_their_titles_and_no_words_run_together(bob, staff, monday):
    saved(staff, monday)
    put_weekly_mails(config=read_config(), clock=monday)
    mail = Mail.objects.get()
    assert "\n  Day · Learners · Sessions · Events\n" in mail.text
    assert "page_view (“You opened a page”)" in mail.text
    assert "page_view“" not in mail.text + mail.html
    assert "Sessions before" not in mail.text + mail.html
    assert "The changes are against the week before." in mail.text
    assert "The changes are against the week before." in mail.html


def _part(*amounts, name="S101", texts=("course",)):
    columns = [Column(key=key, title=key) for key in texts]
    columns += [Column(key=key, title=key, kind=Kind.COUNT) for key in amounts]
    row = (*(name for _ in texts), *(1 for _ in amounts))
    return Part(table=Table(name="t", caption="c", columns=tuple(columns), rows=(row,)), left=0)


@pytest.mark.parametrize(
    ("part", "is_listed"),
    [
        (_part("a", "b"), False),
        (_part("a", "b", name=STATISTICS), False),
        (_part("a", "b", "c"), False),
        (_part("a", "b", "c", name=STATISTICS), True),
        (_part("a", "b", "c", "d"), True),
        (_part("a", texts=("from", "to")), True),
        (_part("a", "b", "c", texts=()), False),
    ],
)
def test_a_table_that_a_phone_has_no_room_for_is_listed_in_a_mail(part, is_listed):
    assert part.is_listed is is_listed


def test_a_listed_table_says_each_columns_title_beside_its_value():
    markup = render_to_string("reports/mail.html", {"tables": [_part("a", "b", "c", "d")]})
    assert re.findall(r">([a-d])</span> (\d)", markup) == [(key, "1") for key in "abcd"]


def test_the_mail_of_two_pages_that_were_chosen_tells_of_those(staff, monday):
    saved(staff, monday, page="ways", query="path=/courses&next=/courses/*&days=90")
    put_weekly_mails(config=read_config(), clock=monday)
    assert "path=%2Fcourses&next=%2Fcourses%2F%2A&from=" in Mail.objects.get().text


def test_a_week_is_mailed_once(staff, monday):
    saved(staff, monday)
    assert put_weekly_mails(config=read_config(), clock=monday) == 1
    assert put_weekly_mails(config=read_config(), clock=monday) == 0
    monday.advance(timedelta(days=7))
    assert put_weekly_mails(config=read_config(), clock=monday) == 1


def test_who_lost_the_role_gets_no_mail(staff, monday):
    saved(staff, monday)
    revoke_role(account_id=staff.pk, role=Role.ANALYST, by="test")
    assert put_weekly_mails(config=read_config(), clock=monday) == 0
    assert not Mail.objects.exists()


def test_who_has_no_address_gets_no_mail(filled, monday):
    saved(make_alice(filled[0]), monday)
    assert put_weekly_mails(config=read_config(), clock=monday) == 0


def test_a_page_that_is_gone_is_not_mailed(staff, monday):
    saved(staff, monday, page="gone")
    assert put_weekly_mails(config=read_config(), clock=monday) == 0


def test_the_mail_of_a_member_of_one_institution_tells_of_no_other(filled, monday):
    carol = make_staff("carol@example.org", Role.ANALYST, BRAMBLE)
    saved(carol, monday)
    put_weekly_mails(config=read_config(), clock=monday)
    assert STATISTICS not in Mail.objects.get().text


def test_the_mail_is_in_the_language_in_which_the_view_was_saved(staff, monday):
    saved(staff, monday, language="es")
    put_weekly_mails(config=read_config(), clock=monday)
    assert '<html lang="es">' in Mail.objects.get().html


def test_an_installation_without_mail_puts_none(staff, monday):
    saved(staff, monday)
    mailing = Mailing(config=read_config({}), clock=monday, chores=(pytest.fail,))
    assert not mailing.mail()


def test_the_worker_sends_it(staff, monday, monkeypatch):
    saved(staff, monday)
    with smtp_server() as box:
        monkeypatch.setenv("PRIVET_MAIL_URL", box.url)
        monkeypatch.setenv("PRIVET_MAIL_FROM", "privet@example.org")
        config = read_config()
        mailing = Mailing(
            config=config, clock=monday,
            chores=(lambda: put_weekly_mails(config=config, clock=monday),),
        )  # fmt: skip
        assert mailing.mail()
        assert not mailing.mail()
    [(readers, mail)] = box.taken
    assert readers == ["bob@example.org"]
    assert str(make_header(decode_header(mail["Subject"]))).startswith("My week: ")


def test_a_view_that_cannot_be_drawn_stops_no_other_mail_and_is_tried_again(
    staff, monday, monkeypatch
):
    saved(staff, monday)
    saved(staff, monday, name="Paths", page="paths")
    draw = weekly_mails.compose

    def compose(view, *given, **said):
        if view.page == "activity":
            raise ValueError("This view cannot be drawn.")
        return draw(view, *given, **said)

    monkeypatch.setattr(weekly_mails, "compose", compose)
    with smtp_server() as box:
        monkeypatch.setenv("PRIVET_MAIL_URL", box.url)
        monkeypatch.setenv("PRIVET_MAIL_FROM", "privet@example.org")
        config = read_config()
        mailing = Mailing(
            config=config, clock=monday,
            chores=(lambda: put_weekly_mails(config=config, clock=monday),),
        )  # fmt: skip
        for _ in range(2):
            with pytest.raises(ValueError, match="cannot be drawn"):
                mailing.mail()
        assert len(box.taken) == 1
        monkeypatch.setattr(weekly_mails, "compose", draw)
        assert mailing.mail()
        assert len(box.taken) == 2
