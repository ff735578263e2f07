"""Holds acts on disk by day while they are made, so that memory does not grow with them."""

from pathlib import Path

import numpy as np

from privet.simulate.acts import ACT, days_of
from privet.simulate.randomness import Array


class Spill:
    """One file of records a day, in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.count = 0

    def add(self, acts: Array) -> None:
        """Put acts of any days away."""
        order = np.argsort(acts["time"], kind="stable")
        acts = acts[order]
        days, starts = np.unique(days_of(acts["time"]), return_index=True)
        for day, part in zip(days.tolist(), np.split(acts, starts[1:]), strict=True):
            with self._path(day).open("ab") as file:
                part.tofile(file)
        self.count += len(acts)

    def days(self) -> list[int]:
        """The days (since 1970 UTC) of which there are acts, in order."""
        return sorted(int(path.stem) for path in self._directory.glob("*.acts"))

    def read(self, day: int) -> Array:
        """All acts of a day, in the order in which they came."""
        return np.fromfile(self._path(day), ACT)

    def _path(self, day: int) -> Path:
        return self._directory / f"{day}.acts"
