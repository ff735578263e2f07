"""Receipts: a record of the ledger that its person can keep, and that anybody can check offline.

The fields are those of ISO/IEC TS 27560:2023. With them come the chained words of the record, its
neighbours by digest alone (they are about others), a signature over the place in the chain, and
one over everything.
"""

import json
from typing import Any
from uuid import UUID

from django.db.models import Q

from privet.accounts.registry import institution_names
from privet.catalogue.uses import CHOICE_USES, TERMS, Choice
from privet.consent.cookies import CONSENT_DAYS
from privet.consent.ledger import Kind, content_of, said_by
from privet.consent.models import Decision, Notice, Served
from privet.consent.notices import choice_name
from privet.consent.receipt_check import canonical, checkpoint_statement
from privet.consent.receipt_keys import public_key, sign
from privet.consent.registry import Party, read_platform_registry
from privet.consent.served import find_served
from privet.kernel.clock import Clock
from privet.kernel.config import Config
from privet.kernel.crypto import KeyRing
from privet.kernel.errors import PrivetError

SCHEMA = "ISO/IEC TS 27560:2023"
FORMAT = "privet-receipt-1"


class NoReceiptError(PrivetError):
    """There is no such record, or it is somebody else's."""


def make_receipt(
    record_id: UUID, *, ring: KeyRing, config: Config, clock: Clock, theirs: Q | None = None
) -> dict[str, Any]:
    """The receipt of a decision; raises `NoReceiptError`. ``theirs`` limits it to one person's."""
    found = Decision.objects.filter(record_id=record_id)
    record = (found if theirs is None else found.filter(theirs)).first()
    if record is None:
        raise NoReceiptError(
            "There is no decision of that number among yours.",
            remedy="Open it from the list of your decisions in the privacy centre.",
        )
    served = find_served(record)
    receipt: dict[str, Any] = {
        "format": FORMAT,
        "header": _header(record),
        "processing": _processing(record, config),
        "parties": _parties(record, config),
        "event": _event(record),
        "notice_served": said_by(served) if served else None,
        "record": said_by(record),
        "chain": _chain(record, ring, clock),
        "key": public_key(ring),
    }
    receipt["signature"] = sign(canonical(receipt), ring)
    return receipt


def _header(record: Decision) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA,
        "record_id": str(record.record_id),
        "pii_principal_id": bytes(record.commitment).hex(),
    }


def _processing(record: Decision, config: Config) -> dict[str, Any]:
    return {
        "privacy_notice": {
            "version": record.notice_version,
            "sha256": record.notice_digest,
            "link": f"{config.public_url}/privacy/",
        },
        "language": record.language,
        "purposes": [_purpose(choice, record) for choice in Choice],
        "lawful_basis": "consent",
        "pii_information": ["user.behavior", "user.device", "user.location.imprecise"],
        "pii_controllers": [record.site, *([record.institution] if record.institution else [])],
        "collection_method": f"{record.control} on {record.layer}",
        "storage_locations": [config.public_url],
        "retention_period": {
            use.name.lower(): terms.retention
            for use, terms in TERMS.items()
            if use.name and use & _uses_on_consent()
        },
        "jurisdiction": {"regime": record.regime, "age": record.age},
        "recipient_third_parties": _recipients(record),
        "withdrawal_method": f"{config.public_url}/privacy/choices",
        "gpc": record.gpc,
        "confirmed_against_gpc": record.confirmed,
        "registry": record.registry,
    }


def _purpose(choice: Choice, record: Decision) -> dict[str, Any]:
    return {
        "purpose": choice_name(choice),
        "asked": choice in Choice(record.asked),
        "granted": choice in Choice(record.granted),
        "in_force": choice in Choice(record.in_force),
    }


def _recipients(record: Decision) -> list[str]:
    """Whom the notice named for what is in force, without who works on the site's own host."""
    notice = Notice.objects.filter(version=record.notice_version or 0).first()
    if notice is None or not notice.material:
        return []
    categories = json.loads(notice.material)["categories"]
    in_force = [choice_name(choice) for choice in Choice(record.in_force)]
    named = {vendor for name in in_force for vendor in categories.get(name, {}).get("vendors", ())}
    entries = read_platform_registry().technologies
    return sorted(named - {one.vendor for one in entries if one.party is Party.FIRST})


def _uses_on_consent() -> int:
    return sum({int(use) for use in CHOICE_USES.values()})


def _parties(record: Decision, config: Config) -> list[dict[str, str]]:
    contact = config.contact or f"{config.public_url}/privacy/"
    site = {
        "id": record.site or "privet",
        "name": config.controller or record.site or "Privet",
        "role": "controller",
        "contact": contact,
    }
    if not record.institution:
        return [site]
    member = {
        "id": record.institution,
        "name": institution_names().get(record.institution, record.institution),
        "role": "joint controller",
        "contact": contact,
    }
    return [site, member]


def _event(record: Decision) -> dict[str, Any]:
    return {
        "event_time": record.time.isoformat(),
        "validity_duration": f"P{CONSENT_DAYS}D",
        "entity_id": bytes(record.commitment).hex(),
        "event_type": record.kind,
        "event_state": _state_of_consent(record),
        "consent_type": "explicit" if record.control != "none" else "implied by rule",
    }


def _state_of_consent(record: Decision) -> str:
    if record.kind == Kind.EXPIRY:
        return "consent expired"
    if record.granted & record.in_force:
        return "consent given"
    return "consent withdrawn" if record.in_force_before else "consent refused"


def _chain(record: Decision, ring: KeyRing, clock: Clock) -> dict[str, Any]:
    """The links before and after, by digest alone, and a signature over the last of them."""
    after = _next(record)
    links = [_link(record)] + ([_link(after)] if after else [])
    now = clock.now().isoformat()
    last = links[-1]
    statement = checkpoint_statement(last["sequence"], last["digest"], now)
    return {
        "before": bytes(record.before).hex(),
        "links": links,
        "checkpoint": {
            "sequence": last["sequence"],
            "digest": last["digest"],
            "time": now,
            "signature": sign(statement, ring),
        },
    }


def _link(record: Decision | Served) -> dict[str, Any]:
    return {
        "sequence": record.sequence,
        "content": content_of(said_by(record)).hex(),
        "digest": bytes(record.digest).hex(),
    }


def _next(record: Decision) -> Decision | Served | None:
    """The record that follows in the chain, of whichever kind it is."""
    number = record.sequence + 1
    found: Decision | Served | None = Decision.objects.filter(sequence=number).first()
    return found or Served.objects.filter(sequence=number).first()
