"""What tests of members share: two members, an entry, a clock."""

from dataclasses import replace
from typing import Any

from privet.accounts.registry import create_institution
from privet.consent.members.service import propose_entry
from privet.consent.technologies import Category, Party, Technology, TechnologyKind
from privet.kernel.clock import FixedClock
from tests.consent.kit import NOW

CLOCK = FixedClock(NOW)
MEMBER = "account:11"
OFFICER = "account:12"
COURSE = "course-v1:Hedge+HR101+2026"
LAB = Technology(
    name="lab_layout",
    kind=TechnologyKind.COOKIE,
    setter="the virtual laboratory",
    party=Party.FIRST,
    lifetime="P90D",
    category=Category.FUNCTIONALITY,
    purpose={"en": "Remembers how you arranged the bench.", "es": "Recuerda su mesa."},
    vendor="Hedge University",
    data=("user.preferences",),
    institution="hedge",
    courses=(COURSE,),
)


def make_members() -> None:
    """Hedge University and Thicket College."""
    create_institution(slug="hedge", name="Hedge University", by="operator")
    create_institution(slug="thicket", name="Thicket College", by="operator")


def propose(*, by: str = MEMBER, **change: Any) -> int:
    """A proposal of the laboratory's cookie, with changes."""
    return propose_entry(entry=replace(LAB, **change), by=by, clock=CLOCK)
