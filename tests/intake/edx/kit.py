"""A reader of blocks without a database, and lines of a log for it."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from privet.catalogue.uses import ALL_USES, Use
from privet.consent.rules import Standing
from privet.events.record import Actor, Circumstance, Entry
from privet.events.record_columns import ACTOR, ColumnBatch, decode_columns
from privet.intake.edx_block import BatchHead, BlockReader
from privet.intake.edx_circumstances import Circumstances
from privet.intake.edx_map import LineMapper, MapperKeys
from privet.intake.edx_people import People
from privet.intake.edx_tally import BlockResult
from privet.kernel.clock import FixedClock, to_micros
from privet.kernel.crypto import KeyRing, person_key
from privet.network.service import Network

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SITE = "hedgerow"
COURSE = "course-v1:HedgeX+S101+2026"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def line(**parts: Any) -> dict[str, Any]:
    """A line as Alice's browser would cause it, with some parts replaced; None leaves one out."""
    context = {"user_id": 4, "course_id": COURSE, "org_id": "HedgeX", "path": "/event"}
    whole: dict[str, Any] = {
        "username": "alice",
        "event_type": "play_video",
        "event_source": "browser",
        "time": "2026-11-20T10:00:00.000001+00:00",
        "session": "0123456789abcdef",
        "ip": "203.0.113.7",
        "agent": AGENT,
        "host": "learn.hedge.example",
        "referer": "https://learn.hedge.example/courses/x",
        "page": f"https://learn.hedge.example/courses/{COURSE}/courseware/a/b/?next=1#top",
        "event": json.dumps({"id": "video-1", "code": "abc", "currentTime": 1.5}),
        "context": context | parts.pop("context", {}),
    } | parts
    return {name: value for name, value in whole.items() if value is not None}


def act(event_type: str = "problem_check", **parts: Any) -> dict[str, Any]:
    """A line that the server wrote."""
    base: dict[str, Any] = {
        "event_source": "server",
        "event_type": event_type,
        "page": "x_module",
        "event": {"problem_id": "block-v1:HedgeX+S101+2026+type@problem+block@p1", "grade": 1},
    }
    return line(**(base | parts))


def encoded(*lines: dict[str, Any] | bytes | str) -> bytes:
    """Lines as the bytes of a log."""
    texts = [
        text if isinstance(text, bytes) else text.encode() if isinstance(text, str)
        else json.dumps(text).encode()
        for text in lines
    ]  # fmt: skip
    return b"".join(text + b"\n" for text in texts)


@dataclass(frozen=True)
class Batch:
    """A batch of columns as the entries and circumstances that it says."""

    actors: list[Actor]
    circumstances: list[Circumstance]
    entries: list[Entry]


def as_batch(columns: ColumnBatch) -> Batch:
    """Each entry's circumstance is its own; one of which nothing is known is none."""
    entries, circumstances = [], []
    for row in columns.rows.to_pylist():
        known = Circumstance(**{name: row.pop(name) for name in Circumstance.__struct_fields__})
        place = -1 if known == Circumstance() else len(circumstances)
        circumstances += [known] if place >= 0 else []
        row["time"] = to_micros(row["time"])
        row["detail"] = (row["detail"] or "").encode()
        entries.append(Entry(**row | {"actor": row[ACTOR] - 1, "circumstance": place}))
    return Batch(columns.head.actors, circumstances, entries)


@dataclass
class Reading:
    """What came out of a block."""

    result: BlockResult
    batches: list[Batch] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        return [entry for batch in self.batches for entry in batch.entries]

    @property
    def entry(self) -> Entry:
        """The only one."""
        (entry,) = self.entries
        return entry

    @property
    def detail(self) -> Any:
        return json.loads(self.entry.detail or b"{}")

    @property
    def actor(self) -> Actor | None:
        place = self.entry.actor
        return self.batches[0].actors[place] if place >= 0 else None


class Kit:
    """Makes readers over one set of keys."""

    def __init__(self, directory: Path) -> None:
        self.keys = KeyRing(directory / "keys")
        self.network = Network()
        self.standings: dict[bytes, Standing] = {}

    def key(self, external_id: str) -> bytes:
        return person_key(self.keys.link_key(), SITE, external_id)

    def reader(self, uses: Use = ALL_USES) -> BlockReader:
        people = People(site=SITE, link_key=self.keys.link_key(), find_standing=self._standing_of)
        clock = FixedClock(NOW)
        circumstances = Circumstances(
            network=self.network, keys=self.keys, clock=clock, sealed_days=30
        )
        mapper = LineMapper(
            uses=uses,
            keys=MapperKeys(line=b"l" * 32, session=b"s" * 32),
            people=people,
            circumstances=circumstances,
            clock=clock,
        )
        return BlockReader(
            head=BatchHead(source="edx:hedgerow", namespace=b"n" * 8, site=SITE, received=1),
            mapper=mapper,
            people=people,
            circumstances=circumstances,
            reject_key=b"r" * 32,
        )

    def read(self, *lines: dict[str, Any] | bytes | str, uses: Use = ALL_USES) -> Reading:
        return self.read_bytes(encoded(*lines), uses=uses)

    def read_bytes(self, block: bytes, *, uses: Use = ALL_USES) -> Reading:
        result = self.reader(uses).read(block, 0)
        return Reading(result, [as_batch(decode_columns(p)) for p in result.payloads])

    def _standing_of(self, actor: Actor) -> Standing | None:
        for key in (actor.person_key, *actor.alias_keys):
            if key in self.standings:
                return self.standings[key]
        return None
