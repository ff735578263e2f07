"""Who may do what: pure functions over the grants that an account holds."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

from privet.accounts.roles import Role
from privet.kernel.errors import PrivetError


class Grant(NamedTuple):
    """A role, everywhere (empty institution) or at one institution (its slug)."""

    role: Role
    institution: str = ""


class Act(StrEnum):
    """What a person may want to do. A new page begins with a line here."""

    SEE_OWN_DATA = "see_own_data"
    DECIDE_OWN_CONSENT = "decide_own_consent"
    SEE_STATISTICS = "see_statistics"
    SEE_ONE_LEARNER = "see_one_learner"
    RUN_EXPERIMENTS = "run_experiments"
    SEE_LIVE_EVENTS = "see_live_events"
    SEE_CONSENT_LEDGER = "see_consent_ledger"
    PUBLISH_NOTICE = "publish_notice"
    PUBLISH_POLICY = "publish_policy"
    HANDLE_REQUESTS = "handle_requests"
    HANDLE_CASES = "handle_cases"
    SEE_OWN_INSTITUTION = "see_own_institution"
    REGISTER_COOKIES = "register_cookies"
    REVIEW_COOKIES = "review_cookies"
    SEE_AUDIT = "see_audit"
    MANAGE_SITES = "manage_sites"
    MANAGE_ROLES = "manage_roles"
    OPERATE = "operate"


MAY: Mapping[Act, frozenset[Role]] = {
    Act.SEE_OWN_DATA: frozenset(Role),
    Act.DECIDE_OWN_CONSENT: frozenset(Role),
    Act.SEE_STATISTICS: frozenset({Role.ANALYST, Role.PRIVACY_OFFICER, Role.TUTOR}),
    Act.SEE_ONE_LEARNER: frozenset({Role.TUTOR}),
    Act.RUN_EXPERIMENTS: frozenset({Role.ANALYST}),
    Act.SEE_LIVE_EVENTS: frozenset({Role.ANALYST, Role.PRIVACY_OFFICER, Role.OPERATOR}),
    Act.SEE_CONSENT_LEDGER: frozenset({Role.PRIVACY_OFFICER}),
    Act.PUBLISH_NOTICE: frozenset({Role.PRIVACY_OFFICER}),
    Act.PUBLISH_POLICY: frozenset({Role.PRIVACY_OFFICER}),
    Act.HANDLE_REQUESTS: frozenset({Role.PRIVACY_OFFICER}),
    Act.HANDLE_CASES: frozenset({Role.INTEGRITY_OFFICER}),
    Act.SEE_OWN_INSTITUTION: frozenset({Role.MEMBER}),
    Act.REGISTER_COOKIES: frozenset({Role.MEMBER}),
    Act.REVIEW_COOKIES: frozenset({Role.PRIVACY_OFFICER}),
    Act.SEE_AUDIT: frozenset({Role.PRIVACY_OFFICER, Role.OPERATOR}),
    Act.MANAGE_SITES: frozenset({Role.OPERATOR}),
    Act.MANAGE_ROLES: frozenset({Role.OPERATOR}),
    Act.OPERATE: frozenset({Role.OPERATOR}),
}
"""Which roles may do what; who has none of them may not."""


class NotAllowedError(PrivetError):
    """Somebody asked for what their roles do not allow."""


def can(act: Act, grants: Collection[Grant], *, institution: str = "") -> bool:
    """Whether the grants allow the act, at an institution or (empty) everywhere.

    A grant everywhere covers each institution; a grant at one covers no other, nor everywhere.
    """
    return any(
        grant.role in MAY[act] and grant.institution in ("", institution) for grant in grants
    )


def check(act: Act, grants: Collection[Grant], *, institution: str = "") -> None:
    """As `can`, but raises `NotAllowedError` if not."""
    if not can(act, grants, institution=institution):
        raise NotAllowedError(
            "Your roles do not allow this.", remedy="Ask an operator for the role, if you need it."
        )


def institutions_for(act: Act, grants: Collection[Grant]) -> frozenset[str] | None:
    """Where the grants allow the act: none means everywhere, the empty set nowhere."""
    where = {grant.institution for grant in grants if grant.role in MAY[act]}
    return None if "" in where else frozenset(where)
