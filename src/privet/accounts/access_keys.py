"""Keys by which a program asks for statistics in somebody's name, with that person's own roles.

A key can do nothing but ask: it signs nobody in, changes nothing, and loses each right in the
moment in which its person does.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction

from privet.accounts.forms import settle_form, use_form
from privet.accounts.models import AccessKey, Account
from privet.accounts.rules import Grant
from privet.accounts.service import grants_of
from privet.audit.service import record_act
from privet.kernel.clock import Clock
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing
from privet.kernel.errors import PrivetError

PREFIX = "pvk_"
LASTS = timedelta(days=365)
MOST = 10
SHOWN_AGAIN = timedelta(minutes=5)
"""So long the form that made a key shows it again: the first answer may never have been seen."""
_BYTES = 32
_LONGEST_NAME = 100


class AccessKeyError(PrivetError):
    """A key cannot be made as it was asked."""


@dataclass(frozen=True, kw_only=True)
class KeyLine:
    """What is told of a key; the key itself is shown once, when it is made."""

    number: int
    name: str
    created: datetime
    ends: datetime
    used: date | None
    """The day of its last use, none if it never was."""


def make_access_key(*, account_id: int, name: str, by: str, clock: Clock, form: str = "") -> str:
    """Make a key and return it, for the only time; raises `AccessKeyError`.

    ``form`` is the value that a page gave its form: used again, it brings the same key once more.
    """
    said = name.strip()
    if not said or len(said) > _LONGEST_NAME or not said.isprintable():
        raise AccessKeyError(
            "A key needs a name of at most 100 characters.",
            remedy="Say what will use it, such as “weekly spreadsheet”.",
        )
    with transaction.atomic():
        made_before = use_form(value=form, account_id=account_id, clock=clock) if form else None
        if made_before is not None:
            return _made_before(made_before, form, account_id=account_id, clock=clock)
        salt = secrets.token_hex(_BYTES)
        key = _key_of(form, salt) if form else PREFIX + secrets.token_urlsafe(_BYTES)
        made = _keep(key, account_id=account_id, name=said, by=by, clock=clock)
        if form:
            settle_form(value=form, account_id=account_id, led_to=f"{made.pk} {salt}")
    return key


def access_keys_of(*, account_id: int, clock: Clock) -> list[KeyLine]:
    """The keys of an account that are in force, the newest first."""
    rows = AccessKey.objects.filter(account_id=account_id, ends__gt=clock.now()).order_by("-pk")
    return [
        KeyLine(number=row.pk, name=row.name, created=row.created, ends=row.ends, used=row.used)
        for row in rows
    ]


def revoke_access_key(*, account_id: int, number: int, by: str, clock: Clock) -> bool:
    """End one of the account's own keys at once; false if it has no such key."""
    with transaction.atomic():
        gone, _ = AccessKey.objects.filter(pk=number, account_id=account_id).delete()
        if gone:
            about: dict[str, str | int] = {"account": account_id, "key": number}
            record_act(act="accounts.revoke_access_key", by=by, about=about, clock=clock)
    return bool(gone)


def recognise(key: str, *, clock: Clock) -> tuple[int, frozenset[Grant]] | None:
    """The account that a key speaks for, with its roles of this moment; none if it opens nothing.

    That the key was used is noted by the day.
    """
    if not key.startswith(PREFIX):
        return None
    now = clock.now()
    found = AccessKey.objects.select_related("account").filter(digest=_digest(key)).first()
    if found is None or found.ends <= now or not found.account.is_active:
        return None
    if found.used != now.date():
        AccessKey.objects.filter(pk=found.pk).update(used=now.date())
    return found.account_id, grants_of(found.account)


def _keep(key: str, *, account_id: int, name: str, by: str, clock: Clock) -> AccessKey:
    now = clock.now()
    Account.objects.select_for_update().get(pk=account_id)
    if len(access_keys_of(account_id=account_id, clock=clock)) >= MOST:
        raise AccessKeyError(
            f"An account has at most {MOST} keys.", remedy="Revoke one that is not used."
        )
    made = AccessKey.objects.create(
        digest=_digest(key), account_id=account_id, name=name, created=now, ends=now + LASTS
    )
    about: dict[str, str | int] = {"account": account_id, "key": made.pk}
    record_act(act="accounts.make_access_key", by=by, about=about, clock=clock)
    return made


def _made_before(led_to: str, form: str, *, account_id: int, clock: Clock) -> str:
    number, salt = led_to.split(" ")
    since = clock.now() - SHOWN_AGAIN
    if AccessKey.objects.filter(pk=number, account_id=account_id, created__gt=since).exists():
        return _key_of(form, salt)
    raise AccessKeyError(
        "This form has made its key already.", remedy="Fill in the form of this page for another."
    )


def _key_of(form: str, salt: str) -> str:
    """The key of a form: from it, from what is kept of it, and from a secret of the installation.

    None of the three alone tells it, so that it is kept nowhere and can be shown again.
    """
    secret = KeyRing(read_config().keys).signing_key("access-key")
    found = hmac.digest(secret, f"{salt} {form}".encode(), "sha256")
    return PREFIX + urlsafe_b64encode(found).rstrip(b"=").decode()


def _digest(key: str) -> bytes:
    # A key has 256 random bits, so a plain hash cannot be searched.
    return sha256(key.encode()).digest()
