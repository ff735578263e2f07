"""Settings from the environment."""

from pathlib import Path

import pytest

from privet.kernel.config import read_config
from privet.kernel.errors import ConfigError


def test_everything_has_a_default() -> None:
    config = read_config({})
    home = Path("var").absolute()
    assert (config.home, config.lake, config.keys) == (home, str(home / "lake"), home / "keys")
    assert config.database_url == f"sqlite:///{home}/state.sqlite3"
    assert (config.sealed_days, config.debug, config.trusted_proxies) == (30, False, ())


def test_every_setting_is_read() -> None:
    config = read_config(
        {
            "PRIVET_HOME": "/srv/privet",
            "PRIVET_LAKE": "s3://hedge/lake",
            "PRIVET_KEYS": "/etc/privet/keys",
            "PRIVET_DATABASE_URL": "postgresql://privet@db/privet",
            "PRIVET_PUBLIC_URL": "https://learn.hedge.example/privet/",
            "PRIVET_SEALED_DAYS": "14",
            "PRIVET_CLIENT_REQUESTS_PER_SECOND": "50",
            "PRIVET_DEBUG": "1",
            "PRIVET_TRUSTED_PROXIES": "10.0.0.0/8 fd00::/8",
        }
    )
    assert (config.home, config.lake) == (Path("/srv/privet"), "s3://hedge/lake")
    assert config.keys == Path("/etc/privet/keys")
    assert config.database_url == "postgresql://privet@db/privet"
    assert config.public_url == "https://learn.hedge.example/privet"
    assert (config.sealed_days, config.debug) == (14, True)
    assert config.client_requests_per_second == 50
    assert config.trusted_proxies == ("10.0.0.0/8", "fd00::/8")


def test_directories_lie_in_the_home() -> None:
    config = read_config({"PRIVET_HOME": "/srv/privet"})
    names = [path.name for path in (config.log, config.quarantine, config.live, config.network)]
    assert names == ["log", "quarantine", "live", "network"]
    assert config.log.parent == Path("/srv/privet")


def test_an_empty_setting_is_as_if_not_set() -> None:
    assert read_config({"PRIVET_HOME": "", "PRIVET_SEALED_DAYS": ""}) == read_config({})


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "10000", "\u0663", "9" * 5000])
def test_what_is_no_number_of_days_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="PRIVET_SEALED_DAYS") as caught:
        read_config({"PRIVET_SEALED_DAYS": text})
    assert "whole number" in caught.value.remedy


@pytest.mark.parametrize("url", ["mysql://db/privet", "sqlite3:///x", "/srv/state.sqlite3", "db"])
def test_a_database_that_privet_does_not_know_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="PRIVET_DATABASE_URL"):
        read_config({"PRIVET_DATABASE_URL": url})


SWITCHES = {
    "PRIVET_DEBUG": "debug",
    "PRIVET_INTEGRITY": "detects",
    "PRIVET_NAME_WHO_LOOKED": "names_who_looked",
    "PRIVET_OBEY_DNT": "obeys_dnt",
}


@pytest.mark.parametrize(("name", "field"), SWITCHES.items())
def test_a_switch_is_off_until_it_is_set_to_one(name: str, field: str) -> None:
    found = [getattr(read_config(given), field) for given in ({}, {name: "0"}, {name: "1"})]
    assert found == [False, False, True]


@pytest.mark.parametrize("name", SWITCHES)
@pytest.mark.parametrize("text", ["true", "yes", "on", "01", " 1"])
def test_a_switch_that_says_neither_is_not_taken_for_no(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=name):
        read_config({name: text})


@pytest.mark.parametrize(
    "text", ["learn.hedge.example", "ftp://hedge.example", "https://", "https://a@b", "http://a b"]
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="PRIVET_PUBLIC_URL"):
        read_config({"PRIVET_PUBLIC_URL": text})


@pytest.mark.parametrize(
    ("lake", "keys"),
    [("/srv/lake", "/srv/lake/keys"), ("/srv/lake", "/srv/lake"), ("/srv/keys/lake", "/srv/keys")],
)
def test_keys_and_lake_never_lie_in_one_another(lake: str, keys: str) -> None:
    with pytest.raises(ConfigError, match="lie in one another"):
        read_config({"PRIVET_LAKE": lake, "PRIVET_KEYS": keys})


def test_a_detour_into_the_lake_is_seen(tmp_path: Path) -> None:
    (tmp_path / "lake" / "keys").mkdir(parents=True)
    (tmp_path / "keys").symlink_to(tmp_path / "lake" / "keys")
    with pytest.raises(ConfigError, match="lie in one another"):
        read_config({"PRIVET_HOME": str(tmp_path)})


def test_page_totals_are_counted_only_where_the_law_asks_for_a_way_out() -> None:
    assert read_config({}).anonymous_totals == ("opt_out",)


def test_page_totals_are_counted_in_the_places_that_are_named() -> None:
    said = {"PRIVET_ANONYMOUS_TOTALS": "FR GB except_refused", "PRIVET_HOME": "/srv/privet"}
    config = read_config(said)
    assert config.anonymous_totals == ("FR", "GB", "except_refused")
    assert config.totals == Path("/srv/privet/totals")


def test_page_totals_can_be_off() -> None:
    assert read_config({"PRIVET_ANONYMOUS_TOTALS": "off"}).anonymous_totals == ()


@pytest.mark.parametrize("text", ["on", "fr", "opt-out", "France"])
def test_a_word_that_names_no_place_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="PRIVET_ANONYMOUS_TOTALS"):
        read_config({"PRIVET_ANONYMOUS_TOTALS": text})


def test_the_allowed_disparity_is_twice_as_often_unless_it_is_set() -> None:
    assert read_config({}).allowed_disparity == 2.0
    assert read_config({"PRIVET_ALLOWED_DISPARITY": "1.25"}).allowed_disparity == 1.25


@pytest.mark.parametrize("text", ["0.8", "-2", "twice", "1e3", "100"])
def test_what_is_no_ratio_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="PRIVET_ALLOWED_DISPARITY"):
        read_config({"PRIVET_ALLOWED_DISPARITY": text})


def test_who_is_responsible_and_how_they_are_reached_is_read() -> None:
    config = read_config(
        {
            "PRIVET_CONTROLLER": " Hedge University, 1 Hedge Row ",
            "PRIVET_CONTACT": "privacy@hedge.example",
            "PRIVET_POLICY_NEWS_DAYS": "14",
        }
    )
    assert config.controller == "Hedge University, 1 Hedge Row"
    assert (config.contact, config.policy_news_days) == ("privacy@hedge.example", 14)
    assert read_config({"PRIVET_CONTACT": "https://hedge.example/privacy"}).contact


@pytest.mark.parametrize("text", ["write to us", "javascript:alert(1)", "a@b c", 'x"@y'])
def test_a_contact_that_nobody_can_reach_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="PRIVET_CONTACT"):
        read_config({"PRIVET_CONTACT": text})
