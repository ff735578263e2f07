"""Experiments: defined, started, stopped with a record of it, and read from a real lake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from privet.audit.models import Record
from privet.catalogue.uses import Use
from privet.events.query import Scope
from privet.events.service import withhold
from privet.insight.experiment_rules import ExperimentError, Standing
from privet.insight.experiments import (
    Trial,
    define_experiment,
    find_experiment,
    list_experiments,
    period_of,
    read_experiment,
    running_on,
    start_experiment,
    stop_experiment,
)
from tests.insight.scenes import NOON, QUESTION, Scene, shown, subject_of
from tests.insight.test_experiment_rules import PLAN

BOB = "account:2"
END = NOON + timedelta(days=5)


class At:
    """A clock that stands."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


class Meanwhile(At):
    """A clock that stands; while it is asked, somebody else defines the same experiment."""

    def now(self) -> datetime:
        define_experiment(plan=PLAN, by=BOB, clock=At(NOON))
        return super().now()


def _define(moment: datetime = NOON, **change: object) -> Trial:
    plan = replace(PLAN, **change)  # type: ignore[arg-type]
    return define_experiment(plan=plan, by=BOB, clock=At(moment))


def _running(moment: datetime = NOON) -> Trial:
    return start_experiment(experiment_id=_define().id, by=BOB, clock=At(moment))


def test_an_experiment_goes_from_draft_to_running_to_ended(db: None) -> None:
    drafted = _define()
    assert (drafted.standing, drafted.plan) == (Standing.DRAFT, PLAN)
    running = start_experiment(experiment_id=drafted.id, by=BOB, clock=At(NOON))
    assert (running.standing, running.began) == (Standing.RUNNING, NOON)
    ended = stop_experiment(experiment_id=drafted.id, by=BOB, clock=At(END))
    assert (ended.standing, ended.ended) == (Standing.ENDED, END)
    assert find_experiment(drafted.id) == ended


def test_each_step_is_on_record_with_who_took_it(db: None) -> None:
    trial = _running()
    stop_experiment(experiment_id=trial.id, by=BOB, clock=At(END))
    acts = Record.objects.filter(act__startswith="insight.experiment").order_by("seq")
    about = {"experiment": trial.id, "site": "hedgerow", "key": "resume-link"}
    assert [(one.act, one.by, one.about) for one in acts] == [
        ("insight.experiment.define", BOB, about),
        ("insight.experiment.start", BOB, about),
        ("insight.experiment.stop", BOB, about),
    ]


def test_a_step_that_the_state_does_not_allow_changes_nothing(db: None) -> None:
    trial = _running()
    with pytest.raises(ExperimentError, match="running cannot start"):
        start_experiment(experiment_id=trial.id, by=BOB, clock=At(END))
    assert find_experiment(trial.id) == trial
    assert Record.objects.filter(act="insight.experiment.start").count() == 1


def test_a_key_is_used_once_on_a_site(db: None) -> None:
    _define()
    with pytest.raises(ExperimentError, match="there already"):
        _define()
    assert _define(site="another").plan.key == PLAN.key


def test_of_two_who_define_the_same_key_at_once_the_second_is_told(db: None) -> None:
    with pytest.raises(ExperimentError, match="there already"):
        define_experiment(plan=PLAN, by="account:3", clock=Meanwhile(NOON))


def test_a_plan_that_cannot_be_is_not_written_down(db: None) -> None:
    with pytest.raises(ExperimentError):
        _define(key="Not a key")
    assert list_experiments() == ()


def test_what_is_not_there_can_be_neither_found_nor_started(db: None) -> None:
    assert find_experiment(7) is None
    with pytest.raises(ExperimentError, match="no such"):
        start_experiment(experiment_id=7, by=BOB, clock=At(NOON))


def test_the_newest_stands_first(db: None) -> None:
    _define()
    _define(NOON + timedelta(days=1), key="later")
    assert [trial.plan.key for trial in list_experiments()] == ["later", "resume-link"]


def test_pages_learn_of_what_runs_on_their_site_and_of_nothing_else(db: None) -> None:
    _define(key="draft")
    _define(key="elsewhere", site="another")
    trial = _running()
    assert running_on("hedgerow") == {"resume-link": [("link", 0.5), ("button", 1.0)]}
    stop_experiment(experiment_id=trial.id, by=BOB, clock=At(END))
    assert running_on("hedgerow") == {}


def _see(scene: Scene, learner: int, variant: str, minute: float = 10, key: str = PLAN.key) -> None:
    scene.act(learner, "experiment_seen", minute=minute, experiment=key, variant=variant,
              page="/courses/hedges")  # fmt: skip


def _reach(
    scene: Scene, learner: int, minute: float = 20, page: str = "/courses/x/units/2"
) -> None:
    scene.act(learner, "page_view", minute=minute, page=page, order=2)


def test_learners_and_outcomes_are_counted_by_the_form_they_saw(scene: Scene) -> None:
    for learner in range(200):
        _see(scene, learner, "button" if learner % 2 else "link")
        if learner % 2 or learner % 4 == 0:
            _reach(scene, learner)
    scene.load()
    reading = read_experiment(QUESTION, _running(), now=END)
    link, button = reading.lines
    assert (link.variant.name, link.share.learners) == ("link", shown(range(0, 200, 2)))
    assert (link.share.reached, button.share.reached) == (
        shown(range(0, 200, 4)), shown(range(1, 200, 2)),
    )  # fmt: skip
    assert (link.effect, link.gap) == (None, None)
    assert button.gap == pytest.approx(0.5, abs=0.1)
    assert button.effect is not None
    assert button.effect.low > 0.3
    assert not reading.is_uneven
    assert not reading.has_too_few
    assert reading.smallest is not None


def test_only_what_happened_after_the_form_was_seen_is_an_outcome(scene: Scene) -> None:
    for learner in range(60):
        _see(scene, learner, "link", minute=30)
        _reach(scene, learner, minute=29)
    scene.load()
    assert read_experiment(QUESTION, _running(), now=END).lines[0].share.reached == 0


def test_only_the_outcome_that_was_planned_counts(scene: Scene) -> None:
    for learner in range(60):
        _see(scene, learner, "link")
        _reach(scene, learner, page="/courses/x/forum")
    scene.load()
    assert read_experiment(QUESTION, _running(), now=END).lines[0].share.reached == 0


def test_what_was_seen_before_the_beginning_or_of_another_experiment_is_left_out(
    scene: Scene,
) -> None:
    for learner in range(60):
        _see(scene, learner, "link", minute=-60)
        _see(scene, learner, "link", key="another")
    scene.load()
    reading = read_experiment(QUESTION, _running(), now=END)
    assert [line.share.learners for line in reading.lines] == [0, 0]


def test_what_happens_after_the_end_is_left_out(scene: Scene) -> None:
    for learner in range(60):
        _see(scene, learner, "link")
        _reach(scene, learner, minute=120)
    scene.load()
    trial = _running()
    ended = stop_experiment(experiment_id=trial.id, by=BOB, clock=At(NOON + timedelta(hours=1)))
    share = read_experiment(QUESTION, ended, now=END).lines[0].share
    assert (share.learners, share.reached) == (shown(range(60)), 0)


def test_an_experiment_of_another_site_with_the_same_key_is_another(scene: Scene) -> None:
    for learner in range(60):
        _see(scene, learner, "link")
    scene.load()
    elsewhere = _define(site="another")
    trial = start_experiment(experiment_id=elsewhere.id, by=BOB, clock=At(NOON))
    assert read_experiment(QUESTION, trial, now=END).lines[0].share.learners == 0


def test_who_saw_two_forms_is_in_neither(scene: Scene) -> None:
    for learner in range(40):
        _see(scene, learner, "link")
        _see(scene, learner, "button", minute=15)
    scene.load()
    reading = read_experiment(QUESTION, _running(), now=END)
    assert [line.share.learners for line in reading.lines] == [0, 0]
    assert reading.several == shown(range(40))


def test_too_few_learners_are_not_compared(scene: Scene) -> None:
    for learner in range(20):
        _see(scene, learner, "button" if learner % 2 else "link")
    scene.load()
    reading = read_experiment(QUESTION, _running(), now=END)
    assert reading.has_too_few
    assert (reading.lines[1].effect, reading.smallest) == (None, None)


def test_an_uneven_draw_is_said(scene: Scene) -> None:
    for learner in range(300):
        _see(scene, learner, "link" if learner % 3 else "button")
    scene.load()
    assert read_experiment(QUESTION, _running(), now=END).is_uneven


def test_a_draft_shows_nothing(scene: Scene) -> None:
    reading = read_experiment(QUESTION, _define(), now=END)
    assert [line.share.learners for line in reading.lines] == [0, 0]
    assert period_of(_define(key="other"), now=END).first == END.date()


def test_who_withdraws_or_is_out_of_scope_is_not_read(scene: Scene) -> None:
    for learner in range(90):
        scene.act(learner, "experiment_seen", minute=5, experiment=PLAN.key, variant="link",
                  institution="hedge" if learner < 60 else "bramble")  # fmt: skip
    scene.load()
    withhold(subjects=[subject_of(one) for one in range(30)], uses=Use.ANALYTICS, by="test")
    trial = _running()
    everywhere = read_experiment(QUESTION, trial, now=END)
    hedge = replace(QUESTION, scope=Scope(institutions=frozenset({"hedge"})))
    assert everywhere.lines[0].share.learners == shown(range(30, 90))
    assert read_experiment(hedge, trial, now=END).lines[0].share.learners == shown(range(30, 60))


def test_the_days_of_an_experiment_are_utc_days(db: None) -> None:
    trial = _running(datetime(2026, 10, 5, 23, 30, tzinfo=UTC))
    period = period_of(trial, now=END)
    assert (period.first, period.last) == (NOON.date(), END.date())
