"""The outbox: a mail leaves once, after its transaction, and says no more than it must."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from privet.kernel.clock import FixedClock
from privet.post.errors import MailError
from privet.post.models import Mail
from privet.post.service import deliver_due, drop_waiting, forget_sent, put_mail
from privet.post.transport import Transport
from tests.post.servers import Letterbox, smtp_server

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
ALICE = "alice@example.org"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def box():
    with smtp_server() as box:
        yield box


def put(clock: FixedClock, **changes) -> str:
    said = {"kind": "weekly_report", "address": ALICE, "subject": "Your week", "text": "Hello",
            "html": "<p>Hello</p>", "account_id": 7} | changes  # fmt: skip
    return put_mail(**said, clock=clock)


def to(box: Letterbox) -> Transport:
    return Transport(url=box.url, sender="Privet <privet@example.org>")


def test_a_mail_reaches_its_reader_in_text_and_in_html(clock, box):
    number = put(clock)
    assert deliver_due(transport=to(box), clock=clock).sent == 1
    [(readers, mail)] = box.taken
    assert readers == [ALICE]
    assert mail["Subject"] == "Your week"
    assert mail["From"] == "Privet <privet@example.org>"
    assert mail["Message-ID"] == f"<{number}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    parts = {part.get_content_type(): part.get_payload(decode=True) for part in mail.walk()}
    assert parts["text/plain"].strip() == b"Hello"
    assert parts["text/html"].strip() == b"<p>Hello</p>"


def test_a_mail_goes_once(clock, box):
    put(clock)
    deliver_due(transport=to(box), clock=clock)
    clock.advance(timedelta(days=1))
    assert deliver_due(transport=to(box), clock=clock).sent == 0
    assert len(box.taken) == 1


def test_a_mail_of_a_transaction_that_failed_does_not_exist(clock, box):
    with transaction.atomic():
        put(clock)
        transaction.set_rollback(True)
    deliver_due(transport=to(box), clock=clock)
    assert box.taken == []


def test_what_a_mail_said_is_gone_once_it_is_sent(clock, box):
    put(clock)
    deliver_due(transport=to(box), clock=clock)
    mail = Mail.objects.get()
    assert (mail.subject, mail.text, mail.html) == ("", "", "")
    assert mail.sent == NOW


def test_a_server_that_is_away_makes_a_mail_wait(clock, box):
    put(clock)
    away = Transport(url="smtp+plain://127.0.0.1:1", sender="privet@example.org")
    assert deliver_due(transport=away, clock=clock).postponed == 1
    assert Mail.objects.get().fault == "ConnectionRefusedError"
    assert deliver_due(transport=to(box), clock=clock).sent == 0
    clock.advance(timedelta(minutes=5))
    assert deliver_due(transport=to(box), clock=clock).sent == 1


def test_a_mail_is_given_up_after_eight_tries(clock):
    put(clock)
    away = Transport(url="smtp+plain://127.0.0.1:1", sender="privet@example.org")
    done = [deliver_due(transport=away, clock=_later(clock)) for _ in range(9)]
    assert [d.postponed for d in done] == [1] * 7 + [0, 0]
    assert [d.given_up for d in done] == [0] * 7 + [1, 0]
    assert Mail.objects.get().text == ""


def _later(clock: FixedClock) -> FixedClock:
    clock.advance(timedelta(days=1))
    return clock


def test_a_mailbox_that_does_not_exist_is_not_asked_again(clock, box):
    put(clock)
    box.answers = ["550 no such user: alice@example.org is unknown here"]
    assert deliver_due(transport=to(box), clock=clock).given_up == 1
    assert Mail.objects.get().fault == "550"


def test_a_mailbox_that_is_full_is_asked_again(clock, box):
    put(clock)
    box.answers = ["452 full"]
    assert deliver_due(transport=to(box), clock=clock).postponed == 1
    clock.advance(timedelta(minutes=5))
    assert deliver_due(transport=to(box), clock=clock).sent == 1


def test_one_refused_mail_does_not_stop_the_next(clock, box):
    put(clock)
    put(clock, address="bob@example.org")
    box.answers = ["550 no"]
    done = deliver_due(transport=to(box), clock=clock)
    assert (done.given_up, done.sent) == (1, 1)


def test_a_mail_that_another_worker_has_claimed_is_left_to_it(clock, box):
    put(clock)
    Mail.objects.update(due=NOW + timedelta(minutes=10))
    assert deliver_due(transport=to(box), clock=clock).sent == 0


def test_a_worker_that_died_over_a_mail_does_not_keep_it(clock, box):
    put(clock)
    Mail.objects.update(due=NOW + timedelta(minutes=10))
    clock.advance(timedelta(minutes=11))
    assert deliver_due(transport=to(box), clock=clock).sent == 1


def test_a_wrong_password_of_ours_makes_mails_wait(clock):
    put(clock)
    with smtp_server(password="right") as box:
        url = box.url.replace("//", "//privet:wrong@")
        refused = Transport(url=url, sender="privet@example.org")
        assert deliver_due(transport=refused, clock=clock).postponed == 1
        assert Mail.objects.get().fault == "SMTPAuthenticationError"
        clock.advance(timedelta(minutes=5))
        taken = Transport(url=url.replace("wrong", "right"), sender="privet@example.org")
        assert deliver_due(transport=taken, clock=clock).sent == 1


class Meanwhile(BaseEmailBackend):
    """A server during whose answer something else happens; with ``code`` it refuses the mail."""

    def __init__(self, act: Callable[[], object], code: int) -> None:
        super().__init__()
        self._act, self._code = act, code

    def send_messages(self, email_messages):
        self._act()
        if self._code:
            raise smtplib.SMTPDataError(self._code, b"no")
        return len(email_messages)


@dataclass(frozen=True, kw_only=True)
class ServerMeanwhile(Transport):
    act: Callable[[], object]
    code: int

    def connect(self) -> BaseEmailBackend:
        return Meanwhile(self.act, self.code)


def while_sending(act: Callable[[], object], code: int) -> Transport:
    return ServerMeanwhile(url="", sender="privet@example.org", act=act, code=code)


@pytest.mark.parametrize("code", [0, 452, 554])
def test_a_mail_that_is_erased_while_it_is_sent_does_not_come_back(clock, code):
    put(clock)
    deliver_due(transport=while_sending(Mail.objects.all().delete, code), clock=clock)
    assert not Mail.objects.exists()


def test_a_mail_that_is_dropped_while_it_is_sent_is_not_tried_again(clock):
    put(clock)

    def drop() -> None:
        drop_waiting(account_ids=[7], kinds="weekly")

    deliver_due(transport=while_sending(drop, 452), clock=clock)
    assert (Mail.objects.get().due, Mail.objects.get().fault) == (None, "dropped")


@pytest.mark.parametrize("address", ["", "alice", "alice@example.org\nBcc: all@example.org"])
def test_what_is_no_address_is_refused(clock, address):
    with pytest.raises(MailError, match="not an e-mail address"):
        put(clock, address=address)
    assert not Mail.objects.exists()


@pytest.mark.parametrize("subject", ["", "   ", "One\nBcc: all@example.org", "One\rTwo"])
def test_a_subject_is_one_line(clock, subject):
    with pytest.raises(MailError, match="subject"):
        put(clock, subject=subject)


def test_that_a_mail_was_sent_is_forgotten_after_thirty_days(clock, box):
    put(clock)
    deliver_due(transport=to(box), clock=clock)
    clock.advance(timedelta(days=30))
    assert forget_sent(clock=clock) == 0
    clock.advance(timedelta(seconds=1))
    assert forget_sent(clock=clock) == 1


def test_a_mail_that_waits_is_never_forgotten(clock):
    put(clock)
    clock.advance(timedelta(days=400))
    assert forget_sent(clock=clock) == 0
