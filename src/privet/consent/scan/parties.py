"""Whose a host is: the same registrable domain as the page's, or somebody else's."""

import socket
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList

Canonical = Callable[[str], str]
"""From a host to the name that it is an alias of; itself if it is none, or nobody knows."""


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=8192)
def registrable(host: str) -> str:
    """The domain that somebody registers (``a.b.co.uk`` → ``b.co.uk``); addresses stay."""
    bare = host.lower().strip(".").rsplit(":", 1)[0] if host.count(":") == 1 else host.lower()
    bare = bare.strip(".")
    try:
        ip_address(bare.strip("[]"))
    except ValueError:
        return _suffixes().privatesuffix(bare) or bare
    return bare


def is_same_site(one: str, other: str) -> bool:
    """Whether both hosts belong to one registrable domain."""
    return registrable(one) == registrable(other)


def ask_canonical(host: str) -> str:
    """Ask the resolver of this machine which name a host is an alias of."""
    try:
        return socket.gethostbyname_ex(host)[0].lower()
    except OSError:
        return host
