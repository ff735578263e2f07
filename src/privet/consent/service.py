"""The verbs of consent: decide, join, object, restrict.

Each holds the ledger's head and writes the record, the standing of all keys of the person, the
audit act and the lake's hiding in one transaction. Doors see it with the snapshot's next poll.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from privet.catalogue.uses import ESSENTIAL, NO_CHOICES, Choice, Use
from privet.consent import rules
from privet.consent.carrying import carry_answers
from privet.consent.change import Asked, Change
from privet.consent.cookies import ConsentCookie, day_of
from privet.consent.history import has_said_against_signal
from privet.consent.ledger import Kind, hold_head, in_turn
from privet.consent.models import Decision
from privet.consent.person import Who
from privet.consent.places import regime_of
from privet.consent.rules import ALL_CHOICES, GPC_CHOICES, NO_USES, OBJECTABLE, Answers
from privet.consent.state import Reach, State, merge, reach_of, read_state
from privet.kernel.clock import Clock
from privet.kernel.errors import PrivetError

__all__ = [
    "Asked",
    "ConsentError",
    "Outcome",
    "Who",
    "confirmable",
    "current_state",
    "end_objection",
    "join_visitor",
    "lift_restriction",
    "preview",
    "record_decision",
    "record_objection",
    "record_restriction",
    "record_signal",
    "settle_state",
    "state_of",
]


class ConsentError(PrivetError):
    """A change of consent that makes no sense."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is in force after a change."""

    standing: rules.Standing
    state: State
    record_id: UUID | None
    """The record of the ledger; none if nothing had to be recorded."""
    refused_by_gpc: Choice = NO_CHOICES
    """What the person said yes to and Global Privacy Control refuses."""


def record_decision(*, who: Who, asked: Asked, by: str, clock: Clock) -> Outcome:
    """Record what somebody decided, and put it in force.

    Choices that were not asked keep their earlier answer. Once Global Privacy Control came from a
    browser of the person, targeting and sale count as refused whatever is said, until they say
    yes and confirm it in view of the conflict.
    """
    with in_turn(), transaction.atomic():
        head = hold_head()
        repeated = _find_repeated(who, asked, by)
        reach = _reach(who)
        before = read_state(reach.keys)
        now = clock.now()
        known = _known(before, who, now)
        if repeated is not None:
            return _outcome_of(repeated, asked, known, is_recorded=before is not None)
        after = _decided(known, asked, now)
        refused = _refused_by_signal(asked, after)
        # A yes against the signal is recorded too, though it changes nothing: both sides are kept.
        is_known = not refused or has_said_against_signal(reach.keys, refused)
        if is_known and _is_same(before, after):
            return Outcome(
                standing=after.standing(), state=after, record_id=None, refused_by_gpc=refused
            )
        change = Change(kind=Kind.DECISION, who=who, reach=reach, before=before, after=after)
        record = change.put_in_force(head, by=by, clock=clock, asked=asked)
    return Outcome(
        standing=after.standing(), state=after, record_id=record.record_id, refused_by_gpc=refused
    )


def confirmable(outcome: Outcome) -> Choice:
    """What the signal alone refuses of a yes: with a confirmation it would be in force."""
    state = replace(outcome.state, gpc=False, restricted=False)
    said = state.answers or Answers(NO_CHOICES, NO_CHOICES)
    yes = replace(state, answers=said._replace(granted=said.granted | outcome.refused_by_gpc))
    return outcome.refused_by_gpc & Choice(yes.standing().choices)


def preview(*, who: Who, asked: Asked, clock: Clock) -> rules.Standing:
    """What the answers would put in force for somebody of whom nothing is recorded."""
    now = clock.now()
    return _decided(_fresh(who, now), asked, now).standing()


def join_visitor(
    *,
    who: Who,
    visitor_key: bytes | None,
    cookie: ConsentCookie,
    by: str,
    clock: Clock,
) -> Outcome:
    """A visitor signs in as ``who``: of the two decisions the most restrictive is in force.

    The visitor brings this decision and never a history, since browsers are shared.
    """
    with transaction.atomic():
        head = hold_head()
        now = clock.now()
        reach = _reach(who)
        before = read_state(reach.keys)
        mine = _known(before, who, now)
        after = _joined(mine, _visitor_state(visitor_key, cookie))
        is_known = before is not None and not before.is_expired(now)
        if before is not None and is_known and _says_as_much(before, after):
            return Outcome(standing=before.standing(), state=before, record_id=None)
        change = Change(kind=Kind.JOIN, who=who, reach=reach, before=before, after=after)
        record = change.put_in_force(head, by=by, clock=clock)
    return Outcome(standing=after.standing(), state=after, record_id=record.record_id)


def record_signal(*, who: Who, by: str, clock: Clock) -> Outcome:
    """Global Privacy Control came with a request of somebody known: it holds for all of them.

    Not only for that browser (CCPA regulations 7025(c)(1)). What they confirmed against the signal
    stays confirmed.
    """

    def step(state: State) -> State:
        return state if state.gpc else replace(_refusing(state), gpc=True)

    return _change(who, Kind.SIGNAL, step, by=by, clock=clock, why="Sec-GPC: 1")


def record_objection(*, who: Who, uses: Use, by: str, clock: Clock, why: str = "") -> Outcome:
    """Stop uses that stand on a legitimate interest (GDPR Art. 21), or suggestions alone."""
    _check_objectable(uses)

    def step(state: State) -> State:
        return replace(state, objected=state.objected | uses)

    return _change(who, Kind.OBJECTION, step, by=by, clock=clock, why=why)


def end_objection(*, who: Who, uses: Use, by: str, clock: Clock, why: str = "") -> Outcome:
    """Let uses resume: the person took the objection back, or grounds that override it hold."""
    _check_objectable(uses)

    def step(state: State) -> State:
        return replace(state, objected=state.objected & ~uses)

    return _change(who, Kind.OBJECTION_ENDED, step, by=by, clock=clock, why=why)


def record_restriction(*, who: Who, by: str, clock: Clock, why: str = "") -> Outcome:
    """Keep the person's data and use it for nothing but their courses (GDPR Art. 18)."""

    def step(state: State) -> State:
        return replace(state, restricted=True)

    return _change(who, Kind.RESTRICTION, step, by=by, clock=clock, why=why)


def lift_restriction(*, who: Who, by: str, clock: Clock, why: str = "") -> Outcome:
    """Let the data be used again as far as the person allows."""

    def step(state: State) -> State:
        return replace(state, restricted=False)

    return _change(who, Kind.RESTRICTION_ENDED, step, by=by, clock=clock, why=why)


def current_state(*, who: Who, clock: Clock) -> State:
    """What is in force for somebody as they are now known to be; undecided if nothing is."""
    return _known(read_state(_reach(who).keys), who, clock.now())


def settle_state(*, who: Who, by: str, clock: Clock) -> State:
    """As `current_state`; where age or place leave less than before, every door obeys from now on.

    A platform may say another birth year at any time, and people move.
    """
    now = clock.now()
    reach = _reach(who)
    before = read_state(reach.keys)
    state = _known(before, who, now)
    if before is None or not _is_less(before, state, now):
        return state
    with transaction.atomic():
        head = hold_head()
        reach = _reach(who)
        before = read_state(reach.keys)
        state = _known(before, who, now)
        if before is not None and _is_less(before, state, now):
            kind = Kind.PLACE if state.age is before.age else Kind.AGE
            change = Change(kind=kind, who=who, reach=reach, before=before, after=state)
            change.put_in_force(head, by=by, clock=clock)
    return state


def state_of(key: bytes, *, clock: Clock) -> State | None:
    """What is recorded of the person of a key, none if nothing; an expired decision is none."""
    state = read_state(reach_of(key).keys)
    return state.without_decision() if state and state.is_expired(clock.now()) else state


def _change(
    who: Who, kind: Kind, step: Callable[[State], State], *, by: str, clock: Clock, why: str
) -> Outcome:
    with transaction.atomic():
        head = hold_head()
        reach = _reach(who)
        before = read_state(reach.keys)
        known = _known(before, who, clock.now())
        after = step(known)
        if after == known:
            return Outcome(standing=after.standing(), state=after, record_id=None)
        change = Change(kind=kind, who=who, reach=reach, before=before, after=after)
        record = change.put_in_force(head, by=by, clock=clock, why=why)
    return Outcome(standing=after.standing(), state=after, record_id=record.record_id)


def _reach(who: Who) -> Reach:
    return reach_of(who.key) if who.key else Reach(keys=frozenset(), subjects=frozenset())


def _fresh(who: Who, now: datetime) -> State:
    regime = regime_of(who.country, default=who.default_regime, on=now.date())
    return State(regime=regime).at_age(who.birth_year, who.country, now)


def _known(before: State | None, who: Who, now: datetime) -> State:
    """The state as it is now: expired decisions void, age and place brought up to date."""
    if before is None:
        return _fresh(who, now)
    state = before.without_decision() if before.is_expired(now) else before
    if who.country:
        state = state.in_place(who.country, regime_of(who.country, on=now.date()), now)
    return state.at_age(who.birth_year, who.country, now)


def _is_less(before: State, state: State, now: datetime) -> bool:
    """Whether what was decided allows less than it did, beside that it may have expired."""
    was = before.without_decision() if before.is_expired(now) else before
    return (
        replace(was, restricted=False).standing()[:2]
        != (replace(state, restricted=False).standing()[:2])
    )


def _decided(state: State, asked: Asked, now: datetime) -> State:
    said, version = carry_answers(state, asked)
    signalled = state.gpc or asked.gpc
    spared = _spared(state, asked, said) if signalled else NO_CHOICES
    after = replace(
        state,
        answers=said,
        decided=now,
        gpc=signalled,
        confirmed=bool(spared),
        notice_version=version,
    )
    return _refusing(after, sparing=spared) if signalled else after


def _spared(state: State, asked: Asked, said: Answers) -> Choice:
    """Each yes that was itself confirmed against the signal, now or before; no other goes along."""
    before = state.answers.granted if state.answers and state.confirmed else NO_CHOICES
    now = asked.answers.granted if asked.confirmed else NO_CHOICES
    return (before | now) & said.granted & GPC_CHOICES


def _refused_by_signal(asked: Asked, after: State) -> Choice:
    """What was said yes to and does not stand, since the signal refuses it."""
    stands = after.answers.granted if after.answers else NO_CHOICES
    return asked.answers.granted & GPC_CHOICES & ~stands if after.gpc else NO_CHOICES


def _refusing(state: State, *, sparing: Choice = NO_CHOICES) -> State:
    """The same person with no to what the signal is against: silence must not count as yes."""
    if state.answers is None:
        return state
    refused = GPC_CHOICES & ~sparing
    said = state.answers
    return replace(
        state,
        answers=Answers(asked=said.asked | GPC_CHOICES, granted=said.granted & ~refused),
    )


def _says_as_much(before: State, after: State) -> bool:
    """Whether a join brings nothing: the same in force, decided, and no signal that was unknown."""
    return before.standing()[:3] == after.standing()[:3] and before.gpc == after.gpc


def _is_same(before: State | None, after: State) -> bool:
    """Whether nothing is new: the same on the same day."""
    if before is None or before.decided is None or after.decided is None:
        return False
    same_day = day_of(before.decided) == day_of(after.decided)
    return same_day and replace(before, decided=after.decided) == after


def _visitor_state(visitor_key: bytes | None, cookie: ConsentCookie) -> State:
    """What a visitor decided: by the ledger if the visitor had a number, else by the cookie."""
    state = read_state([visitor_key]) if visitor_key else None
    if state is not None and state.answers is not None:
        return state
    return State(
        answers=Answers(asked=ALL_CHOICES, granted=cookie.choices),
        decided=cookie.decided,
        gpc=cookie.gpc,
        confirmed=cookie.confirmed,
        notice_version=cookie.notice,
    )


def _joined(mine: State, visitor: State) -> State:
    """The person's own circumstances, with the answers of both.

    To somebody undecided no more is brought than was in force for the visitor: what was said at
    unknown age, or not said, must not come to count by signing in.
    """
    brought = visitor.frozen() if mine.answers is None else visitor
    return merge(
        mine,
        replace(
            brought,
            regime=mine.regime,
            age=mine.age,
            birth_year=mine.birth_year,
            country=mine.country,
        ),
    )


def _find_repeated(who: Who, asked: Asked, by: str) -> Decision | None:
    """The record of the same request; the number that a visitor was given may have been lost."""
    if asked.request_id is None:
        return None
    record = Decision.objects.filter(request_id=asked.request_id).first()
    if record is None:
        return None
    recorded = bytes(record.person_key) if record.person_key is not None else None
    same_person = record.by == by == "visitor" or (recorded is not None and recorded == who.key)
    said = (record.site, record.asked, record.granted)
    if same_person and said == (who.site, *map(int, asked.answers)):
        return record
    raise ConsentError(
        "This id belongs to another decision.", remedy="Choose a new random id for each decision."
    )


def _outcome_of(record: Decision, asked: Asked, state: State, *, is_recorded: bool) -> Outcome:
    """The answer to a request that came again: what is in force now, and that may be less.

    Of nobody known (``is_recorded`` is false) nothing is in force but what the record says.
    """
    standing, refused = state.standing(), _refused_by_signal(asked, state)
    if not is_recorded:
        is_narrowed = record.gpc and not record.confirmed
        refused = Choice(record.granted) & GPC_CHOICES if is_narrowed else NO_CHOICES
        standing = standing._replace(
            choices=record.in_force,
            uses=int(rules.uses_of_choices(Choice(record.in_force)) | ESSENTIAL) & ~record.objected,
            decided=True,
        )
    return Outcome(
        standing=standing, state=state, record_id=record.record_id, refused_by_gpc=refused
    )


def _check_objectable(uses: Use) -> None:
    if uses == NO_USES or uses & ~OBJECTABLE:
        raise ConsentError(
            "Only uses on a legitimate interest, and suggestions, can be objected to.",
            remedy="Uses on consent are withdrawn instead; coursework rests on the contract.",
        )
