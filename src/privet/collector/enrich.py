"""Step 4, enrich: what an address and an agent tell, for those uses that may know it."""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, Protocol

import msgspec

from privet.catalogue.columns import COLUMNS
from privet.catalogue.uses import Use
from privet.collector.client import Address
from privet.collector.seal import Sealer
from privet.events.record import Circumstance
from privet.kernel.crypto import KeyRing, address_token, network_token
from privet.network.addresses import inner_address
from privet.network.client_hints import HINT_HEADERS
from privet.network.facts import AddressFacts, AgentFacts, DeviceType

_MOST = 20_000
_LIFE_SECONDS = 3600
_SEALED_SECONDS = 60
_HINT_NAMES = tuple((name.encode(), name) for name in HINT_HEADERS)
_HINTS = frozenset(raw for raw, _ in _HINT_NAMES)
_COLUMN_USES = {column.name: int(column.uses) for column in COLUMNS}
_FIELDS = {name: _COLUMN_USES[name] for name in Circumstance.__struct_fields__}
RELEVANT = int(Use.ANALYTICS | Use.SECURITY | Use.INTEGRITY)
"""The uses that may know anything of an address or an agent."""
_TOKEN_USES = _FIELDS["address_token"]
_SEALED_USES = _FIELDS["sealed"]


_NOTHING: tuple[float, Circumstance | None] = (0.0, None)


class NetworkFacts(Protocol):
    """What the collector asks the room network."""

    def about_address(self, address: Address) -> AddressFacts: ...

    def about_agent(self, agent: str, hints: Mapping[str, str]) -> AgentFacts: ...


class Origin(msgspec.Struct, gc=False):
    """From where a request came, as it is known while it is answered, and never longer."""

    address: Address | None
    agent: str
    hints: dict[str, str]


class _Known(msgspec.Struct, gc=False):
    made: float
    day: date
    facts: Circumstance
    narrowed: dict[int, Circumstance | None]
    """By uses, all but the sealed origin."""
    sealed: dict[int, tuple[float, Circumstance]]
    """By uses, whole, and until when it is given again."""


class Enricher:
    """Facts by origin, remembered for an hour under a keyed hash that dies with the process."""

    def __init__(
        self,
        network: NetworkFacts,
        keys: KeyRing,
        sealer: Sealer,
        monotonic: Callable[[], float],
    ) -> None:
        self._network = network
        self._keys = keys
        self._sealer = sealer
        self._monotonic = monotonic
        self._keyed = blake2b(key=secrets.token_bytes(32), digest_size=16)
        self._known: OrderedDict[bytes, _Known] = OrderedDict()

    def mark(self, origin: Origin) -> bytes:
        """A keyed hash of an origin, by which the other methods know it."""
        packed = origin.address.packed if origin.address else b""
        text = "\0".join((origin.agent, *origin.hints.values()))
        keyed = self._keyed.copy()
        keyed.update(packed + b"\0" + text.encode(errors="replace"))
        return keyed.digest()

    def circumstance(
        self, mark: bytes, origin: Origin, uses: int, now: datetime
    ) -> Circumstance | None:
        """What rows with these uses may hold of the origin; none if they may hold nothing."""
        moment = self._monotonic()
        known = self._find(mark, origin, now, moment)
        asked = uses & RELEVANT
        until, whole = known.sealed.get(asked, _NOTHING)
        if whole is not None and moment < until:
            return whole
        if asked not in known.narrowed:
            known.narrowed[asked] = self._narrow(known.facts, asked, origin, now)
        found = known.narrowed[asked]
        if found is None or not asked & _SEALED_USES or origin.address is None:
            return found
        sealed = self._sealer.seal(mark, str(origin.address), origin.agent, now)
        whole = msgspec.structs.replace(found, sealed=sealed)
        known.sealed[asked] = (moment + _SEALED_SECONDS, whole)
        return whole

    def _find(self, mark: bytes, origin: Origin, now: datetime, moment: float) -> _Known:
        known = self._known.get(mark)
        if known is None or known.day != now.date() or moment - known.made > _LIFE_SECONDS:
            known = self._known[mark] = self._look_up(origin, now.date(), moment)
            self._known.move_to_end(mark)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return known

    def _look_up(self, origin: Origin, day: date, moment: float) -> _Known:
        address = origin.address
        place = self._network.about_address(address) if address else AddressFacts()
        agent = self._network.about_agent(origin.agent, origin.hints)
        facts = Circumstance(
            country=place.country,
            region=place.region,
            network_kind=place.kind.value,
            network_evidence=place.evidence or None,
            asn=place.asn,
            organisation=place.organisation,
            browser=agent.browser,
            os=agent.os,
            device=_device_of(agent, place),
        )
        return _Known(made=moment, day=day, facts=facts, narrowed={}, sealed={})

    def _narrow(
        self, facts: Circumstance, uses: int, origin: Origin, now: datetime
    ) -> Circumstance | None:
        """Only what the uses may see: what no use may read is not stored in the first place."""
        found: dict[str, Any] = {
            name: getattr(facts, name) for name, seen_by in _FIELDS.items() if seen_by & uses
        }
        if uses & _TOKEN_USES and origin.address is not None:
            key_id, key = self._keys.token_key(now.date())
            address = inner_address(origin.address)
            found["address_token"] = address_token(key, address)
            found["network_token"] = network_token(key, address)
            found["key_id"] = key_id
        has_any = any(value is not None for value in found.values())
        return Circumstance(**found) if has_any else None


def _device_of(agent: AgentFacts, place: AddressFacts) -> str | None:
    """The type of device. A machine is called one and stored all the same: somebody decided for it.

    A crawler never decides, so nothing that it sends has a use, and the gate forgets it.
    """
    if agent.is_bot or place.is_bot:
        return DeviceType.BOT.value
    return agent.device.value if agent.device is not DeviceType.OTHER else None


def read_hints(headers: dict[bytes, bytes]) -> dict[str, str]:
    """The client hints among a request's headers, cut."""
    if _HINTS.isdisjoint(headers):
        return {}
    return {
        name: headers[raw][:300].decode("latin-1") for raw, name in _HINT_NAMES if raw in headers
    }
