"""The columns of an event in the lake, each with its data category and the uses that may see it."""

from dataclasses import dataclass
from enum import StrEnum

from privet.catalogue.uses import ALL_USES, Use


class ColumnType(StrEnum):
    """Types that Delta, Arrow, DuckDB and Spark share."""

    BINARY = "binary"
    DATE = "date"
    INT32 = "int32"
    INT64 = "int64"
    STRING = "string"
    TIMESTAMP = "timestamp"
    """Microseconds, UTC, with zone."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the lake."""

    name: str
    type: ColumnType
    says: str
    data_category: str
    uses: Use = ALL_USES
    nullable: bool = False


# With integrity only acts on a server are meant: no row that a browser observed carries that use.
_DEVICE = Use.ANALYTICS | Use.SECURITY | Use.INTEGRITY
_PLACE = Use.ANALYTICS | Use.SECURITY | Use.INTEGRITY
_NETWORK = Use.SECURITY | Use.INTEGRITY
_SYSTEM = "system.operations"
_BROWSING = "user.behavior.browsing_history"

COLUMNS: tuple[Column, ...] = (
    Column(
        name="event_id",
        type=ColumnType.BINARY,
        says="The event's id (UUIDv7)",
        data_category=_SYSTEM,
    ),
    Column(
        name="day",
        type=ColumnType.DATE,
        says="The UTC day of the event; the partition",
        data_category=_SYSTEM,
    ),
    Column(
        name="time", type=ColumnType.TIMESTAMP, says="When it happened", data_category=_BROWSING
    ),
    Column(
        name="received",
        type=ColumnType.TIMESTAMP,
        says="When it reached Privet",
        data_category=_SYSTEM,
    ),
    Column(name="source", type=ColumnType.STRING, says="Who sent it", data_category=_SYSTEM),
    Column(name="site", type=ColumnType.STRING, says="The platform", data_category=_SYSTEM),
    Column(
        name="institution",
        type=ColumnType.STRING,
        says="The member institution",
        data_category="user.education.enrollment",
    ),
    Column(
        name="course",
        type=ColumnType.STRING,
        says="The course",
        data_category="user.education.enrollment",
    ),
    Column(name="name", type=ColumnType.STRING, says="What happened", data_category=_BROWSING),
    Column(
        name="object",
        type=ColumnType.STRING,
        says="With what: a problem, a video, a link",
        data_category=_BROWSING,
    ),
    Column(name="page_path", type=ColumnType.STRING, says="On which page", data_category=_BROWSING),
    Column(
        name="referrer_host",
        type=ColumnType.STRING,
        says="The site that led here",
        data_category=_BROWSING,
        uses=Use.ANALYTICS | Use.MARKETING,
        nullable=True,
    ),
    Column(
        name="campaign",
        type=ColumnType.STRING,
        says="The campaign that led here",
        data_category=_BROWSING,
        uses=Use.ANALYTICS | Use.MARKETING,
        nullable=True,
    ),
    Column(
        name="subject",
        type=ColumnType.INT64,
        says="A random pseudonym, 0 for nobody",
        data_category="user.unique_id.pseudonymous",
    ),
    Column(
        name="session",
        type=ColumnType.INT64,
        says="A random number of the visit, 0 for none",
        data_category="user.unique_id.pseudonymous",
    ),
    Column(
        name="uses",
        type=ColumnType.INT32,
        says="What this row may be used for",
        data_category=_SYSTEM,
    ),
    Column(
        name="address_token",
        type=ColumnType.INT64,
        says="A keyed token of the address",
        data_category="user.device.ip_address",
        uses=_NETWORK,
        nullable=True,
    ),
    Column(
        name="network_token",
        type=ColumnType.INT64,
        says="A keyed token of the network",
        data_category="user.device.ip_address",
        uses=_NETWORK,
        nullable=True,
    ),
    Column(
        name="key_id",
        type=ColumnType.INT32,
        says="Which key made the tokens",
        data_category=_SYSTEM,
        uses=_NETWORK,
        nullable=True,
    ),
    Column(
        name="country",
        type=ColumnType.STRING,
        says="The country (ISO 3166-1)",
        data_category="user.location.imprecise",
        uses=_PLACE,
        nullable=True,
    ),
    Column(
        name="region",
        type=ColumnType.STRING,
        says="The region, where known (ISO 3166-2)",
        data_category="user.location.imprecise",
        uses=_PLACE,
        nullable=True,
    ),
    Column(
        name="network_kind",
        type=ColumnType.STRING,
        says="The kind of network",
        data_category="user.device",
        uses=_PLACE,
        nullable=True,
    ),
    Column(
        name="network_evidence",
        type=ColumnType.STRING,
        says="How the kind is known",
        data_category=_SYSTEM,
        uses=_PLACE,
        nullable=True,
    ),
    Column(
        name="asn",
        type=ColumnType.INT64,
        says="The number of the network's operator",
        data_category="user.device",
        uses=_PLACE,
        nullable=True,
    ),
    Column(
        name="organisation",
        type=ColumnType.STRING,
        says="The network's operator (ISP)",
        data_category="user.device",
        uses=_PLACE,
        nullable=True,
    ),
    Column(
        name="browser",
        type=ColumnType.STRING,
        says="The browser and its main version",
        data_category="user.device",
        uses=_DEVICE,
        nullable=True,
    ),
    Column(
        name="os",
        type=ColumnType.STRING,
        says="The operating system",
        data_category="user.device",
        uses=_DEVICE,
        nullable=True,
    ),
    Column(
        name="device",
        type=ColumnType.STRING,
        says="The type of device",
        data_category="user.device",
        uses=_DEVICE,
        nullable=True,
    ),
    Column(
        name="detail",
        type=ColumnType.STRING,
        says="The event's own listed fields, as JSON",
        data_category=_BROWSING,
        nullable=True,
    ),
    Column(
        name="sealed",
        type=ColumnType.BINARY,
        says="The address and agent, sealed under a key that is destroyed after some weeks",
        data_category="user.device.ip_address",
        uses=Use.SECURITY,
        nullable=True,
    ),
)
