"""No field of any table, and no room that keeps personal data, is unknown to the inventory."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

from privet.catalogue.tables import TABLES
from privet.wiring import HOLDERS

PACKAGE = Path(__file__).parents[2] / "src" / "privet"
MODELS = apps.get_models(include_auto_created=True)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_field_is_declared_personal_or_not(model: type[Model]) -> None:
    table = TABLES[model._meta.label]
    declared = set(table.personal) | table.impersonal
    assert declared == {field.name for field in model._meta.concrete_fields}
    assert not set(table.personal) & table.impersonal


def test_no_table_is_declared_that_does_not_exist() -> None:
    assert set(TABLES) == {model._meta.label for model in MODELS}


def test_what_is_personal_has_category_purpose_basis_retention_and_a_room() -> None:
    for table in TABLES.values():
        if table.personal:
            assert all(re.match(r"^user(\.[a-z_]+)+$", c) for c in table.personal.values())
            assert all((table.purpose, table.basis, table.retention, table.holder))


def test_every_room_that_keeps_personal_data_is_wired() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/personal_data.py")}
    assert {holder.name for holder in HOLDERS} == rooms
    holding = {table.holder for table in TABLES.values() if table.holder}
    # Acts are kept by legal duty and erased by forgetting what they say, not as a holder's rows.
    assert holding - {"audit"} == rooms


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: holder.name)
def test_every_holder_says_what_it_keeps(holder: object) -> None:
    kept = holder.describe()  # type: ignore[attr-defined]
    assert kept
    assert all((k.what, k.data_category, k.purpose, k.lawful_basis, k.retention) for k in kept)
