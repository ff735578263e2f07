"""What tests of consent share: a clock, keys, people, and short ways to ask them."""

from datetime import UTC, datetime

from privet.catalogue.uses import NO_CHOICES, Choice, Use
from privet.consent.browser import Installation
from privet.consent.ledger import Control, Layer
from privet.consent.notices import current_words
from privet.consent.rules import ALL_CHOICES, Answers
from privet.consent.service import Asked, Outcome, Who, record_decision
from privet.kernel.clock import FixedClock
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing, person_key

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ALL_YES = Answers(asked=ALL_CHOICES, granted=ALL_CHOICES)
ALL_NO = Answers(asked=ALL_CHOICES, granted=NO_CHOICES)


def here() -> Installation:
    """The installation of the tests, at noon."""
    return Installation(ring=KeyRing(read_config().keys), clock=FixedClock(NOW))


def key_of(name: str, site: str = "hedgerow") -> bytes:
    """The person key of somebody by their name on the platform."""
    return person_key(here().ring.link_key(), site, name)


ALICE = Who(site="hedgerow", key=key_of("alice"), birth_year=1990, country="ES")
BOB = Who(site="hedgerow", key=key_of("bob"), birth_year=1980, country="ES")
MINOR = Who(site="hedgerow", key=key_of("minor"), birth_year=2010, country="ES")
VISITOR = Who(site="hedgerow", country="ES")


def answers(yes: Choice = NO_CHOICES, no: Choice = NO_CHOICES) -> Answers:
    """Yes to some choices, no to others, nothing to the rest."""
    return Answers(asked=yes | no, granted=yes)


def ask(said: Answers = ALL_YES, *, clock: FixedClock | None = None, **more: object) -> Asked:
    """A question on the banner with its answer."""
    words = current_words("en", clock=clock or FixedClock(NOW))
    values: dict[str, object] = {
        "answers": said,
        "shown": words.shown,
        "control": Control.CHOOSE,
        "layer": Layer.BANNER,
    }
    return Asked(**(values | more))  # type: ignore[arg-type]


def decide(
    who: Who = ALICE, said: Answers = ALL_YES, *, clock: FixedClock | None = None, **more: object
) -> Outcome:
    """Somebody decides."""
    at = clock or FixedClock(NOW)
    return record_decision(who=who, asked=ask(said, clock=at, **more), by="learner", clock=at)


def bits(*uses: Use) -> int:
    """Uses as the integer of a column."""
    return int(Use(sum(uses)))
