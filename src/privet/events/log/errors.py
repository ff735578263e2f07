"""What can go wrong with the log."""

from privet.kernel.errors import PrivetError


class LogError(PrivetError):
    """The log could not keep a payload; nothing of it was acknowledged."""


class LogFullError(LogError):
    """The disk is full, or nearly; the log goes on by itself when there is room again."""

    def __init__(self) -> None:
        super().__init__(
            "The disk of the event log is full.",
            remedy="Make room or let the worker load the log; it goes on by itself.",
        )


class LogFailedError(LogError):
    """The disk refused a write or a sync for another reason than space."""

    def __init__(self) -> None:
        super().__init__(
            "The disk of the event log refused a write.",
            remedy="Look at the machine's disk; the log tries a new segment by itself.",
        )


class LogClosedError(LogError):
    """The log is being shut down."""

    def __init__(self) -> None:
        super().__init__("The event log is closed.", remedy="Send it again to a running server.")


class PayloadTooLargeError(LogError):
    """One payload is larger than a frame may be."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            f"A payload is larger than {limit_bytes} bytes.", remedy="Cut it into smaller batches."
        )
