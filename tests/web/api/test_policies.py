"""What the consent API tells of policies."""

import pytest

from privet.kernel.config import Config
from tests.web.test_policies import change_registry, publish

pytestmark = pytest.mark.django_db


def test_pages_and_apps_learn_which_policy_is_in_force_and_whether_it_changed(
    empty_home: Config, page
):
    assert page.state().json()["policies"] == []
    publish()
    [policy] = page.state().json()["policies"]
    assert (policy["kind"], policy["version"], policy["changed"]) == ("cookies", 1, False)
    change_registry(empty_home)
    publish()
    [policy] = page.state().json()["policies"]
    assert (policy["version"], policy["changed"]) == (2, True)
    assert policy["link"] == "/policies/cookies/changes#version-2"
