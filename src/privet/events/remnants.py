"""What names an erased learner outside the table: segments not yet loaded, quarantined parts.

Segments are rewritten without the events that the tombstones forbid. What cannot be parsed is
searched for person keys as MessagePack writes them (the log is not compressed), and a part that
holds one is removed whole.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from privet.events.erased import ErasedMarks
from privet.events.log import SegmentRef, frame, list_segments, parse_segment
from privet.events.log.segment import MAGIC
from privet.events.record import NOBODY, Batch, Entry, decode_batch, encode_batch
from privet.events.record_columns import decode_columns, is_columns, without

_KEY_HEAD = b"\xc4\x10"
"""How MessagePack begins 16 bytes."""
_KEY_BYTES = 16
_PART, _REPORT = ".part", ".json"


def cleanse_segments(log: Path, marks: ErasedMarks) -> int:
    """Rewrite the sealed segments that hold events of erased people; returns how many.

    The caller holds the turn, so that no loader reads them. What is still open is sealed within
    seconds, and the loader leaves these events out.
    """
    return sum(_cleanse_segment(ref, marks) for ref in list_segments(log))


def cleanse_quarantine(directory: Path, marks: ErasedMarks) -> int:
    """Remove the quarantined parts in which erased people are named; returns how many."""
    theirs = [p for p in directory.glob(f"*{_PART}") if names_erased(p.read_bytes(), marks)]
    for path in theirs:
        path.unlink()
        path.with_suffix(_REPORT).unlink(missing_ok=True)
    return len(theirs)


def names_erased(data: bytes, marks: ErasedMarks) -> bool:
    """Whether the key of an erased person stands in raw bytes of the log."""
    return any(marks.has_person(key) for key in _keys_in(data))


def segment_holds_erased(data: bytes, marks: ErasedMarks) -> bool:
    """Whether a segment holds an event that the tombstones forbid."""
    content = parse_segment(data)
    damaged = b"".join(data[d.offset : d.offset + d.size_bytes] for d in content.damage)
    payloads = (f.payload for f in content.frames)
    return names_erased(damaged, marks) or any(_cleansed(p, marks) is not p for p in payloads)


def _cleanse_segment(ref: SegmentRef, marks: ErasedMarks) -> bool:
    data = ref.path.read_bytes()
    if not segment_holds_erased(data, marks):
        return False
    content = parse_segment(data)
    # Damaged bytes are kept for the loader to report, unless an erased person is named in them.
    pieces = [(f.offset, frame(_cleansed(f.payload, marks))) for f in content.frames]
    for damage in content.damage:
        raw = data[damage.offset : damage.offset + damage.size_bytes]
        if not names_erased(raw, marks):
            pieces.append((damage.offset, raw))
    _replace(ref.path, MAGIC + b"".join(piece for _, piece in sorted(pieces)))
    return True


def _cleansed(payload: bytes, marks: ErasedMarks) -> bytes:
    """The payload without forbidden events: itself if it has none."""
    if is_columns(payload):
        return _cleansed_columns(payload, marks)
    try:
        batch = decode_batch(payload)
    except msgspec.DecodeError:
        return b"" if names_erased(payload, marks) else payload
    until = marks.find(batch.actors)
    kept = [e for e in batch.entries if min(e.time, batch.received) > until.get(e.actor, -1)]
    if len(kept) == len(batch.entries):
        return payload
    return encode_batch(_without_unused(batch, kept))


def _cleansed_columns(payload: bytes, marks: ErasedMarks) -> bytes:
    """As `_cleansed`, for a batch of columns."""
    try:
        batch = decode_columns(payload)
    except ValueError:
        return b"" if names_erased(payload, marks) else payload
    return without(batch, marks.find(batch.head.actors)) or payload


def _without_unused(batch: Batch, kept: list[Entry]) -> Batch:
    """The batch with some of its entries, and nothing said of those whom no entry names."""
    used = sorted({entry.circumstance for entry in kept} - {NOBODY})
    places = {old: new for new, old in enumerate(used)}
    actors = sorted({entry.actor for entry in kept} - {NOBODY})
    people = {old: new for new, old in enumerate(actors)}
    for entry in kept:
        entry.circumstance = places.get(entry.circumstance, NOBODY)
        entry.actor = people.get(entry.actor, NOBODY)
    return msgspec.structs.replace(
        batch,
        actors=[batch.actors[place] for place in actors],
        circumstances=[batch.circumstances[place] for place in used],
        entries=kept,
    )


def _keys_in(data: bytes) -> Iterator[bytes]:
    place = data.find(_KEY_HEAD)
    while place >= 0:
        key = data[place + 2 : place + 2 + _KEY_BYTES]
        if len(key) == _KEY_BYTES:
            yield key
        place = data.find(_KEY_HEAD, place + 1)


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_suffix(".cleansed")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
