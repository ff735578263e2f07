"""What is in force for one person, read from and written to the standings of all their keys."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from privet.accounts.service import same_person
from privet.catalogue.uses import NO_CHOICES, Choice, Use
from privet.consent import rules
from privet.consent.ages import age_group
from privet.consent.cookies import CONSENT_DAYS, day_of
from privet.consent.models import Standing
from privet.consent.places import Regime
from privet.consent.rules import ALL_CHOICES, NO_USES, AgeGroup, Answers, Circumstances

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, kw_only=True)
class State:
    """All that settles what a person allows."""

    answers: Answers | None = None
    """What they said so far, none if they have not decided."""
    decided: datetime | None = None
    gpc: bool = False
    """Whether Global Privacy Control came from a browser of theirs."""
    confirmed: bool = False
    """Whether they said yes against that signal and confirmed it."""
    regime: Regime = Regime.OPT_IN
    birth_year: int | None = None
    country: str = ""
    age: AgeGroup = AgeGroup.UNKNOWN
    objected: Use = NO_USES
    restricted: bool = False
    notice_version: int | None = None

    def standing(self) -> rules.Standing:
        """The table applied to the state."""
        return rules.permitted(
            self.answers,
            Circumstances(regime=self.regime, age=self.age, gpc=self.gpc, confirmed=self.confirmed),
            objected=self.objected,
            restricted=self.restricted,
            expires_day=day_of(self.decided) + CONSENT_DAYS if self.decided else 0,
        )

    def is_expired(self, now: datetime) -> bool:
        """Whether the decision is too old to count."""
        return self.decided is not None and day_of(self.decided) + CONSENT_DAYS <= day_of(now)

    def without_decision(self) -> "State":
        """The same person, undecided."""
        return replace(self, answers=None, decided=None, confirmed=False, notice_version=None)

    def frozen(self) -> "State":
        """The same person with nothing in force but what is in force now.

        What was said elsewhere, or at another age, must not come to allow more by itself. Silence
        stays silence: where it is not enough, nobody has said yes by it.
        """
        if self.answers is None:
            return self
        in_force = Choice(replace(self, restricted=False).standing().choices)
        said_yes = in_force & self.answers.granted
        by_silence = in_force & ~said_yes
        return replace(self, answers=Answers(asked=ALL_CHOICES & ~by_silence, granted=said_yes))

    def in_place(self, country: str, regime: Regime, now: datetime) -> "State":
        """The same person in a place; what is in force never grows by it."""
        if regime is self.regime and country == self.country:
            return self
        moved = replace(self.frozen(), regime=regime, country=country)
        return moved.at_age(None, country, now)

    def at_age(self, birth_year: int | None, country: str, now: datetime) -> "State":
        """The same person with what is now known of their age; what is in force never grows."""
        year = birth_year or self.birth_year
        where = country or self.country
        group = age_group(year, country=where, today=now.astimezone(UTC).date())
        same = self if group is self.age else self.frozen()
        return replace(same, birth_year=year, country=where, age=group)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """All keys and pseudonyms of one person."""

    keys: frozenset[bytes]
    subjects: frozenset[int]


def reach_of(key: bytes) -> Reach:
    """Everything that is known to be the person of this key."""
    links = same_person([key])
    return Reach(
        keys=frozenset({key, *(link.key for link in links)}),
        subjects=frozenset(link.subject for link in links),
    )


def read_state(keys: Collection[bytes]) -> State | None:
    """The state of one person, none if nothing was recorded; the strictest if keys differ."""
    found: State | None = None
    for row in Standing.objects.filter(person_key__in=list(keys)).order_by("sequence"):
        state = _from_row(row)
        found = state if found is None else merge(found, state)
    return found


def write_state(keys: Collection[bytes], state: State, *, sequence: int) -> rules.Standing:
    """Put a state in force for all keys of a person."""
    standing = state.standing()
    Standing.objects.bulk_create(
        [_to_row(key, state, standing, sequence) for key in sorted(keys)],
        update_conflicts=True,
        unique_fields=["person_key"],
        update_fields=_COLUMNS,
    )
    return standing


def merge(one: State, other: State) -> State:
    """Two states of one person in one: the most restrictive wins.

    A yes stands only if both said it; who has not decided adds no answer. Of two who are known at
    different ages or places each brings what is in force: no more than that was ever allowed.
    """
    if (one.regime, one.age) != (other.regime, other.age):
        one, other = one.frozen(), other.frozen()
    return State(
        answers=_merge_answers(one.answers, other.answers),
        decided=min((s.decided for s in (one, other) if s.decided), default=None),
        gpc=one.gpc or other.gpc,
        confirmed=all(s.confirmed for s in (one, other) if s.gpc) and one.gpc | other.gpc,
        regime=Regime.OPT_IN if Regime.OPT_IN in (one.regime, other.regime) else one.regime,
        birth_year=max((y for y in (one.birth_year, other.birth_year) if y), default=None),
        country=one.country or other.country,
        age=_younger(one, other),
        objected=one.objected | other.objected,
        restricted=one.restricted or other.restricted,
        notice_version=min(
            (v for v in (one.notice_version, other.notice_version) if v), default=None
        ),
    )


def _merge_answers(one: Answers | None, other: Answers | None) -> Answers | None:
    if one is None or other is None:
        return one or other
    return Answers(asked=one.asked | other.asked, granted=one.granted & other.granted)


def _younger(one: State, other: State) -> AgeGroup:
    """The age group of whichever state knows of a later birth, else what is known at all."""
    known = [state for state in (one, other) if state.birth_year is not None]
    return max(known, key=lambda s: s.birth_year or 0).age if known else AgeGroup.UNKNOWN


_COLUMNS = [field.name for field in Standing._meta.fields if field.name not in ("id", "person_key")]


def _from_row(row: Standing) -> State:
    answers = Answers(Choice(row.asked), Choice(row.granted)) if row.decided else None
    return State(
        answers=answers,
        decided=row.decided,
        gpc=row.gpc,
        confirmed=row.confirmed,
        regime=Regime(row.regime),
        birth_year=row.birth_year,
        country=row.country,
        age=AgeGroup(row.age),
        objected=Use(row.objected),
        restricted=row.restricted,
        notice_version=row.notice_version,
    )


def _to_row(key: bytes, state: State, standing: rules.Standing, sequence: int) -> Standing:
    said = state.answers or Answers(NO_CHOICES, NO_CHOICES)
    day = standing.expires_day
    return Standing(
        person_key=key,
        sequence=sequence,
        asked=int(said.asked),
        granted=int(said.granted),
        decided=state.decided,
        expires=date.fromordinal(_EPOCH_ORDINAL + day) if day else None,
        gpc=state.gpc,
        confirmed=state.confirmed,
        regime=state.regime,
        birth_year=state.birth_year,
        country=state.country,
        age=state.age,
        objected=int(state.objected),
        restricted=state.restricted,
        notice_version=state.notice_version,
        uses=standing.uses,
        choices=standing.choices,
    )
