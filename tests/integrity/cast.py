"""Findings and people of cases, without a lake: who found what, and who handles it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from privet.accounts.models import Account, Subject
from privet.accounts.registry import create_institution
from privet.accounts.roles import Role
from privet.accounts.service import create_account, grant_role, grants_of
from privet.integrity.case_acts import CaseLearner, Officer, learner_of, officer_of
from privet.integrity.case_rules import Terms
from privet.integrity.cases import Opened, open_cases
from privet.integrity.findings import DetectorKind, Finding, How, Item, keep_findings
from privet.integrity.models import Case, FindingRow
from privet.kernel.clock import Clock, FixedClock

COURSE = "course-v1:Hedge+H101+2026"
HEDGE, BRAMBLE = "hedge", "bramble"
MALLORY, ALICE, CAROL = 4001, 4002, 4003
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)
TERMS = Terms(
    reply=3 * WEEK, appeal=2 * WEEK, lapse=12 * WEEK, keep=26 * WEEK,
    public_url="https://privet.example.org",
)  # fmt: skip
WHY = "The same twelve items, each within half a minute."
NOBODY: frozenset[int] = frozenset()


def an_item(number: int = 0, *, dt: float = 20.0, source: int = MALLORY) -> Item:
    """An answer shown to one account and submitted by another so many seconds later."""
    got = datetime(2026, 10, 5, 18, tzinfo=UTC) + timedelta(days=number % 7, minutes=number)
    return Item(
        problem=f"block-v1:Hedge+H101+2026+type@problem+block@p{number:02d}", answer_obtained=got,
        how=How.SHOWANSWER, submitted=got + timedelta(seconds=dt), correct=True, dt_seconds=dt,
        source=source,
    )  # fmt: skip


def a_finding(kind: DetectorKind = DetectorKind.IMMEDIATE, **said: Any) -> Finding:
    """A finding against Alice, with Mallory as the account that got the answers."""
    usual: dict[str, Any] = {
        "kind": kind, "institution": HEDGE, "course": COURSE, "subjects": (MALLORY, ALICE),
        "n": 12, "x": 12, "p": 1e-9, "q": 1e-5, "lag_p90_seconds": 30.0, "shared_network": True,
        "ip_degree": 2, "network_kinds": ("residential",),
        "items": tuple(an_item(number) for number in range(12)), "confidence": 0.95,
        "day": date(2026, 10, 12), "country": "GB",
    }  # fmt: skip
    return Finding(**usual | said)


def keep(*findings: Finding, course: str = COURSE, now: datetime = NOW) -> list[FindingRow]:
    """Put these in place of all findings of a course."""
    keep_findings(findings, course=course, preset="usual", kinds=tuple(DetectorKind), now=now)
    return list(FindingRow.objects.filter(course=course).order_by("pk"))


def nobody_certified(course: str, until: date) -> frozenset[int] | None:
    """A platform that tells of no certificate."""
    del course, until


def run(clock: Clock) -> Opened:
    """The nightly opening."""
    return open_cases(clock=clock, terms=TERMS, certified=nobody_certified)


def make_institutions() -> None:
    """Hedge and Bramble."""
    for slug in (HEDGE, BRAMBLE):
        create_institution(slug=slug, name=slug.title(), by="test")


def make_officer(name: str, institution: str = "") -> Officer:
    """An integrity officer, everywhere or at one institution."""
    account = create_account(email=f"{name}@staff.example", by="test", name=name.title())
    grant_role(
        account_id=account.pk, role=Role.INTEGRITY_OFFICER, by="test", institution=institution
    )
    return officer_of(account_id=account.pk, grants=grants_of(account))


def make_learner(
    name: str, subject: int, *, mail: bool = True, locale: str = ""
) -> tuple[Account, CaseLearner]:
    """A learner with an account and one pseudonym."""
    email = f"{name}@learner.example" if mail else None
    account = Account.objects.create_user(email, name=name.title(), locale=locale)
    Subject.objects.create(pk=subject, person=subject, account=account)
    return account, learner_of(account.pk)


def open_one(clock: FixedClock, **said: Any) -> Case:
    """One case that nobody has looked at."""
    keep(a_finding(**said))
    run(clock)
    return Case.objects.latest("pk")
