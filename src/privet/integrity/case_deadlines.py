"""What time does to cases by itself: periods end, cases lapse, evidence is deleted."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from privet.integrity.case_acts import LEARNER, WORKER, let_time_pass, note
from privet.integrity.case_rules import ActKind, State, Terms, terms_of
from privet.integrity.letters import note_given_up
from privet.integrity.models import Case
from privet.kernel.clock import Clock
from privet.kernel.config import read_config


@dataclass(frozen=True, kw_only=True)
class Passed:
    """What came of it, in numbers."""

    moved: int
    forgotten: int


def pass_deadlines(*, clock: Clock, terms: Terms | None = None) -> Passed:
    """Move what waits for nobody any more; delete the evidence whose time is over. Idempotent.

    Beside it, cases learn that the letter to their learner was given up.
    """
    terms = terms or terms_of(read_config())
    now = clock.now()
    note_given_up()
    due = Case.objects.filter(closed__isnull=True).filter(
        Q(lapses__lte=now) | Q(reply_until__lte=now) | Q(appeal_until__lte=now)
    )
    moved = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            case = Case.objects.select_for_update().filter(pk=pk, closed__isnull=True).first()
            moved += case is not None and let_time_pass(case, terms=terms, clock=clock)
    return Passed(moved=moved, forgotten=_forget_what_is_over(clock))


def forget_evidence(case: Case, *, by: str, clock: Clock) -> None:
    """Delete what a closed case says of people, staff too; a line of the statistics is left.

    Who did what with it stands in the audit chain as long as that is kept.
    """
    case.main, case.evidence, case.reply, case.appeal = None, None, "", ""
    case.forget_after, case.mail_id = None, ""
    if case.opened_by != WORKER:
        case.opened_by = ""
    case.save(
        update_fields=[
            "main", "evidence", "reply", "appeal", "forget_after", "mail_id", "opened_by",
        ]
    )  # fmt: skip
    case.accounts.all().delete()
    note(case, ActKind.FORGOTTEN, by=by, clock=clock)
    case.acts.update(why="", verdict="", letters="", person=None)
    case.acts.exclude(by__in=[WORKER, LEARNER]).update(by="")


def _forget_what_is_over(clock: Clock) -> int:
    over = Case.objects.filter(state=State.CLOSED, forget_after__lte=clock.now())
    with transaction.atomic():
        cases = list(over.order_by("pk").select_for_update())
        for case in cases:
            forget_evidence(case, by=WORKER, clock=clock)
    return len(cases)
