"""The verbs of institutions, sites and API keys."""

import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.db import transaction

from privet.accounts.counters import REGISTRY, grow
from privet.accounts.facts import Algorithm, IdentityKey, SiteFacts, SourceFacts
from privet.accounts.models import ApiKey, Institution, Site
from privet.audit.service import record_act
from privet.kernel.clock import Clock
from privet.kernel.crypto import KeyRing, seal, unseal
from privet.kernel.errors import PrivetError

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHORTEST_SECRET = 32
_SMALLEST_RSA_BITS = 2048
_API_KEY_PREFIX = "privet_"


class RegistryError(PrivetError):
    """A site, institution or key cannot be registered as it was given."""


@dataclass(frozen=True, kw_only=True)
class ApiKeyLine:
    """What is told of an API key; the key itself is shown once, when it is made."""

    number: int
    site: str
    """The slug of the site."""
    name: str
    created: datetime
    revoked: datetime | None


def create_institution(*, slug: str, name: str, by: str) -> Institution:
    """Register a member institution."""
    _check_slug(slug)
    if Institution.objects.filter(slug=slug).exists():
        raise _taken("institution", slug)
    with transaction.atomic():
        institution = Institution.objects.create(slug=slug, name=name)
        record_act(act="accounts.create_institution", by=by, about={"institution": slug})
    return institution


def create_site(
    *,
    slug: str,
    name: str,
    origins: Collection[str],
    by: str,
    institution: str = "",
    regime: str = "",
    cookie_domain: str = "",
) -> Site:
    """Register a platform; ``institution`` is the slug of the default one.

    ``regime`` (``opt_in`` or ``opt_out``) is for people of unknown place; empty is the strictest.
    """
    _check_slug(slug)
    _check_regime(regime)
    if Site.objects.filter(slug=slug).exists():
        raise _taken("site", slug)
    with transaction.atomic():
        site = Site.objects.create(
            slug=slug,
            name=name,
            origins=sorted({read_origin(origin) for origin in origins}),
            institution=find_institution(institution),
            regime=regime,
            cookie_domain=cookie_domain,
        )
        _note_change("accounts.create_site", by, site)
    return site


def set_origins(*, site: str, origins: Collection[str], by: str) -> None:
    """Replace the list of origins whose pages may speak for the site."""
    with transaction.atomic():
        found = find_site(site)
        found.origins = sorted({read_origin(origin) for origin in origins})
        found.save(update_fields=["origins"])
        _note_change("accounts.set_origins", by, found)


def add_identity_key(
    *, site: str, kid: str, algorithm: Algorithm, key: str, keys: KeyRing, by: str
) -> None:
    """Register a key for identity tokens: a public key (PEM), or for HS256 a shared secret.

    A key of the same ``kid`` is replaced. Secrets are sealed before they are stored.
    """
    _check_material(algorithm, key)
    entry = {"kid": kid, "alg": algorithm.value}
    if algorithm is Algorithm.HS256:
        sealed = seal(keys.signing_key("identity"), key.encode(), _context(site, kid))
        entry["sealed"] = b64encode(sealed).decode()
    else:
        entry["public"] = key
    with transaction.atomic():
        found = find_site(site)
        found.identity_keys = [k for k in found.identity_keys if k["kid"] != kid] + [entry]
        found.save(update_fields=["identity_keys"])
        _note_change("accounts.add_identity_key", by, found, kid=kid)


def retire_identity_key(*, site: str, kid: str, by: str) -> None:
    """Stop believing tokens signed under a key; raises `RegistryError` if there is none such."""
    with transaction.atomic():
        found = find_site(site)
        kept = [k for k in found.identity_keys if k["kid"] != kid]
        if len(kept) == len(found.identity_keys):
            raise RegistryError(
                f"The site {site!r} has no key {kid!r}.", remedy="List them: privet site list."
            )
        found.identity_keys = kept
        found.save(update_fields=["identity_keys"])
        _note_change("accounts.retire_identity_key", by, found, kid=kid)


def create_api_key(*, site: str, name: str, by: str) -> str:
    """Make a key for the site's server; this is the only time that it can be seen."""
    key = _API_KEY_PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        found = find_site(site)
        made = ApiKey.objects.create(digest=api_key_digest(key), site=found, name=name)
        _note_change("accounts.create_api_key", by, found, key=made.pk)
    return key


def revoke_api_key(*, key_id: int, by: str, clock: Clock) -> bool:
    """Stop believing an API key; false if it was revoked before or never existed."""
    with transaction.atomic():
        live = ApiKey.objects.filter(pk=key_id, revoked__isnull=True)
        if not live.update(revoked=clock.now()):
            return False
        site = Site.objects.get(apikey=key_id)
        _note_change("accounts.revoke_api_key", by, site, key=key_id)
    return True


def list_api_keys() -> list[ApiKeyLine]:
    """All API keys, those that were revoked too, in the order in which they were made."""
    return [
        ApiKeyLine(
            number=row.pk, site=row.site.slug, name=row.name, created=row.created,
            revoked=row.revoked,
        )
        for row in ApiKey.objects.select_related("site").order_by("pk")
    ]  # fmt: skip


def api_key_digest(key: str) -> bytes:
    """How a key is found: it is random enough that a plain hash tells nothing."""
    return sha256(key.encode()).digest()


def find_site(slug: str) -> Site:
    """The site of that slug, locked for the rest of the transaction."""
    site = Site.objects.select_for_update().filter(slug=slug).first()
    if site is None:
        raise RegistryError(f"There is no site {slug!r}.", remedy="List them: privet site list.")
    return site


def find_institution(slug: str) -> Institution | None:
    """The institution of that slug; none for an empty one. Raises `RegistryError`."""
    if not slug:
        return None
    institution = Institution.objects.filter(slug=slug).first()
    if institution is None:
        raise RegistryError(
            f"There is no institution {slug!r}.", remedy="Create it first, or leave it out."
        )
    return institution


def read_sites(keys: KeyRing) -> dict[str, SiteFacts]:
    """All sites, by slug."""
    return {
        site.slug: SiteFacts(
            slug=site.slug,
            name=site.name,
            origins=frozenset(site.origins),
            institution=site.institution.slug if site.institution else "",
            regime=site.regime,
            cookie_domain=site.cookie_domain,
            identity_keys={key.kid: key for key in _identity_keys(site, keys)},
        )
        for site in Site.objects.select_related("institution")
    }


def read_sources() -> dict[bytes, SourceFacts]:
    """All API keys in force, by `api_key_digest`."""
    rows = ApiKey.objects.filter(revoked__isnull=True).values_list("digest", "pk", "site__slug")
    return {bytes(digest): SourceFacts(key_id=pk, site=slug) for digest, pk, slug in rows}


def institution_names() -> dict[str, str]:
    """The name of every member institution, by slug."""
    return dict(Institution.objects.order_by("name").values_list("slug", "name"))


def read_origin(text: str) -> str:
    """An origin as browsers write it (RFC 6454); raises `RegistryError` on anything else."""
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError as error:
        raise _bad_origin() from error
    is_bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_bare:
        raise _bad_origin()
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def _identity_keys(site: Site, keys: KeyRing) -> Iterator[IdentityKey]:
    for entry in site.identity_keys:
        algorithm = Algorithm(entry["alg"])
        yield IdentityKey(
            kid=entry["kid"], algorithm=algorithm, material=_material(site, entry, keys)
        )


def _material(site: Site, entry: Mapping[str, str], keys: KeyRing) -> Any:
    if "public" in entry:
        return load_pem_public_key(entry["public"].encode())
    sealed = b64decode(entry["sealed"])
    return unseal(keys.signing_key("identity"), sealed, _context(site.slug, entry["kid"]))


def _context(site: str, kid: str) -> bytes:
    return f"identity\0{site}\0{kid}".encode()


def _check_material(algorithm: Algorithm, key: str) -> None:
    if algorithm is Algorithm.HS256:
        if len(key.encode()) < _SHORTEST_SECRET or "-----BEGIN" in key:
            raise RegistryError(
                "The shared secret is shorter than 32 bytes, or it is a key file.",
                remedy="Make one with: openssl rand -hex 32.",
            )
        return
    try:
        public = load_pem_public_key(key.encode())
    except ValueError as error:
        raise _bad_key(algorithm) from error
    fits = {
        Algorithm.EDDSA: isinstance(public, Ed25519PublicKey),
        Algorithm.ES256: isinstance(public, EllipticCurvePublicKey)
        and isinstance(public.curve, SECP256R1),
        Algorithm.RS256: isinstance(public, RSAPublicKey) and public.key_size >= _SMALLEST_RSA_BITS,
    }
    if not fits[algorithm]:
        raise _bad_key(algorithm)


def _note_change(act: str, by: str, site: Site, **about: str | int) -> None:
    grow(REGISTRY)
    record_act(act=act, by=by, about={"site": site.slug, **about})


def _check_slug(slug: str) -> None:
    if len(slug) > 80 or not _SLUG.fullmatch(slug):
        raise RegistryError(
            "A slug consists of lower-case letters, digits and single hyphens, 80 at most.",
            remedy="Choose another, such as hedge-university.",
        )


def _check_regime(regime: str) -> None:
    if regime not in ("", "opt_in", "opt_out"):
        raise RegistryError(
            "The regime is neither opt_in nor opt_out.", remedy="Leave it out for the strictest."
        )


def _taken(what: str, slug: str) -> RegistryError:
    return RegistryError(
        f"The {what} {slug!r} exists already.", remedy="Choose another slug, or use that one."
    )


def _bad_key(algorithm: Algorithm) -> RegistryError:
    return RegistryError(
        f"The key is not a public key for {algorithm.value} in PEM.",
        remedy="EdDSA takes Ed25519, ES256 a P-256 key, RS256 an RSA key of 2048 bits or more.",
    )


def _bad_origin() -> RegistryError:
    return RegistryError(
        "An origin is written https://host or https://host:port, with nothing after it.",
        remedy="Correct it and try again.",
    )
