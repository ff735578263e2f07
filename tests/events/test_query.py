"""Reading: one use, one scope, and nobody who is hidden."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from privet.catalogue.columns import COLUMNS
from privet.catalogue.registry import EVENTS
from privet.catalogue.spec import Event, Field, Kind, Origin
from privet.catalogue.uses import ALL_USES, Use
from privet.events.errors import QueryError
from privet.events.lake import Lake
from privet.events.query import Scope, query
from privet.events.schema import lake_schema
from privet.events.service import erase_subjects, release, restrict, unrestrict, withhold
from privet.kernel.clock import FixedClock
from privet.kernel.crypto import KeyRing
from tests.events import children
from tests.events.rows import (
    ALICE,
    ANALYTICS,
    BOB,
    CAROL,
    INSTRUCTION,
    NOON,
    SECURITY,
    TODAY,
    make_lake,
    row,
    seen,
    subjects_seen,
    table,
)

pytestmark = pytest.mark.django_db

ACT = int(Use.INSTRUCTION | Use.SECURITY | Use.INTEGRITY | Use.ANALYTICS)


def value(lake: Lake, column: str, use: Use) -> object:
    (found,) = seen(lake, use)
    return found[lake_schema().names.index(column)]


def test_a_row_is_seen_by_the_uses_it_has_and_no_other(lake: Lake) -> None:
    lake.append(table(row(uses=int(Use.ANALYTICS | Use.RESEARCH))))
    assert [use for use in Use if seen(lake, use)] == [Use.ANALYTICS, Use.RESEARCH]


@pytest.mark.parametrize("use", list(Use))
def test_a_column_is_null_for_a_use_that_may_not_see_it(lake: Lake, use: Use) -> None:
    rare = {
        "address_token": 5, "network_token": 6, "key_id": 2026, "sealed": b"x", "region": "ES-MD",
        "network_kind": "mobile", "network_evidence": "asn", "asn": 1, "organisation": "o",
        "os": "Linux", "device": "mobile",
    }  # fmt: skip
    lake.append(table(row(uses=255, **rare)))
    shown = dict(zip(lake_schema().names, seen(lake, use)[0], strict=True))
    assert {c.name for c in COLUMNS if shown[c.name] is None} == {
        c.name for c in COLUMNS if not c.uses & use
    }


def test_a_field_is_missing_for_a_use_that_may_not_see_it(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrowed = Event(
        name="it's narrowed", origin=Origin.SERVER, says="x", uses=ALL_USES,
        fields=(
            Field(name="grade", kind=Kind.NUMBER, says="x", data_category="x", uses=INSTRUCTION),
            Field(name="title", kind=Kind.TEXT, says="x", data_category="x"),
        ),
    )  # fmt: skip
    monkeypatch.setitem(EVENTS, narrowed.name, narrowed)
    lake.append(table(row(name=narrowed.name, uses=ACT, detail='{"grade":1,"title":"t"}')))
    assert value(lake, "detail", INSTRUCTION) == '{"grade":1,"title":"t"}'
    assert value(lake, "detail", ANALYTICS) == '{"title":"t"}'


def test_rows_outside_the_scope_do_not_exist(lake: Lake) -> None:
    lake.append(
        table(
            row(ALICE, institution="hedge", course="c1"),
            row(BOB, institution="hedge", course="c2"),
            row(CAROL, institution="bramble", course="c1"),
        )
    )
    hedge, both = frozenset({"hedge"}), frozenset({"hedge", "it's"})
    assert subjects_seen(lake) == {ALICE, BOB, CAROL}
    assert subjects_seen(lake, scope=Scope(institutions=both)) == {ALICE, BOB}
    assert subjects_seen(lake, scope=Scope(courses=frozenset({"c1"}))) == {ALICE, CAROL}
    assert subjects_seen(lake, scope=Scope(institutions=hedge, courses=frozenset({"c1"}))) == {
        ALICE
    }
    assert subjects_seen(lake, scope=Scope(institutions=frozenset())) == set()


def test_a_withdrawal_hides_at_once_and_only_from_its_uses(lake: Lake) -> None:
    lake.append(table(row(ALICE, uses=ACT), row(BOB, uses=ACT)))
    assert subjects_seen(lake) == {ALICE, BOB}
    withhold(subjects=[ALICE], uses=Use.ANALYTICS | Use.RESEARCH, by="test")
    assert subjects_seen(lake) == {BOB}
    assert subjects_seen(lake, INSTRUCTION) == {ALICE, BOB}


def test_a_new_grant_acts_forward_only(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row(uses=ACT)))
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test", clock=clock)
    clock.advance(timedelta(hours=1))
    release(subjects=[ALICE], uses=ANALYTICS, by="test", clock=clock)
    assert seen(lake) == []
    late = row(uses=ACT, at=NOON + timedelta(minutes=59), received=NOON + timedelta(hours=2))
    after = row(uses=ACT, at=NOON + timedelta(hours=2), session=99)
    lake.append(table(late, after))
    assert [r[lake_schema().names.index("session")] for r in seen(lake)] == [99]


def test_a_browser_whose_clock_runs_ahead_does_not_escape_a_withdrawal(
    lake: Lake, clock: FixedClock
) -> None:
    lake.append(table(row(at=NOON + timedelta(hours=1), received=NOON - timedelta(hours=1))))
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test", clock=clock)
    release(subjects=[ALICE], uses=ANALYTICS, by="test", clock=clock)
    assert seen(lake) == []


def test_a_first_grant_changes_nothing(lake: Lake) -> None:
    lake.append(table(row()))
    release(subjects=[ALICE], uses=ANALYTICS, by="test")
    assert subjects_seen(lake) == {ALICE}


def test_withdrawing_again_hides_all_rows_again(lake: Lake, clock: FixedClock) -> None:
    for act in (withhold, release, withhold):
        act(subjects=[ALICE], uses=ANALYTICS, by="test", clock=clock)
        clock.advance(timedelta(minutes=1))
    lake.append(table(row(), row(at=NOON + timedelta(hours=1))))
    assert seen(lake) == []


def test_a_restriction_hides_from_every_use_and_its_end_brings_back(lake: Lake) -> None:
    lake.append(table(row(uses=255)))
    restrict(subjects=[ALICE], by="test")
    restrict(subjects=[ALICE], by="test")
    assert [use for use in Use if seen(lake, use)] == []
    unrestrict(subjects=[ALICE], by="test")
    assert [use for use in Use if seen(lake, use)] == list(Use)


def test_an_erasure_hides_at_once(lake: Lake, tmp_path: Path) -> None:
    lake.append(table(row(ALICE, uses=255), row(BOB, uses=255)))
    keys = KeyRing(tmp_path / "keys")
    erase_subjects(subjects=[ALICE], person_keys=[b"k" * 16], by="test", keys=keys)
    assert subjects_seen(lake, SECURITY) == {BOB}


def test_who_is_hidden_is_read_anew_when_an_older_state_was_restored(lake: Lake) -> None:
    from privet.events.models import Counter, Withholding

    lake.append(table(row()))
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test")
    assert seen(lake) == []
    Withholding.objects.all().delete()
    Counter.objects.update(value=5)
    assert subjects_seen(lake) == {ALICE}


def test_only_files_of_the_asked_days_are_opened(lake: Lake) -> None:
    lake.append(table(row(ALICE), row(BOB, at=NOON - timedelta(days=40))))
    old = next(file for file in lake.files() if file.day != TODAY)
    (Path(lake.store.location) / old.path).unlink()
    assert len(seen(lake, days=1)) == 1


def test_a_lake_without_rows_answers_with_none(lake: Lake) -> None:
    assert seen(lake) == []


def test_a_file_of_an_older_form_has_null_in_new_columns(lake: Lake) -> None:
    lake.append(table(row()))
    (file,) = lake.files()
    from dataclasses import replace

    old = replace(file, path=file.path.replace("/0-", "/0-").replace(file.path[19:27], "0" * 8))
    path = Path(lake.store.location)
    rows = lake.store.read(file.path).drop_columns(["campaign", "device"])
    import pyarrow.parquet as pq

    pq.write_table(rows, path / old.path)
    with lake.turn() as turn:
        turn.commit(add=[old])
    campaigns = [r[lake_schema().names.index("campaign")] for r in seen(lake)]
    assert sorted(campaigns, key=str) == ["autumn", None] or set(campaigns) == {"autumn", None}


def test_a_lake_behind_a_url_is_read_through_arrow(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    far = Lake(f"file://{tmp_path}/far", locks=tmp_path / "locks", clock=FixedClock(NOON))
    far.append(table(row(ALICE), row(BOB, at=NOON - timedelta(days=3))))
    withhold(subjects=[BOB], uses=ANALYTICS, by="test")
    assert subjects_seen(far) == {ALICE}
    assert seen(far, days=2)[0][1] == TODAY


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"start": TODAY}, "needs end"),
        ({"start": TODAY, "end": TODAY, "more": 1}, "does not take more"),
    ],
)
def test_parameters_are_exactly_those_of_the_text(
    lake: Lake, given: dict[str, object], problem: str
) -> None:
    with pytest.raises(QueryError, match=problem):
        query("all_columns", use=ANALYTICS, scope=Scope(), by="test", lake=lake, **given)


def test_a_parameter_is_a_value_and_never_text(lake: Lake) -> None:
    lake.append(table(row(name="it's")))
    evil = "' OR 1=1 --"
    for name, count in (("it's", 1), (evil, 0)):
        found = query("by_name", use=ANALYTICS, scope=Scope(), by="test", lake=lake, name=name)
        assert found.columns == ("events",)
        assert found.rows == [(count,)]


@pytest.mark.parametrize("use", [Use(0), Use.ANALYTICS | Use.SECURITY])
def test_a_query_serves_exactly_one_use(lake: Lake, use: Use) -> None:
    with pytest.raises(QueryError, match="one use"):
        seen(lake, use)


def test_somebody_has_to_ask(lake: Lake) -> None:
    with pytest.raises(QueryError, match="by="):
        query("by_name", use=ANALYTICS, scope=Scope(), by="", lake=lake, name="x")


def test_a_file_that_is_really_lost_is_an_error(lake: Lake) -> None:
    import duckdb

    lake.append(table(row()))
    (Path(lake.store.location) / lake.files()[0].path).unlink()
    with pytest.raises(duckdb.IOException):
        seen(lake)


def test_readers_lose_nothing_beside_a_writer_that_replaces_and_removes(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    for day in range(8):
        lake.append(table(*(row(n + 1, at=NOON - timedelta(days=day)) for n in range(50))))
    churn = children.start("churn", tmp_path, "3")
    assert churn.stdout is not None
    assert churn.stdout.readline() == "ready\n"
    counts: set[int] = set()
    while churn.poll() is None:
        counts.add(len(seen(lake)))
    churn.communicate()
    assert churn.returncode == 0
    assert counts == {400}


def test_many_threads_may_ask_at_once(lake: Lake) -> None:
    lake.append(table(row()))
    found: list[int] = []

    def ask() -> None:
        from privet.events.query import reader_of

        reader_of(lake).run(
            lambda connection, files: found.append(len(files)) or connection.execute("SELECT 1")
        )

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert found == [1] * 6


def test_a_value_that_a_parameter_cannot_take_is_said_in_words(lake: Lake) -> None:
    lake.append(table(row(uses=ACT)))
    with pytest.raises(QueryError, match="has a value that it cannot take"):
        query("by_day", use=ANALYTICS, scope=Scope(), by="test", lake=lake, first="yesterday")
