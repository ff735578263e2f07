"""Puts together what reads an import's blocks, in this process or in one beside it."""

from hashlib import sha256
from hmac import digest

from privet.consent.snapshot import Snapshot
from privet.intake.edx_block import BatchHead, BlockReader
from privet.intake.edx_circumstances import Circumstances
from privet.intake.edx_map import LineMapper, MapperKeys
from privet.intake.edx_people import People
from privet.intake.edx_worker import ReadingPlan
from privet.kernel.clock import Clock, SystemClock
from privet.kernel.crypto import KeyRing
from privet.network.service import Network, open_network


def make_reader(
    plan: ReadingPlan, *, clock: Clock | None = None, network: Network | None = None
) -> BlockReader:
    """A reader with its own caches; Django must be set up in the process."""
    clock = clock or SystemClock()
    keys = KeyRing(plan.config.keys)
    people = People(
        site=plan.site,
        link_key=keys.link_key(),
        find_standing=_snapshot(keys, clock).standing_of,
    )
    circumstances = Circumstances(
        network=network or open_network(plan.config),
        keys=keys,
        clock=clock,
        sealed_days=plan.config.sealed_days,
    )
    mapper = LineMapper(
        uses=plan.uses,
        keys=MapperKeys(line=keys.signing_key("edx-line"), session=keys.signing_key("session")),
        people=people,
        circumstances=circumstances,
        clock=clock,
    )
    return BlockReader(
        head=batch_head(plan, keys),
        mapper=mapper,
        people=people,
        circumstances=circumstances,
        reject_key=keys.signing_key("edx-reject"),
    )


def batch_head(plan: ReadingPlan, keys: KeyRing) -> BatchHead:
    """Source and namespace of an import: ids of lines are unique within their site."""
    source = f"edx:{plan.site}"
    return BatchHead(
        source=source,
        namespace=source_namespace(keys.signing_key("edx-line"), source),
        site=plan.site,
        received=plan.received,
        tally=plan.tally,
    )


def source_namespace(key: bytes, source: str) -> bytes:
    """Eight bytes in which the ids of a source are unique."""
    return digest(key, source.encode(), sha256)[:8]


def _snapshot(keys: KeyRing, clock: Clock) -> Snapshot:
    """What learners have decided as the import begins; the loader asks again."""
    snapshot = Snapshot(keys=keys, clock=clock)
    snapshot.refresh()
    return snapshot
