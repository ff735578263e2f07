"""How old the data about addresses is, and whom its licence wants named."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.network.facts import Attribution, DataAge
from privet.network.service import Network, open_network


@dataclass(frozen=True, kw_only=True)
class NetworkNotice:
    """What a page with places says of its data."""

    ages: tuple[DataAge, ...]
    credits: tuple[Attribution, ...]
    faults: tuple[str, ...]

    @property
    def oldest(self) -> date | None:
        """The day of the oldest data in use; none without data."""
        return min((age.source.data_date for age in self.ages), default=None)

    @property
    def is_old(self) -> bool:
        """Whether some of it wants an update."""
        return any(age.is_old for age in self.ages)


def network_notice() -> NetworkNotice:
    """The state of the data at this moment."""
    network = _network()
    return NetworkNotice(
        ages=network.data_ages(SystemClock().now()),
        credits=network.attributions(),
        faults=network.faults(),
    )


@cache
def _network() -> Network:
    return open_network(read_config())
