"""How often one client may ask: token buckets in memory, under a key that dies with the process.

Nothing that identifies exists before a decision, so a client is only a keyed hash of its address
(its /64 for IPv6), made with a random key of this process, and never written anywhere.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b

from privet.collector.client import Address
from privet.collector.limits import Limits


class RateLimiter:
    """Token buckets of at most ``clients_remembered`` clients."""

    def __init__(
        self, limits: Limits, monotonic: Callable[[], float], key: bytes | None = None
    ) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._keyed = blake2b(key=key or secrets.token_bytes(32), digest_size=8)
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._burst, self._per_second = float(limits.client_burst), limits.client_per_second

    def __len__(self) -> int:
        return len(self._buckets)

    def allows(self, address: Address | None) -> bool:
        """Take one token of the client; false if none is left. Those without address share one."""
        now = self._monotonic()
        client = self._client(address)
        buckets, left = self._buckets, self._burst
        found = buckets.get(client)
        if found is not None:
            gained = found[0] + (now - found[1]) * self._per_second
            left = gained if gained < left else left
        is_allowed = left >= 1.0
        buckets[client] = (left - 1.0 if is_allowed else left, now)
        if found is not None:
            buckets.move_to_end(client)
        elif len(buckets) > self._limits.clients_remembered:
            buckets.popitem(last=False)
        return is_allowed

    def _client(self, address: Address | None) -> bytes:
        packed = b"" if address is None else address.packed[:8]
        keyed = self._keyed.copy()
        keyed.update(packed)
        return keyed.digest()
