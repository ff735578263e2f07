"""What an operator watches beside the counters: the way to the lake, the worker, the disk."""

from collections.abc import Mapping
from datetime import datetime

from privet.collector.metrics import Gauge
from privet.events.backlog import read_room, read_set_aside, read_waiting
from privet.events.worker_status import read_status
from privet.kernel.config import Config


def read_gauges(config: Config, *, now: datetime) -> Mapping[str, Gauge]:
    """By name; those of the worker only if one ever ran here."""
    waiting, aside = read_waiting(config.log, now=now), read_set_aside(config.quarantine)
    gauges = {
        "privet_log_waiting_segments": Gauge(
            waiting.segments, "Sealed segments that the worker has not loaded yet."
        ),
        "privet_log_waiting_bytes": Gauge(waiting.size_bytes, "How much they hold."),
        "privet_log_waiting_seconds": Gauge(
            waiting.oldest_seconds or 0.0, "How long the oldest of them waits."
        ),
        "privet_quarantine_files": Gauge(
            aside.files, "Damaged parts of the log that were set aside and lie there."
        ),
        "privet_home_free_bytes": Gauge(
            read_room(config.home).free_bytes, "What is free on the disk of the log."
        ),
    }
    worker = read_status(config.live)
    if worker is not None:
        gauges["privet_worker_silent_seconds"] = Gauge(
            max(0.0, (now - worker.beat).total_seconds()),
            "Since the worker last said that it lives, which it does every two seconds.",
        )
        gauges["privet_worker_failing"] = Gauge(
            float(bool(worker.last_error)), "1 from a fault of the worker until the step succeeds."
        )
    return gauges
