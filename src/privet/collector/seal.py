"""Step 5, seal: the only form in which a raw address and agent are ever written."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime

from privet.kernel.crypto import KeyRing
from privet.kernel.origin import seal_origin

REUSE_SECONDS = 600
_MOST = 20_000


class Sealer:
    """Seals origins, and gives the same sealed value again for some minutes.

    Two rows with one sealed value are known to share an origin, which their address token says
    as well; both are for the same uses.
    """

    def __init__(self, keys: KeyRing, monotonic: Callable[[], float]) -> None:
        self._keys = keys
        self._monotonic = monotonic
        self._known: OrderedDict[tuple[date, bytes], tuple[float, bytes]] = OrderedDict()

    def seal(self, origin_mark: bytes, address: str, agent: str, now: datetime) -> bytes:
        """The origin under the day's key; ``origin_mark`` is a keyed hash of both."""
        mark = (now.date(), origin_mark)
        made, sealed = self._known.get(mark, (0.0, b""))
        moment = self._monotonic()
        if not sealed or moment - made > REUSE_SECONDS:
            day = now.date()
            sealed = seal_origin(self._keys.day_key(day), day, address=address, agent=agent)
            self._known[mark] = (moment, sealed)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return sealed
