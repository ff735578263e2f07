"""ARCHITECTURE.md's table of rooms is what the code and the import contracts say."""

import re
import tomllib
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "privet"


def documented_levels() -> list[set[str]]:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    table = text.split("## Rooms", 1)[1].split("\n\nRooms that later", 1)[0]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ")]
    return [set(re.findall(r"`(\w+)`", row)) for row in rows if "`" in row]


def contract_levels() -> list[set[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(c for c in contracts["contracts"] if c["id"] == "layers")["layers"]
    return [set(layer.split(" | ")) for layer in layers]


def rooms_in_code() -> set[str]:
    packages = {p.parent.name for p in PACKAGE.glob("*/__init__.py")}
    return packages | {p.stem for p in PACKAGE.glob("*.py") if p.stem != "__init__"}


def test_the_table_of_rooms_is_what_the_contract_enforces() -> None:
    assert documented_levels() == contract_levels()


def test_the_table_of_rooms_names_every_room_in_the_code() -> None:
    assert set().union(*documented_levels()) == rooms_in_code()


def test_every_room_with_tables_keeps_them_to_itself() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    kept = {module for c in contracts["contracts"] for module in c.get("protected_modules", ())}
    tables = (p.relative_to(PACKAGE).with_suffix("") for p in PACKAGE.rglob("models.py"))
    assert {".".join(("privet", *table.parts)) for table in tables} == kept


def test_no_foreign_key_crosses_rooms() -> None:
    crossing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("privet.")
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model is not None
        and field.related_model._meta.app_label != model._meta.app_label
    ]
    assert crossing == []
