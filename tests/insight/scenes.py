"""Acts of a few learners, written one by one and loaded into a lake of their own."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from privet.accounts.models import PersonKey, Subject
from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import Use
from privet.events.log import SegmentWriter, claim_log
from privet.events.query import Scope
from privet.events.record import Actor, Batch, Circumstance, Entry, encode_batch
from privet.insight.asking import Question
from privet.insight.noise import Noise
from privet.insight.rules import Period
from privet.intake.loader import default_loader
from privet.kernel.clock import to_micros
from privet.kernel.config import Config
from privet.kernel.crypto import KeyRing, person_key
from privet.kernel.ids import event_id_from
from tests.web.conftest import NOISE_SECRET

SITE = "hedgerow"
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
QUESTION = Question(
    period=Period(first=NOON.date(), last=NOON.date() + timedelta(days=6)),
    scope=Scope(),
    by="test",
)
ALLOWED = Use.ANALYTICS | Use.PERSONALISATION | Use.INSTRUCTION


def subject_of(learner: int) -> int:
    """The pseudonym of a learner by number, spread over the keys as a real one is."""
    return (learner + 1) * 5_489_210_987_654_321 % (1 << 62)


def shown(learners: range | list[int]) -> int:
    """How many learners a page says there are, with the noise of these."""
    key = sum(subject_of(one) % 4294967296 for one in learners)
    return Noise(NOISE_SECRET).on_count(len(learners), key)


@dataclass
class Scene:
    """Collects acts, then loads them."""

    config: Config
    entries: dict[int, list[Entry]] = field(default_factory=dict)
    number: int = 0

    def act(
        self,
        learner: int,
        name: str,
        *,
        minute: float = 0,
        page: str = "",
        course: str = "",
        institution: str = "",
        session: int = 0,
        referrer: str = "",
        campaign: str = "",
        object: str = "",  # noqa: A002 - the column's name
        uses: Use = ALLOWED,
        **detail: object,
    ) -> None:
        """A learner did something so many minutes after `NOON`."""
        self.number += 1
        moment = NOON + timedelta(minutes=minute)
        entry = Entry(
            event_id=event_id_from(to_micros(moment) // 1000, self.number).bytes,
            time=to_micros(moment), name=name, uses=int(uses & EVENTS[name].uses), actor=0,
            circumstance=0, session=session or learner + 1, institution=institution, course=course,
            object=object, page_path=page, referrer_host=referrer, campaign=campaign,
            detail=json.dumps(detail).encode(),
        )  # fmt: skip
        self.entries.setdefault(learner, []).append(entry)

    def load(self) -> None:
        """Put all of it into the lake."""
        keys = KeyRing(self.config.keys)
        with SegmentWriter(claim_log(self.config.log, prefix="import")) as writer:
            for learner, entries in self.entries.items():
                writer.append_sync(encode_batch(_batch(learner, entries, keys)))
        default_loader().load_once()


def _batch(learner: int, entries: list[Entry], keys: KeyRing) -> Batch:
    key = person_key(keys.link_key(), SITE, f"learner-{learner}")
    subject, _ = Subject.objects.get_or_create(
        pk=subject_of(learner), defaults={"person": subject_of(learner)}
    )
    PersonKey.objects.get_or_create(key=key, defaults={"subject": subject, "sequence": 1})
    device = "mobile" if learner % 2 else "desktop"
    return Batch(
        version=1, source=f"web:{SITE}", namespace=learner.to_bytes(8, "big"), site=SITE,
        received=to_micros(NOON + timedelta(days=7)), actors=[Actor(key)],
        circumstances=[Circumstance(device=device)], entries=entries,
    )  # fmt: skip
