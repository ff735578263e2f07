"""The worker adds up page totals, and builds the model of suggestions once a day."""

from datetime import timedelta
from pathlib import Path

import pytest

from privet.events.page_totals import Cell, write_spool
from privet.insight.models import PageTotal
from privet.insight.recommend import usable_model
from privet.jobs.worker import run_worker
from privet.kernel.clock import FixedClock
from tests.intake.loading import NOON, batch, entry, make_config, write

pytestmark = pytest.mark.django_db


def test_totals_are_added_up_although_the_lake_is_empty(tmp_path: Path) -> None:
    config = make_config(tmp_path)
    write_spool(config.totals, "a", {Cell(NOON.date(), "hedgerow", "/", "US", "desktop"): 3})
    run_worker(once=True, config=config, clock=FixedClock(NOON))
    assert PageTotal.objects.get().views == 3
    assert list(config.totals.iterdir()) == []


def test_totals_older_than_25_months_go_with_the_daily_pass(tmp_path: Path) -> None:
    config = make_config(tmp_path)
    write(config, batch(entry(1)))
    old = NOON.date() - timedelta(days=800)
    PageTotal.objects.create(day=old, site="s", page="/", views=10)
    run_worker(once=True, config=config, clock=FixedClock(NOON))
    assert not PageTotal.objects.exists()


def test_the_model_is_there_once_there_are_events(tmp_path: Path) -> None:
    config, clock = make_config(tmp_path), FixedClock(NOON)
    write(config, batch(entry(1)))
    run_worker(once=True, config=config, clock=clock)
    model = usable_model(config.home, clock)
    assert model is not None
    assert model.built == NOON
