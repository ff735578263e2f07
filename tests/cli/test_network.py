"""``privet network``: installing, listing and removing IP data."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from privet.audit.models import Record
from privet.cli.network import app
from privet.kernel.config import read_config
from privet.network.build import build
from privet.network.databases import NetworkDataError
from privet.network.service import EMBEDDED
from tests.network.mmdb import write_mmdb

pytestmark = pytest.mark.django_db
CITY = {"86.1.0.0/16": {"country": {"iso_code": "GB"}}}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation without any data of its operator, over the embedded data."""
    build(EMBEDDED)
    monkeypatch.setenv("PRIVET_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_status_lists_the_embedded_data_with_its_age() -> None:
    result = _run("status", "--json")
    names = [source["name"] for source in json.loads(result.output)["sources"]]
    assert (result.exit_code, names) == (0, ["iporigin", "User-Country", "Origin-ASN"])


def test_status_prints_a_table_for_people() -> None:
    result = _run("status")
    assert "User-Country" in result.output
    assert "Age in days" in result.output


def test_status_fails_while_data_is_unusable(home: Path) -> None:
    config = read_config()
    config.network.mkdir(parents=True)
    (config.network / "networks.txt").write_text("nonsense\n")
    assert _run("status").exit_code == 1
    assert json.loads(_run("status", "--json").stdout)["faults"]


def test_updated_data_is_in_use_and_recorded(tmp_path: Path) -> None:
    file = write_mmdb(tmp_path / "city.mmdb", CITY, kind="DBIP-City-Lite")
    result = _run("update", str(file))
    assert result.exit_code == 0
    assert "https://db-ip.com" in result.output
    sources = json.loads(_run("status", "--json").output)["sources"]
    assert "DBIP-City-Lite" in [source["name"] for source in sources]
    assert Record.objects.get().act == "network.data.update"


def test_an_update_can_be_told_in_json(tmp_path: Path) -> None:
    file = write_mmdb(tmp_path / "city.mmdb", CITY, kind="City")
    said = json.loads(_run("update", str(file), "--json").output)
    assert (said["name"], said["roles"], said["attribution"]) == ("City", ["place"], None)


def test_a_refused_file_is_not_recorded(tmp_path: Path) -> None:
    file = tmp_path / "bad.mmdb"
    file.write_bytes(b"nonsense")
    result = _run("update", str(file))
    assert isinstance(result.exception, NetworkDataError)
    assert not Record.objects.exists()


def test_removed_data_is_no_longer_in_use(tmp_path: Path) -> None:
    _run("update", str(write_mmdb(tmp_path / "city.mmdb", CITY, kind="City")))
    assert _run("remove", "City").exit_code == 0
    sources = json.loads(_run("status", "--json").output)["sources"]
    assert "City" not in [source["name"] for source in sources]
