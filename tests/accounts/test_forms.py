"""Forms that act once: the first use acts, and all others are told what it came to."""

from datetime import timedelta

import pytest

from privet.accounts.forms import KEPT, free_form, settle_form, use_form
from privet.accounts.models import UsedForm
from privet.kernel.clock import FixedClock
from tests.accounts.kit import NOW

pytestmark = pytest.mark.django_db
BOB, CAROL = 1, 2


@pytest.fixture
def clock():
    return FixedClock(NOW)


def use(clock, *, value="form", account_id=BOB) -> str | None:
    return use_form(value=value, account_id=account_id, clock=clock)


def test_a_form_is_new_once_and_then_tells_what_it_came_to(clock):
    assert use(clock) is None
    settle_form(value="form", account_id=BOB, led_to="/there")
    assert use(clock) == "/there"


def test_another_form_and_another_person_are_new(clock):
    use(clock)
    assert use(clock, value="other") is None
    assert use(clock, account_id=CAROL) is None


def test_a_form_that_did_nothing_may_be_used_again(clock):
    use(clock)
    free_form(value="form", account_id=BOB)
    assert use(clock) is None


def test_used_forms_are_forgotten_after_two_days(clock):
    use(clock)
    later = FixedClock(NOW + KEPT + timedelta(seconds=1))
    assert use(later, value="other") is None
    assert UsedForm.objects.count() == 1


def test_the_value_itself_is_not_kept(clock):
    use(clock, value="a value of one form")
    assert "a value" not in repr(list(UsedForm.objects.values()))
