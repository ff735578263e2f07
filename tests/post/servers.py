"""A real SMTP server for tests, which keeps what it takes and refuses whom it is told to."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Letterbox:
    """What a server took, and how it answers."""

    taken: list[tuple[list[str], Message]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    """What it says to the next recipients instead of taking them."""
    port: int = 0

    @property
    def url(self) -> str:
        """The setting that sends mails here."""
        return f"smtp+plain://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - what aiosmtpd passes
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        options: list[str],  # noqa: ARG002
    ) -> str:
        """Take a recipient, or answer as told."""
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - what aiosmtpd passes
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        """Keep the mail."""
        self.taken.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content)))
        return "250 OK"


@contextmanager
def smtp_server(*, password: str = "") -> Iterator[Letterbox]:
    """A server on a free port of this machine, until the ``with`` ends.

    Who gives a password must give this one.
    """

    def knows(*asked: object) -> AuthResult:
        given = asked[-1]
        is_known = isinstance(given, LoginPassword) and given.password == password.encode()
        return AuthResult(success=is_known, handled=False)

    box = Letterbox(port=_free_port())
    controller = Controller(
        box, hostname="127.0.0.1", port=box.port, authenticator=knows, auth_require_tls=False
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
