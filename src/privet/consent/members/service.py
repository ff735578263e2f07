"""The verbs of members' entries: propose, accept, refuse, withdraw, and who has what in force."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from privet.accounts.registry import institution_names
from privet.audit.service import record_act
from privet.consent.members.in_force import read_technology
from privet.consent.members.models import InstitutionEntry
from privet.consent.members.rules import (
    STEPS,
    EntryError,
    EntryState,
    EntryStep,
    check_category,
    check_step,
)
from privet.consent.registry import read_platform_registry
from privet.consent.technologies import Technology, check_technology
from privet.kernel.clock import Clock

MOST_WAITING = 200
"""How many entries of one member may wait for review."""
_MOST_COURSES = 100
LONGEST_COURSE = 160
_LONGEST_REASON = 500
_COMPARED = ("category", "lifetime", "setter", "party", "vendor", "purpose", "data", "courses")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A member's entry and where it stands."""

    number: int
    technology: Technology
    state: EntryState
    proposed: datetime
    proposed_by: str
    reviewed: datetime | None
    reviewed_by: str
    reason: str


def propose_entry(*, entry: Technology, by: str, clock: Clock) -> int:
    """A member asks for an entry; returns its number. A change of one is a new proposal.

    Raises `TechnologyError` if it is not complete, `EntryError` if it may not be.
    """
    check_technology(entry)
    _check_courses(entry)
    check_category(entry, read_platform_registry().technologies)
    try:
        with transaction.atomic():
            _check_waiting(entry)
            made = InstitutionEntry.objects.create(
                **_fields(entry), state=EntryState.PROPOSED, proposed=clock.now(), proposed_by=by
            )
            _note("propose", made, by=by, clock=clock)
    except IntegrityError as error:
        # Somebody proposed the same between our look and our writing.
        raise _waits_already() from error
    return made.pk


def accept_entry(*, number: int, by: str, clock: Clock) -> None:
    """Take an entry into the registry, in the place of what the member had there before."""
    with transaction.atomic():
        row = _lock(number, EntryStep.ACCEPT)
        if row.proposed_by == by:
            raise EntryError(
                "Who proposed an entry cannot accept it.",
                remedy="Ask another privacy officer to review it.",
            )
        check_category(read_technology(row), read_platform_registry().technologies)
        for older in _in_force(row):
            _finish(older, EntryStep.WITHDRAW, by=by, reason="replaced", clock=clock)
        _finish(row, EntryStep.ACCEPT, by=by, reason="", clock=clock)


def refuse_entry(*, number: int, reason: str, by: str, clock: Clock) -> None:
    """Turn a proposal down; the member reads the reason."""
    if not reason.strip():
        raise EntryError(
            "A refusal gives no reason.", remedy="Say in a sentence what the member should change."
        )
    with transaction.atomic():
        row = _lock(number, EntryStep.REFUSE)
        _finish(row, EntryStep.REFUSE, by=by, reason=reason.strip(), clock=clock)


def withdraw_entry(*, number: int, by: str, clock: Clock, reason: str = "") -> None:
    """Take a proposal or an accepted entry back; what it covered is unregistered from now on."""
    with transaction.atomic():
        row = _lock(number, EntryStep.WITHDRAW)
        _finish(row, EntryStep.WITHDRAW, by=by, reason=reason.strip(), clock=clock)


def list_entries(
    *, institutions: Collection[str] | None = None, states: Collection[EntryState] = ()
) -> Sequence[Entry]:
    """Entries, the newest first: of these members (none: of all), in these states (empty: any)."""
    rows = InstitutionEntry.objects.all()
    if institutions is not None:
        rows = rows.filter(institution__in=institutions)
    if states:
        rows = rows.filter(state__in=states)
    return [_entry(row) for row in rows]


def count_entries(state: EntryState) -> int:
    """How many entries of all members stand there."""
    return InstitutionEntry.objects.filter(state=state).count()


def find_entry(number: int) -> Entry | None:
    """The entry of that number."""
    row = InstitutionEntry.objects.filter(pk=number).first()
    return _entry(row) if row else None


def find_before(entry: Entry) -> Technology | None:
    """What a proposal would replace: the member's entry of the same name, kind and host."""
    asked = entry.technology
    row = InstitutionEntry.objects.filter(
        institution=asked.institution, kind=asked.kind, name=asked.name, host=asked.host,
        state=EntryState.ACCEPTED,
    ).first()  # fmt: skip
    return read_technology(row) if row else None


def differences(before: Technology, after: Technology) -> Mapping[str, tuple[object, object]]:
    """By field what is different, as it was and as it would be."""
    return {
        field: (getattr(before, field), getattr(after, field))
        for field in _COMPARED
        if getattr(before, field) != getattr(after, field)
    }


def _fields(entry: Technology) -> dict[str, object]:
    return {
        "institution": entry.institution,
        "courses": list(entry.courses),
        "name": entry.name,
        "kind": entry.kind,
        "host": entry.host,
        "setter": entry.setter,
        "party": entry.party,
        "lifetime": entry.lifetime,
        "category": entry.category,
        "purpose": dict(entry.purpose),
        "vendor": entry.vendor,
        "data": list(entry.data),
    }


def _check_courses(entry: Technology) -> None:
    if entry.institution not in institution_names():
        raise EntryError(
            f"There is no institution {entry.institution!r}.", remedy="Name a registered member."
        )
    if len(entry.courses) > _MOST_COURSES or any(
        not 0 < len(course) <= LONGEST_COURSE for course in entry.courses
    ):
        raise EntryError(
            "An entry names more than 100 courses, or a course with more than 160 letters.",
            remedy="Leave the courses out if it is used in all of them.",
        )


def _check_waiting(entry: Technology) -> None:
    waiting = InstitutionEntry.objects.filter(
        institution=entry.institution, state=EntryState.PROPOSED
    )
    if waiting.filter(kind=entry.kind, name=entry.name, host=entry.host).exists():
        raise _waits_already()
    if waiting.count() >= MOST_WAITING:
        raise EntryError(
            f"{MOST_WAITING} entries wait for review already.",
            remedy="Wait for their review, or register a family of names with a star.",
        )


def _waits_already() -> EntryError:
    return EntryError(
        "An entry of this name waits for review already.",
        remedy="Withdraw that one first, or wait for its review.",
    )


def _lock(number: int, step: EntryStep) -> InstitutionEntry:
    row = InstitutionEntry.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise EntryError("There is no such entry.", remedy="Look at the list of entries again.")
    check_step(step, EntryState(row.state))
    return row


def _in_force(row: InstitutionEntry) -> Sequence[InstitutionEntry]:
    return list(
        InstitutionEntry.objects.select_for_update().filter(
            institution=row.institution, kind=row.kind, name=row.name, host=row.host,
            state=EntryState.ACCEPTED,
        )
    )  # fmt: skip


def _finish(row: InstitutionEntry, step: EntryStep, *, by: str, reason: str, clock: Clock) -> None:
    row.state = STEPS[step][1]
    row.reviewed, row.reviewed_by = clock.now(), by
    row.reason = reason[:_LONGEST_REASON]
    row.save(update_fields=["state", "reviewed", "reviewed_by", "reason"])
    _note(step.value, row, by=by, clock=clock, why=row.reason)


def _note(verb: str, row: InstitutionEntry, *, by: str, clock: Clock, why: str = "") -> None:
    about: dict[str, str | int] = {"entry": row.pk, "institution": row.institution}
    record_act(act=f"consent.{verb}_entry", by=by, about=about, why=why, clock=clock)


def _entry(row: InstitutionEntry) -> Entry:
    return Entry(
        number=row.pk,
        technology=read_technology(row),
        state=EntryState(row.state),
        proposed=row.proposed,
        proposed_by=row.proposed_by,
        reviewed=row.reviewed,
        reviewed_by=row.reviewed_by,
        reason=row.reason,
    )
