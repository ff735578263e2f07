"""A few learners with a month of events, through the real log and loader, for tests and pictures.

Made from a seed: the same population each time but for the day it ends on. Alice's account is
vouched for by the site; some of the others refused, so only their coursework is there.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from privet.accounts.models import Account, PersonKey, Site, Subject
from privet.accounts.registry import create_institution, create_site
from privet.accounts.roles import Role
from privet.accounts.service import create_account, grant_role
from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import ESSENTIAL, Use
from privet.events.log import SegmentWriter, claim_log
from privet.events.record import Actor, Batch, Circumstance, Entry, encode_batch
from privet.intake.loader import Loader
from privet.kernel.clock import to_micros
from privet.kernel.config import Config
from privet.kernel.crypto import KeyRing, person_key
from privet.kernel.ids import event_id_from

SITE = "hedgerow"
HEDGE, BRAMBLE = "hedge-university", "bramble-college"
PASSWORD = "a hedge of many brambles"
STATISTICS = "course-v1:Hedge+S101+2026"
POETRY = "course-v1:Bramble+P1+2026"
_COURSES = ((STATISTICS, HEDGE), ("course-v1:Hedge+B205+2026", HEDGE), (POETRY, BRAMBLE))
_PLACES = (
    ("ES", "residential", 3352, "Telefonica de Espana", "Firefox 128", "Linux", "desktop"),
    ("DE", "residential", 3320, "Deutsche Telekom AG", "Chrome 141", "Windows 11", "desktop"),
    ("KE", "mobile", 33771, "Safaricom Limited", "Chrome Mobile 141", "Android 14", "mobile"),
    ("BR", "residential", 26599, "Telefonica Brasil S.A", "Edge 140", "Windows 10", "desktop"),
    ("IN", "mobile", 55836, "Reliance Jio", "Chrome Mobile 141", "Android 13", "mobile"),
    ("US", "relay", 36183, "Akamai Technologies, Inc.", "Safari 18", "iOS 18", "mobile"),
    ("MX", "education", 278, "Universidad Nacional Autonoma de Mexico", "Safari 17", "macOS",
     "desktop"),
)  # fmt: skip
_PAGES = (("Course home", "home"), ("Unit 1 · Samples", "unit-1"), ("Problem 1.2", "problem-1-2"))
_OBSERVED = Use.ANALYTICS | Use.PERSONALISATION


@dataclass(frozen=True)
class Learner:
    """One of the population, with a pseudonym that does not change between tests."""

    number: int
    external_id: str
    agrees: bool

    @property
    def subject(self) -> int:
        return 1_000_000_007 * (self.number + 1)

    def key(self, keys: KeyRing) -> bytes:
        return person_key(keys.link_key(), SITE, self.external_id)


def make_learners(number: int) -> list[Learner]:
    """Alice and the others; in each course some refused."""
    names = ["alice", *(f"learner-{n}" for n in range(1, number))]
    return [Learner(n, name, n // 3 % 3 != 2) for n, name in enumerate(names)]


def register(learners: list[Learner], keys: KeyRing) -> None:
    """Institutions, the site, and every learner's pseudonym, in the database."""
    create_institution(slug=HEDGE, name="Hedge University", by="test")
    create_institution(slug=BRAMBLE, name="Bramble College", by="test")
    create_site(
        slug=SITE, name="Hedgerow Courses", origins=["http://127.0.0.1:8400"], by="test",
        institution=HEDGE,
    )  # fmt: skip
    for learner in learners:
        subject = Subject.objects.create(pk=learner.subject, person=learner.subject)
        PersonKey.objects.create(key=learner.key(keys), subject=subject, sequence=1)


def make_staff(email: str, role: Role, institution: str = "") -> Account:
    """Somebody with one role, who signs in with `PASSWORD`."""
    account = create_account(
        email=email, by="test", password=PASSWORD, name=email.partition("@")[0].title()
    )
    grant_role(account_id=account.pk, role=role, by="test", institution=institution)
    return account


def make_alice(learner: Learner) -> Account:
    """Alice's account, for which the site has vouched."""
    account = Account.objects.create_user(name="Alice", country="ES")
    account.externalid_set.create(
        site=Site.objects.get(slug=SITE), external_id=learner.external_id, institution=HEDGE
    )
    Subject.objects.filter(pk=learner.subject).update(account=account)
    return account


def fill(config: Config, loader: Loader, learners: list[Learner], *, until: datetime) -> int:
    """Write a month of the learners' events to the log and load it; returns how many."""
    keys = KeyRing(config.keys)
    with SegmentWriter(claim_log(config.log, prefix="import")) as writer:
        for learner in learners:
            writer.append_sync(encode_batch(_batch(learner, keys, until)))
    return loader.load_once().events


def _batch(learner: Learner, keys: KeyRing, until: datetime) -> Batch:
    random = Random(learner.number)  # noqa: S311 - a population, not a secret
    country, kind, asn, organisation, browser, system, device = _PLACES[
        learner.number % len(_PLACES)
    ]
    circumstance = Circumstance(
        country=country, network_kind=kind, network_evidence="test", asn=asn,
        organisation=organisation, browser=browser, os=system, device=device,
    )  # fmt: skip
    return Batch(
        version=1, source=f"web:{SITE}", namespace=learner.number.to_bytes(8, "big"), site=SITE,
        received=to_micros(until), actors=[Actor(learner.key(keys))],
        circumstances=[circumstance], entries=list(_entries(learner, random, until)),
    )  # fmt: skip


def _entries(learner: Learner, random: Random, until: datetime) -> Iterator[Entry]:
    for ago in range(56, -1, -1):
        day = (until - timedelta(days=ago)).replace(hour=0, minute=0, second=0, microsecond=0)
        if random.random() > (0.55 if day.weekday() < 5 else 0.25):
            continue
        moment = day + timedelta(hours=random.randint(6, 20), minutes=random.randint(0, 59))
        session = random.getrandbits(62) + 1
        for name, page, detail in _visit(random):
            moment += timedelta(seconds=random.randint(20, 400))
            if moment < until:
                yield from _entry(
                    learner,
                    random,
                    name=name,
                    moment=moment,
                    session=session,
                    page=page,
                    detail=detail,
                )


def _visit(random: Random) -> Iterator[tuple[str, str, dict[str, object]]]:
    for title, path in _PAGES[: random.randint(1, 3)]:
        yield "page_view", path, {"title": title, "order": 1, "language": "en"}
        if random.random() < 0.4:
            yield "link_click", path, {"target": "/courses/next", "text": "Next"}
    if random.random() < 0.5:
        yield "play_video", "unit-1", {"id": "v1", "currentTime": 0.0, "duration": 311.5}
    if random.random() < 0.6:
        grade = random.randint(0, 3)
        yield "problem_check", "problem-1-2", {
            "problem_id": "block-v1:Hedge+S101+2026+type@problem+block@p12",
            "grade": grade, "max_grade": 3, "attempts": random.randint(1, 4),
            "success": "correct" if grade == 3 else "incorrect",
        }  # fmt: skip
    if random.random() < 0.1:
        yield "edx.course.enrollment.activated", "", {"mode": "audit"}
    if random.random() < 0.15:
        yield "edx.forum.thread.created", "", {"id": "t1", "length": random.randint(20, 900)}
    if random.random() < 0.2:
        yield "login", "", {"method": "password", "outcome": "success"}


def _entry(
    learner: Learner,
    random: Random,
    *,
    name: str,
    moment: datetime,
    session: int,
    page: str,
    detail: dict[str, object],
) -> Iterator[Entry]:
    allowed = ESSENTIAL | _OBSERVED if learner.agrees else ESSENTIAL
    uses = EVENTS[name].uses & allowed
    if not uses:
        return
    course, institution = _COURSES[learner.number % len(_COURSES)]
    millis = to_micros(moment) // 1000
    yield Entry(
        event_id=event_id_from(millis, random.getrandbits(74)).bytes,
        time=to_micros(moment), name=name, uses=int(uses), actor=0, circumstance=0,
        session=session, institution=institution, course=course,
        page_path=f"/courses/{page}" if page else "", detail=json.dumps(detail).encode(),
    )  # fmt: skip


@cache
def end_of_yesterday() -> datetime:
    """A moment that no event of the population comes after; the same though midnight passes."""
    now = datetime.now(UTC)
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
