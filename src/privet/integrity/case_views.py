"""Cases as values for who may see them: the officer's view is blind, the learner's protects others.

Until both have decided, nobody reads what the other of the two said.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from privet.accounts.finding import Found, person_behind
from privet.integrity.case_acts import CaseLearner, Officer, about, dates_of, within_reach
from privet.integrity.case_rules import (
    HOLDS,
    NAMES_MINUTES,
    STATES_FOR,
    ActKind,
    Outcome,
    State,
    stand_by,
)
from privet.integrity.deciding import INVOLVING, involved_in
from privet.integrity.evidence import Evidence, read_evidence
from privet.integrity.findings import DetectorKind
from privet.integrity.models import Case, CaseAct
from privet.kernel.clock import Clock


@dataclass(frozen=True, kw_only=True)
class PastAct:
    """A line of a case's history."""

    kind: ActKind
    by: str
    person: int | None
    verdict: str
    """Empty where it may not be known yet."""
    why: str
    time: datetime


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """All that a page says of a case; who the accounts are is not in it."""

    id: int
    kind: DetectorKind
    is_sharing: bool
    institution: str
    course: str
    state: State
    outcome: Outcome | None
    opened: datetime
    confidence: float
    stands: bool
    has_disparity: bool
    told: datetime | None
    is_mailed: bool
    reply_until: datetime | None
    reply: str
    appeal_until: datetime | None
    appeal: str
    lapses: datetime
    closed: datetime | None
    forget_after: datetime | None
    evidence: Evidence | None
    history: tuple[PastAct, ...]
    votes: int
    """How many of the two have decided."""
    steps: frozenset[ActKind]
    """What the viewer may do with it now."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A line of the queue."""

    id: int
    kind: DetectorKind
    institution: str
    course: str
    state: State
    outcome: Outcome | None
    opened: datetime
    confidence: float
    due: datetime | None
    """When its present step must be done."""
    has_disparity: bool
    is_mine: bool
    """Whether the viewer may do the step that waits."""
    evidence: Evidence | None
    """Accounts by letter; none once it is deleted."""


@dataclass(frozen=True, kw_only=True)
class CaseLook:
    """Somebody saw whose account it is; for the one whose account it is."""

    time: datetime
    institution: str
    why: str
    viewer: int | None


def list_cases(*, officer: Officer, is_open: bool, clock: Clock, limit: int = 500) -> list[Waiting]:
    """The cases within reach: open ones by when they are due, closed ones the latest first."""
    cases = within_reach(officer).filter(closed__isnull=is_open).prefetch_related("acts")
    order = "lapses" if is_open else "-closed"
    return [_waiting(case, officer, clock) for case in cases.order_by(order, "pk")[:limit]]


def count_waiting(*, officer: Officer, clock: Clock) -> int:
    """How many open cases wait for a step that the officer may do; `list_cases` says which.

    One query: what `stand_by` and `_steps_of` decide for one case stands here for all.
    """
    now = clock.now()
    mine = CaseAct.objects.filter(case=OuterRef("pk"), person=officer.account_id)
    has_voted = Exists(mine.filter(kind=ActKind.DECIDED))
    is_involved = Exists(mine.filter(kind__in=INVOLVING))
    lasts, is_over = Q(lapses__gt=now), Q(state=State.TOLD, reply_until__lte=now)
    to_review = Q(state=State.OPENED) & lasts
    to_decide = (Q(state=State.DECIDING) | is_over) & lasts & ~has_voted
    to_answer = Q(state=State.APPEALED) & lasts & ~is_involved
    cases = within_reach(officer).filter(closed__isnull=True)
    return cases.filter(to_review | to_decide | to_answer).count()


def find_case(*, case_id: int, officer: Officer, clock: Clock) -> CaseFacts | None:
    """One case within reach; none otherwise."""
    case = within_reach(officer).filter(pk=case_id).first()
    if case is None:
        return None
    state, outcome = _stands_now(case, clock)
    acts = list(case.acts.order_by("pk"))
    return _facts(
        case, state, outcome, _history(acts, state, viewer=officer.account_id),
        _steps_of(case, state, outcome, acts, officer),
    )  # fmt: skip


def names_open_to(*, case_id: int, officer: Officer, clock: Clock) -> dict[str, Found]:
    """The people by letter, for who opened their names some minutes ago; else nothing."""
    since = clock.now() - timedelta(minutes=NAMES_MINUTES)
    case = within_reach(officer).filter(pk=case_id).first()
    if case is None:
        return {}
    mine = case.acts.filter(kind=ActKind.NAMES_OPENED, person=officer.account_id, time__gt=since)
    if not mine.exists():
        return {}
    return {one.letter: person_behind(one.subject) for one in case.accounts.order_by("letter")}


def list_own_cases(*, learner: CaseLearner, clock: Clock) -> list[CaseFacts]:
    """The cases about a learner that a person has looked at, the newest first."""
    return [_own(case, clock) for case in _shown(learner).order_by("-opened", "-pk")]


def find_own_case(*, case_id: int, learner: CaseLearner, clock: Clock) -> CaseFacts | None:
    """One case about a learner; none if it is about somebody else."""
    case = _shown(learner).filter(pk=case_id).first()
    return None if case is None else _own(case, clock)


def own_history(case: Case) -> tuple[PastAct, ...]:
    """What was done with a case, as the learner whom it is about may read it."""
    return _history(list(case.acts.order_by("pk")), State(case.state), viewer=None)


def list_case_looks(*, subjects: Collection[int], limit: int = 100) -> list[CaseLook]:
    """When officers saw whose account one of a case is, the newest first; for its learner."""
    acts = CaseAct.objects.filter(
        kind__in=[ActKind.NAMES_OPENED, ActKind.HANDED_OVER],
        case__accounts__subject__in=list(subjects),
    )
    found = []
    for act in acts.select_related("case").distinct().order_by("-time", "-pk")[:limit]:
        theirs = act.case.accounts.filter(subject__in=list(subjects))
        if set(theirs.values_list("letter", flat=True)) & set(act.letters.split()):
            found.append(
                CaseLook(
                    time=act.time, institution=act.case.institution, why=act.why, viewer=act.person
                )
            )
    return found


def _shown(learner: CaseLearner) -> QuerySet[Case]:
    """What nobody has looked at is in the export alone: it accuses of nothing."""
    unseen = [Outcome.FELL, Outcome.LAPSED]
    cases = about(learner).exclude(state=State.OPENED)
    return cases.exclude(outcome__in=unseen, told__isnull=True)


def _own(case: Case, clock: Clock) -> CaseFacts:
    state, outcome = _stands_now(case, clock)
    steps = {kind for kind in (ActKind.REPLIED, ActKind.APPEALED) if state in STATES_FOR[kind]}
    history = _history(list(case.acts.order_by("pk")), state, viewer=None)
    return _facts(case, state, outcome, history, frozenset(steps))


def _stands_now(case: Case, clock: Clock) -> tuple[State, Outcome | None]:
    """Where time has taken it and how it ended, even if the worker has not come by yet."""
    steps = stand_by(State(case.state), dates_of(case), clock.now())
    return steps[-1] if steps else (State(case.state), _outcome_of(case))


def _outcome_of(case: Case) -> Outcome | None:
    return Outcome(case.outcome) if case.outcome else None


def _facts(
    case: Case, state: State, outcome: Outcome | None, history: tuple[PastAct, ...],
    steps: frozenset[ActKind],
) -> CaseFacts:  # fmt: skip
    return CaseFacts(
        id=case.pk, kind=DetectorKind(case.kind), is_sharing=case.is_sharing,
        institution=case.institution, course=case.course, state=state,
        outcome=outcome, opened=case.opened,
        confidence=case.confidence, stands=case.stands, has_disparity=case.disparity is not None,
        told=case.told, is_mailed=case.is_mailed, reply_until=case.reply_until, reply=case.reply,
        appeal_until=case.appeal_until, appeal=case.appeal, lapses=case.lapses,
        closed=case.closed, forget_after=case.forget_after, evidence=read_evidence(case.evidence),
        history=history, votes=sum(one.kind is ActKind.DECIDED for one in history), steps=steps,
    )  # fmt: skip


def _history(acts: Sequence[CaseAct], state: State, *, viewer: int | None) -> tuple[PastAct, ...]:
    return tuple(_past(act, state is State.DECIDING, viewer) for act in acts)


def _past(act: CaseAct, is_secret: bool, viewer: int | None) -> PastAct:
    hides = is_secret and act.kind == ActKind.DECIDED and (viewer is None or act.person != viewer)
    return PastAct(
        kind=ActKind(act.kind), by=act.by, person=act.person,
        verdict="" if hides else act.verdict, why="" if hides else act.why, time=act.time,
    )  # fmt: skip


def _steps_of(
    case: Case, state: State, outcome: Outcome | None, acts: Sequence[CaseAct], officer: Officer
) -> frozenset[ActKind]:
    """What an officer may do: what the state allows, less what they have judged before."""
    steps = {kind for kind, states in STATES_FOR.items() if state in states}
    steps -= {ActKind.JOINED, ActKind.REPLIED, ActKind.APPEALED}
    me = officer.account_id
    has_voted = any(act.kind == ActKind.DECIDED and act.person == me for act in acts)
    if has_voted:
        steps -= {ActKind.DECIDED, ActKind.NAMES_OPENED}
    if state is State.APPEALED and me in involved_in(acts):
        steps -= {ActKind.APPEAL_DECIDED, ActKind.NAMES_OPENED}
    if outcome not in HOLDS or case.main is None:
        steps -= {ActKind.HANDED_OVER}
    return frozenset(steps)


def _waiting(case: Case, officer: Officer, clock: Clock) -> Waiting:
    state, outcome = _stands_now(case, clock)
    steps = _steps_of(case, state, outcome, list(case.acts.all()), officer)
    judging = {ActKind.REVIEWED, ActKind.DECIDED, ActKind.APPEAL_DECIDED}
    due = {State.TOLD: case.reply_until, State.UPHELD: case.appeal_until, State.CLOSED: None}
    return Waiting(
        id=case.pk, kind=DetectorKind(case.kind), institution=case.institution,
        course=case.course, state=state, outcome=outcome,
        opened=case.opened, confidence=case.confidence, due=due.get(state, case.lapses),
        has_disparity=case.disparity is not None, is_mine=bool(steps & judging),
        evidence=read_evidence(case.evidence),
    )  # fmt: skip
