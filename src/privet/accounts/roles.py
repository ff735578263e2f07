"""The roles there are; what each may do stands in ``rules``."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the platform."""

    LEARNER = "learner"
    ANALYST = "analyst"
    PRIVACY_OFFICER = "privacy_officer"
    INTEGRITY_OFFICER = "integrity_officer"
    MEMBER = "member"
    OPERATOR = "operator"
