"""All parts of a running collector, made from the configuration."""

import gc
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from privet.collector.client import ClientAddress
from privet.collector.collect import Collector
from privet.collector.enrich import Enricher, NetworkFacts
from privet.collector.identify import ConsentFacts, Identifier
from privet.collector.limits import LIMITS, Limits
from privet.collector.script import Script
from privet.collector.seal import Sealer
from privet.collector.totals import Allowance, Totals
from privet.events.live import LiveWriter, read_counters
from privet.events.log import LogWriter, claim_log
from privet.kernel.clock import Clock, SystemClock
from privet.kernel.config import Config, read_config
from privet.kernel.crypto import KeyRing


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What one process of the collector holds until it stops."""

    collector: Collector
    consent: ConsentFacts
    live: LiveWriter
    config: Config
    log: LogWriter
    totals: Totals
    script: Script
    clock: Clock
    limits: Limits
    stop_polling: Callable[[], None]

    def all_counters(self) -> Counter[str]:
        """The counters of all processes, those of this one up to now."""
        self.live.flush()
        return Counter(read_counters(self.config.live))

    def close(self) -> None:
        """Write what waits, seal the log, and end the threads."""
        self.stop_polling()
        self.log.close()
        self.live.flush()
        self.totals.flush()


def assemble() -> Parts:
    """The parts of a collector of this installation; polls consent once before it returns.

    Raises `privet.kernel.errors.PrivetError` if the installation cannot be used.
    """
    # These reach Django's tables, which exist only after Django has been set up.
    from privet.consent.snapshot import Snapshot, SnapshotPoller  # noqa: PLC0415
    from privet.network.service import open_network  # noqa: PLC0415

    config = read_config()
    keys = KeyRing(config.keys)
    poller = SnapshotPoller(Snapshot(keys=keys))
    poller.start()
    network = open_network(config)
    network.warm()
    _spare_the_collector()
    return build(
        config,
        keys=keys,
        consent=poller.snapshot,
        network=network,
        stop_polling=poller.stop,
        limits=limits_of(config),
    )


def limits_of(config: Config) -> Limits:
    """The limits, with the rate that the installation sets."""
    rate = config.client_requests_per_second
    return replace(LIMITS, client_per_second=float(rate), client_burst=10 * rate)


def _spare_the_collector() -> None:
    """Keep Python's cycle collector from walking all of Django for each thousand events.

    A full walk took 95 ms here, in which nobody is answered. Requests make no cycles of their own;
    what the start made stays, and is set aside.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def open_log(config: Config) -> LogWriter:
    """The log of this process: a directory of its own under the installation's."""
    return LogWriter(claim_log(config.log, prefix="collector"))


def build(
    config: Config,
    *,
    keys: KeyRing,
    consent: ConsentFacts,
    network: NetworkFacts,
    stop_polling: Callable[[], None] = lambda: None,
    clock: Clock | None = None,
    limits: Limits = LIMITS,
    monotonic: Callable[[], float] = time.monotonic,
    log: LogWriter | None = None,
    script: Script | None = None,
) -> Parts:
    """Put the parts together; tests give their own clock, consent and network."""
    clock, log = clock or SystemClock(), log or open_log(config)
    live = LiveWriter(config.live, log.log_id)
    totals = Totals(
        allowance=Allowance(words=frozenset(config.anonymous_totals)),
        network=network,
        directory=config.totals,
        new_name=lambda: secrets.token_hex(16),
        monotonic=monotonic,
    )
    collector = Collector(
        identifier=Identifier(consent, keys),
        enricher=Enricher(network, keys, Sealer(keys, monotonic), monotonic),
        log=log,
        live=live,
        clients=ClientAddress(config.trusted_proxies),
        clock=clock,
        limits=limits,
        totals=totals,
        monotonic=monotonic,
    )
    return Parts(
        collector=collector,
        consent=consent,
        live=live,
        config=config,
        log=log,
        totals=totals,
        script=script or Script(),
        clock=clock,
        limits=limits,
        stop_polling=stop_polling,
    )
