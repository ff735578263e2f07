"""What a learner is written at each turn of a case, in plain words and in their language.

The mail says that there is something to read and until when; what it is about, and the evidence,
stand in the privacy centre, behind a sign-in.
"""

from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum

from django.utils import formats
from django.utils.translation import gettext, override, pgettext

from privet.accounts.finding import person_behind
from privet.accounts.service import find_addressee
from privet.integrity.case_rules import HOLDS, Outcome, Terms
from privet.integrity.models import Case
from privet.kernel.clock import Clock
from privet.post.errors import MailError
from privet.post.service import given_up, put_mail

CASE_PATH = "/privacy/integrity/{number}"
KINDS = "integrity_"
"""How the kinds of these mails begin."""


class Letter(StrEnum):
    """Why the learner is written to."""

    TOLD = "told"
    UPHELD = "upheld"
    CLOSED_HOLDS = "closed_holds"
    CLOSED_ENDS = "closed_ends"


@dataclass(frozen=True, kw_only=True)
class Written:
    """A mail that is ready for the outbox."""

    subject: str
    text: str


def letter_for(outcome: Outcome) -> Letter:
    """Which letter tells of an outcome."""
    return Letter.CLOSED_HOLDS if outcome in HOLDS else Letter.CLOSED_ENDS


def mail_learner(case: Case, letter: Letter, *, terms: Terms, clock: Clock) -> None:
    """Put a letter into the outbox, inside the caller's transaction, and note whether one could.

    Who has no address reads it when they come to their privacy centre; the officers see that.
    """
    case.mail_id = _put(case, letter, terms=terms, clock=clock)
    case.is_mailed = bool(case.mail_id)
    case.save(update_fields=["mail_id", "is_mailed"])


def note_given_up() -> None:
    """Note of open cases whose last letter was given up that the learner could not be reached."""
    written = Case.objects.filter(closed__isnull=True, is_mailed=True)
    lost = given_up(written.values_list("mail_id", flat=True))
    Case.objects.filter(mail_id__in=lost).update(is_mailed=False)


def _put(case: Case, letter: Letter, *, terms: Terms, clock: Clock) -> str:
    """The message id; empty if there is no address, or one that is none."""
    account = None if case.main is None else person_behind(case.main).account_id
    addressee = None if account is None else find_addressee(account_id=account)
    if addressee is None:
        return ""
    written = write(letter, case, language=addressee.locale, public_url=terms.public_url)
    try:
        return put_mail(
            kind=f"{KINDS}{letter}", address=addressee.address, subject=written.subject,
            text=written.text, account_id=addressee.account_id, clock=clock,
        )  # fmt: skip
    except MailError:
        return ""


def write(letter: Letter, case: Case, *, language: str, public_url: str) -> Written:
    """A letter in a language; nothing of the evidence, no course, no detector."""
    with override(language or "en"):
        said = {
            Letter.TOLD: _told,
            Letter.UPHELD: _upheld,
            Letter.CLOSED_HOLDS: _closed_holds,
            Letter.CLOSED_ENDS: _closed_ends,
        }[letter](case)
        where = gettext("Read it and sign in here: %(link)s") % {
            "link": public_url + CASE_PATH.format(number=case.pk)
        }
        text = "\n\n".join([gettext("Hello,"), *said, where])
        return Written(subject=gettext("A question about your work in a course"), text=text + "\n")


def _told(case: Case) -> list[str]:
    until = {"until": _moment(case, "reply_until")}
    return [
        gettext("There is a question about your work in a course, and we want to hear you first."),
        gettext("Nothing has been decided, and nothing changes in your courses."),
        gettext("You can see all that we see, and reply until %(until)s.") % until,
    ]


def _upheld(case: Case) -> list[str]:
    until = {"until": _moment(case, "appeal_until")}
    return [
        gettext("Two people have looked at the question about your work, each by themselves."),
        gettext("You can read what they found and why, and appeal until %(until)s.") % until,
        gettext("Nobody who had a part in it so far will answer your appeal."),
    ]


def _closed_holds(case: Case) -> list[str]:
    del case
    return [
        gettext("The question about your work is closed. You can read what was found and why."),
        gettext("Your institution may be told in words. Nothing happens by itself."),
    ]


def _closed_ends(case: Case) -> list[str]:
    del case
    return [gettext("The question about your work is closed, and nothing is held against you.")]


def _moment(case: Case, name: str) -> str:
    """Day and hour with the zone: elsewhere the same moment lies on another day."""
    utc = getattr(case, name).astimezone(UTC)
    day = formats.date_format(utc, pgettext("date format", "j F Y"))
    return f"{day}, {utc:%H:%M} UTC"
