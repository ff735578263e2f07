"""What an answer leaves of the answers before it, also where the notice says more than theirs."""

from privet.catalogue.uses import NO_CHOICES, Choice
from privet.consent.change import Asked
from privet.consent.notices import find_growth
from privet.consent.rules import Answers
from privet.consent.state import State


def carry_answers(state: State, asked: Asked) -> tuple[Answers, int | None]:
    """All that somebody has said after an answer, and the version of the notice it stands on.

    What was not asked keeps its earlier answer, as far as that covers what is new in the notice.
    Who had the notice before them, or answered a part of what is new, has not said yes to the
    rest of it. Who answered something else is still to be asked, so the earlier version stays.
    """
    old, new = state.answers or Answers(NO_CHOICES, NO_CHOICES), asked.answers
    said = Answers(
        asked=old.asked | new.asked, granted=(old.granted & ~new.asked) | (new.granted & new.asked)
    )
    fresh = find_growth(state.notice_version, now=asked.shown.version).choices
    if fresh and asked.served is None and not fresh & new.asked:
        return said, state.notice_version
    unanswered = Choice(fresh & ~new.asked)
    answers = Answers(asked=said.asked | unanswered, granted=said.granted & ~unanswered)
    return answers, asked.shown.version
