"""What the package ``iporigin`` knows: ranges that clouds, VPNs, Tor and crawlers publish."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

import iporigin

from privet.network.addresses import Address
from privet.network.facts import Confidence, DataRole, DataSource, NetworkKind

APPLE_RELAY = "Apple Private Relay"

_KINDS: dict[str, tuple[NetworkKind, Confidence]] = {
    iporigin.HOSTING: (NetworkKind.HOSTING, Confidence.MEDIUM),
    iporigin.CDN: (NetworkKind.HOSTING, Confidence.MEDIUM),
    iporigin.BOT: (NetworkKind.HOSTING, Confidence.MEDIUM),
    iporigin.VPN: (NetworkKind.VPN, Confidence.MEDIUM),
    iporigin.TOR: (NetworkKind.TOR, Confidence.HIGH),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """A range's kind, whose it is, and whether a declared crawler lives there."""

    kind: NetworkKind
    provider: str
    confidence: Confidence
    is_bot: bool = False


def find_origin(address: Address) -> Origin | None:
    """The published range that holds the address, if there is one."""
    found = iporigin.classify(address)  # type: ignore[no-untyped-call]
    if found.provider == APPLE_RELAY:
        return Origin(NetworkKind.RELAY, found.provider, Confidence.HIGH)
    known = _KINDS.get(found.kind)
    if known is None:
        return None
    kind, confidence = known
    return Origin(kind, found.provider, confidence, found.kind == iporigin.BOT)


@cache
def describe_origins() -> DataSource:
    """Version, day and checksum of the list as it is installed."""
    data = files(iporigin).joinpath("data", "ranges.bin").read_bytes()
    return DataSource(
        roles=(DataRole.ANONYMITY,),
        name="iporigin",
        version=version("iporigin"),
        data_date=origins_date(),
        licence="MIT",
        sha256=sha256(data).hexdigest(),
        is_embedded=True,
    )


@cache
def origins_date() -> date:
    """The UTC day on which the list was compiled."""
    info = iporigin.dataset_info()  # type: ignore[no-untyped-call]
    return datetime.fromtimestamp(info["built_at"], UTC).date()
