"""What can go wrong with the lake and with reading it."""

from privet.kernel.errors import PrivetError


class LakeError(PrivetError):
    """The lake could not do what was asked."""


class EngineFullError(LakeError):
    """A query needs more memory than the engine may use, and cannot go on with the disk."""


class DiskFullError(LakeError):
    """A disk that the lake needs is full; nothing was lost, and loading goes on when it is not."""

    def __init__(self) -> None:
        super().__init__(
            "The disk of the lake or of the database is full; what came in waits in the log.",
            remedy="Make room; the worker goes on by itself, an import when it is given again.",
        )


class LakeBusyError(LakeError):
    """Another process writes to the lake and did not end in time."""


class CommitConflictError(LakeError):
    """Somebody else committed between our look and our commit; nothing of ours was written."""


class QueryError(PrivetError):
    """A query is not registered, or its parameters are not those it takes."""


class QueryRefusedError(QueryError):
    """The text of a query reaches for more than the view ``events``."""
