"""Views that members of staff save: a page of the console with its filters, under a name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Q

from privet.audit.service import record_act
from privet.insight.models import SavedView
from privet.insight.rules import Period
from privet.kernel.clock import Clock
from privet.kernel.errors import PrivetError

MOST = 50
_LONGEST_NAME = 100
_LONGEST_QUERY = 2000
_MAIL_HOUR = 6
_NOT_KEPT = frozenset({"from", "to", "days", "page", "sort", "format", "table"})
"""What a weekly mail does not take over from an address: its days are those of the week."""


class SavedViewError(PrivetError):
    """A view cannot be saved as it was asked."""


@dataclass(frozen=True, kw_only=True)
class View:
    """A saved view."""

    number: int
    account_id: int
    name: str
    page: str
    query: str
    language: str
    is_weekly: bool


def save_view(
    *, account_id: int, name: str, page: str, query: str, language: str, by: str, clock: Clock
) -> View:
    """Keep a page with its filters; raises `SavedViewError`.

    A name that the account has used already is moved to the new view.
    """
    said = name.strip()
    if not said or len(said) > _LONGEST_NAME or not said.isprintable():
        raise SavedViewError(
            "A view needs a name of at most 100 characters.", remedy="Give it one."
        )
    if len(query) > _LONGEST_QUERY:
        raise SavedViewError(
            "These filters are too many to be saved.", remedy="Clear some of them."
        )
    with transaction.atomic():
        has_it = SavedView.objects.filter(account_id=account_id, name=said).exists()
        if not has_it and SavedView.objects.filter(account_id=account_id).count() >= MOST:
            raise SavedViewError(
                f"An account keeps at most {MOST} views.", remedy="Delete one that is not used."
            )
        made, _ = SavedView.objects.update_or_create(
            account_id=account_id, name=said,
            defaults={"page": page, "query": query, "language": language},
            create_defaults={
                "page": page, "query": query, "language": language, "created": clock.now()
            },
        )  # fmt: skip
        about: dict[str, str | int] = {"account": account_id, "view": made.pk}
        record_act(act="insight.save_view", by=by, about=about, clock=clock)
    return _view(made)


def views_of(*, account_id: int) -> list[View]:
    """The views of an account, by name."""
    return [_view(row) for row in SavedView.objects.filter(account_id=account_id).order_by("name")]


def delete_view(*, account_id: int, number: int, by: str, clock: Clock) -> bool:
    """Delete one of the account's own views; false if it has no such view."""
    with transaction.atomic():
        gone, _ = SavedView.objects.filter(account_id=account_id, pk=number).delete()
        if gone:
            about: dict[str, str | int] = {"account": account_id, "view": number}
            record_act(act="insight.delete_view", by=by, about=about, clock=clock)
    return bool(gone)


def set_weekly(*, account_id: int, number: int, weekly: bool, by: str, clock: Clock) -> bool:
    """Begin or end the weekly mail of one of the account's own views; false without such a view.

    The first mail comes on the next Monday.
    """
    with transaction.atomic():
        changed = SavedView.objects.filter(account_id=account_id, pk=number).update(
            is_weekly=weekly, mailed=monday_of(clock.now())
        )
        if changed:
            about: dict[str, str | int] = {"account": account_id, "view": number}
            act = "insight.begin_weekly_mail" if weekly else "insight.end_weekly_mail"
            record_act(act=act, by=by, about=about, clock=clock)
    return bool(changed)


def due_views(*, clock: Clock) -> Iterator[View]:
    """The weekly views whose mail for the week that ended is not in the outbox yet."""
    monday = monday_of(clock.now())
    rows = SavedView.objects.filter(Q(mailed__lt=monday) | Q(mailed=None), is_weekly=True)
    for row in rows.order_by("pk"):
        yield _view(row)


def claim_week(*, number: int, clock: Clock) -> bool:
    """Note that the mail of this week is done, in the transaction that puts it into the outbox.

    False if somebody else was quicker: then there is nothing to put.
    """
    monday = monday_of(clock.now())
    rows = SavedView.objects.filter(Q(mailed__lt=monday) | Q(mailed=None), pk=number)
    return bool(rows.update(mailed=monday))


def monday_of(now: datetime) -> date:
    """The last Monday whose mails are due: from six o'clock UTC on, that day itself."""
    today = now.astimezone(UTC).date()
    monday = today - timedelta(days=today.weekday())
    begins = datetime.combine(monday, time(_MAIL_HOUR), UTC)
    return monday if now >= begins else monday - timedelta(days=7)


def week_before(monday: date) -> Period:
    """Monday to Sunday of the week that ended."""
    return Period(first=monday - timedelta(days=7), last=monday - timedelta(days=1))


def query_for(view: View, period: Period) -> str:
    """The filters of a view over other days."""
    kept = [(key, value) for key, value in parse_qsl(view.query) if key not in _NOT_KEPT]
    days = [("from", period.first.isoformat()), ("to", period.last.isoformat())]
    return urlencode([*kept, *days])


def _view(row: SavedView) -> View:
    return View(
        number=row.pk, account_id=row.account_id, name=row.name, page=row.page, query=row.query,
        language=row.language, is_weekly=row.is_weekly,
    )  # fmt: skip
