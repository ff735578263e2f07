"""Step 2, identify: who sends the batch, who acted, and what those people allow."""

import hmac
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

import msgspec

from privet.accounts.facts import SiteFacts, SourceFacts
from privet.accounts.tokens import BadTokenError, TokenVerifier
from privet.collector.cors import check_origin
from privet.collector.http import text_header
from privet.collector.parse import Batch
from privet.collector.reasons import Reason, RefusedError
from privet.consent.cookies import (
    CONSENT_COOKIE,
    VISITOR_COOKIE,
    CookieFault,
    CookieKeys,
    cookie_value,
    numbering_choice,
    read_consent,
    read_visitor,
)
from privet.consent.rules import UNDECIDED, Standing, narrow
from privet.events.record import Actor
from privet.kernel.crypto import KeyRing, person_key

_NAMESPACE_BYTES = 8
_BEARER = b"Bearer "


class ConsentFacts(Protocol):
    """What the collector asks consent: facts in memory, without a query."""

    @property
    def sites(self) -> Mapping[str, SiteFacts]: ...

    def standing(self, key: bytes) -> Standing | None: ...

    def is_stale(self, now: datetime) -> bool: ...

    def source_of_key(self, key: str) -> SourceFacts | None: ...


class Person(msgspec.Struct, frozen=True, gc=False):
    """Who acted, and what they allow."""

    actor: Actor | None
    standing: Standing


NOBODY_DECIDED = Person(None, UNDECIDED)


class Sender(msgspec.Struct, frozen=True, gc=False):
    """Who sent a batch, proved as far as it claims to be anybody."""

    site: SiteFacts
    source: str
    """As it stands in the log: ``web:SITE`` or ``api:SITE``."""
    is_server: bool
    namespace: bytes
    """Event ids are unique inside it, so that no source can take another's ids."""
    person: Person
    """Who acted in events that name no ``user``."""
    institution: str
    """The learner's institution by their token, or the site's."""


class Identifier:
    """Proves senders and looks up what people allow. Writes nothing anywhere."""

    def __init__(self, consent: ConsentFacts, keys: KeyRing) -> None:
        self._consent = consent
        self._verifier = TokenVerifier()
        self._cookie_keys = CookieKeys.of(keys)
        self._link_key = keys.link_key()
        self._numbering = numbering_choice()
        self._namespace_key = keys.signing_key("event-namespace")
        self._visitors: OrderedDict[tuple[str, str, str, int], Person] = OrderedDict()
        self._actor_of = lru_cache(maxsize=50_000)(self._make_actor)
        self._namespace = lru_cache(maxsize=50_000)(self._make_namespace)

    def identify(self, envelope: Batch, headers: dict[bytes, bytes], now: datetime) -> Sender:
        """Who sends; raises `RefusedError` for a site, page, token or key that is not right."""
        site = self._consent.sites.get(envelope.site)
        if site is None:
            raise RefusedError(Reason.UNKNOWN_SITE)
        authorization = headers.get(b"authorization")
        if authorization is not None:
            return self._server(site, authorization)
        check_origin(text_header(headers, b"origin"), site)
        if envelope.token:
            return self._learner(site, envelope.token, now)
        return self._visitor(site, headers, now)

    def is_server(self, headers: dict[bytes, bytes]) -> bool:
        """Whether a platform's server shows a valid key; of which site is seen later."""
        authorization = headers.get(b"authorization")
        return authorization is not None and self._source(authorization) is not None

    def person(self, site: SiteFacts, external_id: str, now: datetime) -> Person:
        """A learner whom a token or a platform's server names, and what they allow now."""
        actor = self._actor_of(site.slug, external_id)
        return Person(actor, self._standing(actor.person_key, now))

    def mark(self, site: SiteFacts, external_id: str) -> str:
        """What stands in a row for a third person's id."""
        return self._actor_of(site.slug, external_id).person_key.hex()

    def _server(self, site: SiteFacts, authorization: bytes) -> Sender:
        source = self._source(authorization)
        if source is None or source.site != site.slug:
            raise RefusedError(Reason.BAD_KEY)
        namespace = self._namespace(source.source, b"")
        return Sender(site, source.source, True, namespace, NOBODY_DECIDED, site.institution)

    def _source(self, authorization: bytes) -> SourceFacts | None:
        if not authorization.startswith(_BEARER):
            return None
        return self._consent.source_of_key(authorization.removeprefix(_BEARER).decode("latin-1"))

    def _learner(self, site: SiteFacts, token: str, now: datetime) -> Sender:
        try:
            identity = self._verifier.verify(token, site=site, now=now)
        except BadTokenError as error:
            raise RefusedError(Reason.BAD_TOKEN, what=error.what, remedy=error.remedy) from None
        person = self.person(site, identity.external_id, now)
        return self._web(site, person, identity.institution or site.institution)

    def _visitor(self, site: SiteFacts, headers: dict[bytes, bytes], now: datetime) -> Sender:
        cookies = headers.get(b"cookie", b"")
        person = NOBODY_DECIDED
        if VISITOR_COOKIE.encode() in cookies and not self._consent.is_stale(now):
            person = self._person_of_cookies(site, cookies.decode("latin-1"), now)
        return self._web(site, person, site.institution)

    def _person_of_cookies(self, site: SiteFacts, cookies: str, now: datetime) -> Person:
        consent = cookie_value(cookies, CONSENT_COOKIE)
        visitor = cookie_value(cookies, VISITOR_COOKIE)
        if not isinstance(consent, str) or isinstance(consent, CookieFault):
            return NOBODY_DECIDED
        if not isinstance(visitor, str) or isinstance(visitor, CookieFault):
            return NOBODY_DECIDED
        mark = (site.slug, consent, visitor, now.toordinal())
        person = self._visitors.get(mark)
        if person is None:
            person = self._visitors[mark] = self._read_cookies(site, consent, visitor, now)
            if len(self._visitors) > 10_000:
                self._visitors.popitem(last=False)
        if person.actor is None:
            return person
        decided = self._consent.standing(person.actor.person_key)
        standing = narrow(person.standing, decided) if decided else person.standing
        if not standing.choices & self._numbering:
            # A number that wider choices left behind stands for nobody's wish to be known again.
            standing = standing._replace(uses=0, choices=0)
        return Person(person.actor, standing)

    def _read_cookies(self, site: SiteFacts, consent: str, visitor: str, now: datetime) -> Person:
        """The visitor of two sound cookies; whatever is wrong with one is no decision."""
        decision = read_consent(consent, site=site.slug, keys=self._cookie_keys, now=now)
        number = read_visitor(visitor, site=site.slug, keys=self._cookie_keys, now=now)
        if isinstance(decision, CookieFault) or isinstance(number, CookieFault):
            return NOBODY_DECIDED
        if decision.of_learner:  # Left behind by a learner who signed out of a shared browser.
            return NOBODY_DECIDED
        return Person(Actor(number.person_key(self._link_key)), decision.standing())

    def _web(self, site: SiteFacts, person: Person, institution: str) -> Sender:
        key = person.actor.person_key if person.actor else b""
        source = f"web:{site.slug}"
        return Sender(site, source, False, self._namespace(source, key), person, institution)

    def _standing(self, key: bytes, now: datetime) -> Standing:
        if self._consent.is_stale(now):
            return UNDECIDED
        return self._consent.standing(key) or UNDECIDED

    def _make_namespace(self, source: str, key: bytes) -> bytes:
        message = source.encode() + b"\0" + key
        return hmac.digest(self._namespace_key, message, sha256)[:_NAMESPACE_BYTES]

    def _make_actor(self, site: str, external_id: str) -> Actor:
        return Actor(person_key(self._link_key, site, external_id))
