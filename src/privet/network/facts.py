"""What this room answers: closed sets and frozen values, nothing that looks anything up."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class NetworkKind(StrEnum):
    """What kind of network an address belongs to; none of them is a finding about a person."""

    RESIDENTIAL = "residential"
    """A line of an access provider: no list and no name says that it is something else."""
    MOBILE = "mobile"
    """A mobile carrier; many people share one address."""
    EDUCATION = "education"
    """A school, a university or a research network; many people share one address."""
    HOSTING = "hosting"
    """A data centre, a cloud or a delivery network."""
    VPN = "vpn"
    """The exit of a VPN or an open proxy."""
    TOR = "tor"
    """An exit of the Tor network."""
    RELAY = "relay"
    """A privacy relay that keeps the country (Apple Private Relay); never suspicious."""
    PRIVATE = "private"
    """Not an address of the Internet: a local, reserved or documentation range."""
    UNKNOWN = "unknown"
    """No data about the address."""


class Confidence(StrEnum):
    """How far the evidence for a kind carries."""

    HIGH = "high"
    """The operator or the network's owner says so."""
    MEDIUM = "medium"
    """A compiled list says so."""
    LOW = "low"
    """It is read from a name, or from the absence of anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFacts:
    """What is known of an address. A city or a coordinate is never among it."""

    country: str | None = None
    """ISO 3166-1 alpha-2."""
    region: str | None = None
    """ISO 3166-2 (``GB-ENG``), or ``GB/England`` where the data has only a name."""
    asn: int | None = None
    """Number of the autonomous system."""
    organisation: str | None = None
    """Who operates the network (the ISP)."""
    kind: NetworkKind = NetworkKind.UNKNOWN
    evidence: str = ""
    """How the kind is known: ``iporigin:Mullvad``, ``organisation:mobile`` …"""
    confidence: Confidence = Confidence.LOW
    data_date: date | None = None
    """The day of the oldest data that this answer rests on; None if there was none."""
    is_bot: bool = False
    """The address belongs to a declared crawler."""


class DeviceType(StrEnum):
    """The type of a device; its model is never kept with an event."""

    DESKTOP = "desktop"
    MOBILE = "mobile"
    TABLET = "tablet"
    TV = "tv"
    CONSOLE = "console"
    BOT = "bot"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFacts:
    """What a user agent and its client hints say."""

    browser: str | None = None
    """Family and main version: ``Firefox 128``."""
    os: str | None = None
    """Family and main version where it can be known: ``Windows 11``, ``Android 14``, ``macOS``."""
    device: DeviceType = DeviceType.OTHER
    is_bot: bool = False
    model: str | None = None
    """The model of a phone or tablet, where told: for notices of a new sign-in, never stored."""


class DataRole(StrEnum):
    """What a source of data is asked about."""

    PLACE = "place"
    """Country and region."""
    NETWORK = "network"
    """Autonomous system and organisation."""
    CONNECTION = "connection"
    """How the line is used: cellular, school, home."""
    ANONYMITY = "anonymity"
    """VPN, Tor, relay, hosting."""
    OPERATOR = "operator"
    """The operator's own list of networks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Words and link that a licence wants to see wherever results are shown."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """One source of data in use: where it is from and how old it is."""

    roles: tuple[DataRole, ...]
    name: str
    """``Origin-ASN``, ``GeoLite2-City``, ``iporigin`` …"""
    version: str
    data_date: date
    licence: str
    sha256: str
    is_embedded: bool
    """It came with Privet; false if the operator installed it."""
    attribution: Attribution | None = None

    def age_days(self, now: datetime) -> int:
        """Whole days since the data was made; 0 for data of today or from the future."""
        return max(0, (now.date() - self.data_date).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAge:
    """How old a source is at a moment."""

    source: DataSource
    age_days: int
    is_old: bool
    """Older than `OLD_AFTER_DAYS`: addresses change hands, so it wants an update."""


OLD_AFTER_DAYS = 120
