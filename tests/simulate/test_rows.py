"""Rows of the lake: what they may serve, what they hold, and that they come out the same again."""

import csv
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from privet.catalogue.registry import find_event
from privet.collector.fields import detail_reader
from privet.consent.places import Regime
from privet.consent.rules import (
    UNDECIDED,
    AgeGroup,
    Circumstances,
    Standing,
    gate,
    permitted,
    regate,
)
from privet.events.lake import Lake
from privet.events.schema import lake_schema
from privet.kernel.clock import FixedClock
from privet.kernel.crypto import address_token, network_token
from privet.simulate.acts import DAY_MICROS, Kind
from privet.simulate.block import cut_blocks, live
from privet.simulate.choices import WAYS, WITHDRAWN
from privet.simulate.devices import read_devices
from privet.simulate.people import drawn_subjects
from privet.simulate.rows import RowWriter, Setting
from privet.simulate.service import SimulationError, simulate_into_lake
from tests.events.rows import make_lake
from tests.simulate.town import LAST_DAY, NETWORK, Town, make_wanted, means

_NOW = datetime.fromisoformat("2026-11-21T09:00:00+00:00")


def _fill(directory: Path, **more: Any) -> tuple[Lake, pa.Table]:
    """A lake with a small population, and all its rows."""
    lake = make_lake(directory, FixedClock(_NOW))
    wanted = make_wanted(learners=900, seed=4, days=35, courses=4)
    simulate_into_lake(
        wanted, lake=lake, means=means(directory), by="test", is_linked=False, **more
    )
    return lake, _read(lake)


def _read(lake: Lake) -> pa.Table:
    rows = lake.store.dataset(lake.files()).to_table().select(lake_schema().names)
    return rows.sort_by([("day", "ascending"), ("event_id", "ascending")])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, Path]:
    """The rows, and the directory of keys and truth."""
    directory = tmp_path_factory.mktemp("simulated")
    _, rows = _fill(directory, truth=directory / "truth")
    return rows, directory


def _decisions(directory: Path) -> dict[int, dict[str, str]]:
    """What each learner decided, by pseudonym."""
    with (directory / "truth" / "decisions.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    return dict(zip(drawn_subjects(4, 900).tolist(), found, strict=True))


def _expected_uses(name: str, at: datetime, told: dict[str, str]) -> int:
    """What consent's own rules say that a row may serve."""
    around = Circumstances(Regime(told["regime"]), AgeGroup(told["age"]), told["gpc"] == "1")
    event = find_event(name)
    assert event is not None
    standing: Standing = UNDECIDED
    if told["decided"] and at >= datetime.fromisoformat(told["decided"]):
        standing = permitted(dict(WAYS)[told["way"]], around)
    uses = gate(event, standing)
    return regate(event, permitted(WITHDRAWN, around), uses) if told["withdrawn"] else uses


def test_every_row_carries_exactly_the_uses_that_consent_permits(
    filled: tuple[pa.Table, Path],
) -> None:
    rows, directory = filled
    told = _decisions(directory)
    columns = [rows.column(name).to_pylist() for name in ("name", "time", "subject", "uses")]
    for name, at, subject, uses in zip(*columns, strict=True):
        after_withdrawal = told[subject]["withdrawn"] and at >= datetime.fromisoformat(
            told[subject]["withdrawn"]
        )
        expected = _expected_uses(name, at, told[subject])
        assert uses == expected, (name, at, told[subject], after_withdrawal)
    assert rows.num_rows > 10_000


def test_who_refuses_or_does_not_decide_leaves_only_what_servers_record(
    filled: tuple[pa.Table, Path],
) -> None:
    rows, directory = filled
    told = _decisions(directory)
    sources = {"reject_all": set(), "undecided": set(), "everything": set()}  # type: ignore[var-annotated]
    for subject, source in zip(
        rows.column("subject").to_pylist(), rows.column("source").to_pylist(), strict=True
    ):
        way = told[subject]["way"]
        if told[subject]["regime"] == "opt_in" and way in sources:
            sources[way].add(source)
    assert sources["reject_all"] == sources["undecided"] == {"api:simulated"}
    assert sources["everything"] == {"api:simulated", "web:simulated"}


def test_details_are_what_the_collector_would_have_stored(filled: tuple[pa.Table, Path]) -> None:
    rows, _ = filled
    names = [rows.column(name).to_pylist() for name in ("name", "uses", "detail")]
    for name, uses, detail in list(zip(*names, strict=True))[::7]:
        read, faults = detail_reader(name, uses), Counter[Any]()
        assert read is not None
        kept = read(msgspec.Raw(detail.encode()), faults, str, False)
        assert not faults
        assert json.loads(kept) == json.loads(detail)


def test_every_kind_of_event_is_there(filled: tuple[pa.Table, Path], town: Town) -> None:
    rows, _ = filled
    assert set(np.unique(town.acts["kind"]).tolist()) == set(Kind)
    assert {"page_view", "problem_check", "play_video", "ad_seen", "experiment_seen"} <= set(
        rows.column("name").to_pylist()
    )


def test_addresses_are_tokens_under_the_installations_key(
    filled: tuple[pa.Table, Path], town: Town
) -> None:
    rows, directory = filled
    key_id, key = means(directory).keys.token_key(LAST_DAY)
    with (directory / "truth" / "learners.csv").open(encoding="utf-8") as file:
        homes = {row["home"] for row in csv.DictReader(file)}
    from ipaddress import ip_address

    known = {address_token(key, ip_address(home)) for home in homes}
    networks = {network_token(key, ip_address(home)) for home in homes}
    used = [token for token in rows.column("address_token").to_pylist() if token is not None]
    assert set(rows.column("key_id").to_pylist()) == {key_id, None}
    assert np.mean([token in known for token in used]) > 0.7
    assert networks & set(rows.column("network_token").to_pylist())


def test_the_same_seed_gives_the_same_rows(filled: tuple[pa.Table, Path], tmp_path: Path) -> None:
    rows, directory = filled
    (tmp_path / "keys").symlink_to(directory / "keys")
    _, again = _fill(tmp_path)
    assert again.equals(rows)


def test_another_seed_gives_others(filled: tuple[pa.Table, Path], tmp_path: Path) -> None:
    rows, _ = filled
    lake = make_lake(tmp_path, FixedClock(_NOW))
    wanted = make_wanted(learners=900, seed=5, days=35, courses=4)
    simulate_into_lake(wanted, lake=lake, means=means(tmp_path), by="test", is_linked=False)
    assert not set(_read(lake).column("event_id").to_pylist()) & set(
        rows.column("event_id").to_pylist()
    )


def test_the_order_of_the_work_changes_nothing(town: Town) -> None:
    backwards = [live(town.world, block) for block in reversed(list(cut_blocks(town.world)))]
    assert np.array_equal(np.concatenate(backwards[::-1]), town.acts)


def test_rows_are_the_same_however_they_are_cut(town: Town, tmp_path: Path) -> None:
    writer = RowWriter(
        Setting(
            seed=5, platform=town.world.platform, people=town.world.people,
            subjects=drawn_subjects(5, 12_000), book=town.book, devices=read_devices(NETWORK),
            keys=means(tmp_path).keys,
        )
    )  # fmt: skip
    day = (date(2026, 10, 10) - date(1970, 1, 1)).days
    acts, uses = writer.keep(town.acts[town.acts["time"] // DAY_MICROS == day])
    whole = writer.write(acts, uses, day)
    parts = [
        writer.write(acts[n : n + 700], uses[n : n + 700], day) for n in range(0, len(acts), 700)
    ]
    assert len(parts) > 5
    assert pa.concat_tables(parts).combine_chunks().equals(whole.combine_chunks())


def test_files_are_sorted_runs_as_compaction_leaves_them(tmp_path: Path) -> None:
    from privet.events.compaction import is_due

    lake, _ = _fill(tmp_path)
    assert not is_due(lake.files(), today=_NOW.date())
    subjects = lake.store.read(lake.files()[0].path, ["subject"])["subject"].to_pylist()
    assert subjects == sorted(subjects)


def test_the_same_population_is_not_put_there_twice(tmp_path: Path) -> None:
    lake, rows = _fill(tmp_path)
    with pytest.raises(SimulationError):
        _fill(tmp_path)
    assert lake.count() == rows.num_rows


def test_what_cannot_be_finished_leaves_no_file(tmp_path: Path) -> None:
    lake = make_lake(tmp_path, FixedClock(_NOW))
    wanted = make_wanted(learners=300, seed=4, days=14, courses=2)

    def stop(reached: object) -> None:
        if getattr(reached, "step", "") == "Writing" and getattr(reached, "done", 0) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_into_lake(
            wanted, lake=lake, means=means(tmp_path), by="test", is_linked=False, on_progress=stop
        )
    assert not [path for path, _ in lake.store.list_files() if path.endswith(".parquet")]
