"""The durable log: what was appended and acknowledged survives ``kill -9`` and a power cut.

Writers: ``LogWriter(claim_log(root, prefix="collector"))`` for coroutines, and
``SegmentWriter(claim_log(root, prefix="import"))`` for one thread. The loader: `seal_abandoned`,
`list_segments`, `read_segment`, `remove_segments`. Payloads are bytes; what they mean is said in
`privet.events.record`. The form of the files is in docs/reference/event-log.md.
"""

from privet.events.log.directory import (
    LogClaim,
    SegmentRef,
    claim_log,
    list_segments,
    remove_segments,
    seal_abandoned,
)
from privet.events.log.errors import (
    LogClosedError,
    LogError,
    LogFailedError,
    LogFullError,
    PayloadTooLargeError,
)
from privet.events.log.layer import FileLayer, OpenFile, RealLayer
from privet.events.log.roll import LogLimits
from privet.events.log.segment import (
    Damage,
    DamageReason,
    Frame,
    SegmentContent,
    frame,
    parse_segment,
    read_segment,
)
from privet.events.log.writer import LogWriter, SegmentWriter

__all__ = [
    "Damage",
    "DamageReason",
    "FileLayer",
    "Frame",
    "LogClaim",
    "LogClosedError",
    "LogError",
    "LogFailedError",
    "LogFullError",
    "LogLimits",
    "LogWriter",
    "OpenFile",
    "PayloadTooLargeError",
    "RealLayer",
    "SegmentContent",
    "SegmentRef",
    "SegmentWriter",
    "claim_log",
    "frame",
    "list_segments",
    "parse_segment",
    "read_segment",
    "remove_segments",
    "seal_abandoned",
]
