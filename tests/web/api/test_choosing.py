"""What the choices in full need of the API: their script, what is open, and every language."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.resources import files

import pytest

from privet.catalogue.uses import Choice
from privet.consent.cookies import ConsentCookie, day_of, sign_consent
from privet.consent.languages import OPERATORS_FOLDER
from privet.consent.models import Decision, Notice
from privet.consent.places import Regime
from privet.kernel.config import read_config
from privet.web.api.surroundings import installation
from tests.web.api.conftest import ORIGIN

pytestmark = pytest.mark.django_db
STANDING = "/api/v1/consent/standing?site=hedgerow&lang=en"
HEBREW = "הפרטיות שלך"


@pytest.fixture
def add_language() -> Iterator[Callable[..., None]]:
    """Adds a further language as an operator does: one file. It goes with the test."""
    folder = read_config().home / OPERATORS_FOLDER
    folder.mkdir()
    english = json.loads((files("privet.consent") / "notices" / "en.json").read_text())

    def add(code: str, **changed: object) -> None:
        (folder / f"{code}.json").write_text(json.dumps(english | changed), encoding="utf-8")

    yield add
    shutil.rmtree(folder)


def standing(page, **headers: str):
    answer = page.client.get(STANDING, headers={"origin": ORIGIN} | headers)
    assert answer.status_code == 200
    return answer.json()


def cookie(**changed) -> str:
    here = installation()
    said = {
        "site": "hedgerow", "choices": Choice.PERFORMANCE, "notice": 1, "gpc": False,
        "day": day_of(here.clock.now()), "regime": Regime.OPT_IN,
    }  # fmt: skip
    return sign_consent(ConsentCookie(**said | changed), keys=here.cookie_keys)


def test_the_script_is_the_same_for_everybody_and_for_pages_of_any_origin(client):
    answer = client.get("/api/v1/preferences.js", headers={"origin": "https://a.example"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    assert b"export" in answer.content


def test_a_decision_holds_and_the_way_back_has_its_words(page):
    page.decide("performance")
    assert standing(page) == {"holds": True, "label": "Your privacy"}


def test_asking_whether_it_holds_records_nothing(page):
    standing(page)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "bad",
    ["", "x", "e30.AAAAAAAAAAAAAAAAAAAAAA", "a" * 4000],
    ids=["none", "malformed", "forged", "oversized"],
)
def test_a_cookie_that_is_not_sound_does_not_hold(page, bad):
    page.client.cookies["privet_consent"] = bad
    assert not standing(page)["holds"]


def test_an_old_decision_and_a_learners_left_behind_do_not_hold(page):
    old = day_of(installation().clock.now() - timedelta(days=184))
    for value in (cookie(day=old), cookie(of_learner=True)):
        page.client.cookies["privet_consent"] = value
        assert not standing(page)["holds"]


def test_a_yes_that_the_signal_refuses_does_not_hold_unless_it_was_confirmed(page):
    targeting = Choice.TARGETING
    page.client.cookies["privet_consent"] = cookie(choices=targeting)
    assert not standing(page, **{"sec-gpc": "1"})["holds"]
    page.client.cookies["privet_consent"] = cookie(choices=targeting, confirmed=True)
    assert standing(page, **{"sec-gpc": "1"})["holds"]


def test_a_decision_does_not_hold_once_there_is_a_new_vendor(page):
    page.decide("performance")
    notice = Notice.objects.get()
    said = json.loads(notice.material)
    said["categories"]["performance"]["vendors"] = []
    Notice.objects.update(material=json.dumps(said))
    assert not standing(page)["holds"]


def test_what_the_law_closes_at_an_age_is_said_to_be_closed(page, platform):
    def open_to(**more: object) -> set[str]:
        said = page.state(platform.token(**more)).json()["asked"]
        return {one["name"] for one in said if one["open"]}

    assert len(open_to()) == 6
    assert open_to(birth_year=2010) == {
        "performance", "functionality", "marketing_mail", "research",
    }  # fmt: skip


def test_who_is_known_to_be_too_young_is_not_told_that_no_age_is_known(page, platform):
    young = page.state(platform.token(birth_year=2010)).json()["notice"]["texts"]
    assert "we do not know that you are one" in in_language(page, "en")["notice"]["texts"]["closed"]
    assert young["closed"] == "Not offered at your age, as your platform knows it."


def test_a_member_of_an_impossible_name_is_none_and_everybody_is_still_asked(page):
    ask = "/api/v1/consent?site=hedgerow&institution=Hill%20College"
    assert page.client.get(ask, headers={"origin": ORIGIN}).status_code == 200
    assert page.decide("performance", institution="Hill College").status_code == 201


# --- Languages ---


def in_language(page, code: str):
    answer = page.client.get(
        f"/api/v1/consent?site=hedgerow&lang={code}", headers={"origin": ORIGIN}
    )
    return answer.json()


def test_a_further_language_is_one_file_and_is_offered_at_once(page, add_language):
    assert in_language(page, "he")["notice"]["language"] == "en"
    meaning = {"privet_consent": "שומר את ההחלטה שלך"}
    add_language("he", privacy_link=HEBREW, rule_opt_in="רק אם הסכמת.", technologies=meaning)
    said = in_language(page, "he-IL")
    notice = said["notice"]
    assert (notice["language"], notice["direction"]) == ("he", "rtl")
    assert notice["languages"] == ["en", "es", "he"]
    assert notice["texts"]["privacy_link"] == HEBREW
    assert said["regime_explained"]["words"][0] == "רק אם הסכמת."
    [mine] = [one for one in said["categories"][0]["cookies"] if one["name"] == "privet_consent"]
    assert mine["says"] == meaning["privet_consent"]
    assert standing(page)["label"] == "Your privacy"


def test_a_further_language_asks_nobody_again(page, add_language):
    page.decide("performance")
    add_language("he", privacy_link=HEBREW)
    assert standing(page)["holds"]
    assert in_language(page, "en")["asks_again"] is None


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"title": "x"}'])
def test_a_file_that_is_not_complete_is_left_out_and_harms_nobody(page, add_language, content):
    add_language("he")
    (read_config().home / OPERATORS_FOLDER / "he.json").write_text(content)
    assert in_language(page, "he")["notice"]["language"] == "en"


def test_a_newer_edition_of_the_words_is_shown_without_asking_again(page, add_language):
    add_language("he", title="א", edition=1)
    assert in_language(page, "he")["notice"]["texts"]["title"] == "א"
    page.decide("performance")
    add_language("he", title="ב", edition=2)
    assert in_language(page, "he")["notice"]["texts"]["title"] == "ב"
    assert standing(page)["holds"]
