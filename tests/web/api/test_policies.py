"""What the consent API tells of policies."""

from datetime import UTC, datetime, timedelta

import pytest

from privet.consent.policies.models import PolicyVersion
from privet.kernel.config import Config
from tests.web.test_policies import MORE, change_registry, publish

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
    assert policy["link"] == f"{empty_home.public_url}/policies/cookies/changes#version-2"


def test_whoever_is_asked_again_is_told_which_policy_changed(empty_home: Config, page, platform):
    publish()
    page.decide("performance", token=platform.token())
    assert page.state(platform.token()).json()["policy_news"] == []
    change_registry(empty_home)
    publish()
    state = page.state(platform.token()).json()
    [news] = state["policy_news"]
    assert news["says"].startswith("The Cookie policy changed on ")
    assert news["link"] == f"{empty_home.public_url}/policies/cookies/changes#version-2"
    assert state["asks_again"]["because"] == ["vendor"]
    page.decide("performance", "functionality", token=platform.token())
    assert page.state(platform.token()).json()["policy_news"] == []


def test_a_mended_word_in_a_policy_is_told_and_asks_nobody(empty_home: Config, page, platform):
    change_registry(empty_home)
    publish()
    page.decide("performance", token=platform.token())
    mended = MORE.replace("the survey.", "our survey.")
    (empty_home.home / "registry.toml").write_text(mended)
    publish()
    state = page.state(platform.token()).json()
    assert len(state["policy_news"]) == 1
    assert (state["decided"], state["asks_again"]) == (True, None)


def test_a_visitors_cookie_knows_the_day_alone(empty_home: Config, page):
    publish()
    page.decide("performance")
    change_registry(empty_home)
    publish()
    assert page.state().json()["policy_news"] == []
    PolicyVersion.objects.update(published=datetime.now(UTC) + timedelta(days=2))
    [news] = page.state().json()["policy_news"]
    assert "#version-2" in news["link"]


def test_whoever_has_not_decided_has_no_news(empty_home: Config, page):
    publish()
    change_registry(empty_home)
    publish()
    assert page.state().json()["policy_news"] == []


def test_a_first_version_changes_nothing(page, platform):
    page.decide("performance", token=platform.token())
    publish()
    assert page.state(platform.token()).json()["policy_news"] == []
