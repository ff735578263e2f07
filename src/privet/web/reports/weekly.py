"""Puts the weekly mails into the outbox; the worker calls it."""

from django.db import transaction

from privet.accounts.service import find_addressee
from privet.insight.saved_views import View, claim_week, due_views, monday_of, week_before
from privet.kernel.clock import Clock
from privet.kernel.config import Config
from privet.post.service import put_mail
from privet.web.reports.mail import compose

KIND = "weekly_report"


def put_weekly_mails(*, config: Config, clock: Clock) -> int:
    """Compose each mail that is due, once a week and view; returns how many were put.

    A view that cannot be drawn keeps no other from its mail. It stays due, and its fault is raised
    when all have had their turn.
    """
    done, faults = 0, list[Exception]()
    for view in list(due_views(clock=clock)):
        try:
            done += _put(view, config, clock)
        except Exception as fault:  # noqa: BLE001 - a view is as a page: any part of it may fail
            faults.append(fault)
    if faults:
        raise faults[0]
    return done


def _put(view: View, config: Config, clock: Clock) -> bool:
    """Put one mail; false if there is nobody to send it to, or somebody else was quicker."""
    period = week_before(monday_of(clock.now()))
    addressee = find_addressee(account_id=view.account_id)
    # Composed before the transaction: reading the lake must not hold the database.
    mail = compose(view, addressee, period, public_url=config.public_url) if addressee else None
    with transaction.atomic():
        is_ours = claim_week(number=view.number, clock=clock)
        if not (is_ours and mail and addressee):
            return False
        put_mail(
            kind=KIND,
            account_id=view.account_id,
            address=addressee.address,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            clock=clock,
        )
    return True
