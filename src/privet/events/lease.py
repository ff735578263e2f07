"""The turn between machines that share one lake: a row of the database, renewed while it is held.

A file lock ends at its machine. For a lake in an object store, each lock has a row beside it that
says who holds it and until when; who dies loses it within a minute.
"""

import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, IntegrityError, connection, transaction

from privet.events.errors import LakeBusyError
from privet.events.models import Lease
from privet.kernel.clock import Clock

LASTS = timedelta(seconds=60)
_PAUSE_SECONDS = 0.1
_log = logging.getLogger(__name__)


class SharedLease:
    """Takes and renews rows for one process."""

    def __init__(self, clock: Clock, *, patience_seconds: float = 600.0) -> None:
        self._clock = clock
        self._patience_seconds = patience_seconds

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Hold a row; raises `LakeBusyError` if another machine does not let go of it in time."""
        holder = secrets.token_hex(16)
        give_up = time.monotonic() + self._patience_seconds
        while not self._take(name, holder):
            if time.monotonic() > give_up:
                raise LakeBusyError(
                    f"Another machine holds the lake's {name}.",
                    remedy="See which Privet worker hangs, end it, and try again.",
                )
            time.sleep(_PAUSE_SECONDS)
        done = threading.Event()
        renewer = threading.Thread(
            target=self._renew, args=(name, holder, done), name="privet-lease", daemon=True
        )
        renewer.start()
        try:
            yield
        finally:
            done.set()
            renewer.join()
            Lease.objects.filter(name=name, holder=holder).delete()

    def _take(self, name: str, holder: str) -> bool:
        now = self._clock.now()
        Lease.objects.filter(name=name, until__lt=now).delete()
        try:
            with transaction.atomic():
                Lease.objects.create(name=name, holder=holder, until=now + LASTS)
        except IntegrityError:
            return False
        return True

    def _renew(self, name: str, holder: str, done: threading.Event) -> None:
        while not done.wait(LASTS.total_seconds() / 3):
            until = self._clock.now() + LASTS
            try:
                Lease.objects.filter(name=name, holder=holder).update(until=until)
            except DatabaseError as error:  # Passing or not, the next round tries again.
                _log.warning("The lake's %s was not renewed: %s", name, type(error).__name__)
            finally:
                connection.close()
