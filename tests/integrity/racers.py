"""What one process does in races; run as ``python -m tests.integrity.racers NUMBER``.

Each line that it is given is a job, its word and the file of a gate: it waits until the gate
exists, does the job, and prints what it saw as a line of JSON. It ends with its input.
"""

import json
import sys
import time
from pathlib import Path

import django

django.setup()

from privet.accounts.models import Institution  # noqa: E402 - after the setup.
from privet.accounts.service import find_account, grants_of  # noqa: E402
from privet.integrity.case_acts import Officer, learner_of, officer_of  # noqa: E402
from privet.integrity.case_rules import CaseError, Verdict  # noqa: E402
from privet.integrity.cases import open_case  # noqa: E402
from privet.integrity.deciding import decide_case, reply_to_case, review_case  # noqa: E402
from privet.integrity.models import Case, FindingRow  # noqa: E402
from privet.kernel.clock import FixedClock  # noqa: E402
from tests.integrity.cast import (  # noqa: E402
    ALICE,
    NOW,
    TERMS,
    WHY,
    a_finding,
    keep,
    make_institutions,
    make_learner,
    make_officer,
    nobody_certified,
    open_one,
    run,
)

NAMES = ("bob", "carol", "erin")
CLOCK = FixedClock(NOW)


def prepare(state: str) -> object:
    """Officers, Alice, and one finding or one case in a state, whatever was there before."""
    Case.objects.all().delete()
    FindingRow.objects.all().delete()
    if not Institution.objects.exists():
        make_institutions()
        for name in NAMES:
            make_officer(name)
        make_learner("alice", ALICE)
    if state == "finding":
        keep(a_finding())
        return 1
    case = open_one(CLOCK)
    if state in ("told", "deciding"):
        review_case(
            case_id=case.pk, officer=_officer(0), verdict=Verdict.HOLDS, why=WHY, clock=CLOCK,
            terms=TERMS,
        )  # fmt: skip
    if state == "deciding":
        reply("0")
    return 1


def tell(_: str) -> object:
    """How the one case stands: state, reply, and how many have decided."""
    case = Case.objects.get()
    return [case.state, case.reply, case.acts.filter(kind="decided").count()]


def open_at_once(number: str) -> object:
    """Two open by hand, the third is the nightly run."""
    if number == "2":
        return run(CLOCK).opened
    row = FindingRow.objects.get()
    open_case(
        finding_id=row.pk, officer=_officer(int(number)), why=WHY, clock=CLOCK, terms=TERMS,
        certified=nobody_certified,
    )  # fmt: skip
    return 1


def review(number: str) -> object:
    """Each reviews, and each says something else."""
    verdict = Verdict.HOLDS if number == "0" else Verdict.DISMISS
    review_case(
        case_id=_case(), officer=_officer(int(number)), verdict=verdict, why=WHY, clock=CLOCK,
        terms=TERMS,
    )  # fmt: skip
    return 1


def decide(number: str) -> object:
    """Three people decide, where two are asked."""
    return _decide(int(number))


def decide_twice(number: str) -> object:
    """One person decides in three windows."""
    del number
    return _decide(0)


def reply(number: str) -> object:
    """The learner sends the form again and again."""
    learner = learner_of(find_account(email="alice@learner.example").pk)
    reply_to_case(
        case_id=_case(), learner=learner, text=f"Reply {number}", clock=CLOCK, terms=TERMS
    )
    return 1


def _decide(number: int) -> object:
    decide_case(
        case_id=_case(), officer=_officer(number), verdict=Verdict.HOLDS, why=WHY, clock=CLOCK,
        terms=TERMS,
    )  # fmt: skip
    return 1


def _case() -> int:
    return Case.objects.get().pk


def _officer(number: int) -> Officer:
    account = find_account(email=f"{NAMES[number]}@staff.example")
    return officer_of(account_id=account.pk, grants=grants_of(account))


JOBS = {
    "prepare": prepare, "tell": tell,
    "open": open_at_once, "review": review, "decide": decide, "decide_twice": decide_twice,
    "reply": reply,
}  # fmt: skip


def main(number: str) -> None:
    """Do one job after another: what it says, or the refusal's name."""
    for line in sys.stdin:
        job, word, gate = json.loads(line)
        if gate:
            Path(f"{gate}.ready-{number}").touch()
            while not Path(gate).exists():
                time.sleep(0.005)
        try:
            seen = JOBS[job](word or number)
        except CaseError as error:
            seen = type(error).__name__
        print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
