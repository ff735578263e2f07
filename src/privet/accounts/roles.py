"""The roles there are; what each may do stands in ``rules``."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the platform."""

    LEARNER = "learner"
    ANALYST = "analyst"
    TUTOR = "tutor"
    """Teaches or helps learners, and may look at one of them, with a reason, on record."""
    PRIVACY_OFFICER = "privacy_officer"
    INTEGRITY_OFFICER = "integrity_officer"
    MEMBER = "member"
    OPERATOR = "operator"
