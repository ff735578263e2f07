"""The loader: what the log holds comes into the lake once, as far as it may."""

import shutil
import signal
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest

from privet.catalogue.uses import Use
from privet.consent.snapshot import Snapshot
from privet.events.lake import LakePoint
from privet.events.log import claim_log, list_segments
from privet.events.log.writer import SegmentWriter
from privet.events.models import Withholding
from privet.events.record import NOBODY, Actor, Circumstance, Entry
from privet.events.service import erase_subjects, release, withhold
from privet.events.worker_status import WorkerStatus, read_status, write_status
from privet.intake import loader as loader_module
from privet.intake.loader import Point, default_loader, load_once, waiting
from privet.intake.loader_gate import LoadDrop
from privet.intake.quarantine import Quarantine
from privet.kernel.clock import FixedClock
from privet.kernel.config import Config
from privet.kernel.crypto import KeyRing
from tests.intake import loading_child
from tests.intake.loading import (
    ALICE,
    AT,
    BOB,
    NOON,
    PLACE,
    batch,
    entry,
    make_config,
    make_lake,
    make_loader,
    sessions,
    stored,
    times_stored,
    write,
)

pytestmark = pytest.mark.django_db
DAY = 86_400_000_000


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_config(tmp_path)


def subject_of(actor: Actor) -> int:
    from privet.accounts.service import subjects_for

    return subjects_for([actor])[0]


def test_an_event_comes_into_the_lake_with_all_that_is_said_of_it(config: Config) -> None:
    whole = entry(
        1, uses=255, institution="hedge", course="c1", object="o", page_path="/p",
        referrer_host="r", campaign="c", detail=b'{"title":"\xc3\xa9"}',
    )  # fmt: skip
    write(config, batch(whole))
    report = make_loader(config).load_once()
    assert (report.segments, report.events, report.dropped) == (1, 1, {})
    assert report.oldest == NOON + timedelta(seconds=1)
    (row,) = stored(config)
    expected = msgspec.structs.asdict(whole) | msgspec.structs.asdict(PLACE)
    expected |= {
        "time": NOON, "received": NOON + timedelta(seconds=1), "subject": subject_of(ALICE),
        "source": "web:hedgerow", "site": "hedgerow", "detail": '{"title":"é"}',
    }  # fmt: skip
    del expected["actor"], expected["circumstance"]
    assert row == expected


def test_each_event_has_the_subject_and_circumstance_of_its_own(config: Config) -> None:
    other = Circumstance(country="PT")
    write(
        config,
        batch(
            entry(1, actor=1, circumstance=1), entry(2, actor=NOBODY, circumstance=NOBODY),
            circumstances=[PLACE, other],
        ),
        batch(entry(3, actor=0), actors=[BOB], namespace=b"bob-----"),
        batch(),
    )  # fmt: skip
    make_loader(config).load_once()
    bob = subject_of(BOB)
    assert [(r["subject"], r["country"]) for r in stored(config)] == [
        (bob, "PT"), (0, None), (bob, "ES"),
    ]  # fmt: skip


def test_segments_are_removed_when_they_are_loaded(config: Config) -> None:
    write(config, batch(entry(1)))
    write(config, batch(entry(2)), prefix="other")
    assert waiting(config.log)[0] == 2
    make_loader(config).load_once()
    assert waiting(config.log) == (0, 0)
    assert sessions(config) == [1, 2]


def test_a_segment_that_is_loaded_while_one_looks_does_not_wait(config: Config) -> None:
    write(config, batch(entry(1)))
    (segment,) = list_segments(config.log)
    segment.path.unlink()
    segment.path.symlink_to("gone.seg")
    assert waiting(config.log) == (0, 0)


def test_an_empty_log_is_nothing_to_do(config: Config) -> None:
    assert make_loader(config).load_once().segments == 0
    assert make_lake(config).version() == -1


def test_a_load_takes_no_more_than_one_commit_should(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader_module, "MOST_BYTES", 10)
    for number in range(3):
        write(config, batch(entry(number)))
    loader = make_loader(config)
    assert [loader.load_once().segments for _ in range(4)] == [1, 1, 1, 0]
    assert sessions(config) == [0, 1, 2]


def test_the_segment_of_a_writer_that_died_is_loaded_too(config: Config) -> None:
    writer = SegmentWriter(claim_log(config.log, prefix="dead"))
    writer.append_sync(batch(entry(1)))
    writer.flush()
    # Its process is gone, and with it the lock.
    writer._claim.release()
    assert make_loader(config).load_once().events == 1


def test_an_event_that_comes_again_adds_nothing(config: Config) -> None:
    write(config, batch(entry(1), entry(1)))
    write(config, batch(entry(1), entry(2)), prefix="other")
    report = make_loader(config).load_once()
    assert (report.events, report.dropped) == (2, {LoadDrop.DUPLICATE: 2})
    write(config, batch(entry(2), entry(3)))
    report = make_loader(config, clock=FixedClock(NOON + timedelta(days=9))).load_once()
    assert (report.events, report.dropped) == (1, {LoadDrop.DUPLICATE: 1})
    assert sessions(config) == [1, 2, 3]


def test_one_source_cannot_take_anothers_ids(config: Config) -> None:
    write(config, batch(entry(1)), batch(entry(1), namespace=b"mallory-"))
    assert make_loader(config).load_once().events == 2


class DiedError(BaseException):
    """The process is gone, as far as the loader can tell."""


@pytest.mark.parametrize("point", list(Point))
def test_a_load_that_ends_anywhere_is_made_good_by_the_next(config: Config, point: Point) -> None:
    write(config, batch(entry(1), entry(2)))
    write(config, batch(entry(3)), prefix="other")

    def die(reached: Point) -> None:
        if reached is point:
            raise DiedError

    with pytest.raises(DiedError):
        make_loader(config, reach=die).load_once()
    write(config, batch(entry(2), entry(4)))
    make_loader(config).load_once()
    assert times_stored(config) == {1: 1, 2: 1, 3: 1, 4: 1}
    assert waiting(config.log)[0] == 0


def test_a_lost_index_of_ids_loses_no_event_and_repeats_no_segment(config: Config) -> None:
    write(config, batch(entry(1)))

    def die(reached: Point) -> None:
        if reached is Point.COMMITTED:
            raise DiedError

    with pytest.raises(DiedError):
        make_loader(config, reach=die).load_once()
    shutil.rmtree(config.home / "seen")
    make_loader(config).load_once()
    write(config, batch(entry(1)))
    make_loader(config).load_once()
    assert sessions(config) == [1]


def test_a_damaged_segment_is_loaded_as_far_as_it_is_whole(config: Config) -> None:
    write(config, batch(entry(1)), batch(entry(2)), batch(entry(3)))
    (segment,) = list_segments(config.log)
    data = bytearray(segment.path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    segment.path.write_bytes(data)
    report = make_loader(config).load_once()
    assert sessions(config) == [1, 3]
    (part,) = report.damaged
    assert (part.reason, part.log_id) == ("bad_checksum", segment.log_id)
    assert Quarantine(config.quarantine).parts() == [part]
    assert waiting(config.log)[0] == 0


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"\xc1", b"\x90", batch(entry(1), version=2), batch(entry(1, actor=7)),
        batch(entry(1, circumstance=5)), batch(entry(1, actor=-2)),
        batch(msgspec.structs.replace(entry(1), event_id=b"\1" * 15)),
    ],
)  # fmt: skip
def test_a_frame_that_is_no_batch_is_set_aside(config: Config, payload: bytes) -> None:
    write(config, payload or b"?", batch(entry(9)))
    report = make_loader(config).load_once()
    assert [part.reason for part in report.damaged] == ["not_a_batch"]
    assert sessions(config) == [9]


@pytest.mark.parametrize(
    "bad",
    [entry(1, uses=2**40), entry(1, detail=b"\xff\xfe"), entry(1, session=2**63)],
    ids=["a number too large", "text that is none", "a session too large"],
)
def test_a_batch_that_cannot_be_stored_is_set_aside_and_not_in_the_way(
    config: Config, bad: Entry
) -> None:
    write(config, batch(bad), batch(entry(9)), batch())
    report = make_loader(config).load_once()
    assert [part.reason for part in report.damaged] == ["not_storable"]
    assert sessions(config) == [9]
    write(config, batch(bad))
    assert make_loader(config).load_once().events == 0


def test_the_same_damage_twice_is_set_aside_once(config: Config) -> None:
    write(config, b"no batch")

    def die(reached: Point) -> None:
        if reached is Point.WRITTEN:
            raise DiedError

    with pytest.raises(DiedError):
        make_loader(config, reach=die).load_once()
    make_loader(config).load_once()
    assert len(Quarantine(config.quarantine).parts()) == 1


def test_what_lay_in_quarantine_for_a_month_is_forgotten(config: Config) -> None:
    write(config, b"no batch")
    make_loader(config).load_once()
    quarantine = Quarantine(config.quarantine)
    assert quarantine.forget_old(NOON + timedelta(days=29)) == 0
    assert quarantine.forget_old(NOON + timedelta(days=31)) == 1
    assert list(config.quarantine.iterdir()) == []


def standing(actor: Actor, **values: object) -> None:
    """Write what an actor decided as the ledger would."""
    from privet.consent.models import Head, Standing

    said = {"uses": 7, "choices": 0, "decided": NOON, "restricted": False, "objected": 0,
            "gpc": False, "expires": None}  # fmt: skip
    head, _ = Head.objects.get_or_create(pk=1, defaults={"sequence": 0})
    head.sequence += 1
    head.save()
    fields = {f.name for f in Standing._meta.get_fields()}
    every = {k: v for k, v in (said | values).items() if k in fields}
    Standing.objects.create(person_key=actor.person_key, sequence=head.sequence, **every)


def test_who_withdrew_before_the_load_is_obeyed(config: Config) -> None:
    standing(ALICE, uses=7)
    write(config, batch(entry(1, uses=8), entry(2, uses=15), entry(3, actor=1)))
    report = make_loader(config).load_once()
    assert report.dropped == {LoadDrop.NOT_ALLOWED: 1}
    assert [(r["session"], r["uses"]) for r in stored(config)] == [(2, 7), (3, 8)]


def test_who_has_not_decided_keeps_what_the_door_allowed(config: Config) -> None:
    standing(ALICE, decided=None, uses=7)
    write(config, batch(entry(1, uses=8)))
    assert make_loader(config).load_once().events == 1


def test_an_objection_counts_without_a_decision(config: Config) -> None:
    standing(ALICE, decided=None, objected=2, uses=5)
    write(config, batch(entry(1, uses=10)))
    make_loader(config).load_once()
    assert [r["uses"] for r in stored(config)] == [8]


def test_a_withholding_holds_for_rows_that_come_late(config: Config) -> None:
    subject = subject_of(ALICE)
    clock = FixedClock(NOON + timedelta(hours=1))
    withhold(subjects=[subject], uses=Use.ANALYTICS, by="test", clock=clock)
    write(config, batch(entry(1, uses=9), entry(2, uses=8)))
    make_loader(config).load_once()
    assert [(r["session"], r["uses"]) for r in stored(config)] == [(1, 1)]
    Withholding.objects.update(is_cleared=True)
    release(subjects=[subject], uses=Use.ANALYTICS, by="test", clock=clock)
    late, after = entry(3, uses=8), entry(4, at=AT + 3 * 3_600_000_000, uses=8)
    write(config, batch(late), batch(after, received=after.time))
    report = make_loader(config).load_once()
    assert report.dropped == {LoadDrop.NOT_ALLOWED: 1}
    assert sessions(config) == [1, 4]


def test_what_the_erased_did_before_is_not_let_in_again(config: Config) -> None:
    clock, keys = FixedClock(NOON), KeyRing(config.keys)
    erase_subjects(subjects=[], person_keys=[ALICE.person_key], by="test", clock=clock, keys=keys)
    later = AT + DAY
    write(
        config,
        batch(entry(1), entry(2, actor=1), entry(3, actor=NOBODY)),
        batch(entry(4, at=later), received=later),
    )
    loader = make_loader(config)
    assert loader.load_once().dropped == {LoadDrop.ERASED: 1}
    assert sessions(config) == [2, 3, 4]
    erase_subjects(subjects=[], person_keys=[BOB.person_key], by="test", clock=clock, keys=keys)
    write(config, batch(entry(5, actor=1), entry(6)))
    assert loader.load_once().dropped == {LoadDrop.ERASED: 2}


def test_an_alias_of_the_erased_is_known_too(config: Config) -> None:
    keys = KeyRing(config.keys)
    erase_subjects(
        subjects=[], person_keys=[b"x" * 16], by="test", clock=FixedClock(NOON), keys=keys
    )
    write(config, batch(entry(1), actors=[Actor(ALICE.person_key, (b"x" * 16,))]))
    assert make_loader(config).load_once().dropped == {LoadDrop.ERASED: 1}


def test_a_pseudonym_that_was_erased_gets_no_older_row(config: Config) -> None:
    keys, subject = KeyRing(config.keys), subject_of(ALICE)
    erase_subjects(subjects=[subject], person_keys=[], by="test", clock=FixedClock(NOON), keys=keys)
    write(config, batch(entry(1), entry(2, actor=1)))
    report = make_loader(config).load_once()
    assert report.dropped == {LoadDrop.ERASED: 1}
    assert sessions(config) == [2]


def test_an_event_whose_uses_have_all_expired_is_not_stored(config: Config) -> None:
    old = AT - 400 * DAY
    write(config, batch(entry(1, at=old, uses=8), entry(2, at=old, uses=9)))
    assert make_loader(config).load_once().dropped == {LoadDrop.EXPIRED: 1}
    assert [(r["session"], r["uses"]) for r in stored(config)] == [(2, 1)]


def test_what_is_sealed_of_a_day_without_a_key_is_not_stored(config: Config) -> None:
    write(config, batch(entry(1, uses=2), entry(2, uses=2, at=AT - 40 * DAY)))
    make_loader(config).load_once()
    assert [r["sealed"] for r in stored(config)] == [None, b"sealed"]


def test_a_row_keeps_only_what_its_uses_may_see(config: Config) -> None:
    write(config, batch(entry(1, uses=1)))
    make_loader(config).load_once()
    (row,) = stored(config)
    assert row["country"] is row["address_token"] is row["sealed"] is None


def test_the_loader_of_the_installation_is_one() -> None:
    assert default_loader() is default_loader()
    assert load_once().segments == 0


def test_the_status_of_a_worker_can_be_read(tmp_path: Path) -> None:
    assert read_status(tmp_path) is None
    status = WorkerStatus(
        beat=NOON, pid=1, segments_waiting=2, bytes_waiting=3, lag_seconds=0.5, events_loaded=4,
        dropped={"erased": 1}, parts_quarantined=0, last_pass=NOON.date(), lake_version=9,
    )  # fmt: skip
    write_status(tmp_path / "live", status)
    assert read_status(tmp_path / "live") == status


def test_a_snapshot_is_read_anew_for_each_load(config: Config) -> None:
    loader = make_loader(config)
    write(config, batch(entry(1)))
    loader.load_once()
    standing(ALICE, uses=7)
    write(config, batch(entry(2)))
    assert loader.load_once().dropped == {LoadDrop.NOT_ALLOWED: 1}
    assert isinstance(loader._snapshot, Snapshot)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("installation") / "home"
    loading_child.make_home(home)
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "home"))


POINTS = [*Point, *LakePoint, loading_child.REMOVING, loading_child.SHORTENED]


@pytest.mark.parametrize("point", list(map(str, POINTS)))
def test_kill_nine_at_a_named_point_loses_nothing_and_repeats_nothing(
    home: Path, point: str
) -> None:
    config = make_config(home)
    for number in range(3):
        write(config, batch(entry(number), entry(number + 10)))
    killed = loading_child.start(home, point)
    killed.communicate(timeout=600)
    assert killed.returncode == -signal.SIGKILL
    _load_all(home)
    assert times_stored(config) == dict.fromkeys([0, 1, 2, 10, 11, 12], 1)


def test_kill_nine_at_random_loses_nothing_and_repeats_nothing(home: Path) -> None:
    stored, written = _kill_at_random(home, rounds=4, seed=1)
    assert stored == dict.fromkeys(range(written), 1)


@pytest.mark.soak
def test_fifty_kills_at_random_lose_nothing_and_repeat_nothing(home: Path) -> None:
    stored, written = _kill_at_random(home, rounds=50, seed=2)
    assert stored == dict.fromkeys(range(written), 1)


def _kill_at_random(home: Path, *, rounds: int, seed: int) -> tuple[dict[int, int], int]:
    """How often each event is in the lake, and how many were written."""
    config, random = make_config(home), Random(seed)  # noqa: S311 - a test, not a secret
    written = 0
    for _ in range(rounds):
        victim = loading_child.start(home)
        assert victim.stdout is not None
        victim.stdout.readline()
        for _ in range(random.randint(1, 6)):
            # Every other event is sent twice, as a browser does that saw no answer.
            numbers = [written, written + 1, written - 1 if written else 0]
            write(config, batch(*(entry(n) for n in numbers)))
            written += 2
        for _ in range(random.randint(0, 4)):
            victim.stdout.readline()
        victim.kill()
        victim.communicate(timeout=600)
    _load_all(home)
    return times_stored(config), written


def _load_all(home: Path) -> None:
    loader = loading_child.start(home)
    assert loader.stdout is not None
    assert loader.stdout.readline() == "idle\n"
    loader.kill()
    loader.communicate(timeout=600)
