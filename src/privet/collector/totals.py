"""Anonymous page totals: views of visitors who allowed nothing, counted where the law allows it.

Only numbers by page, country, class of device and UTC day, in memory, and once a minute in a file
for the worker. No row, no identifier, no address, no agent, no referrer, no time of day. A crash
loses what was counted since the last minute. Which places count is the operator's setting; see
docs/explanation/anonymous-totals.md for the law.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from privet.collector.addresses import read_page
from privet.collector.enrich import NetworkFacts, Origin
from privet.collector.gate import decide
from privet.collector.parse import SentEvent
from privet.collector.pipeline import Request
from privet.collector.reasons import Reason
from privet.consent.places import regime_of
from privet.events.page_totals import Cell, write_spool
from privet.network.facts import AddressFacts, DeviceType

EVERY_SECONDS = 60.0
EXCEPT_GPC = "except_gpc"
EXCEPT_REFUSED = "except_refused"
UNKNOWN = "unknown"
_PAGE_VIEW = "page_view"
_MOST_CELLS = 20_000
_MOST_CHARS = 200
_OTHER_PAGES = "*"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """Where views may be counted without consent: the words of ``PRIVET_ANONYMOUS_TOTALS``."""

    words: frozenset[str]

    def counts(self, dropped: Reason) -> bool:
        """Whether a view that was dropped for this reason may count anywhere."""
        if dropped is Reason.REFUSED:
            return EXCEPT_REFUSED not in self.words
        return dropped is Reason.UNDECIDED

    def allows(self, country: str, *, gpc: bool) -> bool:
        """Whether a view from there counts; an unknown place only if that word is among them."""
        if gpc and EXCEPT_GPC in self.words:
            return False
        if not country:
            return UNKNOWN in self.words
        return country in self.words or regime_of(country).value in self.words


class Totals:
    """What one process has counted since its last file."""

    def __init__(
        self,
        *,
        allowance: Allowance,
        network: NetworkFacts,
        directory: Path,
        new_name: Callable[[], str],
        monotonic: Callable[[], float],
        most_cells: int = _MOST_CELLS,
    ) -> None:
        """``new_name`` gives a file's name that was never used, and tells nothing."""
        self._allowance = allowance
        self._network = network
        self._directory = directory
        self._new_name = new_name
        self._monotonic = monotonic
        self._most_cells = most_cells
        self._counts: Counter[Cell] = Counter()
        self._flushed = monotonic()

    def count(self, events: Iterable[SentEvent], request: Request) -> None:
        """Count the views of a browser's batch, if the gate dropped them for want of a yes."""
        sender = request.sender
        if sender.is_server or not self._allowance.words:
            return
        dropped = decide(_PAGE_VIEW, sender.person.standing, request.gpc, False).reason
        if dropped is None or not self._allowance.counts(dropped):
            return
        views = [event.page for event in events if event.name == _PAGE_VIEW and event.page]
        found = self._circumstances(request.origin, gpc=request.gpc) if views else None
        if found is None:
            return
        country, device = found
        for page in views:
            self.add(Cell(request.now.date(), sender.site.slug, _path(page), country, device))

    def _circumstances(self, origin: Origin, *, gpc: bool) -> tuple[str, str] | None:
        """Country and class of device; none of who does not count: elsewhere, or a machine."""
        place = self._network.about_address(origin.address) if origin.address else AddressFacts()
        country = place.country or ""
        if not self._allowance.allows(country, gpc=gpc):
            return None
        agent = self._network.about_agent(origin.agent, origin.hints)
        if agent.is_bot or place.is_bot:
            return None
        return country, "" if agent.device is DeviceType.OTHER else agent.device.value

    def flush_if_due(self) -> None:
        """Write the minute's file; a full disk loses nothing, the numbers wait for the next try."""
        if self._monotonic() - self._flushed >= EVERY_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what was counted, if anything was."""
        self._flushed = self._monotonic()
        if not self._counts:
            return
        try:
            write_spool(self._directory, self._new_name(), self._counts)
        except OSError as error:
            _log.warning("Page totals were not written: %s", type(error).__name__)
            return
        self._counts = Counter()

    def add(self, cell: Cell) -> None:
        """One more; beyond the most cells only the site's other pages together."""
        if cell not in self._counts and len(self._counts) >= self._most_cells:
            cell = cell._replace(page=_OTHER_PAGES)
        self._counts[cell] += 1


def _path(page: str) -> str:
    return read_page(page).path[:_MOST_CHARS]
