"""What one process does in a race; run as ``python -m tests.consent.racers JOB NUMBER GATE``.

It waits until the file GATE exists, does its job, and prints what it saw as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402 - Django must be set up before models are imported.

from privet.accounts.facts import Identity  # noqa: E402
from privet.accounts.service import find_or_make_account_for, use_token_once  # noqa: E402
from privet.accounts.subjects import SubjectMap, read_links  # noqa: E402
from privet.accounts.tokens import BadTokenError  # noqa: E402
from privet.consent.members.rules import EntryError  # noqa: E402
from privet.consent.members.service import propose_entry  # noqa: E402
from privet.consent.models import Head, Standing  # noqa: E402
from privet.consent.policies.document import PolicyKind  # noqa: E402
from privet.consent.policies.service import PolicyChangedError, latest_version  # noqa: E402
from privet.consent.snapshot import Snapshot  # noqa: E402
from privet.events.record import Actor  # noqa: E402
from privet.kernel.clock import SystemClock  # noqa: E402
from privet.kernel.config import read_config  # noqa: E402
from privet.kernel.crypto import KeyRing  # noqa: E402
from tests.consent.kit import ALICE, ALL_NO, ALL_YES, decide, key_of  # noqa: E402
from tests.consent.members.kit import LAB  # noqa: E402
from tests.consent.policies.kit import publish  # noqa: E402

PEOPLE = 60
ROUNDS = 25
VERSIONS = 12


def link(number: int) -> object:
    """Map people whose keys and aliases overlap, each process in another order."""
    keys = [n.to_bytes(16, "big") for n in range(PEOPLE * 2)]
    actors = [Actor(keys[2 * n], (keys[2 * n + 1],)) for n in range(PEOPLE)]
    others = [Actor(keys[2 * n + 1], (keys[2 * n],)) for n in range(PEOPLE)]
    mine = [actors, others[::-1], others, actors[::-1]][number % 4]
    subjects = SubjectMap()
    for start in range(0, PEOPLE, 7):
        subjects.subjects_for(mine[start : start + 7])
    links = read_links(keys)
    return {key.hex(): [links[key].subject, links[key].person] for key in keys if key in links}


def make_account(number: int) -> object:
    """Recognise the same learners as the others do."""
    del number
    ring = KeyRing(read_config().keys)
    found = []
    for n in range(10):
        identity = Identity(site="hedgerow", external_id=f"learner-{n}", issued=0, expires=1)
        found.append(find_or_make_account_for(identity=identity, keys=ring, by="site:hedgerow").pk)
    return found


def use_token(number: int) -> object:
    """Use the same one-time tokens as the others do; tells which were accepted here."""
    del number
    accepted = []
    for n in range(10):
        identity = Identity(
            site="hedgerow", external_id="alice", issued=0, expires=2**33, token_id=str(n)
        )
        try:
            use_token_once(identity=identity, clock=SystemClock())
        except BadTokenError:
            continue
        accepted.append(n)
    return accepted


def decide_often(number: int) -> object:
    """Decide for people of one's own, and for Alice, for whom all decide."""
    for n in range(ROUNDS):
        decide(replace(ALICE, key=key_of(f"{number}-{n}")), ALL_NO)
        decide(ALICE, ALL_YES if n % 2 else ALL_NO)
    return None


def propose(number: int) -> object:
    """Propose the same entries of one member as the others do; tells which were taken here."""
    taken = []
    for n in range(10):
        entry = replace(LAB, name=f"lab_{n}")
        try:
            propose_entry(entry=entry, by=f"account:{number + 1}", clock=SystemClock())
        except EntryError:
            continue
        taken.append(n)
    return taken


def publish_policies(number: int) -> object:
    """Publish versions of a policy that all publish; tells which numbers were given here."""
    given = []
    while True:
        last = latest_version(PolicyKind.COOKIES)
        base = last.number if last else 0
        if base >= VERSIONS:
            return given
        try:
            given.append(publish(f"of_{number}_{base}", base=base))
        except PolicyChangedError:
            continue


def watch(number: int) -> object:
    """Poll without overlap; tells what was seen, and any sequence that appeared too late."""
    del number
    snapshot = Snapshot(keys=KeyRing(read_config().keys), overlap=0)
    late, highest = [], 0
    deadline = time.monotonic() + 600
    goal = int(sys.argv[4])
    while time.monotonic() < deadline:
        rows = set(Standing.objects.values_list("sequence", flat=True))
        new = {sequence for sequence in rows if sequence not in seen_before}
        late += [sequence for sequence in new if sequence < highest]
        seen_before.update(rows)
        highest = max(rows, default=0)
        snapshot.refresh()
        head = Head.objects.first()
        if head is not None and head.sequence >= goal:
            break
    snapshot.refresh()
    return {"late": late, "known": len(snapshot)}


seen_before: set[int] = set()
JOBS: dict[str, Callable[[int], object]] = {
    "link": link,
    "make_account": make_account,
    "use_token": use_token,
    "decide": decide_often,
    "publish": publish_policies,
    "propose": propose,
    "watch": watch,
}


def main() -> None:
    """Wait for the gate, run the job, print what it saw."""
    job, number, gate = JOBS[sys.argv[1]], int(sys.argv[2]), Path(sys.argv[3])
    connection.ensure_connection()
    gate.with_suffix(f".ready-{sys.argv[1]}-{number}").touch()
    while not gate.exists():
        time.sleep(0.002)
    sys.stdout.write(json.dumps(job(number)))


if __name__ == "__main__":
    main()
