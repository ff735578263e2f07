"""What the stories came to, counted while they are told: the truth says what really happened."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tally:
    """By learner; who is not in it did nothing of the kind."""

    copied: dict[int, int] = field(default_factory=dict)
    """How many items a master copied."""
    lent: dict[int, int] = field(default_factory=dict)
    """On how many days the second person used a shared account."""
    repeated: dict[int, int] = field(default_factory=dict)
    """On how many days somebody alone answered again elsewhere what they had solved."""
