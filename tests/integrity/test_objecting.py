"""Who objects to honest grades being looked at is not seen by the detectors any more."""

from privet.accounts.subjects import subjects_for
from privet.catalogue.uses import Use
from privet.consent.service import record_objection
from privet.events.record import Actor
from privet.kernel.clock import SystemClock
from tests.consent.kit import ALICE
from tests.integrity.scene import PROBLEMS, Scene, day_of, findings, run


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
