"""What runs in the processes that read beside an import; it sets Django up before all else."""

import gc
import os
import threading
from dataclasses import dataclass
from multiprocessing import parent_process
from typing import Any

from privet.catalogue.uses import Use
from privet.kernel.config import Config


@dataclass(frozen=True, kw_only=True)
class ReadingPlan:
    """What a reader of blocks has to know; it is sent to each process of an import."""

    config: Config
    site: str
    uses: Use
    received: int
    """Microseconds since 1970 UTC at which the import began."""
    tally: int
    """The import's number, under which the loader says what became of its events."""


_PIECES_A_SEARCH = 32
_reader: Any = None
_read_pieces = 0


def start_worker(plan: ReadingPlan) -> None:
    """Make the reader of this process, and end with the parent however that ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import django  # noqa: PLC0415 - settings are read only now, in the new process

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privet.web.settings")
    django.setup()
    from privet.intake.edx_reading import make_reader  # noqa: PLC0415 - it imports tables

    global _reader  # noqa: PLW0603 - one reader a process, as the pool's protocol has it
    _reader = make_reader(plan)
    gc.freeze()  # What was imported stays for good; looking through it again costs time.
    gc.disable()


def read_block(piece: Any) -> Any:
    """The `BlockResult` of a piece.

    Reading makes millions of values and no cycles, so these are looked for only now and then.
    """
    global _read_pieces  # noqa: PLW0603 - as above
    _read_pieces += 1
    if _read_pieces % _PIECES_A_SEARCH == 0:
        gc.collect()
    return _reader.read_piece(piece)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
