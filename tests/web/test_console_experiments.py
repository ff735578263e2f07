"""The pages of experiments: define, start, stop, read, and who may."""

import re

import pytest
from django.http import QueryDict
from django.test import Client

from privet.accounts.registry import create_institution, create_site
from privet.accounts.roles import Role
from privet.audit.models import Record
from privet.insight.comparison import Interval, Share
from privet.insight.experiment_rules import Standing, Variant
from privet.insight.experiments import (
    Reading,
    Trial,
    VariantLine,
    define_experiment,
    find_experiment,
    list_experiments,
    start_experiment,
)
from privet.kernel.config import Config
from privet.web.console.experiment_form import read_variants
from privet.web.console.experiment_reading import say_points, show_reading
from tests.insight.scenes import NOON, Scene
from tests.insight.scenes import shown as shown_of
from tests.insight.test_experiment_rules import PLAN
from tests.insight.test_experiments import At
from tests.population import BRAMBLE, make_staff
from tests.web.conftest import SignIn

FORM = {
    "site": "hedgerow", "name": "Link or button", "key": "resume-link",
    "hypothesis": "A button is seen sooner.", "page": "/courses/*",
    "variants": "link\nbutton 2", "outcome": "page_view", "target": "/courses/*/units/*",
}  # fmt: skip
MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def scene(empty_home: Config) -> Scene:
    """A lake in which nothing has happened yet."""
    return Scene(empty_home)


@pytest.fixture
def site(empty_home: Config) -> None:
    create_site(slug="hedgerow", name="Hedgerow", origins=["https://h.example"], by="test")


@pytest.fixture
def analyst(site: None, sign_in: SignIn) -> Client:
    return sign_in(make_staff("bob@example.org", Role.ANALYST))


def _defined() -> Trial:
    return define_experiment(plan=PLAN, by="test", clock=At(NOON))


def test_before_the_first_experiment_the_page_says_what_one_is(analyst: Client) -> None:
    page = analyst.get("/console/experiments").content.decode()
    assert "No experiment yet" in page
    assert "Define an experiment" in page
    assert "nothing is stored for them" in page


def test_without_a_site_there_is_nothing_to_fill_in(empty_home: Config, sign_in: SignIn) -> None:
    client = sign_in(make_staff("bob@example.org", Role.ANALYST))
    page = client.get("/console/experiments").content.decode()
    assert "privet site add" in page
    assert 'name="hypothesis"' not in page


def test_an_experiment_is_defined_started_and_stopped(analyst: Client) -> None:
    answer = analyst.post("/console/experiments/define", FORM)
    (trial,) = list_experiments()
    assert (answer.status_code, answer["Location"]) == (303, f"/console/experiments/{trial.id}")
    assert trial.plan.variants == (Variant(name="link", weight=1), Variant(name="button", weight=2))
    assert "it has not begun" in analyst.get(answer["Location"]).content.decode()
    for step, standing in (("start", Standing.RUNNING), ("stop", Standing.ENDED)):
        answer = analyst.post(f"/console/experiments/{trial.id}/change", {"step": step})
        assert answer.status_code == 303
        found = find_experiment(trial.id)
        assert found is not None
        assert found.standing is standing
    by = set(Record.objects.filter(act__startswith="insight.exp").values_list("by", flat=True))
    assert len(by) == 1
    assert by.pop().startswith("account:")


def test_a_step_taken_twice_only_shows_how_it_stands(analyst: Client) -> None:
    trial = start_experiment(experiment_id=_defined().id, by="test", clock=At(NOON))
    answer = analyst.post(f"/console/experiments/{trial.id}/change", {"step": "start"})
    assert answer.status_code == 303
    assert find_experiment(trial.id) == trial


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"variants": "link"}, "two to 6 forms"),
        ({"variants": "link one\nbutton"}, "could not be read"),
        ({"variants": "link\nbutton 1 2"}, "could not be read"),
        ({"key": "Not a key"}, "small letters"),
        ({"hypothesis": ""}, "required"),
        ({"outcome": "ad_click"}, "valid choice"),
        ({"site": "elsewhere"}, "valid choice"),
    ],
)
def test_a_form_that_cannot_be_is_shown_again_with_what_is_wrong(
    analyst: Client, change: dict[str, str], says: str
) -> None:
    answer = analyst.post("/console/experiments/define", FORM | change)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert says in page
    assert "Link or button" in page
    assert list_experiments() == ()


def test_who_may_not_run_them_is_offered_nothing_and_refused(site: None, sign_in: SignIn) -> None:
    trial = _defined()
    create_institution(slug=BRAMBLE, name="Bramble College", by="test")
    carol = sign_in(make_staff("carol@example.org", Role.ANALYST, BRAMBLE))
    page = carol.get(f"/console/experiments/{trial.id}").content.decode()
    assert "Start</button>" not in page
    assert "Define an experiment" not in carol.get("/console/experiments").content.decode()
    assert carol.post("/console/experiments/define", FORM).status_code == 403
    change = carol.post(f"/console/experiments/{trial.id}/change", {"step": "start"})
    assert change.status_code == 403
    assert find_experiment(trial.id) == trial


def test_what_is_not_there_is_not_found(analyst: Client) -> None:
    assert analyst.get("/console/experiments/7").status_code == 404
    trial = _defined()
    wrong = analyst.post(f"/console/experiments/{trial.id}/change", {"step": "erase"})
    assert wrong.status_code == 404


def test_a_running_experiment_is_read_on_its_page_and_in_its_files(
    scene: Scene, analyst: Client
) -> None:
    for learner in range(160):
        scene.act(learner, "experiment_seen", minute=5, experiment=PLAN.key,
                  variant="button" if learner % 2 else "link")  # fmt: skip
        if learner % 2 or learner % 8 == 0:
            scene.act(learner, "page_view", minute=9, page="/courses/x/units/1", order=2)
    scene.load()
    trial = start_experiment(experiment_id=_defined().id, by="test", clock=At(NOON))
    address = f"/console/experiments/{trial.id}"
    page = analyst.get(address).content.decode()
    assert re.search(r"“button” has the outcome more often than “link”, by [\d.]+ percentage", page)
    assert "It is still running" in page
    assert "The draw is uneven" not in page
    rows = analyst.get(f"{address}?table=forms&format=json").json()["rows"]
    assert [row["learners"] for row in rows] == [
        shown_of(range(0, 160, 2)), shown_of(range(1, 160, 2)),
    ]  # fmt: skip
    assert rows[1]["difference_low"] < rows[1]["difference"] < rows[1]["difference_high"]


def _reading(gap: float | None, effect: Interval | None) -> Reading:
    def line(name: str, *, gap: float | None, effect: Interval | None) -> VariantLine:
        share = Share(reached=40, learners=100)
        return VariantLine(
            variant=Variant(name=name, weight=1), share=share, interval=share.interval(),
            effect=effect, gap=gap,
        )  # fmt: skip

    lines = (line("link", gap=None, effect=None), line("button", gap=gap, effect=effect))
    return Reading(lines=lines, several=0, mismatch=1.0, smallest=None)


@pytest.mark.parametrize(
    ("gap", "effect", "says"),
    [
        (0.1, Interval(low=0.05, high=0.15), "more often than “link”, by 10.0 percentage points"),
        (-0.1, Interval(low=-0.15, high=-0.05), f"percentage points (95 % interval {MINUS}15.0"),
        (0.01, Interval(low=-0.03, high=0.05), f"the difference lies between {MINUS}3.0 and +5.0"),
        (None, None, "each form needs at least 50 learners"),
    ],
)  # fmt: skip
def test_the_finding_is_said_in_a_sentence(
    gap: float | None, effect: Interval | None, says: str
) -> None:
    trial = Trial(id=1, plan=PLAN, defined=NOON, began=NOON, ended=None)
    (sentence,) = show_reading(_reading(gap, effect), trial, QueryDict()).words
    assert says in sentence


def test_points_have_a_sign_and_nothing_has_none() -> None:
    assert [say_points(x) for x in (0.032, -0.009, 0.0, -0.0001)] == [
        "+3.2", f"{MINUS}0.9", "0.0", "0.0",
    ]  # fmt: skip


def test_forms_are_read_one_a_line() -> None:
    assert read_variants("a\n\n b 3 \n") == (
        Variant(name="a", weight=1),
        Variant(name="b", weight=3),
    )
