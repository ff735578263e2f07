"""Sealing what a dead writer left open."""

from pathlib import Path

from privet.events.log.layer import FileLayer
from privet.events.log.segment import DamageReason, read_segment


def seal_left_open(path: Path, layer: FileLayer) -> None:
    """Turn an open segment into a sealed one, or remove it if it holds nothing.

    A torn last frame was never acknowledged, so it is cut off. Other damage stays: the loader
    reports it. The caller syncs the directory.
    """
    content = read_segment(path)
    if not content.frames and all(d.reason is DamageReason.TORN_TAIL for d in content.damage):
        layer.unlink(path)
        return
    file = layer.reopen(path)
    try:
        last = content.damage[-1] if content.damage else None
        if last is not None and last.reason is DamageReason.TORN_TAIL:
            file.truncate(last.offset)
        file.sync()
    finally:
        file.close()
    layer.rename(path, path.with_suffix(".seg"))
