"""The officer's pages: rates with their tables, one record by its receipt, and the overview."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from privet.accounts.roles import Role
from privet.audit.models import Record
from privet.consent.models import Decision
from privet.consent.receipts import make_receipt
from privet.consent.service import Who
from privet.kernel.clock import FixedClock, SystemClock
from privet.kernel.config import Config, read_config
from tests.consent.kit import ALL_NO, ALL_YES, decide, here, key_of
from tests.consent.members.kit import make_members, propose
from tests.population import make_staff
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db
RATES, LEDGER, OVERVIEW = "/console/consent", "/console/ledger", "/console/privacy"


@pytest.fixture
def officer(empty_home: Config, sign_in: SignIn) -> Client:
    return sign_in(make_staff("olga@example.org", Role.PRIVACY_OFFICER))


@pytest.fixture
def crowd(empty_home: Config) -> None:
    """Forty people, three of four of whom say yes to everything, three days ago."""
    at = FixedClock(SystemClock().now() - timedelta(days=3))
    for number in range(40):
        who = Who(site="hedgerow", key=key_of(str(number)), birth_year=1990, country="ES")
        decide(who, ALL_NO if number % 4 == 0 else ALL_YES, clock=at)


def _text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


# --- Rates ---


def test_before_the_first_decision_the_page_says_what_will_appear(officer: Client) -> None:
    assert "Nobody has decided yet" in _text(officer, RATES)


def test_each_chart_has_its_table(officer: Client, crowd: None) -> None:
    page = _text(officer, RATES)
    for name in ("over-time", "categories", "controls", "regime", "language", "version"):
        assert f'id="chart-{name}"' in page
        for form in ("csv", "json"):
            assert f'href="?table={name}&amp;format={form}"' in page


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("over-time", ["from", "deciders", "performance"]),
        ("categories", ["choice", "allowed", "share"]),
        ("regime", ["regime", "choice", "deciders", "allowed", "share"]),
        ("language", ["language", "choice", "deciders", "allowed", "share"]),
        ("version", ["version", "choice", "deciders", "allowed", "share"]),
        ("controls", ["control", "deciders"]),
    ],
)
def test_tables_come_as_files(officer: Client, crowd: None, name: str, columns: list[str]) -> None:
    said = json.loads(_text(officer, f"{RATES}?table={name}&format=json"))
    assert said["columns"][: len(columns)] == columns
    assert said["rows"]
    csv = _text(officer, f"{RATES}?table={name}&format=csv")
    assert csv.splitlines()[0].startswith(",".join(columns))


def test_the_page_the_csv_and_the_json_say_the_same(officer: Client, crowd: None) -> None:
    [row] = [
        row
        for row in json.loads(_text(officer, f"{RATES}?table=categories&format=json"))["rows"]
        if row["choice"] == "research"
    ]
    csv = _text(officer, f"{RATES}?table=categories&format=csv")
    assert f"research,{row['allowed']},{row['share']}" in csv
    assert row["allowed"] in range(25, 36)


def test_a_filter_that_nobody_meets_says_so(officer: Client, crowd: None) -> None:
    for narrowed in ("regime=opt_out", "language=es", "version=7"):
        assert "Nothing to show" in _text(officer, f"{RATES}?{narrowed}")


@pytest.mark.parametrize("query", ["regime=x", "version=x", "version=9999999999999", "days=x"])
def test_what_makes_no_sense_is_no_error(officer: Client, crowd: None, query: str) -> None:
    assert officer.get(f"{RATES}?{query}").status_code == 200


def test_days_weeks_and_months_can_be_chosen(officer: Client, crowd: None) -> None:
    for grain in ("day", "week", "month"):
        address = f"{RATES}?grain={grain}&days=90&table=over-time&format=json"
        assert len(json.loads(_text(officer, address))["rows"]) == 1


def test_a_handful_of_people_has_no_share(officer: Client, empty_home: Config) -> None:
    decide(clock=FixedClock(SystemClock().now()))
    page = _text(officer, f"{RATES}?table=categories&format=json")
    assert all(row["share"] is None for row in json.loads(page)["rows"])


# --- The ledger ---


def _receipt() -> SimpleUploadedFile:
    record = Decision.objects.order_by("sequence").last()
    assert record is not None
    receipt = make_receipt(
        record.record_id, ring=here().ring, config=read_config(), clock=SystemClock()
    )
    return SimpleUploadedFile("receipt.json", json.dumps(receipt).encode())


def test_a_receipt_is_verified_and_its_record_shown(officer: Client, crowd: None) -> None:
    page = officer.post(LEDGER, {"receipt": _receipt()}).content.decode()
    for words in ("The receipt verifies", "The chain is whole here", "a decision", "Performance"):
        assert words in page


def test_a_number_shows_the_record_and_is_not_in_the_address(officer: Client, crowd: None) -> None:
    number = Decision.objects.order_by("sequence").first().record_id  # type: ignore[union-attr]
    answer = officer.post(LEDGER, {"number": str(number)})
    assert answer.status_code == 200
    assert "What was served" in answer.content.decode()
    assert Record.objects.filter(act="consent.look_up").count() == 1


def test_a_look_without_a_question_is_not_audited_since_nothing_is_shown(officer: Client) -> None:
    assert officer.get(LEDGER).status_code == 200
    assert not Record.objects.filter(act="consent.look_up").exists()


def test_a_broken_chain_is_said(officer: Client, crowd: None) -> None:
    record = Decision.objects.order_by("sequence").first()
    assert record is not None
    Decision.objects.filter(pk=record.pk).update(granted=1)
    page = officer.post(LEDGER, {"number": str(record.record_id)}).content.decode()
    assert "The chain is broken here" in page
    assert "The record was changed after it was written." in page


def test_a_forged_receipt_does_not_verify(officer: Client, crowd: None) -> None:
    forged = _receipt().read().replace(b'"granted": true', b'"granted": false', 1)
    file = SimpleUploadedFile("receipt.json", forged)
    page = officer.post(LEDGER, {"receipt": file}).content.decode()
    assert "The receipt does not verify" in page


def test_an_unknown_number_is_not_found(officer: Client) -> None:
    answer = officer.post(LEDGER, {"number": "00000000-0000-4000-8000-000000000000"})
    assert answer.status_code == 404
    assert "No record of that number" in answer.content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"number": "alice@example.org"},
        {"receipt": SimpleUploadedFile("x.json", b"")},
        {"receipt": SimpleUploadedFile("x.json", b"\xff\xfe\x00")},
        {"receipt": SimpleUploadedFile("x.json", b"[" * 300_000)},
    ],
)
def test_what_is_no_number_and_no_receipt_is_said_kindly(
    officer: Client, given: dict[str, object]
) -> None:
    answer = officer.post(LEDGER, given)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OPERATOR, Role.INTEGRITY_OFFICER])
def test_nobody_else_looks_anything_up(
    empty_home: Config, sign_in: SignIn, crowd: None, role: Role
) -> None:
    client = sign_in(make_staff("x@example.org", role))
    number = Decision.objects.order_by("sequence").first().record_id  # type: ignore[union-attr]
    assert client.post(LEDGER, {"number": str(number)}).status_code == 403
    assert not Record.objects.filter(act="consent.look_up").exists()


# --- The overview ---


def test_the_overview_leads_to_everything(officer: Client, crowd: None) -> None:
    page = _text(officer, OVERVIEW)
    for address in (RATES, LEDGER, "/console/registry", "/console/scans", "/console/policies"):
        assert f'href="{address}"' in page


def test_the_overview_counts_what_waits(officer: Client) -> None:
    make_members()
    assert "No entry waits for your review." in _text(officer, OVERVIEW)
    propose()
    page = _text(officer, OVERVIEW)
    assert "1 entry waits for your review." in page
    assert "No scan yet" in page
    assert "Nobody decided in these days" in page
