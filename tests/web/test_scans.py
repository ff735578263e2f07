"""The console's page of scans: what was found, what changed, pictures for those who may."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from privet.accounts.roles import Role
from privet.consent.registry import read_registry
from privet.consent.scan.service import keep_scan, pictures_of
from privet.consent.scan.shapes import DriftKind, Report, Step, StepRun
from privet.kernel.clock import FixedClock
from privet.kernel.config import read_config
from tests.consent.scan.kit import REGISTRY
from tests.consent.scan.test_compare import FOUND
from tests.population import make_staff
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WRONG = replace(FOUND, name="planted", drift=(DriftKind.UNREGISTERED,), suggestion="Meter Inc")
LOOKED = StepRun(step=Step.NO_ACTION, third_party_cookies=True, was_driven=True)
PICTURE = "reject-with-decided.png"


def _keep(*names: str, hours: int = 0, broke_off: bool = False) -> UUID:
    run = StepRun(
        step=Step.REJECT, third_party_cookies=True, was_driven=False, why_not="no button",
        banner_visible=False, broke_off=broke_off, pictures=(PICTURE,),
    )  # fmt: skip
    found = tuple(replace(WRONG, name=name) for name in names)
    at = NOON + timedelta(hours=hours)
    scan = keep_scan(
        report=Report(
            urls=("http://school.test/",), browser="Chromium 1", runs=(run, LOOKED), found=found
        ),
        started=at,
        journey="",
        registry=read_registry([REGISTRY]),
        by="operator:bob",
        clock=FixedClock(at),
    )
    place = pictures_of(Path(read_config().home), scan)
    place.mkdir(parents=True)
    (place / PICTURE).write_bytes(b"\x89PNG")
    return scan


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return sign_in(make_staff("olga@example.org", Role.PRIVACY_OFFICER))


def test_without_a_scan_the_page_says_how_to_make_one(officer: Client) -> None:
    assert "privet consent scan" in officer.get("/console/scans").content.decode()


def test_scans_are_listed_with_what_is_wrong(officer: Client) -> None:
    scan = _keep("planted")
    page = officer.get("/console/scans").content.decode()
    assert f"/console/scans/{scan}" in page


def test_a_scan_shows_what_is_wrong_with_its_suggestion_and_its_steps(officer: Client) -> None:
    page = officer.get(f"/console/scans/{_keep('planted')}").content.decode()
    for words in ("planted", "not registered", "Meter Inc", "no button", "was not visible"):
        assert words in page


def test_a_scan_tells_what_changed_since_the_one_before(officer: Client) -> None:
    _keep("old", "both")
    scan = _keep("new", "both", hours=1)
    table = officer.get(f"/console/scans/{scan}?table=changes&format=csv").content.decode()
    assert [line.split(",")[:2] for line in table.splitlines()[1:]] == [
        ["new", "new"],
        ["gone", "old"],
    ]


def test_a_picture_is_given_to_the_officer_and_to_nobody_else(
    officer: Client, sign_in: SignIn
) -> None:
    address = f"/console/scans/{_keep('planted')}/pictures/{PICTURE}"
    answer = officer.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    analyst = sign_in(make_staff("anna@example.org", Role.ANALYST))
    assert analyst.get(address).status_code == 403


def test_only_pictures_that_the_scan_names_are_given(officer: Client) -> None:
    scan = _keep("planted")
    (pictures_of(Path(read_config().home), scan) / "other.png").write_bytes(b"x")
    assert officer.get(f"/console/scans/{scan}/pictures/other.png").status_code == 404
    (pictures_of(Path(read_config().home), scan) / PICTURE).unlink()
    assert officer.get(f"/console/scans/{scan}/pictures/{PICTURE}").status_code == 404


@pytest.mark.parametrize("name", ["nonsense", "0192f000-0000-7000-8000-000000000000"])
def test_a_scan_that_is_not_there_is_not_found(officer: Client, name: str) -> None:
    assert officer.get(f"/console/scans/{name}").status_code == 404


def test_a_scan_of_which_a_step_broke_off_says_that_it_is_incomplete(officer: Client) -> None:
    whole, broken = _keep("planted"), _keep("planted", hours=1, broke_off=True)
    words = "This scan is incomplete."
    assert words not in officer.get(f"/console/scans/{whole}").content.decode()
    assert words in officer.get(f"/console/scans/{broken}").content.decode()
    lines = officer.get("/console/scans").content.decode().split("<tr")
    assert ["incomplete" in line for line in lines[2:]] == [True, False]


def test_the_overview_calls_no_scan_without_a_banner_registered(officer: Client) -> None:
    _keep()
    page = officer.get("/console/privacy").content.decode()
    assert "the banner was not visible" in page
    assert "as registered</span>" not in page


def test_the_overview_calls_no_incomplete_scan_registered(officer: Client) -> None:
    _keep(broke_off=True)
    page = officer.get("/console/privacy").content.decode()
    assert "steps of it broke off" in page
    assert "as registered</span>" not in page


def test_a_finding_is_told_in_words_and_its_files_keep_the_figures(officer: Client) -> None:
    scan = _keep("planted")
    page = officer.get(f"/console/scans/{scan}").content.decode()
    assert "by a script" in page
    assert "first party" in page or "third party" in page
    assert "After ms" not in page
    row = officer.get(f"/console/scans/{scan}?table=findings&format=json").json()["rows"][0]
    assert row["milliseconds"] == WRONG.first_seen_ms
    assert row["lifetime"] == (WRONG.lifetime_declared or WRONG.lifetime_effective)
