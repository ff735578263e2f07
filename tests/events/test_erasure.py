"""Erasure: no row, no file, no entry of the log, no segment says anything of the erased."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from privet.audit.models import Record
from privet.catalogue.registry import EVENTS
from privet.catalogue.spec import Event, Field, Kind, Origin
from privet.catalogue.uses import ALL_USES, Use
from privet.events.compaction import compact
from privet.events.erased import ErasedMarks
from privet.events.erasure import Erasing, default_erasing, run_erasure_pass
from privet.events.lake import Lake
from privet.events.log import SegmentWriter, claim_log, list_segments, parse_segment
from privet.events.models import Counter, Erasure, Restriction, Tombstone, Withholding
from privet.events.personal_data import (
    EventsHolder,
    count_by_day,
    count_by_event,
    count_subject,
    read_subject,
)
from privet.events.proof import prove
from privet.events.record import Actor, Batch, Circumstance, Entry, decode_batch, encode_batch
from privet.events.record_columns import (
    COLUMN_VERSION,
    Head,
    decode_columns,
    encode_columns,
    log_schema,
)
from privet.events.service import erase_subjects, restrict, withhold
from privet.events.third_persons import third_person_fields
from privet.holder import Erased, Person
from privet.kernel.clock import FixedClock, to_micros
from privet.kernel.crypto import KeyRing
from privet.kernel.ids import new_event_id
from tests.events.rows import ALICE, BOB, CAROL, NOON, all_rows, row, table

pytestmark = pytest.mark.django_db
ALICES_KEY, BOBS_KEY = b"a" * 16, b"b" * 16


@pytest.fixture
def places(lake: Lake, tmp_path: Path) -> Erasing:
    return Erasing(
        lake=lake, log=tmp_path / "log", quarantine=tmp_path / "quarantine",
        keys=KeyRing(tmp_path / "keys"),
    )  # fmt: skip


def ask(places: Erasing, *subjects: int, person_keys: tuple[bytes, ...] = (ALICES_KEY,)) -> None:
    erase_subjects(
        subjects=subjects, person_keys=person_keys, by="test", clock=places.lake.clock,
        keys=places.keys,
    )  # fmt: skip


def text_of_everything(lake: Lake) -> str:
    """All that is left in the table's directory, decoded."""
    said = []
    for path in Path(lake.store.location).rglob("*"):
        if path.suffix == ".parquet":
            said.append(str(pq.ParquetFile(path).read().to_pylist()))
        elif path.is_file():
            said.append(path.read_text())
    return "".join(said)


def test_an_erasure_leaves_nothing_in_the_tables_directory(lake: Lake, places: Erasing) -> None:
    for day in range(3):
        at = NOON - timedelta(days=day)
        lake.append(table(row(ALICE, at=at), row(BOB, at=at)))
    lake.append(table(row(ALICE)))
    compact(lake)
    assert str(ALICE) in text_of_everything(lake)
    ask(places, ALICE)
    done = run_erasure_pass(by="test", places=places)
    assert done is not None
    assert (done.rows, done.subjects, done.proof.holds) == (4, 1, True)
    assert done.proof.files_decoded == 3
    assert done.proof.rows_decoded == 3
    assert done.proof.log_files_decoded >= 2
    assert str(ALICE) not in text_of_everything(lake)
    assert {found["subject"] for found in all_rows(lake)} == {BOB}


def test_many_are_erased_in_one_pass_and_each_day_is_one_commit(
    lake: Lake, places: Erasing
) -> None:
    for day in range(4):
        lake.append(table(*(row(n + 1, at=NOON - timedelta(days=day)) for n in range(50))))
    before = lake.version()
    ask(places, *range(1, 41), person_keys=())
    done = run_erasure_pass(by="test", places=places)
    assert done is not None
    assert (done.rows, done.subjects) == (160, 40)
    assert lake.version() - before == 4


def test_nobody_waiting_is_no_pass(places: Erasing) -> None:
    assert run_erasure_pass(by="test", places=places) is None


def test_after_the_pass_only_tombstones_are_left(lake: Lake, places: Erasing) -> None:
    lake.append(table(row(ALICE)))
    withhold(subjects=[ALICE], uses=Use.ANALYTICS, by="test")
    restrict(subjects=[ALICE], by="test")
    ask(places, ALICE)
    run_erasure_pass(by="test", places=places)
    assert not any(t.objects.exists() for t in (Erasure, Restriction, Withholding))
    assert Tombstone.objects.count() == 2
    assert Record.objects.get(act="events.erase").about["rows"] == 1


def test_asking_twice_moves_the_tombstones_on(places: Erasing, clock: FixedClock) -> None:
    ask(places, ALICE)
    clock.advance(timedelta(days=1))
    ask(places, ALICE)
    assert set(Tombstone.objects.values_list("up_to", flat=True)) == {NOON + timedelta(days=1)}
    assert Erasure.objects.get().asked == NOON


def test_what_the_loader_brings_in_during_the_pass_is_erased_too(
    lake: Lake, places: Erasing
) -> None:
    lake.append(table(row(ALICE), row(BOB)))
    ask(places, ALICE)
    stop = threading.Event()
    appended: list[int] = []

    def load() -> None:
        while not stop.is_set():
            appended.append(lake.append(table(row(ALICE), row(CAROL))))

    loader = threading.Thread(target=load)
    loader.start()
    try:
        while len(appended) < 3:
            time.sleep(0.01)
        done = run_erasure_pass(by="test", places=places)
    finally:
        stop.set()
        loader.join(300)
    assert done is not None
    assert done.proof.holds
    assert done.rows >= 4


def test_orphaned_files_are_removed_and_looked_into(lake: Lake, places: Erasing) -> None:
    lake.append(table(row(BOB)))
    lake.write_days(table(row(ALICE)))
    marks = ErasedMarks(places.keys)
    found = prove(lake, subjects=[ALICE], marks=marks, log=places.log, quarantine=places.quarantine)
    assert (found.found, found.holds) == (1, False)
    ask(places, ALICE)
    done = run_erasure_pass(by="test", places=places)
    assert done is not None
    assert done.proof.holds


def test_a_pseudonym_in_the_tables_log_is_found(lake: Lake, places: Erasing) -> None:
    lake.append(table(row(BOB)))
    log = Path(lake.store.location) / "_delta_log"
    subjects = lake.store.read(lake.files()[0].path, ["subject"])
    pq.write_table(subjects, log / "x.checkpoint.parquet")
    (log / f"{9:020d}.json").write_text(f'{{"add":{{"stats":"min {ALICE}"}}}}')
    found = prove(
        lake, subjects=[ALICE, BOB], marks=ErasedMarks(places.keys), log=places.log,
        quarantine=places.quarantine,
    )  # fmt: skip
    assert found.found == 3


def test_a_proof_that_fails_keeps_the_learner_hidden_and_waiting(
    lake: Lake, places: Erasing
) -> None:
    lake.append(table(row(ALICE)))
    ask(places, ALICE)
    # A file that cannot be swept, since its name says it belongs to the log.
    pq.write_table(lake.store.read(lake.files()[0].path).select(["subject"]),
                   Path(lake.store.location) / "_delta_log" / "left.parquet")  # fmt: skip
    done = run_erasure_pass(by="test", places=places)
    assert done is not None
    assert not done.proof.holds
    assert Erasure.objects.count() == 1


def batch(*, at: int, actors: list[Actor], who: list[int]) -> bytes:
    entries = [
        Entry(new_event_id(at // 1000).bytes, at, "page_view", 8, actor, n)
        for n, actor in enumerate(who)
    ]
    said = Batch(1, "web:x", b"n" * 8, "x", at, actors, [Circumstance() for _ in who], entries)
    return encode_batch(said)


def test_segments_that_wait_are_rewritten_without_the_erased(lake: Lake, places: Erasing) -> None:
    lake.append(table(row(ALICE)))
    at = to_micros(NOON) - 5
    people = [Actor(ALICES_KEY), Actor(BOBS_KEY)]
    with SegmentWriter(claim_log(places.log, prefix="t")) as writer:
        writer.append_sync(batch(at=at, actors=people, who=[0, 1, 0, -1]))
        writer.append_sync(batch(at=at, actors=people[1:], who=[0]))
        writer.append_sync(b"no batch" + b"\xc4\x10" + ALICES_KEY)
        writer.append_sync(b"no batch at all")
    (segment,) = list_segments(places.log)
    raw = segment.path.read_bytes()
    segment.path.write_bytes(raw + b"\xc4\x10" + ALICES_KEY + b"rubbish")
    ask(places, ALICE)
    done = run_erasure_pass(by="test", places=places)
    assert done is not None
    assert (done.segments, done.proof.holds) == (1, True)
    content = parse_segment(segment.path.read_bytes())
    assert not content.damage
    kept = [decode_batch(frame.payload) for frame in content.frames[:2]]
    assert [(b.actors, [e.actor for e in b.entries]) for b in kept] == [
        ([Actor(BOBS_KEY)], [0, -1]), ([Actor(BOBS_KEY)], [0]),
    ]  # fmt: skip
    assert len(kept[0].circumstances) == 2
    assert ALICES_KEY not in segment.path.read_bytes()


def test_an_import_that_waits_loses_the_erased_and_nobody_else(lake: Lake, places: Erasing) -> None:
    lake.append(table(row(ALICE)))
    head = Head(
        version=COLUMN_VERSION, source="edx:x", namespace=b"n" * 8, site="x",
        received=to_micros(NOON), actors=[Actor(ALICES_KEY), Actor(BOBS_KEY)],
    )  # fmt: skip
    with SegmentWriter(claim_log(places.log, prefix="import")) as writer:
        writer.append_sync(encode_columns(head, imported([1, 2, 0, 1])))
    ask(places, ALICE)
    done = run_erasure_pass(by="test", places=places)
    assert done is not None
    assert (done.segments, done.proof.holds) == (1, True)
    (segment,) = list_segments(places.log)
    (frame,) = parse_segment(segment.path.read_bytes()).frames
    left = decode_columns(frame.payload)
    assert left.head.actors == [Actor(BOBS_KEY)]
    assert left.rows.column("actor").to_pylist() == [1, 0]
    assert ALICES_KEY not in segment.path.read_bytes()


def imported(who: list[int]) -> dict[str, pa.Array]:
    """Columns of an import: an event of each, five microseconds before noon."""
    values = {"event_id": [bytes([n]) * 16 for n in range(len(who))], "actor": who,
              "time": [to_micros(NOON) - 5] * len(who), "session": [1] * len(who),
              "uses": [1] * len(who)}  # fmt: skip
    made = {}
    for field in log_schema():
        said = values.get(field.name, [None if field.nullable else ""] * len(who))
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        array = pa.array(said, kind)
        made[field.name] = array.dictionary_encode() if kind != field.type else array
    return made


def test_damage_that_names_nobody_erased_stays_for_the_loader(lake: Lake, places: Erasing) -> None:
    lake.append(table(row(ALICE)))
    with SegmentWriter(claim_log(places.log, prefix="t")) as writer:
        writer.append_sync(batch(at=5, actors=[Actor(ALICES_KEY)], who=[0]))
    (segment,) = list_segments(places.log)
    segment.path.write_bytes(segment.path.read_bytes() + b"rubbish that names nobody")
    ask(places, ALICE)
    run_erasure_pass(by="test", places=places)
    content = parse_segment(segment.path.read_bytes())
    assert [d.size_bytes for d in content.damage] == [25]


def test_what_happened_after_the_erasure_stays_in_its_segment(lake: Lake, places: Erasing) -> None:
    lake.append(table(row(ALICE)))
    ask(places, ALICE)
    later = to_micros(NOON + timedelta(days=1))
    with SegmentWriter(claim_log(places.log, prefix="t")) as writer:
        writer.append_sync(batch(at=later, actors=[Actor(ALICES_KEY)], who=[0]))
    done = run_erasure_pass(by="test", places=places)
    assert done is not None
    assert (done.segments, done.proof.holds) == (0, True)


def test_quarantined_parts_that_name_the_erased_go_whole(lake: Lake, places: Erasing) -> None:
    lake.append(table(row(ALICE)))
    places.quarantine.mkdir()
    for name, content in (("a", b"x\xc4\x10" + ALICES_KEY), ("b", b"x\xc4\x10" + BOBS_KEY)):
        (places.quarantine / f"{name}.part").write_bytes(content)
        (places.quarantine / f"{name}.json").write_text("{}")
    ask(places, ALICE)
    done = run_erasure_pass(by="test", places=places)
    assert done is not None
    assert (done.parts, done.proof.parts_searched) == (1, 1)
    assert {p.name for p in places.quarantine.iterdir()} == {"b.part", "b.json"}


def test_nobody_erased_is_named_in_anothers_event(
    lake: Lake, places: Erasing, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = Event(
        name="third_named", origin=Origin.SERVER, says="x", uses=ALL_USES,
        fields=(
            Field(name="to", kind=Kind.TEXT, says="x", data_category="x", third_person=True),
            Field(name="title", kind=Kind.TEXT, says="x", data_category="x"),
        ),
    )  # fmt: skip
    monkeypatch.setitem(EVENTS, event.name, event)
    third_person_fields.cache_clear()
    named, other = ALICES_KEY.hex(), BOBS_KEY.hex()
    details = [
        f'{{"to":"{named}","title":"t"}}', f'{{"to":"{named}"}}', f'{{"to":"{other}"}}',
        '{"to":"not hex"}', '{"to":5}', None,
    ]  # fmt: skip
    lake.append(table(*(row(BOB, name=event.name, detail=detail) for detail in details)))
    lake.append(table(row(ALICE)))
    ask(places, ALICE)
    done = run_erasure_pass(by="test", places=places)
    third_person_fields.cache_clear()
    assert done is not None
    assert done.proof.holds
    assert [r["detail"] for r in all_rows(lake)] == ['{"title":"t"}', None, *details[2:]]


ALICE_HERSELF = Person(
    account_id=1, subjects=frozenset({ALICE}), person_keys=frozenset({ALICES_KEY})
)


def test_the_holder_finds_exports_and_erases(lake: Lake, places: Erasing) -> None:
    lake.append(table(row(ALICE, sealed=b"x"), row(ALICE, at=NOON - timedelta(days=2)), row(BOB)))
    holder = EventsHolder(places)
    assert holder.find(ALICE_HERSELF) == 2
    assert holder.preview(ALICE_HERSELF) == {"events": 2}
    exported = list(holder.export(ALICE_HERSELF))
    assert [e["subject"] for e in exported] == [ALICE, ALICE]
    assert all("sealed" not in e for e in exported)
    assert all(isinstance(use, str) for e in exported for use in e["uses"])
    assert all(e["uses"] for e in exported)
    assert not holder.verify([ALICE_HERSELF])
    assert holder.erase([ALICE_HERSELF], by="test") == Erased(records=2)
    assert holder.verify([ALICE_HERSELF])
    assert holder.find(ALICE_HERSELF) == 0


def test_the_holder_keeps_nothing_that_could_be_corrected(places: Erasing) -> None:
    holder = EventsHolder(places)
    assert not holder.rectify(ALICE_HERSELF, field="country", value="PT", by="test")


def test_the_holder_describes_every_column() -> None:
    described = list(EventsHolder().describe())
    assert {kept.what for kept in described} >= {"The country (ISO 3166-1)", "What happened"}
    assert all(kept.retention for kept in described)


def test_erasing_somebody_without_events_removes_nothing(places: Erasing) -> None:
    nobody = Person(account_id=1, subjects=frozenset(), person_keys=frozenset({ALICES_KEY}))
    assert EventsHolder(places).erase([nobody], by="test") == Erased(records=0)


def test_reading_a_learners_rows_is_an_act_in_the_chain(lake: Lake) -> None:
    lake.append(table(row(ALICE, session=1), row(ALICE, at=NOON + timedelta(hours=1), session=2)))
    withhold(subjects=[ALICE], uses=Use.ANALYTICS, by="test")
    rows = read_subject([ALICE], by="account:7", why="access request", lake=lake)
    assert [found["session"] for found in rows] == [2, 1]
    act = Record.objects.get(act="events.read_subject")
    assert (act.by, act.why, act.about) == ("account:7", "access request", {"subjects": 1})


def test_a_page_of_a_learners_rows(lake: Lake) -> None:
    lake.append(table(*(row(ALICE, at=NOON + timedelta(hours=n), session=n) for n in range(5))))
    rows = read_subject([ALICE], by="x", limit=2, offset=1, lake=lake)
    assert [found["session"] for found in rows] == [3, 2]


def test_nobodys_rows_are_not_read_by_the_number_of_nobody(lake: Lake) -> None:
    lake.append(table(row(0), row(ALICE)))
    assert count_subject([0], lake=lake) == 0
    assert count_subject([0, ALICE], lake=lake) == 1


def test_many_subjects_are_read_at_once(lake: Lake) -> None:
    lake.append(table(*(row(n + 1) for n in range(1500))))
    assert count_subject(range(1, 1401), lake=lake) == 1400
    assert count_by_day([1, 2], lake=lake) == {"2026-09-15": 2}


def test_a_learners_rows_are_counted_by_event_and_uses(lake: Lake) -> None:
    lake.append(table(row(), row(), row(name="login", uses=2)))
    counted = sorted(count_by_event([ALICE], lake=lake))
    assert counted == [("login", Use.SECURITY, 1), ("page_view", Use.ANALYTICS, 2)]


def test_marks_are_read_anew_when_an_older_state_was_restored(places: Erasing) -> None:
    marks = ErasedMarks(places.keys)
    ask(places, ALICE)
    assert marks.has_person(ALICES_KEY)
    Tombstone.objects.all().delete()
    Counter.objects.update(value=5)
    assert not marks.has_person(ALICES_KEY)


def test_the_default_places_are_the_installations() -> None:
    assert default_erasing().log.name == "log"
