"""What can be wrong with a mail."""

from privet.kernel.errors import PrivetError


class MailError(PrivetError):
    """A mail cannot be put into the outbox."""
