"""The address of who asks: a proxy is believed only if it is trusted."""

import pytest
from starlette.requests import Request

from demo.addresses import client_address

TRUSTED = frozenset({"127.0.0.1"})


def ask(peer: str | None, forwarded: str | None = None) -> Request:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    client = None if peer is None else (peer, 1)
    return Request({"type": "http", "headers": headers, "client": client})


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.7", None, "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "192.0.2.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", ""),
        ("2001:db8::7", None, "2001:db8::7"),
        ("testclient", None, ""),
        (None, None, ""),
    ],
)
def test_the_address_is(peer: str | None, forwarded: str | None, address: str) -> None:
    assert client_address(ask(peer, forwarded), TRUSTED) == address
