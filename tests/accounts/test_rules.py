"""Who may do what: every act against every role, allowed and denied."""

import pytest

from privet.accounts.roles import Role
from privet.accounts.rules import MAY, Act, Grant, NotAllowedError, can, check, institutions_for

ANALYST, PRIVACY, INTEGRITY = Role.ANALYST, Role.PRIVACY_OFFICER, Role.INTEGRITY_OFFICER
EVERYBODY = set(Role)
# Written down a second time, so that a change of the table is a change of two places.
EXPECTED = {
    Act.SEE_OWN_DATA: EVERYBODY,
    Act.DECIDE_OWN_CONSENT: EVERYBODY,
    Act.SEE_STATISTICS: {ANALYST, PRIVACY, Role.TUTOR},
    Act.SEE_ONE_LEARNER: {Role.TUTOR},
    Act.RUN_EXPERIMENTS: {ANALYST},
    Act.SEE_LIVE_EVENTS: {ANALYST, PRIVACY, Role.OPERATOR},
    Act.SEE_CONSENT_LEDGER: {PRIVACY},
    Act.REVIEW_COOKIES: {PRIVACY},
    Act.PUBLISH_NOTICE: {PRIVACY},
    Act.PUBLISH_POLICY: {PRIVACY},
    Act.HANDLE_REQUESTS: {PRIVACY},
    Act.HANDLE_CASES: {INTEGRITY},
    Act.SEE_OWN_INSTITUTION: {Role.MEMBER},
    Act.REGISTER_COOKIES: {Role.MEMBER},
    Act.SEE_AUDIT: {PRIVACY, Role.OPERATOR},
    Act.MANAGE_SITES: {Role.OPERATOR},
    Act.MANAGE_ROLES: {Role.OPERATOR},
    Act.OPERATE: {Role.OPERATOR},
}


def test_every_act_has_its_roles():
    assert set(MAY) == set(Act) == set(EXPECTED)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_table_says_and_no_more(act, role):
    assert can(act, [Grant(role)]) is (role in EXPECTED[act])


@pytest.mark.parametrize("act", Act)
def test_who_has_no_role_may_do_nothing(act):
    assert not can(act, [])
    assert institutions_for(act, []) == frozenset()


def test_a_grant_everywhere_covers_each_institution():
    assert can(Act.SEE_STATISTICS, [Grant(ANALYST)], institution="hedge-university")
    assert institutions_for(Act.SEE_STATISTICS, [Grant(ANALYST)]) is None


def test_a_grant_at_one_institution_covers_no_other_and_not_everywhere():
    carol = [Grant(ANALYST, "orchard-college")]
    assert can(Act.SEE_STATISTICS, carol, institution="orchard-college")
    assert not can(Act.SEE_STATISTICS, carol, institution="hedge-university")
    assert not can(Act.SEE_STATISTICS, carol)
    assert institutions_for(Act.SEE_STATISTICS, carol) == {"orchard-college"}


def test_check_says_what_to_do():
    check(Act.OPERATE, [Grant(Role.OPERATOR)])
    with pytest.raises(NotAllowedError, match="operator"):
        check(Act.OPERATE, [Grant(Role.LEARNER)])
