"""Fills a large lake quickly: a simulated population, again and again with other learners.

Simulating 100 million events takes long, and reading them needs none of what takes long. So some
millions are simulated once, and each further part of the lake is the same population under other
pseudonyms: as many more learners, sessions, event ids and tokens of addresses as there are more
events, in the same courses, pages, videos and problems and over the same days. That is how it looks
when a platform has more learners, and counting by learner costs what it would cost there. What the
parts share are the texts of details, by which no dashboard groups learners. The files are those
that compaction leaves: each day one run sorted by learner, cut between learners.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from privet.events.compaction import WHOLE_DAY
from privet.events.lake import Lake
from privet.events.store import LakeFile

_WRITERS = 2
_SUBJECTS = 2**63
_NUMBERS = ("session", "address_token", "network_token")
_ID_BYTES = 16


def repeat_lake(source: Lake, lake: Lake, *, times: int) -> None:
    """Put what one lake has into another so many times, each time of other learners."""
    runs = {file.day: uuid4().hex[:12] for file in source.files()}

    def write(file: LakeFile) -> list[LakeFile]:
        rows = source.store.read(file.path)
        return [
            lake.store.write(part, day=file.day, level=WHOLE_DAY, run=runs[file.day])
            for part in _parts(rows, times)
        ]

    with ThreadPoolExecutor(_WRITERS) as pool:
        written = [file for some in pool.map(write, source.files()) for file in some]
    with lake.turn() as turn:
        turn.commit(add=written)
        turn.checkpoint()


def _parts(rows: pa.Table, times: int) -> Iterator[pa.Table]:
    """The rows under so many different sets of pseudonyms, each sorted as the rows are."""
    for part in range(times):
        # The same for all days, so that a learner of a part is one learner over all of them.
        random = np.random.default_rng(part)
        table = _replace(rows, "subject", _other_subjects(rows.column("subject"), part, times))
        for name in _NUMBERS:
            mask = int(random.integers(2**62))
            table = _replace(table, name, _other_numbers(rows.column(name), mask))
        mask_bytes = random.integers(256, size=_ID_BYTES // 2, dtype=np.uint8)
        yield _replace(table, "event_id", _other_ids(rows.column("event_id"), mask_bytes))


def _replace(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(name), column)


def _other_subjects(subjects: pa.ChunkedArray, part: int, times: int) -> pa.Array:
    """Each part has a range of pseudonyms of its own, in which the order stays; 0 stays nobody.

    Simulated pseudonyms are random in 63 bits, so two never come within ``times`` of each other,
    and the low bits stay random.
    """
    was = subjects.to_numpy()
    return pa.array(np.where(was == 0, 0, was // times + part * (_SUBJECTS // times)))


def _other_numbers(numbers: pa.ChunkedArray, mask: int) -> pa.Array:
    """Random numbers as other random numbers; 0 and null stay what they are."""
    other = pc.bit_wise_xor(numbers, pa.scalar(mask, pa.int64()))
    is_some = pc.not_equal(numbers, pa.scalar(0, pa.int64()))
    return pc.if_else(is_some, other, numbers).combine_chunks()


def _other_ids(ids: pa.ChunkedArray, mask: np.ndarray[Any, Any]) -> pa.Array:
    """UUIDs of version 7 with another random half; the time in them stays."""
    flat = np.frombuffer(b"".join(ids.to_pylist()), np.uint8).reshape(-1, _ID_BYTES).copy()
    # The first two bits of that half say the variant, which stays.
    flat[:, _ID_BYTES // 2 :] ^= mask & np.array([0x3F, *[0xFF] * 7], np.uint8)
    offsets = pa.py_buffer(np.arange(len(flat) + 1, dtype=np.int32) * _ID_BYTES)
    return pa.Array.from_buffers(
        pa.binary(), len(flat), [None, offsets, pa.py_buffer(flat.tobytes())]
    )
