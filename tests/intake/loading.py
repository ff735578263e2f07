"""What tests of the loader share: an installation of their own, batches, and a loader."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from privet.consent.snapshot import Snapshot
from privet.events.lake import Lake, LakePoint
from privet.events.log import SegmentWriter, claim_log
from privet.events.log.layer import FileLayer
from privet.events.record import Actor, Batch, Circumstance, Entry, encode_batch
from privet.intake.loader import Loader, Point
from privet.kernel.clock import Clock, FixedClock, to_micros
from privet.kernel.config import Config
from privet.kernel.crypto import KeyRing
from privet.kernel.ids import event_id_from

NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)
AT = to_micros(NOON)
ALICE, BOB = Actor(b"alice".ljust(16, b"-")), Actor(b"bob".ljust(16, b"-"))
PLACE = Circumstance(
    address_token=1, network_token=2, key_id=2026, country="ES", region="ES-MD",
    network_kind="mobile", network_evidence="asn", asn=3352, organisation="Telefonica",
    browser="Firefox 128", os="Linux", device="desktop", sealed=b"sealed",
)  # fmt: skip


def make_config(home: Path) -> Config:
    """An installation in a directory."""
    return Config(home=home, lake=str(home / "lake"), keys=home / "keys", database_url="")


def make_lake(
    config: Config,
    clock: Clock | None = None,
    reach: Callable[[LakePoint], None] = lambda _: None,
) -> Lake:
    """A handle of its own on the installation's lake."""
    clock = clock or FixedClock(NOON)
    return Lake(config.lake, locks=config.home / "locks", clock=clock, reach=reach)


def make_loader(
    config: Config,
    *,
    clock: Clock | None = None,
    reach: Callable[[Point], None] = lambda _: None,
    layer: FileLayer | None = None,
) -> Loader:
    """A loader as a process of its own would make it."""
    clock = clock or FixedClock(NOON)
    keys = KeyRing(config.keys)
    snapshot = Snapshot(keys=keys, clock=clock)
    return Loader(
        config=config, lake=make_lake(config, clock), keys=keys, snapshot=snapshot, clock=clock,
        reach=reach, layer=layer,
    )  # fmt: skip


def entry(number: int, *, at: int = AT, **values: Any) -> Entry:
    """An event; its number makes its id."""
    said = {"name": "page_view", "uses": 8, "actor": 0, "circumstance": 0, "session": number}
    return Entry(event_id=event_id_from(at // 1000, number).bytes, time=at, **(said | values))


def batch(*entries: Entry, **values: Any) -> bytes:
    """A batch of Alice's, as a frame's payload."""
    said = {
        "version": 1, "source": "web:hedgerow", "namespace": b"alice---", "site": "hedgerow",
        "received": AT + 1_000_000, "actors": [ALICE, BOB], "circumstances": [PLACE],
    }  # fmt: skip
    return encode_batch(Batch(entries=list(entries), **(said | values)))


def write(config: Config, *payloads: bytes, prefix: str = "test") -> None:
    """Write payloads as one sealed segment."""
    claim = claim_log(config.log, prefix=prefix)
    with SegmentWriter(claim) as writer:
        writer.extend(payloads)


def stored(config: Config) -> list[dict[str, Any]]:
    """All rows of the lake."""
    lake = make_lake(config)
    rows = [row for file in lake.files() for row in lake.store.read(file.path).to_pylist()]
    return sorted(rows, key=lambda row: (row["time"], row["session"]))


def sessions(config: Config) -> list[int]:
    """The numbers of the stored events."""
    return sorted(row["session"] for row in stored(config))


def times_stored(config: Config) -> Counter[int]:
    """How often each number is there."""
    return Counter(sessions(config))
