"""The published page says what the table says, cell by cell."""

import re
from pathlib import Path

import pytest

from privet.consent.notices import choice_name
from privet.consent.places import AGES_OF_CONSENT, Regime
from privet.consent.rules import TABLE, AgeGroup
from privet.consent.table import render_places, render_table

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "uses-table.md").read_text()
PARTS = {
    Regime.OPT_IN: PAGE.split("### Opt-in")[1].split("###")[0],
    Regime.OPT_OUT: PAGE.split("### Opt-out")[1].split("##")[0],
}


@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.use.name}-{row.choice}")
def test_the_page_has_every_cell(regime, row):
    choice = choice_name(row.choice) if row.choice is not None else "none"
    start = f"| {(row.use.name or '').lower()} | {choice} |"
    [line] = [line for line in PARTS[regime].splitlines() if line.startswith(start)]
    cells = [cell.strip() for cell in line.split("|")[3:7]]
    assert cells == [row.cells[regime, age].value for age in AgeGroup]


def test_the_page_holds_the_rendered_table_and_places_whole():
    assert render_table() in PAGE
    assert render_places() in PAGE


def test_the_page_names_each_country_once():
    named = re.findall(r"^\| ([A-Z]{2}) \| \d+ \|", PAGE, re.M)
    assert sorted(named) == sorted(AGES_OF_CONSENT)
