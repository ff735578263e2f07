"""What time and new knowledge change without anybody deciding: expiry, age, further keys.

The worker calls `pass_day` once a day and `follow_links` after each load.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from privet.accounts.subjects import keys_linked_since, same_person
from privet.consent.ages import age_group
from privet.consent.change import Change
from privet.consent.cookies import CONSENT_DAYS
from privet.consent.ledger import Kind, hold_head
from privet.consent.models import Head, Standing
from privet.consent.person import Who
from privet.consent.places import Regime, regime_of
from privet.consent.state import State, reach_of, read_state
from privet.kernel.clock import Clock

_CHUNK = 5_000


@dataclass(frozen=True, kw_only=True)
class Passed:
    """How many people a day changed."""

    expired: int
    aged: int
    moved: int = 0
    """Who live where the law has become opt-in."""


def pass_day(*, by: str, clock: Clock) -> Passed:
    """End decisions that are too old, and move people on whose age or whose law is another."""
    expired = [row for row in _expired_keys(clock) if _expire(row, by, clock)]
    aged = [row for row in _aged_keys(clock) if _age(row, by, clock)]
    moved = [row for row in _moved_keys(clock) if _move(row, by, clock)]
    return Passed(expired=len(expired), aged=len(aged), moved=len(moved))


def follow_links(*, by: str, clock: Clock) -> int:
    """Let decisions hold for keys that turned out to be the same person's; returns how many.

    Of two decisions the most restrictive is in force. It costs one query when nothing is new.
    """
    mark = Head.objects.values_list("followed", flat=True).first() or 0
    new_mark, keys = keys_linked_since(mark)
    count = sum(_follow(part, by, clock) for part in _parts(keys))
    if new_mark != mark:
        with transaction.atomic():
            head = hold_head()
            head.followed = max(new_mark, head.followed)
            head.save(update_fields=["followed"])
    return count


def _follow(keys: list[bytes], by: str, clock: Clock) -> int:
    people: dict[int, set[bytes]] = defaultdict(set)
    for link in same_person(keys):
        people[link.person].add(link.key)
    several = {person: theirs for person, theirs in people.items() if len(theirs) > 1}
    all_keys = {key for theirs in several.values() for key in theirs}
    known = {
        bytes(key): (uses, choices, decided)
        for part in _parts(sorted(all_keys))
        for key, uses, choices, decided in Standing.objects.filter(person_key__in=part).values_list(
            "person_key", "uses", "choices", "decided"
        )
    }
    uneven = [
        min(theirs)
        for theirs in several.values()
        if any(key in known for key in theirs) and len({known.get(key) for key in theirs}) > 1
    ]
    for key in uneven:
        _even_out(key, by, clock)
    return len(uneven)


def _even_out(key: bytes, by: str, clock: Clock) -> None:
    with transaction.atomic():
        head = hold_head()
        reach = reach_of(key)
        state = read_state(reach.keys)
        if state is None:
            return  # Erased since the keys were listed.
        who = Who(site="", key=key)
        # Some keys had another standing or none: nothing of them may stay visible by that.
        Change(kind=Kind.FOLLOW, who=who, reach=reach, before=None, after=state).put_in_force(
            head, by=by, clock=clock
        )


def _expired_keys(clock: Clock) -> Iterable[bytes]:
    """Also those that were to last longer, before the operator shortened the period."""
    today = clock.now().astimezone(UTC).date()
    midnight = datetime.combine(today, time(), UTC)
    too_old = midnight - timedelta(days=CONSENT_DAYS - 1)
    is_over = Q(expires__lte=today) | Q(decided__lt=too_old)
    rows = Standing.objects.filter(is_over).values_list("person_key", flat=True)
    return [bytes(key) for key in rows]


def _aged_keys(clock: Clock) -> Iterable[bytes]:
    today = clock.now().astimezone(UTC).date()
    groups = Standing.objects.filter(birth_year__isnull=False).values_list(
        "birth_year", "country", "age"
    )
    for year, country, age in groups.distinct():
        if age_group(year, country=country, today=today) != age:
            rows = Standing.objects.filter(birth_year=year, country=country, age=age)
            yield from [bytes(key) for key in rows.values_list("person_key", flat=True)]


def _moved_keys(clock: Clock) -> Iterable[bytes]:
    """Only from opt-out to opt-in: the other way nothing changes until somebody decides."""
    there = Standing.objects.filter(regime=Regime.OPT_OUT).exclude(country="")
    for country in there.values_list("country", flat=True).distinct():
        if _regime_now(country, clock) is Regime.OPT_IN:
            keys = there.filter(country=country).values_list("person_key", flat=True)
            yield from [bytes(key) for key in keys]


def _regime_now(country: str, clock: Clock) -> Regime:
    return regime_of(country, on=clock.now().astimezone(UTC).date())


def _expire(key: bytes, by: str, clock: Clock) -> bool:
    now = clock.now()

    def step(state: State) -> State:
        return state.without_decision() if state.is_expired(now) else state

    return _step(Kind.EXPIRY, key, step, by, clock)


def _age(key: bytes, by: str, clock: Clock) -> bool:
    now = clock.now()

    def step(state: State) -> State:
        return state.at_age(None, "", now)

    return _step(Kind.AGE, key, step, by, clock)


def _move(key: bytes, by: str, clock: Clock) -> bool:
    now = clock.now()

    def step(state: State) -> State:
        return state.in_place(state.country, _regime_now(state.country, clock), now)

    return _step(Kind.PLACE, key, step, by, clock)


def _step(kind: Kind, key: bytes, step: Callable[[State], State], by: str, clock: Clock) -> bool:
    """Put a step in force; false if it changes nothing, as for the second key of somebody."""
    with transaction.atomic():
        head = hold_head()
        reach = reach_of(key)
        before = read_state(reach.keys)
        after = step(before) if before else None
        if after is None or after == before:
            return False
        change = Change(
            kind=kind, who=Who(site="", key=key), reach=reach, before=before, after=after
        )
        change.put_in_force(head, by=by, clock=clock)
    return True


def _parts(keys: list[bytes]) -> Iterable[list[bytes]]:
    return (keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK))
