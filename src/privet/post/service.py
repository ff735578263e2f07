"""The verbs of the outbox: put a mail in, deliver what is due, forget what was sent."""

import smtplib
import uuid
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from privet.kernel.clock import Clock, SystemClock
from privet.post.errors import MailError
from privet.post.models import Mail
from privet.post.rules import CLAIM, REMEMBERED, is_lasting, next_try
from privet.post.transport import Transport

_AT_ONCE = 100
_REFUSED = 550


@dataclass
class Delivered:
    """What became of the mails that were due, in numbers."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0


def put_mail(
    *,
    kind: str,
    address: str,
    subject: str,
    text: str,
    html: str = "",
    account_id: int | None = None,
    clock: Clock | None = None,
) -> str:
    """Put a mail into the outbox, inside the caller's transaction; returns its message id.

    It leaves when the transaction has ended and the worker comes by, with the same message id
    however often it is tried. Raises `MailError` for an address that is none, or a subject of
    several lines.
    """
    now = (clock or SystemClock()).now()
    try:
        validate_email(address)
    except ValidationError as error:
        raise MailError(
            "This is not an e-mail address.", remedy="Give one such as name@example.org."
        ) from error
    if not subject.strip() or len(subject.splitlines()) != 1:
        raise MailError("A mail needs a subject of one line.", remedy="Give it one.")
    mail = Mail.objects.create(
        message_id=str(uuid.uuid4()), kind=kind, account_id=account_id, address=address,
        subject=subject[:200], text=text, html=html, put=now, due=now, fault="",
    )  # fmt: skip
    return mail.message_id


def deliver_due(*, transport: Transport, clock: Clock | None = None) -> Delivered:
    """Send every mail whose time has come; what fails is tried again later, or given up.

    Two workers do not send the same mail: each claims it first. After a kill between the server's
    yes and the note of it, a mail may go out a second time under the same message id.
    """
    clock = clock or SystemClock()
    done = Delivered()
    due = Mail.objects.filter(due__lte=clock.now()).order_by("due", "pk")
    numbers = list(due.values_list("pk", flat=True)[:_AT_ONCE])
    if not numbers:
        return done
    connection = transport.connect()
    try:
        for number in numbers:
            mail = _claim(number, clock.now())
            if mail is not None:
                _deliver(mail, connection, transport, clock, done)
    finally:
        _close(connection)
    return done


def accounts_waiting(*, kinds: str) -> list[int]:
    """To whom mails wait whose kind begins so."""
    waiting = Mail.objects.filter(due__isnull=False, kind__startswith=kinds)
    found = waiting.exclude(account_id=None).order_by("account_id").values_list("account_id")
    return [account_id for (account_id,) in found.distinct() if account_id is not None]


def drop_waiting(*, account_ids: Collection[int], kinds: str) -> int:
    """Send no mail of these kinds that still waits for these people; returns how many."""
    waiting = Mail.objects.filter(
        due__isnull=False, kind__startswith=kinds, account_id__in=account_ids
    )
    return waiting.update(due=None, subject="", text="", html="", fault="dropped")


def given_up(message_ids: Iterable[str]) -> list[str]:
    """Which of some mails will not be sent any more, and never were; as long as it is known."""
    ended = Mail.objects.filter(message_id__in=list(message_ids), due=None, sent=None)
    return list(ended.values_list("message_id", flat=True))


def forget_sent(*, clock: Clock | None = None) -> int:
    """Delete the notes of mails that left, or were given up, long enough ago."""
    before = (clock or SystemClock()).now() - REMEMBERED
    deleted, _ = Mail.objects.filter(due=None, put__lt=before).delete()
    return deleted


def _claim(number: int, now: datetime) -> Mail | None:
    """Take a mail for this worker alone; none if another was quicker, or it was erased."""
    waiting = Mail.objects.filter(pk=number, due__lte=now)
    if not waiting.update(due=now + CLAIM):
        return None
    return Mail.objects.filter(pk=number).first()


def _deliver(
    mail: Mail, connection: BaseEmailBackend, transport: Transport, clock: Clock, done: Delivered
) -> None:
    fault = _send(mail, connection, transport.sender)[:100]
    tries = mail.tries + 1
    if not fault:
        _end(mail, tries=tries, sent=clock.now())
        done.sent += 1
        return
    is_lost = fault.isdecimal() and is_lasting(int(fault))
    again = None if is_lost else next_try(tries, now=clock.now())
    if again is None:
        _end(mail, tries=tries, fault=fault)
        done.given_up += 1
        return
    # One that was dropped while it was being sent is no longer due when we claimed it.
    still_ours = Mail.objects.filter(pk=mail.pk, due=mail.due)
    still_ours.update(tries=tries, fault=fault, due=again)
    done.postponed += 1


def _end(mail: Mail, **came_of_it: Any) -> None:
    """Nothing more will be done with it: what it said goes. An erased mail does not come back."""
    ended = {"due": None, "subject": "", "text": "", "html": ""}
    Mail.objects.filter(pk=mail.pk).update(**ended, **came_of_it)


def _send(mail: Mail, connection: BaseEmailBackend, sender: str) -> str:
    """Send one mail; returns why it failed, without anything that a server said of a person."""
    message = EmailMultiAlternatives(
        mail.subject, mail.text, sender, [mail.address], connection=connection,
        headers={"Message-ID": f"<{mail.message_id}@{sender.rpartition('@')[2].rstrip('>')}>",
                 "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    try:
        connection.open()
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return str(max(codes, default=_REFUSED))
    except smtplib.SMTPDataError as error:
        _close(connection)
        return str(error.smtp_code)
    # What else a server refuses (our name, our password) is no fault of the mail, which waits.
    except (OSError, smtplib.SMTPException) as error:
        _close(connection)
        return type(error).__name__
    return ""


def _close(connection: BaseEmailBackend) -> None:
    # A server that is gone already is as closed as it can be.
    with suppress(OSError, smtplib.SMTPException):
        connection.close()
