"""The outcome of a case as a text for the institution, which decides what to make of it."""

from django.utils.translation import gettext

from privet.accounts.finding import Found
from privet.integrity.case_rules import ActKind, State
from privet.integrity.case_views import CaseFacts
from privet.web.detectors import name_of_detector
from privet.web.integrity_evidence import show_evidence
from privet.web.integrity_words import ACTS, OUTCOMES
from privet.web.words import say_moment


def write_statement(case: CaseFacts, person: Found) -> str:
    """All that the institution is told: the account, the outcome, the evidence, what was said."""
    known = [person.name, person.email, *person.external_ids]
    parts = [
        gettext("Outcome of integrity case %(number)s") % {"number": case.id},
        gettext("Account: %(account)s") % {"account": ", ".join(one for one in known if one)},
        gettext("Course: %(course)s") % {"course": case.course or gettext("all courses")},
        gettext("Found: %(kind)s") % {"kind": name_of_detector(case.kind)},
        gettext("Outcome: %(outcome)s") % {"outcome": _outcome(case)},
        *_evidence(case),
        *_doubts(case),
        *_said(case),
        gettext(
            "This text changes nothing by itself: no grade, no certificate, no access. People at "
            "the institution decide what follows from it, under its own rules."
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _outcome(case: CaseFacts) -> str:
    assert case.state is State.CLOSED  # noqa: S101 - only closed cases are handed over
    assert case.outcome is not None  # noqa: S101 - so they have one
    return f"{OUTCOMES[case.outcome]}, {say_moment(case.closed)}"


def _evidence(case: CaseFacts) -> list[str]:
    if case.evidence is None:
        return []
    shown = show_evidence(case.evidence, _say_account)
    lines = [
        shown.sentence,
        shown.wide.summary,
        gettext("It would happen by chance: %(chance)s.") % {"chance": shown.chance},
    ]
    if shown.explanations:
        explains = "\n".join(f"- {one}" for one in shown.explanations)
        lines.append(gettext("What else may explain it:") + "\n" + explains)
    missing = "\n".join(f"- {one}" for one in shown.gaps)
    return [*lines, gettext("What is missing:") + "\n" + missing]


def _doubts(case: CaseFacts) -> list[str]:
    """What has become known of the finding and its detector."""
    found = []
    if not case.stands:
        found.append(
            gettext("With what is known today, the detectors would not find this any more.")
        )
    if case.has_disparity:
        found.append(
            gettext(
                "It is known of the detector that raised this that it flags some groups of "
                "learners more often than is allowed."
            )
        )
    return found


def _said(case: CaseFacts) -> list[str]:
    said = []
    if case.reply:
        said.append(gettext("What the learner replied:") + "\n" + case.reply)
    if case.appeal:
        said.append(gettext("What the learner appealed with:") + "\n" + case.appeal)
    judging = (ActKind.DECIDED, ActKind.APPEAL_DECIDED)
    said += [f"{ACTS[act.kind]}:\n{act.why}" for act in case.history if act.kind in judging]
    return said


def _say_account(letter: str) -> str:
    return gettext("account %(letter)s") % {"letter": letter}
