"""The verbs of people: make accounts, grant roles, recognise whom a platform vouches for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from privet.accounts.counters import LINKS, take_number
from privet.accounts.facts import Identity
from privet.accounts.models import Account, ExternalId, RoleGrant, UsedToken
from privet.accounts.registry import find_institution, find_site
from privet.accounts.roles import Role
from privet.accounts.rules import Grant
from privet.accounts.subjects import (
    keys_of,
    link_account,
    same_person,
    subjects_for,
    subjects_of,
)
from privet.accounts.tokens import LEEWAY_SECONDS, BadTokenError
from privet.audit.service import record_act
from privet.kernel.clock import Clock
from privet.kernel.crypto import KeyRing, person_key
from privet.kernel.errors import PrivetError

__all__ = [
    "AccountError",
    "account_id_of",
    "create_account",
    "enter_with",
    "find_account",
    "find_or_make_account_for",
    "grant_role",
    "grants_of",
    "key_of",
    "keys_of",
    "revoke_role",
    "same_person",
    "subjects_for",
    "subjects_of",
    "use_token_once",
]


class AccountError(PrivetError):
    """An account or a role cannot be as it was asked."""


def create_account(*, email: str, by: str, password: str | None = None, name: str = "") -> Account:
    """Make an account that signs in by e-mail; without a password only by other means.

    Raises `AccountError` for an address that is none, or has an account.
    """
    try:
        validate_email(email)
    except ValidationError as error:
        raise AccountError(
            "This is not an e-mail address.", remedy="Give one such as name@example.org."
        ) from error
    if Account.objects.filter(email=email.lower()).exists():
        raise AccountError(
            "An account with this e-mail address exists already.",
            remedy="Use that account, or another address.",
        )
    with transaction.atomic():
        account = Account.objects.create_user(email=email, password=password, name=name)
        record_act(act="accounts.create_account", by=by, about={"account": account.pk})
    return account


def find_account(*, email: str) -> Account:
    """The account that signs in with an address; raises `AccountError` if there is none."""
    found = Account.objects.filter(email=email.lower()).first()
    if found is None:
        raise AccountError(
            "No account has this e-mail address.", remedy="Make it with: privet account create"
        )
    return found


def grant_role(*, account_id: int, role: Role, by: str, institution: str = "") -> None:
    """Give a role, everywhere or at the institution with that slug; twice is once."""
    where = find_institution(institution)
    with transaction.atomic():
        _, is_new = RoleGrant.objects.get_or_create(
            account_id=account_id, role=role, institution=where, defaults={"granted_by": by}
        )
        if is_new:
            about = _about_role(account_id, role, institution)
            record_act(act="accounts.grant_role", by=by, about=about)


def revoke_role(*, account_id: int, role: Role, by: str, institution: str = "") -> bool:
    """Take a role away; false if the account did not have it."""
    where = find_institution(institution)
    with transaction.atomic():
        held = RoleGrant.objects.filter(account_id=account_id, role=role, institution=where)
        gone, _ = held.delete()
        if gone:
            about = _about_role(account_id, role, institution)
            record_act(act="accounts.revoke_role", by=by, about=about)
    return bool(gone)


def grants_of(account: Account) -> frozenset[Grant]:
    """What `rules` decides by; every active account is a learner."""
    if not account.is_active:
        return frozenset()
    rows = RoleGrant.objects.filter(account=account).values_list("role", "institution__slug")
    held = {Grant(role=Role(role), institution=slug or "") for role, slug in rows}
    return frozenset(held | {Grant(role=Role.LEARNER)})


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Somebody who can be written to, and what they may see."""

    account_id: int
    address: str
    grants: frozenset[Grant]
    locale: str = ""
    """The language that their platform named, if any."""


def find_addressee(*, account_id: int) -> Addressee | None:
    """Where an account is written to; none if it is closed, gone, or has no address."""
    account = Account.objects.filter(pk=account_id, is_active=True).exclude(email=None).first()
    if account is None or not account.email:
        return None
    return Addressee(
        account_id=account_id, address=account.email, grants=grants_of(account),
        locale=account.locale,
    )  # fmt: skip


def sites_of(account_id: int) -> list[str]:
    """The slugs of the sites that vouched for an account, the latest first."""
    known = ExternalId.objects.filter(account_id=account_id).order_by("-pk")
    return list(known.values_list("site__slug", flat=True))


def key_of(identity: Identity, keys: KeyRing) -> bytes:
    """How the log names the person whom a site vouches for."""
    return person_key(keys.link_key(), identity.site, identity.external_id)


def find_or_make_account_for(*, identity: Identity, keys: KeyRing, by: str) -> Account:
    """The account of a verified identity, with what the platform says of it brought up to date."""
    with transaction.atomic():
        # Holding the counter, two requests for one new learner make one account.
        take_number(LINKS)
        known = ExternalId.objects.filter(
            site__slug=identity.site, external_id=identity.external_id
        ).select_related("account")
        external = known.first() or _make_external(identity, keys, by)
        _update_from(identity, external)
    return external.account


def enter_with(*, identity: Identity, keys: KeyRing, clock: Clock) -> Account:
    """Let a one-time token sign its learner in; raises if it was used, or the account is closed."""
    with transaction.atomic():
        use_token_once(identity=identity, clock=clock)
        account = find_or_make_account_for(identity=identity, keys=keys, by=f"site:{identity.site}")
        if not account.is_active:
            raise AccountError(
                "This account is closed.", remedy="Write to the platform if that is not right."
            )
        about: dict[str, str | int] = {"account": account.pk, "site": identity.site}
        record_act(act="accounts.enter", by=f"account:{account.pk}", about=about, clock=clock)
    return account


def account_id_of(identity: Identity) -> int | None:
    """The number of the account of a verified identity, none if it has none yet."""
    known = ExternalId.objects.filter(site__slug=identity.site, external_id=identity.external_id)
    return known.values_list("account_id", flat=True).first()


def use_token_once(*, identity: Identity, clock: Clock) -> None:
    """Let a token sign somebody in one time; raises `BadTokenError` the second time."""
    if not identity.token_id:
        raise BadTokenError(
            "The token has no jti, so it could be used twice.",
            remedy="Let the platform add a random jti to tokens for signing in.",
        )
    digest = sha256(f"{identity.site}\0{identity.token_id}".encode()).digest()
    until = datetime.fromtimestamp(identity.expires, UTC) + timedelta(seconds=2 * LEEWAY_SECONDS)
    UsedToken.objects.filter(until__lt=clock.now()).delete()
    try:
        with transaction.atomic():
            UsedToken.objects.create(digest=digest, until=until)
    except IntegrityError as error:
        raise BadTokenError(
            "The token has been used already.", remedy="Ask the platform for a new one."
        ) from error


def _make_external(identity: Identity, keys: KeyRing, by: str) -> ExternalId:
    account = Account.objects.create_user()
    record_act(
        act="accounts.make_account", by=by, about={"account": account.pk, "site": identity.site}
    )
    link_account(account_id=account.pk, key=key_of(identity, keys))
    return ExternalId.objects.create(
        account=account, site=find_site(identity.site), external_id=identity.external_id
    )


def _update_from(identity: Identity, external: ExternalId) -> None:
    said = {
        "birth_year": identity.birth_year,
        "country": identity.country,
        "locale": identity.locale,
    }
    changed = _set_changed(external.account, {k: v for k, v in said.items() if v})
    if changed:
        external.account.save(update_fields=changed)
    if identity.institution and _set_changed(external, {"institution": identity.institution}):
        external.save(update_fields=["institution"])


def _set_changed(target: object, values: Mapping[str, object]) -> list[str]:
    changed = [name for name, value in values.items() if getattr(target, name) != value]
    for name in changed:
        setattr(target, name, values[name])
    return changed


def _about_role(account_id: int, role: Role, institution: str) -> dict[str, str | int]:
    about: dict[str, str | int] = {"account": account_id, "role": role.value}
    return about | ({"institution": institution} if institution else {})
