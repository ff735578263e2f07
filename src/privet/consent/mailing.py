"""Mail that needs a yes: it goes into the outbox, and out of it, only while the ledger allows."""

from privet.accounts.service import keys_of
from privet.catalogue.uses import Choice
from privet.consent.service import state_of
from privet.kernel.clock import Clock
from privet.post.service import accounts_waiting, drop_waiting, put_mail

MARKETING = "marketing."
"""What the kinds of mail begin with that need the choice *mail about courses*."""


def put_marketing_mail(
    *, kind: str, address: str, subject: str, text: str, account_id: int, clock: Clock
) -> str | None:
    """Put a mail about courses into the outbox; none if the person does not allow it."""
    if not may_write(account_id=account_id, clock=clock):
        return None
    return put_mail(
        kind=f"{MARKETING}{kind}",
        address=address,
        subject=subject,
        text=text,
        account_id=account_id,
        clock=clock,
    )


def drop_refused(*, clock: Clock) -> int:
    """Take out of the outbox what may not leave any more; the worker asks before it delivers.

    So a withdrawal reaches mail that already waits, whichever way it was made.
    """
    refusing = [
        account_id
        for account_id in accounts_waiting(kinds=MARKETING)
        if not may_write(account_id=account_id, clock=clock)
    ]
    return drop_waiting(account_ids=refusing, kinds=MARKETING) if refusing else 0


def may_write(*, account_id: int, clock: Clock) -> bool:
    """Whether the person said yes to mail about courses, and it is in force."""
    key = min(keys_of(account_id), default=None)
    state = state_of(key, clock=clock) if key is not None else None
    return state is not None and bool(state.standing().choices & Choice.MARKETING_MAIL)
