"""One step in what a person allows: the record, the standings, the audit act, the lake's hiding.

All of it in the caller's transaction, while the caller holds the ledger's head.
"""

import secrets
from dataclasses import dataclass, replace
from uuid import UUID

from privet.audit.service import record_act
from privet.catalogue.uses import CHOICE_USES, NO_CHOICES, TERMS, Use
from privet.consent import rules
from privet.consent.ledger import SALT_BYTES, Control, Entry, Kind, Layer, NoticeShown, append
from privet.consent.models import Decision, Head
from privet.consent.person import Who
from privet.consent.rules import Answers
from privet.consent.served import Shown, record_shown
from privet.consent.state import Reach, State, write_state
from privet.events.service import release, restrict, unrestrict, withhold
from privet.kernel.clock import Clock, to_micros
from privet.kernel.ids import new_event_id

__all__ = ["Asked", "Change", "Who"]
_ALL_USES = Use(sum(TERMS))
_FORWARD_ONLY = (Kind.EXPIRY, Kind.PLACE)
"""What was allowed stays lawful when a decision expires or its maker moves; what comes is not."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was put before the person, and how they answered."""

    answers: Answers
    shown: NoticeShown
    control: Control
    layer: Layer
    gpc: bool = False
    request_id: UUID | None = None
    """Chosen by the client: the same twice adds nothing."""
    institution: str = ""
    course: str = ""
    served: Shown | None = None
    """The notice as it was served to this person; none if the client does not say."""
    confirmed: bool = False
    """The person was shown that their yes is against Global Privacy Control, and confirmed it."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A step from one state of a person to another."""

    kind: Kind
    who: Who
    reach: Reach
    before: State | None
    after: State

    def put_in_force(
        self, head: Head, *, by: str, clock: Clock, asked: Asked | None = None, why: str = ""
    ) -> Decision:
        """Write record, standings, audit act and hiding; the caller holds the head."""
        served = None
        if asked and asked.served:
            served = record_shown(head, asked.served, who=self.who, clock=clock)
        record = append(
            head,
            self._entry(asked, by, served),
            at=clock.now(),
            record_id=new_event_id(to_micros(clock.now()) // 1000),
            salt=secrets.token_bytes(SALT_BYTES),
        )
        if self.reach.keys:
            write_state(self.reach.keys, self.after, sequence=record.sequence)
        about = {"record": str(record.record_id), "site": self.who.site}
        record_act(act=f"consent.{self.kind}", by=by, about=about, why=why, clock=clock)
        if self.reach.subjects and self.kind not in _FORWARD_ONLY:
            self._hide_and_show(by, clock)
        return record

    def _entry(self, asked: Asked | None, by: str, served: UUID | None) -> Entry:
        said = asked.answers if asked else self.after.answers or Answers(NO_CHOICES, NO_CHOICES)
        return Entry(
            kind=self.kind,
            site=self.who.site,
            institution=asked.institution if asked else "",
            course=asked.course if asked else "",
            registry=asked.served.registry if asked and asked.served else "",
            notice_served=served,
            confirmed=self.after.confirmed,
            person_key=self.who.key,
            account_id=self.who.account_id,
            answers=said,
            in_force=self.after.standing().choices,
            in_force_before=self._choices_before(),
            regime=self.after.regime,
            age=self.after.age,
            gpc=self.after.gpc,
            by=by,
            objected=int(self.after.objected),
            restricted=self.after.restricted,
            control=asked.control if asked else Control.NONE,
            layer=asked.layer if asked else Layer.NONE,
            notice=asked.shown if asked else None,
            request_id=asked.request_id if asked else None,
        )

    def _choices_before(self) -> int | None:
        decided = self.before is not None and self.before.answers is not None
        return self.before.standing().choices if self.before and decided else None

    def _hide_and_show(self, by: str, clock: Clock) -> None:
        """Tell the lake what was withdrawn and what was granted.

        Restriction is the lake's own switch, so the uses are compared as if there were none.
        """
        subjects = self.reach.subjects
        was = _unrestricted(self.before) if self.before else rules.UNDECIDED
        now = _unrestricted(self.after)
        lost = _lost_uses(was, now)
        if lost:
            withhold(subjects=subjects, uses=lost, by=by, clock=clock)
        # Releasing what was never withheld does nothing.
        release(subjects=subjects, uses=Use(now.uses), by=by, clock=clock)
        self._switch_restriction(by, clock)

    def _switch_restriction(self, by: str, clock: Clock) -> None:
        was = self.before.restricted if self.before else False
        if self.after.restricted and not was:
            restrict(subjects=self.reach.subjects, by=by, clock=clock)
        if was and not self.after.restricted:
            unrestrict(subjects=self.reach.subjects, by=by, clock=clock)


def _unrestricted(state: State) -> rules.Standing:
    return replace(state, restricted=False).standing()


def _lost_uses(was: rules.Standing, now: rules.Standing) -> Use:
    """What must be hidden of the past.

    A first decision hides all that it does not allow: rows may have been imported on another's
    word. A choice that is withdrawn hides its use even if another choice still opens that use;
    the release that follows then lets only new rows serve it.
    """
    if now.decided and not was.decided:
        return Use(int(_ALL_USES) & ~now.uses)
    # Imported rows may serve a use that an undecided person never had: an objection hides them too.
    lost = Use(was.uses & ~now.uses | now.objected & ~was.objected)
    for choice, use in CHOICE_USES.items():
        if choice & was.choices & ~now.choices:
            lost |= use
    return lost
