"""How long this process has worked: the clock by which slow clients are told."""

from collections.abc import Callable

LOOK_SECONDS = 1.0
"""Somebody looks about so often."""
_MOST_BETWEEN_LOOKS_SECONDS = 2.0
"""What is more between two looks is time for which this process stood still, not its clients."""


class WorkingTime:
    """A monotonic clock that stands still whenever the process does; read as of the last look."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._looked = monotonic()
        self.seconds = 0.0

    def look(self) -> float:
        """Let the time pass that the process has worked since the last look; gives ``seconds``."""
        now = self._monotonic()
        self.seconds += min(now - self._looked, _MOST_BETWEEN_LOOKS_SECONDS)
        self._looked = now
        return self.seconds
