"""Writes small MaxMind DB files (format 2.0), so that tests look up in real ones."""

import struct
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

MARKER = b"\xab\xcd\xefMaxMind.com"
SEPARATOR = bytes(16)
BUILT = 1_790_000_000
"""2026-09-21."""

_V4_IN_V6 = 96


class U16(int):
    """An unsigned number that the format wants in 16 bits."""


class U64(int):
    """An unsigned number that the format wants in 64 bits."""


class _Node:
    def __init__(self) -> None:
        self.sides: list[_Node | int | None] = [None, None]


def write_mmdb(
    path: Path,
    records: Mapping[str, object],
    *,
    kind: str = "Test-City",
    ip_version: int = 6,
    built: int = BUILT,
) -> Path:
    """Write ``records`` (network in CIDR form → record) and return the path."""
    root, data = _Node(), bytearray()
    for text, record in records.items():
        offset = len(data)
        data += encode(record)
        _plant(root, _bits(ip_network(text), ip_version), offset)
    nodes = _number(root)
    tree = b"".join(
        struct.pack(">II", *(_pointer(side, nodes) for side in node.sides)) for node in nodes
    )
    metadata = {
        "binary_format_major_version": U16(2),
        "binary_format_minor_version": U16(0),
        "build_epoch": U64(built),
        "database_type": kind,
        "description": {"en": "For tests"},
        "ip_version": U16(ip_version),
        "languages": ["en"],
        "node_count": len(nodes),
        "record_size": U16(32),
    }
    path.write_bytes(tree + SEPARATOR + bytes(data) + MARKER + encode(metadata))
    return path


def encode(value: object) -> bytes:
    """One value of the data section."""
    match value:
        case bool():
            return _head(14, int(value))
        case int():
            body = value.to_bytes((value.bit_length() + 7) // 8, "big")
            return _head(_kind_of(value, len(body)), len(body)) + body
        case str():
            body = value.encode()
            return _head(2, len(body)) + body
        case float():
            return _head(3, 8) + struct.pack(">d", value)
        case list():
            return _head(11, len(value)) + b"".join(encode(item) for item in value)
        case dict():
            pairs = b"".join(encode(key) + encode(item) for key, item in value.items())
            return _head(7, len(value)) + pairs
    raise TypeError(type(value))


def _kind_of(value: int, size: int) -> int:
    if isinstance(value, U16):
        return 5
    return 9 if isinstance(value, U64) or size > 4 else 6


def _head(kind: int, size: int) -> bytes:
    if size < 29:
        small, extra = size, b""
    elif size < 285:
        small, extra = 29, bytes([size - 29])
    else:
        small, extra = 30, (size - 285).to_bytes(2, "big")
    if kind <= 7:
        return bytes([kind << 5 | small]) + extra
    return bytes([small, kind - 7]) + extra


def _bits(network: IPv4Network | IPv6Network, ip_version: int) -> list[int]:
    number, width = int(network.network_address), network.max_prefixlen
    bits = [number >> (width - 1 - at) & 1 for at in range(network.prefixlen)]
    return [0] * _V4_IN_V6 + bits if network.version < ip_version else bits


def _plant(root: _Node, bits: list[int], offset: int) -> None:
    node = root
    for bit in bits[:-1]:
        if not isinstance(node.sides[bit], _Node):
            node.sides[bit] = _Node()
        node = node.sides[bit]
    node.sides[bits[-1]] = offset


def _number(root: _Node) -> dict[_Node, int]:
    nodes: dict[_Node, int] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        nodes[node] = len(nodes)
        waiting += [side for side in node.sides if isinstance(side, _Node)]
    return nodes


def _pointer(side: _Node | int | None, nodes: dict[_Node, int]) -> int:
    if side is None:
        return len(nodes)
    if isinstance(side, _Node):
        return nodes[side]
    return len(nodes) + len(SEPARATOR) + side
