"""Forms that act once: a button is easily pressed twice, and the second press means nothing new.

A page gives each of its forms a random value. The first use of a value is written down in the
transaction of what the form does; a further use is told what the first one came to.
"""

from datetime import timedelta
from hashlib import sha256

from privet.accounts.models import UsedForm
from privet.kernel.clock import Clock

KEPT = timedelta(days=2)
"""Longer than anybody stays signed in, so no page that is still open outlives it."""


def use_form(*, value: str, account_id: int, clock: Clock) -> str | None:
    """Take a form, inside the caller's transaction: none if this is the first time.

    Otherwise what its first use came to. Who uses it in the same moment waits until the caller's
    transaction has ended.
    """
    now = clock.now()
    UsedForm.objects.filter(until__lte=now).delete()
    row, is_new = UsedForm.objects.get_or_create(
        digest=_digest(value, account_id), defaults={"until": now + KEPT}
    )
    return None if is_new else row.led_to


def settle_form(*, value: str, account_id: int, led_to: str) -> None:
    """Write down what the first use came to."""
    UsedForm.objects.filter(digest=_digest(value, account_id)).update(led_to=led_to)


def free_form(*, value: str, account_id: int) -> None:
    """Let a form be used once more: it did nothing, for what was filled in was not right."""
    UsedForm.objects.filter(digest=_digest(value, account_id)).delete()


def _digest(value: str, account_id: int) -> bytes:
    return sha256(f"{account_id} {value}".encode()).digest()
