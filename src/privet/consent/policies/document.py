"""A policy as a value: sections of sentences and tables, written down in one way, and hashed.

Pure. A part that is ``live`` tells how something stands at the moment (what the latest scan found,
when a link last answered). It is frozen in a version like the rest, and never counts as a change.
"""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256

import msgspec


class PolicyKind(StrEnum):
    """The policies that a site has."""

    COOKIES = "cookies"
    PRIVACY = "privacy"


class Text(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="text"):
    """A paragraph, with a link after it where there is more to read."""

    key: str
    """Names it within its section, in every language alike."""
    words: str
    link: str = ""
    link_words: str = ""
    live: bool = False


class Cell(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands in one place of a table."""

    words: str
    about: str = ""
    """Said below, smaller."""
    link: str = ""
    tag: str = ""
    """The category whose colour stands beside the words."""
    code: bool = False
    live: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a table; its first cell names it."""

    key: str
    """Names it within its table, in every language alike."""
    cells: tuple[Cell, ...]


class Grid(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="grid"):
    """A table."""

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    """What is said when there are no rows."""
    tag: str = ""
    """The category whose colour stands beside the caption."""
    says: str = ""
    """A sentence under the caption."""
    folded: bool = False
    """Whether its rows are shown on request only, since they are many."""
    live: bool = False


Block = Text | Grid


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part with a heading; ``key`` is its anchor on the page."""

    key: str
    title: str
    blocks: tuple[Block, ...]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A policy in one language."""

    title: str
    summary: str
    sections: tuple[Section, ...]


Documents = Mapping[str, Document]
"""Language → the policy in it."""


def write(documents: Documents) -> str:
    """Canonical JSON, so that equal documents have equal hashes."""
    return msgspec.json.encode(dict(documents), order="sorted").decode()


def read(texts: str) -> dict[str, Document]:
    """The documents in canonical JSON."""
    return msgspec.json.decode(texts, type=dict[str, Document])


def digest_of(texts: str) -> str:
    """SHA-256 (hex) of the exact text."""
    return sha256(texts.encode()).hexdigest()


def fingerprint(documents: Documents) -> str:
    """SHA-256 (hex) of what counts as the policy's content: all that is not live."""
    settled = {language: settle(document) for language, document in documents.items()}
    return digest_of(write(settled))


def settle(document: Document) -> Document:
    """The document without its live parts."""
    sections = (
        msgspec.structs.replace(
            section, blocks=tuple(_settled(block) for block in section.blocks if not block.live)
        )
        for section in document.sections
    )
    return msgspec.structs.replace(document, sections=tuple(sections))


def _settled(block: Block) -> Block:
    if isinstance(block, Text):
        return block
    rows = (
        Row(key=row.key, cells=tuple(cell for cell in row.cells if not cell.live))
        for row in block.rows
    )
    return msgspec.structs.replace(block, rows=tuple(rows))
