"""Small policies for tests, and short ways to publish them."""

from datetime import UTC, datetime

from privet.consent.policies.document import (
    Cell,
    Document,
    Grid,
    PolicyKind,
    Row,
    Section,
    Text,
    fingerprint,
)
from privet.consent.policies.service import LANGUAGES, publish_policy
from privet.kernel.clock import Clock, FixedClock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLOCK = FixedClock(NOON)
OFFICER = "account:7"


def document(*cookies: str, lifetime: str = "1 year", says: str = "We keep little.") -> Document:
    """A policy with a paragraph, a table of cookies, and the day of a scan."""
    grid = Grid(
        key="cookies",
        caption="Cookies",
        columns=("Name", "How long", "Last seen"),
        rows=tuple(_row(name, lifetime) for name in cookies),
    )
    scan = Text(key="scan", words=f"Scanned on day {len(cookies)}.", live=True)
    sections = (
        Section(key="what", title="What we keep", blocks=(Text(key="intro", words=says), grid)),
        Section(key="checked", title="Checked", blocks=(scan,)),
    )
    return Document(title="Cookies", summary="All of them.", sections=sections)


def _row(name: str, lifetime: str) -> Row:
    return Row(key=name, cells=(Cell(words=name), Cell(words=lifetime), Cell(words="x", live=True)))


def publish(
    *cookies: str, base: int = 0, clock: Clock = CLOCK, kind: PolicyKind = PolicyKind.COOKIES
) -> int:
    """Publish a policy with these cookies, as it is in front of the officer."""
    documents = dict.fromkeys(LANGUAGES, document(*cookies))
    return publish_policy(
        kind=kind, documents=documents, base=base, seen=fingerprint(documents),
        reason="There is more.", by=OFFICER, clock=clock,
    )  # fmt: skip
