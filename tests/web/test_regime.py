"""The page of the rule of a place: whose law it is, since when, and what it means at which age."""

from collections.abc import Iterator

import pytest
from django.test import Client

from privet.accounts.models import Account, Site, Subject
from privet.accounts.registry import create_site
from privet.accounts.subjects import subjects_for
from privet.events.record import Actor
from privet.kernel.config import Config, read_config
from privet.network.install import NETWORKS
from privet.web.api.client import region_of
from tests.consent.kit import key_of
from tests.remembered import forget_installation
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db
PAGE = "/privacy/regime"
LIST = """
203.0.113.0/26 residential country=US region=US-CO
203.0.113.64/26 residential country=US region=US-WA
203.0.113.128/26 residential country=US
198.51.100.0/24 residential country=ES
"""
IN_COLORADO, IN_WASHINGTON, IN_A_STATE, IN_SPAIN = (
    "203.0.113.5", "203.0.113.70", "203.0.113.130", "198.51.100.9",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _places(empty_home: Config) -> Iterator[None]:
    """The operator knows where some addresses are."""
    folder = empty_home.network
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NETWORKS).write_text(LIST)
    forget_installation()
    create_site(slug="hedgerow", name="Hedgerow", origins=["https://h.example"], by="test")
    yield
    forget_installation()


def _text(address: str, client: Client | None = None, **headers: str) -> str:
    asked = client or Client(REMOTE_ADDR=address)
    return asked.get(PAGE, REMOTE_ADDR=address, headers=headers).content.decode()


def test_a_state_is_named_with_its_act_and_its_duty() -> None:
    page = _text(IN_COLORADO)
    assert "the law of your state, Colorado" in page
    assert "Your state&#x27;s law requires it" in page
    assert "https://coag.gov/resources/colorado-privacy-act/" in page


def test_a_state_without_an_act_and_an_unknown_state_get_the_strictest() -> None:
    assert "no privacy act on our list" in _text(IN_WASHINGTON)
    assert "We do not know your state" in _text(IN_A_STATE)


def test_a_country_is_named_with_its_law_and_its_age() -> None:
    page = _text(IN_SPAIN)
    for words in ("Spain", "opt-in", "2002/58/EC", "From the age of 14"):
        assert words in page


def test_an_unknown_place_gets_the_strictest_and_says_so() -> None:
    page = _text("127.0.0.1")
    for words in ("a place that we do not know", "opt-in", "From the age of 16", "none on our"):
        assert words in page


def test_the_table_of_uses_is_the_regimes_own() -> None:
    assert "after a decision, unless refused" in _text(IN_COLORADO)
    assert "after a decision, unless refused" not in _text(IN_SPAIN)


def test_what_holds_for_this_person_stands_first() -> None:
    assert "You: Age not known" in _text(IN_SPAIN)


def test_a_minor_reads_that_they_are_one(sign_in: SignIn) -> None:
    account = Account.objects.create_user(name="Alice", country="ES", birth_year=2010)
    [subject] = subjects_for([Actor(key_of("alice"))])
    site = Site.objects.get(slug="hedgerow")
    account.externalid_set.create(site=site, external_id="alice")
    Subject.objects.filter(pk=subject).update(account=account)
    page = sign_in(account).get(PAGE).content.decode()
    assert "You: Under 18" in page
    assert "Spain" in page


def test_the_signal_is_shown_where_it_is_sent() -> None:
    said = "Your browser sends the signal now"
    assert said in _text(IN_SPAIN, **{"Sec-GPC": "1"})
    assert said not in _text(IN_SPAIN)


def test_the_choices_lead_to_it() -> None:
    page = Client().get("/privacy/choices").content.decode()
    assert f"{PAGE}?site=hedgerow" in page


def test_the_choices_say_for_how_many_days_a_decision_is_kept() -> None:
    page = Client().get("/privacy/choices").content.decode()
    assert f"A decision is kept for {read_config().consent_days} days" in page


def test_the_api_names_the_state_too() -> None:
    address = "/api/v1/consent?site=hedgerow&lang=en"
    said = Client().get(address, REMOTE_ADDR=IN_COLORADO).json()["regime_explained"]
    assert (said["region"], said["signal_binds"]) == ("US-CO", True)
    said = Client().get(address, REMOTE_ADDR=IN_SPAIN).json()["regime_explained"]
    assert (said["region"], said["signal_binds"]) == ("", False)


def test_a_platform_that_names_another_country_leaves_the_state_open(rf: object) -> None:
    request = rf.get("/", REMOTE_ADDR=IN_COLORADO)  # type: ignore[attr-defined]
    assert region_of(request, "US") == "US-CO"
    assert region_of(request, "ES") == ""


def test_without_a_site_there_is_nothing_to_explain(empty_home: Config) -> None:
    Site.objects.all().delete()
    forget_installation()
    assert "What it means for you" not in Client().get(PAGE).content.decode()
