"""Who comes to see what serves a use: the closed set of recipients that learners are told."""

from enum import StrEnum

from privet.catalogue.uses import TERMS, Use


class Recipient(StrEnum):
    """Somebody who may see learners' data, or groups of it (GDPR Art. 13(1)(e))."""

    COURSE_TEAMS = "course_teams"
    UNIVERSITY = "university"
    PLATFORM = "platform"
    RESEARCHERS = "researchers"
    PARTNERS = "partners"
    NOBODY = "nobody"
    """It stays with the machine and with the learner."""


RECIPIENTS: dict[Use, tuple[Recipient, ...]] = {
    Use.INSTRUCTION: (Recipient.COURSE_TEAMS, Recipient.UNIVERSITY),
    Use.SECURITY: (Recipient.PLATFORM,),
    Use.INTEGRITY: (Recipient.UNIVERSITY,),
    Use.ANALYTICS: (Recipient.COURSE_TEAMS,),
    Use.PERSONALISATION: (Recipient.NOBODY,),
    Use.MARKETING: (Recipient.PLATFORM,),
    Use.RESEARCH: (Recipient.RESEARCHERS,),
    Use.SHARING: (Recipient.PARTNERS,),
}
"""For each use who comes to see it, or what is made of it."""

if RECIPIENTS.keys() != TERMS.keys():
    raise AssertionError("Each use names its recipients.")
