"""Finds out once for each address and agent of a log what is kept of them, and seals the rest."""

from datetime import date, timedelta
from functools import cached_property, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from privet.catalogue.columns import COLUMNS
from privet.catalogue.uses import Use
from privet.events.record import Circumstance
from privet.kernel.clock import Clock, from_micros, to_micros
from privet.kernel.crypto import KeyRing, address_token, network_token
from privet.kernel.origin import OriginSealing
from privet.network.addresses import inner_address
from privet.network.facts import DeviceType
from privet.network.service import Network

_CACHED = 65_536
_CACHED_AGENTS = 8_192
_AGENT_LIMIT = 1000
_COLUMN_USES = {column.name: int(column.uses) for column in COLUMNS}
_SECURITY, _INTEGRITY, _ANALYTICS = int(Use.SECURITY), int(Use.INTEGRITY), int(Use.ANALYTICS)
_MATTERING = _SECURITY | _INTEGRITY | _ANALYTICS
_MICROS_A_DAY = 86_400_000_000

CIRCUMSTANCE_NAMES = Circumstance.__struct_fields__
_USES_OF_NAMES = tuple(_COLUMN_USES[name] for name in CIRCUMSTANCE_NAMES)
Kept = tuple[object, ...]
"""The values of `CIRCUMSTANCE_NAMES`."""
_NO_ADDRESS: Kept = (None,) * 9
_NO_AGENT: Kept = (None,) * 3
_NOTHING: Kept = (*_NO_ADDRESS, *_NO_AGENT, None)


class Circumstances:
    """Enriches addresses and agents; its list is that of the batch being filled.

    Only what the row's uses may see is found out and kept. The raw address and agent are sealed
    only if the event is young enough; those of older events are gone at once.
    """

    def __init__(self, *, network: Network, keys: KeyRing, clock: Clock, sealed_days: int) -> None:
        self._network = network
        self._keys = keys
        self._today = clock.now().date()
        self._sealed_since = to_micros(clock.now() - timedelta(days=sealed_days))
        self._describe = lru_cache(_CACHED)(self._circumstance)
        self._describe_address = lru_cache(_CACHED)(self._about_address)
        self._describe_agent = lru_cache(_CACHED_AGENTS)(self._about_agent)
        self.begin_batch()

    def begin_batch(self) -> None:
        """Start an empty list of circumstances."""
        self.circumstances: list[Kept] = []
        self._places: dict[tuple[str, str, int, int], int | None] = {}

    def find(self, ip: str, agent: str, at: int, uses: int) -> int | None:
        """The place in the batch's list of what is kept of an address and an agent."""
        if not (ip or agent) or not uses & _MATTERING:
            return None
        year = _year_of(at // _MICROS_A_DAY)
        key = (ip, agent, year if at >= self._sealed_since else -year, uses & _MATTERING)
        place = self._places.get(key, -1)
        if place == -1:
            found = self._describe(*key)
            place = self._places[key] = None if found is None else len(self.circumstances)
            if found is not None:
                self.circumstances.append(found)
        return place

    def _circumstance(self, ip: str, agent: str, year: int, uses: int) -> Kept | None:
        """``year`` chooses the key of the tokens; it is negative if nothing may be sealed."""
        address, text = _read_address(ip)
        sealed = None
        if year > 0 and uses & _SECURITY and address is not None:
            sealed = self._sealing.seal(address=text, agent=agent[:_AGENT_LIMIT])
        about = _NO_ADDRESS if address is None else self._describe_address(address, abs(year))
        found = (*about, *(self._describe_agent(agent) if agent else _NO_AGENT), sealed)
        visible = _visible_to(uses)
        if not all(visible):
            found = tuple(
                value if is_visible else None
                for value, is_visible in zip(found, visible, strict=True)
            )
        return None if found == _NOTHING else found

    def _about_address(self, address: IPv4Address | IPv6Address, year: int) -> Kept:
        """The values of the first nine of `CIRCUMSTANCE_NAMES`."""
        key_id, key = self._keys.token_key(date(year, 1, 1))
        facts = self._network.about_address(address)
        inner = inner_address(address)
        return (
            address_token(key, inner),
            network_token(key, inner),
            key_id,
            facts.country,
            facts.region,
            str(facts.kind),
            facts.evidence or None,
            facts.asn,
            facts.organisation,
        )

    @cached_property
    def _sealing(self) -> OriginSealing:
        """Under the key of the day of the import, which is the rows' ``received``."""
        return OriginSealing(self._keys.day_key(self._today), self._today)

    def _about_agent(self, agent: str) -> Kept:
        """The values of the next three."""
        facts = self._network.about_agent(agent)
        device = str(facts.device) if facts.device is not DeviceType.OTHER else None
        return facts.browser, facts.os, device


@lru_cache(_CACHED)
def _read_address(text: str) -> tuple[IPv4Address | IPv6Address | None, str]:
    """The first address of a text, as proxies write several, and its usual form; none if it is no
    address."""
    try:
        found = ip_address(text.partition(",")[0].strip())
    except ValueError:
        return None, ""
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    address = mapped or found
    return address, str(address)


@lru_cache(_MATTERING + 1)
def _visible_to(uses: int) -> tuple[bool, ...]:
    """Which of `CIRCUMSTANCE_NAMES` some uses may see."""
    return tuple(bool(may_see & uses) for may_see in _USES_OF_NAMES)


@lru_cache(8192)
def _year_of(day: int) -> int:
    return from_micros(day * _MICROS_A_DAY).year
