"""Facts about addresses and agents for the doors: cached, bounded, never an exception."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread

from privet.kernel.config import Config
from privet.network.addresses import Address
from privet.network.agents import AgentReader
from privet.network.facts import OLD_AFTER_DAYS, AddressFacts, AgentFacts, Attribution, DataAge
from privet.network.install import install_data, remove_data
from privet.network.loaded import Loaded, load, stamp_files
from privet.network.lookup import describe_address

__all__ = ["EMBEDDED", "Network", "install_data", "open_network", "remove_data"]

EMBEDDED = Path(__file__).parent / "data"
"""Where ``python -m privet.network.build`` puts the data that Privet brings along."""

_LOOK_AGAIN_SECONDS = 2.0
_NO_HINTS: Mapping[str, str] = {}
_log = logging.getLogger(__name__)


def _start_thread(job: Callable[[], None]) -> None:
    Thread(target=job, name="privet-ip-data", daemon=True).start()


class Network:
    """Answers what an address and an agent are. Threads may share one; processes each have one.

    Data that the operator installs is picked up within seconds. Data that becomes unusable is
    reported by `faults` and in the log, and the answers stay those of the data before.
    """

    def __init__(
        self,
        *,
        directory: Path | None = None,
        embedded: Path = EMBEDDED,
        cache_size: int = 32_768,
        monotonic: Callable[[], float] = time.monotonic,
        in_background: Callable[[Callable[[], None]], None] = _start_thread,
    ) -> None:
        self._directory = directory
        self._embedded = embedded
        self._cache_size = cache_size
        self._monotonic = monotonic
        self._in_background = in_background
        self._agents = AgentReader()
        self._loading = Lock()
        self._stamp = stamp_files(embedded, directory)
        self._look_again_at = monotonic() + _LOOK_AGAIN_SECONDS
        self._use(load(embedded, directory, Loaded()))

    def about_address(self, address: Address) -> AddressFacts:
        """What is known of the address; without data the facts are unknown, never an error."""
        if self._monotonic() >= self._look_again_at:
            self._look_again()
        return self._cached(address)

    def about_agent(self, agent: str, hints: Mapping[str, str] = _NO_HINTS) -> AgentFacts:
        """What the ``User-Agent`` and the client hints (lower-case header names) say.

        Bad hints are as if they had not been sent; an empty agent gives empty facts.
        """
        return self._agents.read(agent, hints)

    def warm(self) -> None:
        """Load everything now, so that the first request does not wait for it."""
        self._agents.warm()

    def data_ages(self, now: datetime) -> tuple[DataAge, ...]:
        """Every source in use, in the order in which they are asked, with its age at ``now``."""
        self._reload()
        sources = self._loaded.sources
        ages = [(source, source.age_days(now)) for source in sources]
        return tuple(
            DataAge(source=source, age_days=age, is_old=age > OLD_AFTER_DAYS)
            for source, age in ages
        )

    def attributions(self) -> tuple[Attribution, ...]:
        """What must be shown, with its link, on every page that shows places or providers."""
        credits_ = (source.attribution for source in self._loaded.sources)
        return tuple(dict.fromkeys(credit for credit in credits_ if credit))

    def faults(self) -> tuple[str, ...]:
        """Data that cannot be used, each in a sentence with what to do; empty if all is well."""
        damaged = [d.name for d in self._loaded.databases if d.damaged_lookups]
        return self._loaded.faults + tuple(
            f"{name} has damaged records. Install the file again." for name in damaged
        )

    def _look_again(self) -> None:
        """Reload in the background if files have changed; answers go on with the old data."""
        self._look_again_at = self._monotonic() + _LOOK_AGAIN_SECONDS
        if stamp_files(self._embedded, self._directory) != self._stamp:
            self._in_background(self._reload)

    def _reload(self) -> None:
        with self._loading:
            stamp = stamp_files(self._embedded, self._directory)
            if stamp != self._stamp:
                self._use(load(self._embedded, self._directory, self._loaded))
                self._stamp = stamp

    def _use(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._cached = lru_cache(maxsize=self._cache_size)(
            lambda address: describe_address(address, loaded)
        )
        for fault in loaded.faults:
            _log.warning("%s", fault)


def open_network(config: Config) -> Network:
    """The network of an installation: the operator's data before the embedded one."""
    return Network(directory=config.network)
