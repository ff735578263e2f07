"""What was worked out from a text, remembered, for steps that are taken for every event."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 8192


class _Remembered(dict[str, T], Generic[T]):
    def __init__(self, make: Callable[[str], T], most: int) -> None:
        super().__init__()
        self._make = make
        self._most = most

    def __missing__(self, text: str) -> T:
        found = self._make(text)
        if len(self) >= self._most:
            self.clear()
        self[text] = found
        return found


def remembered(make: Callable[[str], T], most: int = MOST) -> Callable[[str], T]:
    """``make``, which reads nothing but its text, asked once for each of at most ``most`` texts.

    As `functools.lru_cache`, at two thirds of its cost: when there are too many texts all are
    forgotten, so that none has to be moved when it is asked for.
    """
    return _Remembered(make, most).__getitem__
