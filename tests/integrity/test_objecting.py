"""Who objects to honest grades being looked at is not seen by the detectors any more."""

from datetime import timedelta

from privet.accounts.subjects import subjects_for
from privet.catalogue.uses import Use
from privet.consent.service import record_objection
from privet.events.lake import default_lake
from privet.events.record import Actor
from privet.integrity.pipeline import Wanted, run_detectors
from privet.kernel.clock import FixedClock, SystemClock
from tests.consent.kit import ALICE
from tests.integrity.cast import run as run_cases
from tests.integrity.scene import BOB, NOW, PROBLEMS, Scene, day_of, findings, run


def test_an_objection_hides_a_learner_from_the_detectors_and_its_findings_fall(
    scene: Scene,
) -> None:
    assert ALICE.key is not None
    (alice,) = subjects_for([Actor(ALICE.key)])
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS, master=alice)
    scene.load()
    run()
    assert [one.subjects[-1] for one in findings()] == [alice]
    record_objection(who=ALICE, uses=Use.INTEGRITY, by="account:1", clock=SystemClock())
    run(first=day_of(0))
    assert findings() == []


def test_findings_about_them_fall_with_the_next_run_though_the_course_is_long_over(
    scene: Scene,
) -> None:
    (alice,) = _alice()
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS, master=alice)
    scene.load()
    run()
    run_cases(FixedClock(NOW))
    record_objection(who=ALICE, uses=Use.INTEGRITY, by="account:1", clock=SystemClock())
    assert run().fell == 1
    assert findings() == []
    assert run_cases(FixedClock(NOW)).fell == 1


def test_findings_of_a_shared_account_fall_too_when_days_are_no_longer_read(scene: Scene) -> None:
    (alice,) = _alice()
    there = {"address": 99, "asn": 2, "browser": "Safari 18", "system": "macOS", "country": "JP"}
    scene.submits(BOB, "p00", day=0, second=0)
    for day in range(26):
        scene.submits(alice, f"a{day}", day=day, second=0)
        if day > 15:
            scene.submits(alice, f"b{day}", day=day, second=3600, **there)
    scene.load()
    run()
    assert [one.subjects for one in findings()] == [(alice,)]
    record_objection(who=ALICE, uses=Use.INTEGRITY, by="account:1", clock=SystemClock())
    scene.submits(BOB, "p01", day=100, second=0)
    scene.load()
    run_detectors(Wanted(), lake=default_lake(), by="test", now=NOW + timedelta(days=90))
    assert findings() == []


def _alice() -> list[int]:
    assert ALICE.key is not None
    return subjects_for([Actor(ALICE.key)])
