"""One look-up of an address through all data in use."""

from datetime import date

from privet.network.addresses import Address, inner_address, is_public
from privet.network.facts import AddressFacts
from privet.network.loaded import Loaded
from privet.network.operator_list import Listed
from privet.network.organisations import read_name
from privet.network.origins import find_origin, origins_date
from privet.network.records import NOTHING, Found, KindClue
from privet.network.rules import Evidence, judge_kind


def describe_address(address: Address, loaded: Loaded) -> AddressFacts:
    """What the data says of the address, or of the IPv4 address inside it."""
    address = inner_address(address)
    listed = loaded.listing.networks.find(address)
    if not is_public(address):
        return _about_private(listed, loaded)
    origin = find_origin(address)
    found, dates = _ask_databases(address, loaded)
    judgement = judge_kind(
        Evidence(
            is_public=True,
            listed=listed,
            origin=origin,
            anonymity=found.anonymity,
            connection=found.connection,
            name=read_name(found.organisation, found.asn),
            has_data=bool(found.roles),
        )
    )
    dates.append(origins_date())
    if listed and loaded.listing.changed:
        dates.append(loaded.listing.changed)
    return _with_list(
        AddressFacts(
            country=found.country,
            region=found.region,
            asn=found.asn,
            organisation=found.organisation,
            kind=judgement.kind,
            evidence=judgement.evidence,
            confidence=judgement.confidence,
            data_date=min(dates),
            is_bot=listed is None and origin is not None and origin.is_bot,
        ),
        listed,
    )


def _about_private(listed: Listed | None, loaded: Loaded) -> AddressFacts:
    judgement = judge_kind(Evidence(is_public=False, listed=listed))
    facts = AddressFacts(
        kind=judgement.kind,
        evidence=judgement.evidence,
        confidence=judgement.confidence,
        data_date=loaded.listing.changed if listed else None,
    )
    return _with_list(facts, listed)


def _with_list(facts: AddressFacts, listed: Listed | None) -> AddressFacts:
    """What the operator wrote about place and owner goes before what databases say."""
    if listed is None:
        return facts
    return AddressFacts(
        country=listed.country or facts.country,
        region=listed.region or (None if listed.country else facts.region),
        asn=listed.asn or facts.asn,
        organisation=listed.name or facts.organisation,
        kind=facts.kind,
        evidence=facts.evidence,
        confidence=facts.confidence,
        data_date=facts.data_date,
    )


def _ask_databases(address: Address, loaded: Loaded) -> tuple[Found, list[date]]:
    """The first answer to each question, and the days of the data that gave them.

    Country and region are one answer, number and organisation another: halves of two sources
    would contradict each other.
    """
    place = network = NOTHING
    connection: KindClue | None = None
    anonymity: KindClue | None = None
    dates: list[date] = []
    for database in loaded.databases:
        found = database.find(address)
        if found is NOTHING:
            continue
        dates.append(database.built_on)
        place = place if place.country else found
        network = network if network.asn or network.organisation else found
        connection = connection or found.connection
        anonymity = anonymity or found.anonymity
    answer = Found(
        country=place.country,
        region=place.region,
        asn=network.asn,
        organisation=network.organisation,
        connection=connection,
        anonymity=anonymity,
    )
    return answer, dates
