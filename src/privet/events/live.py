"""What is arriving now, and how much of what was dropped why: shared by processes through files.

Each process writes one small file, whole, twice a second; who reads merges the files. Of a dropped
event only its name and the reason are in memory and in the file, not even its time. At high rates
only some arrivals are shown, and how many were not is shown with them.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

RING_SIZE = 400
SHOWN_PER_FLUSH = 40
FLUSH_SECONDS = 0.5
_SUFFIX = ".live"


class Arrival(msgspec.Struct, array_like=True, frozen=True):
    """One event as the live view shows it. A dropped one has a name and a reason and no more."""

    name: str
    reason: str = ""
    """Why it was dropped; empty for what was stored."""
    uses: int = 0
    received: int = 0
    """Microseconds since 1970 UTC; 0 for a dropped event, whose time is not held."""
    source: str = ""
    course: str = ""

    @property
    def is_stored(self) -> bool:
        """Whether the gate let it through."""
        return not self.reason


class Recent(NamedTuple):
    """The newest arrivals, newest first, and how many came while they were sampled."""

    arrivals: list[Arrival]
    shown: int
    arrived: int

    @property
    def is_sampled(self) -> bool:
        """Whether some arrivals of this stretch are not shown."""
        return self.shown < self.arrived


class _File(msgspec.Struct, array_like=True):
    version: int
    counters: dict[str, int]
    arrivals: list[Arrival]
    shown: int
    arrived: int


_VERSION = 1
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_File)


class LiveWriter:
    """One process's share of the live view. Use it from one thread; call `flush` by a timer."""

    def __init__(self, directory: Path, name: str) -> None:
        """``name`` is stable, such as a log's id: counters go on where the last process ended."""
        self._path = directory / f"{name}{_SUFFIX}"
        before = _read(self._path)
        self._counters: Counter[str] = Counter(before.counters if before else {})
        self._ring: deque[Arrival] = deque(maxlen=RING_SIZE)
        self._stretches: deque[tuple[int, int]] = deque([(0, 0)], maxlen=8)
        self._left = SHOWN_PER_FLUSH
        self._shown = self._arrived = 0
        self._is_dirty = True

    def count(self, name: str, number: int = 1) -> None:
        """Add to a counter, such as ``dropped:undecided``."""
        self._counters[name] += number
        self._is_dirty = True

    def room(self, arriving: int) -> int:
        """How many of ``arriving`` events to `show`; the rest is only counted as sampled out.

        They are taken at once: many batches ask before the first of them is durable and shown.
        """
        self._arrived += arriving
        taken = min(arriving, self._left)
        self._left -= taken
        return taken

    def show(self, arrivals: Iterable[Arrival]) -> None:
        """Put arrivals into the ring; no more than `room` said."""
        shown = list(arrivals)
        self._ring.extend(shown)
        self._shown += len(shown)
        self._is_dirty = True

    def counters(self) -> Mapping[str, int]:
        """This process's counters as they are now."""
        return self._counters

    def flush(self) -> None:
        """Write the file if anything changed, and begin the next stretch of sampling."""
        if not self._is_dirty:
            return
        self._stretches.append((self._shown, self._arrived))
        self._left, self._shown, self._arrived = SHOWN_PER_FLUSH, 0, 0
        shown, arrived = map(sum, zip(*self._stretches, strict=True))
        file = _File(_VERSION, dict(self._counters), list(self._ring), shown, arrived)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._path.with_suffix(".draft")
        draft.write_bytes(_encoder.encode(file))
        draft.rename(self._path)
        self._is_dirty = False


def read_recent(directory: Path, limit: int = 100) -> Recent:
    """The newest arrivals of all processes."""
    files = list(_files(directory))
    merged = sorted((placed for file in files for placed in _placed(file)), key=lambda p: -p[0])
    return Recent(
        arrivals=[arrival for _, arrival in islice(merged, limit)],
        shown=sum(file.shown for file in files),
        arrived=sum(file.arrived for file in files),
    )


def read_counters(directory: Path) -> dict[str, int]:
    """The sum of the counters of all processes, those that have ended among them."""
    total: Counter[str] = Counter()
    for file in _files(directory):
        total.update(file.counters)
    return dict(total)


def _placed(file: _File) -> list[tuple[int, Arrival]]:
    """Arrivals of one file, newest first, each at its time or at that of its stored neighbour."""
    placed: list[tuple[int, Arrival]] = []
    moment = 0
    for arrival in file.arrivals:
        moment = max(moment, arrival.received)
        placed.append((moment, arrival))
    return placed[::-1]


def _files(directory: Path) -> Iterable[_File]:
    for path in sorted(directory.glob(f"*{_SUFFIX}")):
        file = _read(path)
        if file is not None:
            yield file


def _read(path: Path) -> _File | None:
    """The file's content; none if it is missing, or of another version of Privet."""
    try:
        return _decoder.decode(path.read_bytes())
    except (FileNotFoundError, msgspec.DecodeError):
        return None
