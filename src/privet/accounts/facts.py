"""What doors need to know of a site, as immutable values that cost no query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

BIRTH_YEARS = range(1900, 2201)
"""What is taken for a birth year, whoever says it."""


class Algorithm(StrEnum):
    """How a site may sign its identity tokens. ``none`` is not among them."""

    EDDSA = "EdDSA"
    ES256 = "ES256"
    RS256 = "RS256"
    HS256 = "HS256"


@dataclass(frozen=True, kw_only=True)
class IdentityKey:
    """A key under which a site vouches for its learners; it fixes the algorithm."""

    kid: str
    algorithm: Algorithm
    material: Any = field(repr=False)
    """A public key object, or the bytes of a shared secret."""


@dataclass(frozen=True, kw_only=True)
class SiteFacts:
    """A site as the hot paths see it."""

    slug: str
    name: str
    origins: frozenset[str]
    institution: str = ""
    regime: str = ""
    """The regime of people whose place is unknown; empty for the strictest."""
    cookie_domain: str = ""
    identity_keys: Mapping[str, IdentityKey] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SourceFacts:
    """Whose server an API key speaks for."""

    key_id: int
    site: str
    """The slug of the site."""

    @property
    def source(self) -> str:
        """The authenticated source as it stands in the log."""
        return f"api:{self.site}"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Whom a site vouches for, read from a verified token."""

    site: str
    external_id: str
    issued: int
    """Seconds since 1970 UTC, as is ``expires``."""
    expires: int
    token_id: str = ""
    birth_year: int | None = None
    country: str = ""
    institution: str = ""
    locale: str = ""
