"""Reads a block of whole lines into one batch of the log, and accounts for every line of it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from privet.events.record import VERSION, Batch, Entry, encode_batch
from privet.intake.edx_circumstances import Circumstances
from privet.intake.edx_line import read_line
from privet.intake.edx_map import LineMapper, Tally
from privet.intake.edx_people import People
from privet.intake.edx_reasons import Barred, Skip, Unread
from privet.intake.edx_values import line_hash

if TYPE_CHECKING:
    from privet.intake.edx_blocks import Piece

_BATCH_LINES = 2000


class Rejected(NamedTuple):
    """A line that could not be read: where it is and why, never what it says."""

    offset: int
    size_bytes: int
    hash: bytes
    reason: str


@dataclass(kw_only=True)
class BlockResult:
    """What became of a block."""

    payloads: list[bytes] = field(default_factory=list)
    """Encoded batches for the log."""
    tally: Tally = field(default_factory=Tally)
    rejects: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class BatchHead:
    """What all batches of an import say alike."""

    source: str
    namespace: bytes
    site: str
    received: int


class BlockReader:
    """Reads blocks one after the other; each process of an import has one."""

    def __init__(
        self,
        *,
        head: BatchHead,
        mapper: LineMapper,
        people: People,
        circumstances: Circumstances,
        reject_key: bytes,
    ) -> None:
        self._head = head
        self._mapper = mapper
        self._people = people
        self._circumstances = circumstances
        self._reject_key = reject_key

    def read_piece(self, piece: "Piece") -> BlockResult:
        """Read a piece that holds lines or says where they are."""
        if not piece.path:
            return self.read(piece.block, piece.offset)
        with open(piece.path, "rb", buffering=0) as file:  # noqa: PTH123 - one call, no object
            return self.read(
                os.pread(file.fileno(), piece.end - piece.offset, piece.offset), piece.offset
            )

    def read(self, block: bytes, offset: int) -> BlockResult:
        """Read whole lines that begin at ``offset`` of their file; the last may lack its end."""
        result = BlockResult()
        lines = _lines_with_offsets(block, offset)
        while entries := self._fill(lines, result):
            result.payloads.append(self._encode(entries))
            result.tally.kept += len(entries)
        return result

    def _fill(self, lines: Iterator[tuple[int, bytes]], result: BlockResult) -> list[Entry]:
        """The entries of one batch; empty when the lines have come to their end."""
        self._people.begin_batch()
        self._circumstances.begin_batch()
        entries: list[Entry] = []
        tally = result.tally
        for at, line in lines:
            tally.lines += 1
            found = read_line(line)
            if not isinstance(found, tuple):
                self._account(found, at, line, result)
                continue
            outcome = self._mapper.map_line(*found, tally)
            if not isinstance(outcome, Entry):
                self._account(outcome, at, line, result)
                continue
            tally.events += 1
            entries.append(outcome)
            if len(entries) == _BATCH_LINES:
                break
        return entries

    def _account(
        self, outcome: Skip | Unread | Barred, at: int, line: bytes, result: BlockResult
    ) -> None:
        tally = result.tally
        match outcome:
            case Barred():
                tally.events += 1
                tally.not_permitted[outcome] += 1
            case Skip():
                tally.skipped[outcome] += 1
            case Unread():
                tally.rejected[outcome] += 1
                digest = line_hash(self._reject_key, line)
                result.rejects.append(Rejected(at, len(line), digest, outcome.value))

    def _encode(self, entries: list[Entry]) -> bytes:
        head = self._head
        return encode_batch(
            Batch(
                version=VERSION,
                source=head.source,
                namespace=head.namespace,
                site=head.site,
                received=head.received,
                actors=self._people.actors,
                circumstances=self._circumstances.circumstances,
                entries=entries,
            )
        )


def _lines_with_offsets(block: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    for line in lines:
        yield offset, line
        offset += len(line) + 1
