"""What a record of an IP database says, whichever of the usual schemas it follows.

Known are MaxMind's (Country, City, Enterprise, ASN, ISP, Connection-Type, Anonymous-IP), DB-IP's,
which imitate them, and the flat ones of the ip-location-db project. A file is foreign input:
every value is looked at before it is believed, and what does not fit is as if it were not there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from sys import intern

from privet.network.facts import DataRole, NetworkKind

_MAX_NAME = 120
_MAX_ASN = 2**32 - 1
_COUNTRY = re.compile(r"[A-Z]{2}")
_HANDLE = re.compile(r"AS\d+")


@dataclass(frozen=True, slots=True)
class KindClue:
    """A kind that a record states, and by which of its fields."""

    kind: NetworkKind
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one record says."""

    country: str | None = None
    region: str | None = None
    asn: int | None = None
    organisation: str | None = None
    connection: KindClue | None = None
    anonymity: KindClue | None = None

    @property
    def roles(self) -> frozenset[DataRole]:
        """Which questions the record answers."""
        answers = {
            DataRole.PLACE: self.country,
            DataRole.NETWORK: self.asn or self.organisation,
            DataRole.CONNECTION: self.connection,
            DataRole.ANONYMITY: self.anonymity,
        }
        return frozenset(role for role, answer in answers.items() if answer)


NOTHING = Found()

_ANONYMITY: tuple[tuple[str, NetworkKind], ...] = (
    ("is_tor_exit_node", NetworkKind.TOR),
    ("is_anonymous_vpn", NetworkKind.VPN),
    ("is_public_proxy", NetworkKind.VPN),
    ("is_residential_proxy", NetworkKind.VPN),
    ("is_hosting_provider", NetworkKind.HOSTING),
    ("is_anonymous", NetworkKind.VPN),
)

_USER_TYPES: dict[str, NetworkKind] = {
    "cellular": NetworkKind.MOBILE,
    "college": NetworkKind.EDUCATION,
    "content_delivery_network": NetworkKind.HOSTING,
    "hosting": NetworkKind.HOSTING,
    "library": NetworkKind.EDUCATION,
    "residential": NetworkKind.RESIDENTIAL,
    "school": NetworkKind.EDUCATION,
}

_CONNECTIONS: dict[str, NetworkKind] = {
    "Cable/DSL": NetworkKind.RESIDENTIAL,
    "Cellular": NetworkKind.MOBILE,
    "Dialup": NetworkKind.RESIDENTIAL,
    "Satellite": NetworkKind.RESIDENTIAL,
}


def read_record(record: object) -> Found:
    """Read one record; `NOTHING` if it is empty or of no known schema."""
    if not isinstance(record, Mapping):
        return NOTHING
    traits = record.get("traits")
    flat: Mapping[str, object] = traits if isinstance(traits, Mapping) else record
    country = _country(record)
    return Found(
        country=country,
        region=_region(record, country) if country else None,
        asn=_number(flat.get("autonomous_system_number")),
        organisation=_organisation(flat),
        connection=_connection(flat),
        anonymity=_anonymity(flat),
    )


def _country(record: Mapping[str, object]) -> str | None:
    nested = record.get("country")
    code = nested.get("iso_code") if isinstance(nested, Mapping) else record.get("country_code")
    return intern(code) if isinstance(code, str) and _COUNTRY.fullmatch(code) else None


def _region(record: Mapping[str, object], country: str) -> str | None:
    parts = record.get("subdivisions")
    largest = parts[0] if isinstance(parts, list) and parts else None
    if not isinstance(largest, Mapping):
        return None
    code = _text(largest.get("iso_code"))
    if code is not None and len(code) <= 3 and code.isascii() and code.isalnum():
        return intern(f"{country}-{code.upper()}")
    names = largest.get("names")
    name = _text(names.get("en")) if isinstance(names, Mapping) else None
    return intern(f"{country}/{name}") if name else None


def _connection(flat: Mapping[str, object]) -> KindClue | None:
    if _text(flat.get("mobile_country_code")):
        return KindClue(NetworkKind.MOBILE, "mobile_country_code")
    for field, kinds in (("user_type", _USER_TYPES), ("connection_type", _CONNECTIONS)):
        value = _text(flat.get(field))
        kind = kinds.get(value) if value else None
        if kind is not None:
            return KindClue(kind, f"{field}={value}")
    return None


def _anonymity(flat: Mapping[str, object]) -> KindClue | None:
    if flat.get("user_type") == "consumer_privacy_network":
        return KindClue(NetworkKind.RELAY, "consumer_privacy_network")
    for field, kind in _ANONYMITY:
        if flat.get(field) is True:
            return KindClue(kind, field)
    return None


def _organisation(flat: Mapping[str, object]) -> str | None:
    fields = ("isp", "autonomous_system_organization", "organization")
    names = (_text(flat.get(field)) for field in fields)
    return next((intern(_tidy_name(name)) for name in names if name), None)


def _tidy_name(name: str) -> str:
    """Registries lead with a handle: ``AS26599 - X`` and ``X - X`` are both just X."""
    handle, dash, rest = name.partition(" - ")
    is_handle = dash and (rest == handle or _HANDLE.fullmatch(handle))
    return rest if is_handle else name


def _text(value: object) -> str | None:
    """A string as one printable line of bounded length; None for anything else."""
    if not isinstance(value, str):
        return None
    if not value.isprintable():
        value = "".join(c if c.isprintable() else " " for c in value)
    return value.strip()[:_MAX_NAME] or None


def _number(value: object) -> int | None:
    is_asn = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MAX_ASN
    return value if is_asn and isinstance(value, int) else None
