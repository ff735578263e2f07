"""The mail loop's step: put what is due into the outbox, send what is in it, forget what left."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from privet.consent.mailing import drop_refused
from privet.kernel.clock import Clock
from privet.kernel.config import Config
from privet.post.service import deliver_due, forget_sent
from privet.post.transport import Transport, make_transport

Chore = Callable[[], object]
"""Something that puts mails into the outbox when their time has come."""


@dataclass(kw_only=True)
class Mailing:
    """Sends the mails of one installation; does nothing where none are sent."""

    config: Config
    clock: Clock
    chores: tuple[Chore, ...] = ()
    _forgot: date | None = field(default=None)

    def mail(self) -> bool:
        """Do one round; true if some mail was sent, so that more may wait.

        What is in the outbox is sent also where a chore fails; its fault is raised after that.
        """
        transport = make_transport(url=self.config.mail_url, sender=self.config.mail_from)
        if transport is None:
            return False
        try:
            for chore in self.chores:
                chore()
        finally:
            sent = self._send(transport)
        return sent > 0

    def _send(self, transport: Transport) -> int:
        drop_refused(clock=self.clock)
        done = deliver_due(transport=transport, clock=self.clock)
        today = self.clock.now().date()
        if self._forgot != today:
            forget_sent(clock=self.clock)
            self._forgot = today
        return done.sent
