"""Documents and differences in the form in which templates show them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from privet.consent.policies.difference import Change, ChangeKind
from privet.consent.policies.document import Block, Document, Text
from privet.web.words import Words

CHANGES: dict[ChangeKind, Words] = {
    ChangeKind.ADDED: _("new"),
    ChangeKind.REMOVED: _("gone"),
    ChangeKind.CHANGED: _("changed"),
}


def show_sections(document: Document) -> list[dict[str, Any]]:
    """The sections, with each cell beside the title of its column."""
    return [
        {
            "key": section.key,
            "title": section.title,
            "blocks": [_show_block(block) for block in section.blocks],
        }
        for section in document.sections
    ]


def show_changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes, each with the word for what happened."""
    return [{"change": change, "word": CHANGES[change.kind]} for change in changes]


def _show_block(block: Block) -> dict[str, Any]:
    if isinstance(block, Text):
        return {"is_text": True, "said": block}
    rows = [list(zip(row.cells, block.columns, strict=False)) for row in block.rows]
    return {"is_text": False, "said": block, "rows": rows}
