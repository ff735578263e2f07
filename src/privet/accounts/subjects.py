"""From the keyed hashes of the log to the pseudonyms of the lake, and back to people.

The first sight of a key makes a pseudonym. Keys that a source vouches to be one person share it.
When two keys already have pseudonyms of their own, rows of both are in the lake; they are not
rewritten, and both pseudonyms stay: they are given one ``person`` number (and one account), so
that every right and every decision reaches both. An account may have many pseudonyms.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from privet.accounts.counters import FORGOTTEN, LINKS, begin_number, grow, read_number, take_number
from privet.accounts.models import PersonKey, Subject
from privet.audit.service import record_act
from privet.events.record import Actor
from privet.kernel.ids import new_subject

_MOST_REMEMBERED = 1_000_000
_CHUNK = 5_000


class SubjectMap:
    """Remembers which key leads to which pseudonym, for as long as no link is deleted.

    One a process. Without it each batch of the loader would ask the database for every actor.
    """

    def __init__(self, *, most_remembered: int = _MOST_REMEMBERED) -> None:
        self._most_remembered = most_remembered
        self._known: dict[bytes, int] = {}
        self._joined: set[tuple[bytes, ...]] = set()
        self._forgotten = -1

    def __len__(self) -> int:
        return len(self._known)

    def subjects_for(self, actors: Sequence[Actor]) -> list[int]:
        """The pseudonym of each actor, in their order; makes and joins those that are missing."""
        self._obey_deletions()
        unknown = [actor for actor in actors if not self._knows(actor)]
        new = link_actors(unknown) if unknown else {}
        known = self._known
        found = [new.get(a.person_key) or known[a.person_key] for a in actors]
        if new:
            # What is rolled back never was, so it must not be remembered either.
            transaction.on_commit(lambda: self._remember(unknown, new))
        return found

    def _knows(self, actor: Actor) -> bool:
        if not actor.alias_keys:
            return actor.person_key in self._known
        return (actor.person_key, *actor.alias_keys) in self._joined

    def _remember(self, actors: Iterable[Actor], subjects: dict[bytes, int]) -> None:
        if len(self._known) + len(subjects) > self._most_remembered:
            self._known.clear()
            self._joined.clear()
        self._known.update(subjects)
        self._joined.update((a.person_key, *a.alias_keys) for a in actors if a.alias_keys)

    def _obey_deletions(self) -> None:
        forgotten = read_number(FORGOTTEN)
        if forgotten != self._forgotten:
            self._known.clear()
            self._joined.clear()
            self._forgotten = forgotten


@dataclass(frozen=True, kw_only=True)
class Link:
    """A key, its pseudonym, and the person number that joins pseudonyms."""

    key: bytes
    subject: int
    person: int


_map = SubjectMap()


def subjects_for(actors: Sequence[Actor]) -> list[int]:
    """The pseudonym of each actor, in their order; makes and joins those that are missing."""
    return _map.subjects_for(actors)


def link_actors(
    actors: Sequence[Actor], *, make_subject: Callable[[], int] = new_subject
) -> dict[bytes, int]:
    """The pseudonym of every key of the actors; set-based, safe beside other processes."""
    groups = [(actor.person_key, *actor.alias_keys) for actor in actors]
    keys = sorted({key for group in groups for key in group})
    links = read_links(keys)
    if not all(_is_settled(group, links) for group in groups):
        with transaction.atomic():
            # The counter's lock lets one process at a time make links, so that what is read
            # after it is what all others have committed.
            sequence = take_number(LINKS)
            begin_number(FORGOTTEN)
            links = _Linker(read_links(keys), make_subject).link(groups, sequence)
    return {key: link.subject for key, link in links.items()}


def read_links(keys: Sequence[bytes]) -> dict[bytes, Link]:
    """The links that exist of these keys."""
    found: dict[bytes, Link] = {}
    for start in range(0, len(keys), _CHUNK):
        rows = PersonKey.objects.filter(key__in=keys[start : start + _CHUNK])
        for key, subject, person in rows.values_list("key", "subject_id", "subject__person"):
            found[bytes(key)] = Link(key=bytes(key), subject=subject, person=person)
    return found


def link_account(*, account_id: int, key: bytes) -> None:
    """Give an account the pseudonym of a key, and those that are known to be the same person."""
    with transaction.atomic():
        subject = link_actors([Actor(key)])[key]
        sequence = take_number(LINKS)
        person = Subject.objects.values_list("person", flat=True).get(pk=subject)
        theirs = Subject.objects.filter(person=person, account__isnull=True)
        theirs.update(account_id=account_id)
        _touch(Subject.objects.filter(account_id=account_id), sequence)


def subjects_of(account_id: int) -> frozenset[int]:
    """All pseudonyms of an account."""
    return frozenset(Subject.objects.filter(account_id=account_id).values_list("pk", flat=True))


def keys_of(account_id: int) -> frozenset[bytes]:
    """All keys by which the log names an account."""
    rows = PersonKey.objects.filter(subject__account_id=account_id).values_list("key", flat=True)
    return frozenset(bytes(key) for key in rows)


def same_person(keys: Collection[bytes]) -> list[Link]:
    """All links of the people to whom these keys belong, by account or by joined pseudonyms.

    A key that has no pseudonym yet is not in the answer.
    """
    mine = Subject.objects.filter(personkey__key__in=list(keys))
    accounts = [a for a in mine.values_list("account_id", flat=True) if a is not None]
    rows = PersonKey.objects.filter(
        Q(subject__person__in=mine.values("person")) | Q(subject__account_id__in=accounts)
    )
    return [
        Link(key=bytes(key), subject=subject, person=person)
        for key, subject, person in rows.values_list("key", "subject_id", "subject__person")
    ]


def keys_linked_since(sequence: int) -> tuple[int, list[bytes]]:
    """The keys that were linked, or joined with others, after ``sequence``, and the new mark."""
    rows = PersonKey.objects.filter(sequence__gt=sequence).order_by("sequence")
    found = list(rows.values_list("sequence", "key"))
    return (found[-1][0] if found else sequence), [bytes(key) for _, key in found]


def forget_subjects(subjects: Collection[int]) -> int:
    """Delete pseudonyms with their keys, as erasure does; returns how many keys are gone.

    Every process forgets what it remembered, so that who comes back is somebody new.
    """
    with transaction.atomic():
        gone, _ = PersonKey.objects.filter(subject__in=list(subjects)).delete()
        Subject.objects.filter(pk__in=list(subjects)).delete()
        grow(FORGOTTEN)
    return gone


def _is_settled(group: tuple[bytes, ...], links: dict[bytes, Link]) -> bool:
    found = [links[key] for key in group if key in links]
    return len(found) == len(group) and len({link.person for link in found}) == 1


class _Linker:
    """Makes and joins links while the caller holds the counter."""

    def __init__(self, links: dict[bytes, Link], make_subject: Callable[[], int]) -> None:
        self._links = links
        self._make_subject = make_subject
        self._new_subjects: list[int] = []
        self._new_keys: list[bytes] = []
        self._joins: list[tuple[bytes, ...]] = []

    def link(self, groups: Iterable[tuple[bytes, ...]], sequence: int) -> dict[bytes, Link]:
        for group in groups:
            self._settle(group)
        _insert_subjects(self._new_subjects)
        _insert_keys([(key, self._links[key].subject, sequence) for key in self._new_keys])
        for group in self._joins:
            _join([self._links[key].subject for key in group], sequence)
        return self._links

    def _settle(self, group: tuple[bytes, ...]) -> None:
        found = [self._links[key] for key in group if key in self._links]
        home = found[0] if found else self._new_link(group[0])
        for key in group:
            if key not in self._links:
                self._links[key] = Link(key=key, subject=home.subject, person=home.person)
                self._new_keys.append(key)
        if len({link.person for link in found}) > 1:
            self._joins.append(group)

    def _new_link(self, key: bytes) -> Link:
        number = self._make_subject()
        self._new_subjects.append(number)
        return Link(key=key, subject=number, person=number)


# An import may bring tens of thousands of new people in one load. Django's bulk_create spends some
# 300 µs on each, nearly all of it on preparing values that are plain numbers and bytes.
def _insert_subjects(numbers: Sequence[int]) -> None:
    created = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO accounts_subject (id, person, created) VALUES (%s, %s, %s)",
            [(number, number, created) for number in numbers],
        )


def _insert_keys(rows: Sequence[tuple[bytes, int, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO accounts_personkey (key, subject_id, sequence) VALUES (%s, %s, %s)", rows
        )


def _join(subjects: Collection[int], sequence: int) -> None:
    """Let pseudonyms that turned out to be one person share a number and an account."""
    people = set(Subject.objects.filter(pk__in=subjects).values_list("person", flat=True))
    all_of_them = Subject.objects.filter(person__in=people)
    accounts = set(all_of_them.values_list("account_id", flat=True)) - {None}
    if len(accounts) > 1:
        # A platform's word does not make two accounts one: each has rights of its own.
        record_act(act="accounts.keep_apart", by="worker", about={"accounts": _numbers(accounts)})
        return
    _touch(all_of_them, sequence)
    all_of_them.update(person=min(people), account_id=next(iter(accounts), None))


def _numbers(accounts: Iterable[int | None]) -> str:
    return ",".join(str(account) for account in sorted(a for a in accounts if a is not None))


def _touch(subjects: QuerySet[Subject], sequence: int) -> None:
    PersonKey.objects.filter(subject__in=subjects).update(sequence=sequence)
