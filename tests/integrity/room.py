"""A case about Alice, and all who have to do with it."""

from typing import Any

from privet.integrity.case_acts import CaseLearner, Officer
from privet.integrity.case_rules import (
    Verdict,
)
from privet.integrity.deciding import (
    answer_appeal,
    appeal_case,
    decide_case,
    reply_to_case,
    review_case,
)
from privet.kernel.clock import FixedClock
from tests.integrity.cast import (
    ALICE,
    HEDGE,
    MALLORY,
    NOW,
    TERMS,
    WHY,
    make_institutions,
    make_learner,
    make_officer,
    open_one,
)

REPLY = "My sister and I sit at one table."


class Room:
    """A case about Alice, and all who have to do with it."""

    def __init__(self, *, mail: bool = True, locale: str = "") -> None:
        self.clock = FixedClock(NOW)
        make_institutions()
        _, self.mallory = make_learner("mallory", MALLORY)
        self.account, self.alice = make_learner("alice", ALICE, mail=mail, locale=locale)
        self.bob = make_officer("bob")
        self.carol = make_officer("carol", HEDGE)
        self.erin = make_officer("erin")
        self.case = open_one(self.clock)

    def do(self, verb: Any, who: Officer, verdict: Verdict | None = Verdict.HOLDS) -> Any:
        """An officer does something, with a reason."""
        said = {} if verdict is None else {"verdict": verdict}
        found = verb(
            case_id=self.case.pk, officer=who, why=WHY, clock=self.clock, terms=TERMS, **said
        )
        self.case.refresh_from_db()
        return found

    def say(self, verb: Any, text: str = REPLY, *, who: CaseLearner | None = None) -> None:
        """The learner says something."""
        verb(
            case_id=self.case.pk, learner=who or self.alice, text=text, clock=self.clock,
            terms=TERMS,
        )  # fmt: skip
        self.case.refresh_from_db()

    def told(self) -> "Room":
        self.do(review_case, self.bob)
        return self

    def deciding(self) -> "Room":
        self.told().say(reply_to_case)
        return self

    def upheld(self) -> "Room":
        self.deciding()
        self.do(decide_case, self.bob)
        self.do(decide_case, self.carol)
        return self

    def appealed(self) -> "Room":
        self.upheld().say(appeal_case)
        return self

    def closed(self) -> "Room":
        self.appealed().do(answer_appeal, self.erin)
        return self

    @property
    def state(self) -> str:
        return self.case.state

    @property
    def outcome(self) -> str:
        return self.case.outcome
