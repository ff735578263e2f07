"""How mails leave: by SMTP, or into a directory on machines that send none.

The setting ``PRIVET_MAIL_URL`` says how: ``smtps://user:password@host:465`` (TLS from the start),
``smtp://user:password@host:587`` (STARTTLS, required), ``smtp+plain://host:25`` (no encryption, for
a server on the same machine) or ``file:///directory``. Without it nothing is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from privet.kernel.errors import ConfigError

_TIMEOUT_SECONDS = 20
_PORTS: Mapping[str, int] = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
_BACKENDS = "django.core.mail.backends"


@dataclass(frozen=True, kw_only=True)
class Transport:
    """Where mails go and whom they come from."""

    url: str
    sender: str

    def connect(self) -> BaseEmailBackend:
        """A connection that is not open yet; raises `ConfigError`."""
        parts = urlsplit(self.url)
        if parts.scheme == "file" and parts.path:
            return _backend("filebased", file_path=unquote(parts.path))
        if parts.scheme not in _PORTS or not parts.hostname or not _has_sound_port(parts):
            raise ConfigError(
                "PRIVET_MAIL_URL does not say how mails leave.",
                remedy="Set it to smtps://user:password@host, smtp://…, or file:///directory.",
            )
        return _smtp(parts)


def make_transport(*, url: str, sender: str) -> Transport | None:
    """The transport of an installation; none if it sends no mail."""
    if not url:
        return None
    if not sender:
        raise ConfigError(
            "PRIVET_MAIL_FROM is not set, so mails would come from nobody.",
            remedy="Set it to an address that people may answer, such as privacy@example.org.",
        )
    return Transport(url=url, sender=sender)


def _has_sound_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _smtp(parts: SplitResult) -> BaseEmailBackend:
    return _backend(
        "smtp",
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp",
        use_ssl=parts.scheme == "smtps",
        timeout=_TIMEOUT_SECONDS,
    )


def _backend(name: str, **options: Any) -> BaseEmailBackend:
    backend: BaseEmailBackend = get_connection(f"{_BACKENDS}.{name}.EmailBackend", **options)
    return backend
