"""``privet worker``: loads the log, keeps the lake in order, runs tasks, sends mail, until stopped.

Four loops in four threads: loading, which must not wait for the others; upkeep, which may take
minutes; the tasks that other rooms enqueued; and the outbox. A fault in one is logged under a
number and the loop goes on, more slowly while faults last.
"""

import logging
import secrets
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import close_old_connections, connections
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult

from privet.consent.snapshot import Snapshot
from privet.events.lake import Lake
from privet.events.live import LiveWriter
from privet.events.room import telling_when_full
from privet.intake.loader import Loader
from privet.jobs.loading import Loading
from privet.jobs.mailing import Chore, Mailing
from privet.jobs.upkeep import Upkeep
from privet.kernel.clock import Clock, SystemClock
from privet.kernel.config import Config, read_config
from privet.kernel.crypto import KeyRing
from privet.kernel.errors import PrivetError

LOAD_EVERY_SECONDS = 0.5
UPKEEP_EVERY_SECONDS = 5.0
TASKS_EVERY_SECONDS = 1.0
MAIL_EVERY_SECONDS = 10.0
_BEAT_SECONDS = 2.0
_SLOWEST_SECONDS = 30.0
_log = logging.getLogger(__name__)


def run_worker(
    *,
    stop: threading.Event | None = None,
    once: bool = False,
    config: Config | None = None,
    clock: Clock | None = None,
    mail_chores: Sequence[Chore] = (),
) -> None:
    """Work until ``stop`` is set, or by a signal; with ``once`` do all that is due and return.

    ``mail_chores`` put mails into the outbox when their time has come.
    """
    worker = make_worker(config or read_config(), clock or SystemClock(), stop, mail_chores)
    if once:
        worker.do_all_once()
        return
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop.set())
    worker.run()


def make_worker(
    config: Config,
    clock: Clock,
    stop: threading.Event | None = None,
    mail_chores: Sequence[Chore] = (),
) -> "Worker":
    """Put a worker together."""
    stop = stop or threading.Event()
    keys = KeyRing(config.keys)
    lake = Lake(config.lake, locks=config.home / "locks", clock=clock)
    snapshot = Snapshot(keys=keys, clock=clock)
    loader = Loader(config=config, lake=lake, keys=keys, snapshot=snapshot, clock=clock)
    loading = Loading(
        config=config, lake=lake, loader=loader, clock=clock, live=LiveWriter(config.live, "worker")
    )
    upkeep = Upkeep(config=config, lake=lake, keys=keys, clock=clock, should_stop=stop.is_set)
    mailing = Mailing(config=config, clock=clock, chores=tuple(mail_chores))
    return Worker(loading=loading, upkeep=upkeep, mailing=mailing, stop=stop)


@dataclass(kw_only=True)
class Worker:
    """The loops."""

    loading: Loading
    upkeep: Upkeep
    mailing: Mailing
    stop: threading.Event

    def run(self) -> None:
        """Run the loops until `stop` is set, then end each after its current step."""
        loops = [
            threading.Thread(target=self._loop, args=args, name=f"privet-{args[0]}")
            for args in (
                ("upkeep", UPKEEP_EVERY_SECONDS, self._keep_up),
                ("tasks", TASKS_EVERY_SECONDS, _run_tasks),
                ("mail", MAIL_EVERY_SECONDS, self.mailing.mail),
                ("beat", _BEAT_SECONDS, self._beat),
            )
        ]
        for loop in loops:
            loop.start()
        self._loop("loading", LOAD_EVERY_SECONDS, self.loading.load)
        for loop in loops:
            loop.join()
        self.loading.write_status()
        self.loading.loader.close()

    def do_all_once(self) -> None:
        """Load everything that waits, do the upkeep that is due and the tasks that wait."""
        while self.loading.load():
            pass
        self.upkeep.do_what_is_due()
        _run_tasks()
        self.mailing.mail()
        self.loading.write_status()
        self.loading.loader.close()

    def _keep_up(self) -> bool:
        with telling_when_full():
            self.upkeep.do_what_is_due()
        return False

    def _beat(self) -> bool:
        self.loading.write_status()
        return False

    def _loop(self, name: str, every_seconds: float, step: Callable[[], bool]) -> None:
        """Repeat a step; at once if it says that more waits, slower after faults."""
        pause, number = every_seconds, ""
        while not self.stop.is_set():
            try:
                close_old_connections()
                has_more = step()
                pause = every_seconds
                if number and self.loading.last_error == number:
                    self.loading.last_error = ""
            except Exception as error:  # noqa: BLE001 - a door: the loop has to live on
                number = self.loading.last_error = secrets.token_hex(4)
                _log.exception(_fault(name, number, error))
                has_more, pause = False, min(pause * 2, _SLOWEST_SECONDS)
            if not has_more:
                self.stop.wait(pause)
        connections.close_all()


def _fault(name: str, number: str, error: Exception) -> str:
    """What the log says of it: no exception's text but that of our own, which never holds
    personal data."""
    said = f"The worker's {name} failed ({number}); it will be tried again."
    return f"{said} {error.what} {error.remedy}" if isinstance(error, PrivetError) else said


def _run_tasks() -> bool:
    """Run the tasks that wait, one after the other."""
    # Asked without a lock first: the task worker's own question locks all other writers out.
    if not DBTaskResult.objects.ready().exists():
        return False
    TaskWorker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id=secrets.token_hex(16), excluded_queue_names=[],
    ).run()  # fmt: skip
    return False
