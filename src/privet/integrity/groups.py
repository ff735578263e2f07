"""Which things hang together: connected components."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def join_all(pairs: Iterable[tuple[T, T]]) -> list[frozenset[T]]:
    """The components of a graph that is given by its edges."""
    parent: dict[T, T] = {}

    def root(one: T) -> T:
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for one, other in pairs:
        parent[root(one)] = root(other)
    found: defaultdict[T, set[T]] = defaultdict(set)
    for one in list(parent):
        found[root(one)].add(one)
    return [frozenset(group) for group in found.values()]
