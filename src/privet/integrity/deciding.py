"""The verbs of a case: review it, tell the learner, hear them, decide in two, answer an appeal.

Each is one transaction that holds the case's row, so that of two people who act at once the second
sees what the first did. None of them does anything to a learner but write to them.
"""

from collections.abc import Iterable

from django.db import transaction

from privet.accounts.finding import Found, person_behind
from privet.integrity.case_acts import (
    CaseLearner,
    Officer,
    about,
    close_case,
    note,
    take_case,
    within_reach,
)
from privet.integrity.case_rules import (
    HOLDS,
    LONGEST_REPLY,
    ActKind,
    Outcome,
    State,
    Terms,
    Verdict,
    WrongStateError,
    check_may_answer,
    check_may_decide,
    check_state,
    joint_verdict,
    read_why,
    terms_of,
)
from privet.integrity.letters import Letter, mail_learner
from privet.integrity.models import Case, CaseAct
from privet.kernel.clock import Clock
from privet.kernel.config import read_config

INVOLVING = (ActKind.OPENED, ActKind.REVIEWED, ActKind.DECIDED)
"""Who did one of these does not answer the appeal."""


def review_case(
    *, case_id: int, officer: Officer, verdict: Verdict, why: str, clock: Clock,
    terms: Terms | None = None,
) -> None:  # fmt: skip
    """The first review, without names: end it here, or go on and tell the learner."""
    reason, terms = read_why(why), terms or terms_of(read_config())
    with transaction.atomic():
        case = take_case(within_reach(officer), case_id, terms=terms, clock=clock)
        check_state(ActKind.REVIEWED, State(case.state))
        _note(case, ActKind.REVIEWED, officer, clock, verdict=verdict, why=reason)
        if verdict is Verdict.HOLDS:
            _tell(case, officer, terms, clock)
        else:
            _close(case, Outcome.NOT_PURSUED, officer, terms, clock)


def reply_to_case(
    *, case_id: int, learner: CaseLearner, text: str, clock: Clock, terms: Terms | None = None
) -> None:
    """What the learner says to it, once; then two people decide."""
    words, terms = _read_learner(text), terms or terms_of(read_config())
    with transaction.atomic():
        case = take_case(about(learner), case_id, terms=terms, clock=clock)
        check_state(ActKind.REPLIED, State(case.state))
        case.reply, case.state = words, State.DECIDING
        case.lapses = clock.now() + terms.lapse
        case.save(update_fields=["reply", "state", "lapses"])
        note(case, ActKind.REPLIED, by=learner.by, clock=clock)


def decide_case(
    *, case_id: int, officer: Officer, verdict: Verdict, why: str, clock: Clock,
    terms: Terms | None = None,
) -> None:  # fmt: skip
    """One of the two decisions; the second settles it: it holds only if both say so."""
    reason, terms = read_why(why), terms or terms_of(read_config())
    with transaction.atomic():
        case = take_case(within_reach(officer), case_id, terms=terms, clock=clock)
        check_state(ActKind.DECIDED, State(case.state))
        votes = case.acts.filter(kind=ActKind.DECIDED)
        check_may_decide(officer.account_id, deciders=set(votes.values_list("person", flat=True)))
        _note(case, ActKind.DECIDED, officer, clock, verdict=verdict, why=reason)
        match joint_verdict([Verdict(one) for one in votes.values_list("verdict", flat=True)]):
            case Verdict.HOLDS:
                _uphold(case, officer, terms, clock)
            case Verdict.DISMISS:
                _close(case, Outcome.DISMISSED, officer, terms, clock)
            case None:
                pass


def appeal_case(
    *, case_id: int, learner: CaseLearner, text: str, clock: Clock, terms: Terms | None = None
) -> None:
    """The learner does not agree; somebody who had no part in the case answers."""
    words, terms = _read_learner(text), terms or terms_of(read_config())
    with transaction.atomic():
        case = take_case(about(learner), case_id, terms=terms, clock=clock)
        check_state(ActKind.APPEALED, State(case.state))
        case.appeal, case.state = words, State.APPEALED
        case.lapses = clock.now() + terms.lapse
        case.save(update_fields=["appeal", "state", "lapses"])
        note(case, ActKind.APPEALED, by=learner.by, clock=clock)


def answer_appeal(
    *, case_id: int, officer: Officer, verdict: Verdict, why: str, clock: Clock,
    terms: Terms | None = None,
) -> None:  # fmt: skip
    """The last word, by a third person: it stays as it was, or it is overturned."""
    reason, terms = read_why(why), terms or terms_of(read_config())
    with transaction.atomic():
        case = take_case(within_reach(officer), case_id, terms=terms, clock=clock)
        check_state(ActKind.APPEAL_DECIDED, State(case.state))
        check_may_answer(officer.account_id, involved=involved_in(case.acts.all()))
        _note(case, ActKind.APPEAL_DECIDED, officer, clock, verdict=verdict, why=reason)
        holds = verdict is Verdict.HOLDS
        outcome = Outcome.UPHELD_ON_APPEAL if holds else Outcome.OVERTURNED
        _close(case, outcome, officer, terms, clock)


def open_names(
    *, case_id: int, officer: Officer, why: str, clock: Clock, terms: Terms | None = None
) -> None:
    """See for some minutes who the accounts are; each of them reads that, and why, in the centre.

    Only who may still judge the case may, and not before the learner was told.
    """
    reason, terms = read_why(why), terms or terms_of(read_config())
    with transaction.atomic():
        case = take_case(within_reach(officer), case_id, terms=terms, clock=clock)
        check_state(ActKind.NAMES_OPENED, State(case.state))
        _check_may_judge(case, officer)
        letters = " ".join(case.accounts.order_by("letter").values_list("letter", flat=True))
        _note(
            case, ActKind.NAMES_OPENED, officer, clock, why=reason, letters=letters,
            on_record=reason,
        )  # fmt: skip


def hand_over(
    *, case_id: int, officer: Officer, why: str, clock: Clock, terms: Terms | None = None
) -> Found:
    """Record that a case that holds goes to the institution as a text; returns who it is about.

    Raises `WrongStateError` for one that does not hold, or whose evidence has been deleted.
    """
    reason, terms = read_why(why), terms or terms_of(read_config())
    with transaction.atomic():
        case = take_case(within_reach(officer), case_id, terms=terms, clock=clock)
        check_state(ActKind.HANDED_OVER, State(case.state))
        if Outcome(case.outcome) not in HOLDS or case.main is None:
            raise WrongStateError(
                "This case gives nothing to hand over.", remedy="Look at its outcome."
            )
        letter = case.accounts.get(subject=case.main).letter
        _note(
            case, ActKind.HANDED_OVER, officer, clock, why=reason, letters=letter,
            on_record=reason,
        )  # fmt: skip
        return person_behind(case.main)


def involved_in(acts: Iterable[CaseAct]) -> set[int | None]:
    """The staff who opened, reviewed or decided a case: none of them answers its appeal."""
    return {act.person for act in acts if act.kind in INVOLVING} - {None}


def _check_may_judge(case: Case, officer: Officer) -> None:
    if case.state == State.APPEALED:
        check_may_answer(officer.account_id, involved=involved_in(case.acts.all()))
        return
    votes = case.acts.filter(kind=ActKind.DECIDED)
    check_may_decide(officer.account_id, deciders=set(votes.values_list("person", flat=True)))


def _tell(case: Case, officer: Officer, terms: Terms, clock: Clock) -> None:
    now = clock.now()
    case.state, case.told, case.reply_until = State.TOLD, now, now + terms.reply
    case.lapses = case.reply_until + terms.lapse
    case.save(update_fields=["state", "told", "reply_until", "lapses"])
    mail_learner(case, Letter.TOLD, terms=terms, clock=clock)
    _note(case, ActKind.TOLD, officer, clock)


def _uphold(case: Case, officer: Officer, terms: Terms, clock: Clock) -> None:
    case.state, case.appeal_until = State.UPHELD, clock.now() + terms.appeal
    case.save(update_fields=["state", "appeal_until"])
    _note(case, ActKind.UPHELD, officer, clock)
    mail_learner(case, Letter.UPHELD, terms=terms, clock=clock)


def _close(case: Case, outcome: Outcome, officer: Officer, terms: Terms, clock: Clock) -> None:
    close_case(case, outcome, by=officer.by, terms=terms, clock=clock, person=officer.account_id)


def _note(
    case: Case, kind: ActKind, officer: Officer, clock: Clock, *, verdict: str = "", why: str = "",
    letters: str = "", on_record: str = "",
) -> None:  # fmt: skip
    note(
        case, kind, by=officer.by, clock=clock, person=officer.account_id, verdict=verdict,
        why=why, letters=letters, on_record=on_record,
    )  # fmt: skip


def _read_learner(text: str) -> str:
    return read_why(text, longest=LONGEST_REPLY, shortest=2)
