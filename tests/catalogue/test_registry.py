"""Every event and field is declared whole, and what a browser sees serves nothing essential."""

import re

import pytest

from privet.catalogue.columns import COLUMNS
from privet.catalogue.registry import EVENTS, find_event
from privet.catalogue.spec import Event, Field, Origin
from privet.catalogue.uses import ALL_USES, ESSENTIAL, Basis, Choice, Use

FIELDS = [(event, field) for event in EVENTS.values() for field in event.fields]
DATA_CATEGORY = re.compile(r"^(user|system)(\.[a-z_]+)+$")
NAMED_BY_THE_ISSUE = (
    "page_view", "link_click", "control_use", "page_timing", "page_error", "experiment_seen",
    "ad_seen", "ad_click", "mail_open", "mail_click", "problem_check", "problem_check.browser",
    "showanswer", "play_video", "pause_video", "seek_video", "load_video", "stop_video",
    "seq_goto", "seq_next", "seq_prev", "book", "page_close", "problem_graded",
    "edx.course.enrollment.activated", "edx.course.enrollment.deactivated",
    "edx.course.enrollment.mode_changed", "edx.forum.thread.created", "edx.certificate.created",
    "edx.ui.lms.link_clicked", "edx.implicit", "login",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMED_BY_THE_ISSUE)
def test_the_catalogue_covers(name: str) -> None:
    assert find_event(name) is not None


def test_an_event_that_is_not_listed_is_not_found() -> None:
    assert find_event("keystrokes") is None


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.name)
def test_every_event_can_serve_something_and_says_so_to_the_learner(event: Event) -> None:
    assert event.uses
    assert event.says[0].isupper()
    assert not event.says.endswith(".")


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.name)
def test_only_acts_on_a_server_carry_essential_uses(event: Event) -> None:
    assert event.origin is Origin.SERVER or not event.uses & ESSENTIAL


@pytest.mark.parametrize(
    ("event", "field"), FIELDS, ids=[f"{event.name}-{field.name}" for event, field in FIELDS]
)
def test_every_field_has_category_use_basis_and_retention(event: Event, field: Field) -> None:
    assert DATA_CATEGORY.match(field.data_category)
    assert event.uses_of(field)
    assert event.bases_of(field) <= set(Basis)
    assert re.fullmatch(r"P\d+M", event.retention_of(field))
    assert field.says


def test_advertisements_need_targeting_and_mail_needs_agreement_to_mail() -> None:
    assert {EVENTS[name].needs for name in ("ad_seen", "ad_click")} == {Choice.TARGETING}
    assert {EVENTS[name].needs for name in ("mail_open", "mail_click")} == {Choice.MARKETING_MAIL}


def test_a_fields_longest_use_says_how_long_it_is_kept() -> None:
    submission = EVENTS["problem_check"]
    assert submission.retention_of(submission.by_name["grade"]) == "P60M"


def test_columns_have_one_name_each_and_a_category() -> None:
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)
    assert all(DATA_CATEGORY.match(column.data_category) for column in COLUMNS)


def test_a_column_that_a_use_may_not_see_can_be_null() -> None:
    narrowed = [column for column in COLUMNS if column.uses != ALL_USES]
    assert narrowed
    assert all(column.nullable for column in narrowed)


def test_address_tokens_serve_security_and_integrity_only() -> None:
    tokens = [c.uses for c in COLUMNS if c.name in {"address_token", "network_token"}]
    assert tokens == [Use.SECURITY | Use.INTEGRITY] * 2


def test_a_sign_in_serves_integrity_but_how_one_signed_in_does_not() -> None:
    login = EVENTS["login"]
    assert login.uses == Use.SECURITY | Use.INTEGRITY
    assert login.uses_of(login.by_name["method"]) == Use.SECURITY
    others = ("logout", "account_created", "settings_changed", "password_changed")
    assert {EVENTS[name].uses for name in others} == {Use.SECURITY}


def test_the_device_serves_integrity_but_no_event_of_a_browser_does() -> None:
    devices = [c.uses for c in COLUMNS if c.name in {"browser", "os", "device"}]
    assert devices == [Use.ANALYTICS | Use.SECURITY | Use.INTEGRITY] * 3
    assert not any(
        event.uses & Use.INTEGRITY for event in EVENTS.values() if event.origin is Origin.BROWSER
    )
