"""What the answers of several dashboards are made of."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NameLine:
    """Learners and events under a name: a browser, a system, a type of device."""

    name: str
    learners: int
    events: int
