"""What an answer hangs on besides its question: who is hidden, and which files there are.

As long as this stands, the same question has the same answer, and it need not be asked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from privet.catalogue.uses import Use
from privet.events.lake import Lake, default_lake
from privet.events.query import reader_of
from privet.events.withheld import HiddenFrom


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The state of a lake, as far as a question's days go."""

    sequence: int
    """Rises with every withdrawal, objection, restriction, erasure, and with each that ends."""
    files: frozenset[str]
    """The paths of the files of the question's days; no path is ever used twice."""


def standing_of(params: Mapping[str, Any], *, lake: Lake | None = None) -> Standing:
    """How things stand for a query with these parameters; ``start`` and ``end`` bound its days.

    Look before you ask: an answer that is kept under what stood before it was asked is never
    older than that.
    """
    reader = reader_of(lake or default_lake())
    sequence = reader.withheld.sequence()
    return Standing(sequence=sequence, files=reader.paths(params))


def carried_over(files: frozenset[str], *, lake: Lake | None = None) -> frozenset[str] | None:
    """The files that hold exactly the rows of some others now, as far as these were merged.

    Files that were merged with later ones stay among them. None if the rows of one were changed.
    """
    return reader_of(lake or default_lake()).carried_over(files)


def hidden_now(use: Use, *, lake: Lake | None = None) -> HiddenFrom:
    """Who is hidden from a use."""
    return reader_of(lake or default_lake()).withheld.hidden_from(use)
