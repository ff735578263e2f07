"""Facts about addresses and agents for the doors: cached, bounded, never an exception."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from privet.kernel.config import Config
from privet.network.addresses import Address
from privet.network.facts import AddressFacts, AgentFacts, Attribution, DataAge

EMBEDDED = Path(__file__).parent / "data"
"""Where ``python -m privet.network.build`` puts the data that Privet brings along."""


class Network:
    """Answers what an address and an agent are. Threads may share one; processes each have one."""

    def __init__(self, *, directory: Path | None = None, embedded: Path = EMBEDDED) -> None:
        self._directory = directory
        self._embedded = embedded

    def about_address(self, address: Address) -> AddressFacts:
        """What is known of the address; without data the facts are unknown, never an error."""
        return AddressFacts()

    def about_agent(self, agent: str, hints: Mapping[str, str] = {}) -> AgentFacts:
        """What the ``User-Agent`` and the client hints (lower-case header names) say."""
        return AgentFacts()

    def warm(self) -> None:
        """Load everything now, so that the first request does not wait for it."""

    def data_ages(self, now: datetime) -> tuple[DataAge, ...]:
        """Every source in use with its age at ``now``."""
        return ()

    def attributions(self) -> tuple[Attribution, ...]:
        """What must be shown, with its link, on every page that shows results."""
        return ()

    def faults(self) -> tuple[str, ...]:
        """Data that could not be used, each in a sentence with what to do; empty if all is well."""
        return ()


def open_network(config: Config) -> Network:
    """The network of an installation: the operator's data before the embedded one."""
    return Network(directory=config.network)
