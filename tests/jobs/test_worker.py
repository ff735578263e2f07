"""The worker: loads, keeps the lake in order, runs tasks, and stops when it is told to."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django_tasks import task

from privet.audit.models import Head, Record
from privet.audit.service import checkpoint_file, record_act, verify_chain
from privet.events.compaction import FAN
from privet.events.live import read_counters
from privet.events.service import erase_subjects
from privet.events.worker_status import read_status
from privet.jobs.upkeep import Upkeep
from privet.jobs.worker import make_worker, run_worker
from privet.kernel.clock import FixedClock
from privet.kernel.config import Config
from privet.kernel.crypto import KeyRing
from privet.web.incidents import ImpersonalFormatter
from tests.intake import loading_child
from tests.intake.loading import (
    ALICE,
    NOON,
    batch,
    entry,
    make_config,
    make_lake,
    sessions,
    write,
)

pytestmark = pytest.mark.django_db
RAN: list[str] = []


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_config(tmp_path)


def test_once_does_all_that_is_due(config: Config) -> None:
    for number in range(3):
        write(config, batch(entry(number), entry(0)))
    run_worker(once=True, config=config, clock=FixedClock(NOON))
    assert sessions(config) == [0, 1, 2]
    status = read_status(config.live)
    assert status is not None
    assert (status.events_loaded, status.dropped) == (3, {"duplicate": 3})
    assert (status.segments_waiting, status.last_pass) == (0, NOON.date())
    assert status.pid == os.getpid()
    counters = read_counters(config.live)
    assert (counters["loaded"], counters["dropped:duplicate"]) == (3, 3)


def test_damage_is_in_the_status(config: Config) -> None:
    write(config, b"no batch")
    run_worker(once=True, config=config, clock=FixedClock(NOON))
    status = read_status(config.live)
    assert status is not None
    assert status.parts_quarantined == 1
    assert read_counters(config.live)["quarantined"] == 1


def test_an_installation_without_events_has_its_daily_pass_too(config: Config) -> None:
    """Decisions expire whether or not anything was recorded of whoever made them."""
    run_worker(once=True, config=config, clock=FixedClock(NOON))
    status = read_status(config.live)
    assert status is not None
    assert (status.lake_version, status.last_pass) == (-1, NOON.date())


def test_small_files_are_merged_when_there_are_many(config: Config) -> None:
    worker = make_worker(config, FixedClock(NOON))
    for number in range(FAN):
        write(config, batch(entry(number)))
        worker.loading.load()
    worker.do_all_once()
    assert len(make_lake(config).files()) == 1


@task()
def note(word: str) -> None:
    RAN.append(word)


def test_tasks_that_wait_are_run(config: Config) -> None:
    note.enqueue("done")
    run_worker(once=True, config=config, clock=FixedClock(NOON))
    assert RAN.pop() == "done"


def upkeep_of(config: Config, clock: FixedClock) -> Upkeep:
    return make_worker(config, clock).upkeep


def test_the_daily_pass_is_done_once_a_day_from_its_hour_on(config: Config) -> None:
    clock = FixedClock(NOON.replace(hour=2))
    upkeep = upkeep_of(config, clock)
    write(config, batch(entry(1)))
    make_worker(config, clock).loading.load()
    assert not upkeep.is_pass_due(clock.now())
    clock.advance(timedelta(hours=1))
    assert upkeep.is_pass_due(clock.now())
    upkeep.do_what_is_due()
    assert not upkeep.is_pass_due(clock.now())
    clock.advance(timedelta(days=1))
    assert upkeep.is_pass_due(clock.now())


def test_the_daily_pass_erases_who_waits(config: Config) -> None:
    from privet.accounts.service import subjects_for

    clock = FixedClock(NOON)
    worker = make_worker(config, clock)
    write(config, batch(entry(1), entry(2, actor=1)))
    worker.loading.load()
    erase_subjects(
        subjects=subjects_for([ALICE]), person_keys=[ALICE.person_key], by="test", clock=clock,
        keys=worker.upkeep.keys,
    )  # fmt: skip
    worker.upkeep.do_what_is_due()
    assert sessions(config) == [2]


def test_a_daily_pass_that_failed_at_an_erasure_is_due_until_nobody_waits(config: Config) -> None:
    from privet.accounts.service import subjects_for

    clock = FixedClock(NOON)
    worker = make_worker(config, clock)
    write(config, batch(entry(1), entry(2, actor=1)))
    worker.loading.load()
    erase_subjects(
        subjects=subjects_for([ALICE]), person_keys=[ALICE.person_key], by="test", clock=clock,
        keys=worker.upkeep.keys,
    )  # fmt: skip
    blocked = config.quarantine / "unreadable.part"
    blocked.mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        worker.upkeep.do_daily_pass()
    assert worker.upkeep.is_pass_due(clock.now())
    blocked.rmdir()
    worker.upkeep.do_what_is_due()
    assert not worker.upkeep.is_pass_due(clock.now())
    assert sessions(config) == [2]


def test_sweeping_happens_once_a_minute(config: Config) -> None:
    clock = FixedClock(NOON)
    worker = make_worker(config, clock)
    write(config, batch(entry(1)))
    worker.do_all_once()
    orphan = config.home / "lake" / "day=2026-09-15" / "0-00000000-orphan.parquet"
    orphan.write_bytes(b"left by a process that died")
    for _ in range(13):
        clock.advance(timedelta(seconds=61))
        worker.upkeep.do_what_is_due()
    assert not orphan.exists()


@pytest.mark.django_db(transaction=True)
def test_a_fault_in_one_loop_does_not_end_the_others_and_is_said_until_it_is_over(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    worker = make_worker(config, FixedClock(NOON), stop)
    write(config, batch(entry(1)))
    config.quarantine.parent.mkdir(exist_ok=True)
    (config.home / "seen").write_text("a file where a directory should be")
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        _wait_until(lambda: bool(worker.loading.last_error))
        number = worker.loading.last_error
        (config.home / "seen").unlink()
        _wait_until(lambda: sessions(config) == [1])
        _wait_until(lambda: not worker.loading.last_error)
    finally:
        stop.set()
        thread.join(300)
    assert not thread.is_alive()
    status = read_status(config.live)
    assert status is not None
    assert status.last_error == ""
    lines = [ImpersonalFormatter().format(record) for record in caplog.records]
    assert any(f"The worker's loading failed ({number})" in line for line in lines)


def test_a_worker_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    home = tmp_path / "home"
    loading_child.make_home(home)
    config = make_config(home)
    write(config, batch(entry(1)))
    environ = os.environ | {
        "PRIVET_HOME": str(home), "PRIVET_DATABASE_URL": f"sqlite:///{home / 'state.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "privet.web.settings",
    }  # fmt: skip
    program = (
        "import django; django.setup(); from privet.jobs.worker import run_worker; run_worker()"
    )
    worker = subprocess.Popen([sys.executable, "-c", program], env=environ)
    try:
        _wait_until(lambda: sessions(config) == [1])
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(300) == 0
    finally:
        worker.kill()
        worker.wait()
    assert read_status(config.live) is not None


def _wait_until(holds: object, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < until, "It did not come about in time."
        time.sleep(0.05)


def test_the_worker_signs_the_audit_so_that_a_cut_end_shows(config: Config) -> None:
    clock = FixedClock(NOON)
    record_act(act="decision.recorded", by="account:1", about={})
    worker = make_worker(config, clock)
    worker.do_all_once()
    record_act(act="decision.recorded", by="account:2", about={})
    worker.do_all_once()
    assert _signed(config) == [1]
    clock.advance(timedelta(minutes=10))
    worker.do_all_once()
    assert _signed(config) == [1, 2]
    Record.objects.filter(seq=2).delete()
    Head.objects.update(seq=1, digest=Record.objects.get(seq=1).digest)
    faults = verify_chain(keys=KeyRing(config.keys), file=checkpoint_file(config.home))
    assert [fault.seq for fault in faults] == [2, 2]


def _signed(config: Config) -> list[int]:
    lines = checkpoint_file(config.home).read_text().splitlines()
    return [json.loads(line)["seq"] for line in lines]
