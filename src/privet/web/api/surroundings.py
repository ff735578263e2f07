"""What every request of the API needs: keys, clock, sites, and the counters of bad cookies."""

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from threading import Lock

from privet.accounts.counters import REGISTRY, read_number
from privet.accounts.facts import SiteFacts
from privet.accounts.registry import read_sites
from privet.accounts.tokens import TokenVerifier
from privet.consent.browser import Installation
from privet.consent.cookies import CookieFault
from privet.events.live import LiveWriter
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing
from privet.web.api.errors import RefusedError


@lru_cache(maxsize=1)
def installation() -> Installation:
    """The keys and the clock of this installation."""
    return Installation(ring=KeyRing(read_config().keys), clock=SystemClock())


class Sites:
    """The registered sites, read again when the registry has changed."""

    def __init__(self) -> None:
        self._number = -1
        self._sites: Mapping[str, SiteFacts] = {}

    def all(self) -> Mapping[str, SiteFacts]:
        """By slug."""
        number = read_number(REGISTRY)
        if number != self._number:
            self._sites = read_sites(installation().ring)
            self._number = number
        return self._sites

    def find(self, slug: str) -> SiteFacts:
        """The site of that slug; raises `RefusedError` (404) if there is none."""
        site = self.all().get(slug)
        if site is None:
            raise RefusedError(
                404,
                "unknown_site",
                "No site of that name is registered.",
                remedy="Check the name with the operator.",
            )
        return site


SITES = Sites()
VERIFIER = TokenVerifier()
_counting = Lock()


def count_faults(faults: Iterable[CookieFault | str]) -> None:
    """Add bad cookies and tokens to the counters that the console shows."""
    with _counting:
        for fault in faults:
            _live().count(f"dropped:{fault}")
            _live().flush()


@lru_cache(maxsize=1)
def _live() -> LiveWriter:
    return LiveWriter(read_config().live, f"web-{os.getpid()}")
