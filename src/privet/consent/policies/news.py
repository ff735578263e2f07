"""Changed policies: which are to be announced, and to whom no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from privet.consent.policies.document import PolicyKind
from privet.consent.policies.models import PolicySeen, PolicyVersion
from privet.kernel.clock import Clock


@dataclass(frozen=True, kw_only=True)
class News:
    """A policy that has changed."""

    kind: PolicyKind
    version: int
    published: datetime


def find_news(*, days: int, clock: Clock, account_id: int | None = None) -> list[News]:
    """The policies whose version in force is younger than ``days`` and not seen by the account.

    A first version changes nothing that anybody had read, so it is not announced.
    """
    since = clock.now() - timedelta(days=days)
    rows = PolicyVersion.objects.filter(version__gt=1, published__gt=since)
    newest: dict[str, News] = {}
    for kind, version, published in rows.values_list("kind", "version", "published"):
        newest.setdefault(kind, News(kind=PolicyKind(kind), version=version, published=published))
    if not newest or account_id is None:
        return list(newest.values())
    seen = dict(PolicySeen.objects.filter(account_id=account_id).values_list("kind", "version"))
    return [news for news in newest.values() if seen.get(news.kind, 0) < news.version]


def list_in_force(*, days: int, clock: Clock) -> list[tuple[News, bool]]:
    """The version in force of each policy that has one, and whether it is to be announced."""
    newest: dict[str, News] = {}
    rows = PolicyVersion.objects.values_list("kind", "version", "published")
    for kind, version, published in rows:
        newest.setdefault(kind, News(kind=PolicyKind(kind), version=version, published=published))
    since = clock.now() - timedelta(days=days)
    return [(news, news.version > 1 and news.published > since) for news in newest.values()]


def note_seen(*, kind: PolicyKind, version: int, account_id: int, clock: Clock) -> None:
    """Announce the policy to this account no more, up to a version that exists."""
    if not PolicyVersion.objects.filter(kind=kind, version=version).exists():
        return
    with transaction.atomic():
        row, is_new = PolicySeen.objects.select_for_update().get_or_create(
            account_id=account_id, kind=kind, defaults={"version": version, "seen": clock.now()}
        )
        if not is_new and row.version < version:
            row.version, row.seen = version, clock.now()
            row.save(update_fields=["version", "seen"])
