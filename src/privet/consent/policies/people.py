"""Who published a policy and who has seen it: all that this part keeps about people."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from privet.consent.policies.models import PolicySeen, PolicyVersion
from privet.holder import Person

FORGOTTEN = "erased"


def versions_by(people: Collection[Person]) -> QuerySet[PolicyVersion]:
    """The versions that these people published."""
    names = [f"account:{number}" for number in _accounts(people)]
    return PolicyVersion.objects.filter(published_by__in=names)


def seen_by(people: Collection[Person]) -> QuerySet[PolicySeen]:
    """Which changed policies these people have seen."""
    return PolicySeen.objects.filter(account_id__in=_accounts(people))


def export_policies(person: Person) -> Iterator[Mapping[str, Any]]:
    """What a person published and what they have seen, oldest first."""
    for version in versions_by([person]).order_by("published").iterator():
        yield {
            "kind": "policy published",
            "policy": version.kind,
            "version": version.version,
            "time": version.published,
            "reason": version.reason,
        }
    for row in seen_by([person]).order_by("seen").iterator():
        yield {
            "kind": "policy seen",
            "policy": row.kind,
            "version": row.version,
            "time": row.seen,
        }


def forget_policies(people: Collection[Person]) -> int:
    """Forget who it was; the versions stay, since learners were told of them."""
    # Not through the model: a version is append-only, and only who published it is forgotten.
    forgotten = versions_by(people).update(published_by=FORGOTTEN)
    deleted, _ = seen_by(people).delete()
    return forgotten + deleted


def _accounts(people: Collection[Person]) -> list[int]:
    return [one.account_id for one in people if one.account_id is not None]
