"""Who acts on a case, how a case is taken in hand, and the line that each act leaves behind."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from privet.accounts.rules import Act, Grant, check, institutions_for
from privet.accounts.subjects import subjects_of
from privet.audit.service import record_act
from privet.integrity.case_rules import (
    ActKind,
    Dates,
    NoCaseError,
    Outcome,
    State,
    Terms,
    stand_by,
)
from privet.integrity.letters import letter_for, mail_learner
from privet.integrity.models import Case, CaseAccount, CaseAct
from privet.kernel.clock import Clock

WORKER = "worker"
LEARNER = "learner"


@dataclass(frozen=True, kw_only=True)
class Officer:
    """A member of staff who handles cases, and how far they may."""

    account_id: int
    institutions: frozenset[str] | None
    """Slugs; none for everywhere."""

    @property
    def by(self) -> str:
        """How records name them."""
        return f"account:{self.account_id}"


@dataclass(frozen=True, kw_only=True)
class CaseLearner:
    """The person whom a case is about."""

    account_id: int
    subjects: frozenset[int]

    @property
    def by(self) -> str:
        """How records name them."""
        return f"account:{self.account_id}"


def officer_of(*, account_id: int, grants: Collection[Grant]) -> Officer:
    """Who handles cases, from their grants; raises `NotAllowedError` if they may nowhere."""
    institutions = institutions_for(Act.HANDLE_CASES, grants)
    where = "" if institutions is None else min(institutions, default="")
    check(Act.HANDLE_CASES, grants, institution=where)
    return Officer(account_id=account_id, institutions=institutions)


def learner_of(account_id: int) -> CaseLearner:
    """The learner of an account, with all pseudonyms of theirs."""
    return CaseLearner(account_id=account_id, subjects=subjects_of(account_id))


def within_reach(officer: Officer) -> QuerySet[Case]:
    """The cases an officer may know of: of their institutions, and none that they are part of."""
    own = CaseAccount.objects.filter(subject__in=subjects_of(officer.account_id))
    cases = Case.objects.exclude(pk__in=own.values("case"))
    if officer.institutions is None:
        return cases
    return cases.filter(institution__in=sorted(officer.institutions))


def about(learner: CaseLearner) -> QuerySet[Case]:
    """The cases about a learner."""
    return Case.objects.filter(main__in=learner.subjects)


def take_case(cases: QuerySet[Case], case_id: int, *, terms: Terms, clock: Clock) -> Case:
    """Lock one of some cases for the transaction, where time has taken it by now.

    Raises `NoCaseError` if it is none of them. Others who want it wait until the transaction ends,
    and then see what became of it.
    """
    case = cases.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NoCaseError("There is no such case here.", remedy="Go back to the list of cases.")
    let_time_pass(case, terms=terms, clock=clock)
    return case


def let_time_pass(case: Case, *, terms: Terms, clock: Clock) -> bool:
    """Take a locked case where time alone takes it; true if it moved."""
    steps = stand_by(State(case.state), dates_of(case), clock.now())
    for state, outcome in steps:
        if outcome is not None:
            close_case(case, outcome, by=WORKER, terms=terms, clock=clock)
        else:
            case.state = state
            case.save(update_fields=["state"])
            note(case, ActKind.REPLY_TIME_OVER, by=WORKER, clock=clock)
    return bool(steps)


def close_case(
    case: Case, outcome: Outcome, *, by: str, terms: Terms, clock: Clock, person: int | None = None
) -> None:
    """Close a locked case, so that it holds nothing any longer, and tell a learner who knew of it.

    Nothing else happens to the learner.
    """
    now = clock.now()
    case.state, case.outcome = State.CLOSED, outcome
    case.closed, case.forget_after = now, now + terms.keep
    case.save(update_fields=["state", "outcome", "closed", "forget_after"])
    note(case, ActKind.CLOSED, by=by, clock=clock, person=person, verdict=outcome)
    if case.told is not None:
        mail_learner(case, letter_for(outcome), terms=terms, clock=clock)


def note(
    case: Case,
    kind: ActKind,
    *,
    by: str,
    clock: Clock,
    person: int | None = None,
    verdict: str = "",
    why: str = "",
    letters: str = "",
    on_record: str = "",
) -> None:
    """Write down an act, here and in the audit chain, inside the caller's transaction.

    ``why`` stays with the case and goes with it; ``on_record`` stands in the chain.
    """
    said: dict[str, str | int] = {"case": case.pk}
    if verdict:
        said["verdict"] = verdict
    if letters:
        said["letters"] = letters
    act = record_act(act=f"integrity.case_{kind}", by=by, about=said, why=on_record, clock=clock)
    shown_by = LEARNER if kind in (ActKind.REPLIED, ActKind.APPEALED) else by
    CaseAct.objects.create(
        case=case, kind=kind, by=shown_by, person=person, verdict=verdict, letters=letters,
        why=why, time=clock.now(), act=act,
    )  # fmt: skip


def dates_of(case: Case) -> Dates:
    """The dates that its state looks at."""
    return Dates(reply_until=case.reply_until, appeal_until=case.appeal_until, lapses=case.lapses)
