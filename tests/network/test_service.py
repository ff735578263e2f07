"""The network as doors use it: layers together, reloading, bounds."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from threading import Event

import pytest

from privet.kernel.clock import FixedClock
from privet.kernel.config import read_config
from privet.network.facts import Confidence, NetworkKind
from privet.network.manifest import MANIFEST, read_manifest
from privet.network.service import Network, install_data, open_network, remove_data
from tests.network.conftest import Hand
from tests.network.mmdb import write_mmdb

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOME = ip_address("86.1.2.3")
"""An address of a British access provider."""
CITY = {
    "86.1.0.0/16": {
        "country": {"iso_code": "GB"},
        "subdivisions": [{"iso_code": "ENG"}],
        "city": {"names": {"en": "Hedgeham"}},
    }
}


def _at_once(job: Callable[[], None]) -> None:
    job()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "network"


@pytest.fixture
def open_one(embedded: Path, directory: Path, hand: Hand) -> Callable[[], Network]:
    """Opens a network whose clock is ``hand`` and which reloads at once."""
    return lambda: Network(
        embedded=embedded, directory=directory, monotonic=hand, in_background=_at_once
    )


def _install(directory: Path, path: Path) -> None:
    install_data(path, directory=directory, by="operator", clock=FixedClock(NOW))


def test_an_address_has_country_number_organisation_and_kind(network: Network) -> None:
    facts = network.about_address(HOME)
    assert (facts.country, facts.asn) == ("GB", 5089)
    assert facts.organisation == "Virgin Media Limited"
    assert facts.kind is NetworkKind.RESIDENTIAL
    assert (facts.evidence, facts.confidence) == ("none:access_provider", Confidence.LOW)


def test_facts_carry_the_day_of_the_oldest_data(network: Network) -> None:
    assert network.about_address(HOME).data_date == date(2026, 9, 16)


def test_an_ipv6_address_has_its_facts(network: Network) -> None:
    facts = network.about_address(ip_address("2607:fb90::1"))
    assert (facts.country, facts.kind) == ("US", NetworkKind.MOBILE)


@pytest.mark.parametrize("outer", ["::ffff:86.1.2.3", "64:ff9b::86.1.2.3", "2002:5601:203::1"])
def test_an_address_inside_another_has_the_same_facts(network: Network, outer: str) -> None:
    assert network.about_address(ip_address(outer)) == network.about_address(HOME)


@pytest.mark.parametrize("address", ["10.1.2.3", "127.0.0.1", "fd00::1", "192.0.2.1"])
def test_a_private_address_is_never_called_residential(network: Network, address: str) -> None:
    facts = network.about_address(ip_address(address))
    assert facts.kind is NetworkKind.PRIVATE
    assert (facts.country, facts.asn, facts.data_date) == (None, None, None)


def test_an_address_of_a_crawler_is_a_bots(network: Network) -> None:
    facts = network.about_address(ip_address("66.249.66.1"))
    assert (facts.is_bot, facts.kind) == (True, NetworkKind.HOSTING)


def test_an_address_that_no_data_knows_is_unknown(tmp_path: Path) -> None:
    facts = Network(embedded=tmp_path).about_address(HOME)
    assert (facts.country, facts.kind) == (None, NetworkKind.UNKNOWN)


def test_missing_embedded_data_is_a_fault_with_a_remedy(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        network = Network(embedded=tmp_path)
    (fault,) = network.faults()
    assert "make install" in fault
    assert fault in caplog.text


def test_the_operators_city_data_adds_the_region_and_no_city(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path
) -> None:
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY, kind="GeoLite2-City"))
    facts = open_one().about_address(HOME)
    assert (facts.country, facts.region) == ("GB", "GB-ENG")
    assert "Hedgeham" not in repr(facts)


def test_what_the_operators_data_does_not_know_the_embedded_answers(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path
) -> None:
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY))
    facts = open_one().about_address(ip_address("73.1.2.3"))
    assert (facts.country, facts.region) == ("US", None)


def test_the_operators_country_is_not_mixed_with_another_region(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path
) -> None:
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY))
    # The newer file knows the country alone, and answers in the older one's stead.
    newer = {"86.1.0.0/16": {"country_code": "IE", "isp": "Hedge"}}
    _install(directory, write_mmdb(tmp_path / "n.mmdb", newer))
    facts = open_one().about_address(HOME)
    assert (facts.country, facts.region, facts.organisation) == ("IE", None, "Hedge")


def test_marks_of_anonymity_and_connection_are_used(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path
) -> None:
    records = {
        "86.1.0.0/16": {"is_anonymous_vpn": True},
        "86.2.0.0/16": {"connection_type": "Cellular"},
    }
    _install(directory, write_mmdb(tmp_path / "a.mmdb", records))
    network = open_one()
    assert network.about_address(HOME).evidence == "anonymity:is_anonymous_vpn"
    assert network.about_address(ip_address("86.2.0.1")).kind is NetworkKind.MOBILE


def test_the_operators_list_outranks_all_data(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path
) -> None:
    file = tmp_path / "networks.txt"
    file.write_text(
        "86.1.0.0/16 education country=IE asn=64496 Hedge halls\n10.0.0.0/8 education\n"
        "66.249.64.0/19 vpn\n86.2.0.0/16 mobile\n"
    )
    _install(directory, file)
    network = open_one()
    halls = network.about_address(HOME)
    assert (halls.kind, halls.country, halls.asn) == (NetworkKind.EDUCATION, "IE", 64496)
    assert (halls.organisation, halls.evidence) == ("Hedge halls", "operator:Hedge halls")
    campus = network.about_address(ip_address("10.1.2.3"))
    assert (campus.kind, campus.organisation) == (NetworkKind.EDUCATION, None)
    assert campus.data_date is not None
    assert not network.about_address(ip_address("66.249.66.1")).is_bot
    assert network.about_address(ip_address("86.2.0.1")).country == "GB"


def test_a_running_process_picks_up_new_data(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path, hand: Hand
) -> None:
    network = open_one()
    assert network.about_address(HOME).region is None
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY))
    assert network.about_address(HOME).region is None
    hand.seconds += 5
    assert network.about_address(HOME).region == "GB-ENG"


def test_a_running_process_lets_go_of_removed_data(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path, hand: Hand
) -> None:
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY, kind="City"))
    network = open_one()
    remove_data("City", directory=directory)
    hand.seconds += 5
    assert network.about_address(HOME).region is None


def test_looking_again_without_a_change_keeps_the_cache(
    open_one: Callable[[], Network], hand: Hand
) -> None:
    network = open_one()
    before = network.about_address(HOME)
    hand.seconds += 5
    assert network.about_address(HOME) is before


def test_a_process_reloads_in_a_thread_of_its_own(
    embedded: Path, directory: Path, tmp_path: Path, hand: Hand
) -> None:
    network = Network(embedded=embedded, directory=directory, monotonic=hand)
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY))
    hand.seconds += 5
    network.about_address(HOME)
    waiting = Event()
    for _ in range(12_000):
        if network.about_address(HOME).region:
            break
        waiting.wait(0.01)
    assert network.about_address(HOME).region == "GB-ENG"


def _damage(directory: Path) -> None:
    """Change the data behind the manifest's back; then touch the manifest."""
    (record,) = read_manifest(directory).files
    path = directory / record.file
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:-40] + bytes(40))
    manifest = directory / MANIFEST
    manifest.write_text(manifest.read_text() + " ")


def test_damaged_data_is_reported_and_the_old_data_goes_on_answering(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path, hand: Hand
) -> None:
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY))
    network = open_one()
    _damage(directory)
    hand.seconds += 5
    assert network.about_address(HOME).region == "GB-ENG"
    assert any("has changed since it was installed" in fault for fault in network.faults())


def test_damaged_data_at_the_start_leaves_the_embedded(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path
) -> None:
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY))
    _damage(directory)
    network = open_one()
    facts = network.about_address(HOME)
    assert (facts.country, facts.region) == ("GB", None)
    assert len(network.faults()) == 1


def test_data_that_has_gone_is_reported(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path
) -> None:
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY))
    for path in directory.glob("*.mmdb"):
        path.unlink()
    (fault,) = open_one().faults()
    assert "Install it again" in fault


def test_a_damaged_manifest_keeps_the_old_data(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path, hand: Hand
) -> None:
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY))
    network = open_one()
    (directory / MANIFEST).write_text("{")
    hand.seconds += 5
    assert network.about_address(HOME).region == "GB-ENG"
    assert any("cannot be read" in fault for fault in network.faults())


def test_a_damaged_list_keeps_the_old_one(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path, hand: Hand
) -> None:
    file = tmp_path / "networks.txt"
    file.write_text("86.1.0.0/16 education Hedge halls\n")
    _install(directory, file)
    network = open_one()
    (directory / "networks.txt").write_text("86.1.0.0/16 nonsense\n")
    hand.seconds += 5
    assert network.about_address(HOME).kind is NetworkKind.EDUCATION
    assert any("Line 1" in fault for fault in network.faults())


def test_damage_that_shows_only_in_a_look_up_is_reported(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path
) -> None:
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY, kind="City"))
    network = open_one()
    network._loaded.installed.databases[0].damaged_lookups = 1
    assert network.faults() == ("City has damaged records. Install the file again.",)


def test_every_source_has_its_age(network: Network) -> None:
    ages = {age.source.name: age for age in network.data_ages(NOW)}
    assert set(ages) == {"iporigin", "User-Country", "Origin-ASN"}
    assert ages["User-Country"].age_days == 66
    assert not ages["User-Country"].is_old


def test_old_data_is_called_old(network: Network) -> None:
    ages = network.data_ages(NOW + timedelta(days=365))
    assert all(age.is_old for age in ages)


def test_data_from_the_future_is_of_today(network: Network) -> None:
    assert network.data_ages(NOW - timedelta(days=3650))[0].age_days == 0


def test_credits_are_shown_once_while_their_data_is_in_use(
    open_one: Callable[[], Network], directory: Path, tmp_path: Path
) -> None:
    assert open_one().attributions() == ()
    _install(directory, write_mmdb(tmp_path / "c.mmdb", CITY, kind="DBIP-City-Lite"))
    isp = {"86.1.0.0/16": {"isp": "Hedge"}}
    _install(directory, write_mmdb(tmp_path / "a.mmdb", isp, kind="DBIP-ASN-Lite"))
    (credit,) = open_one().attributions()
    assert (credit.text, credit.url) == ("IP Geolocation by DB-IP", "https://db-ip.com")


def test_the_cache_of_addresses_is_bounded(embedded: Path) -> None:
    network = Network(embedded=embedded, cache_size=100)
    for n in range(1000):
        network.about_address(IPv4Address(n * 2_654_435_761 % 2**32))
    assert network._cached.cache_info().currsize == 100


def test_an_installation_opens_with_its_own_directory(tmp_path: Path) -> None:
    config = read_config({"PRIVET_HOME": str(tmp_path)})
    file = tmp_path / "networks.txt"
    file.write_text("86.1.0.0/16 education Hedge halls\n")
    _install(config.network, file)
    assert open_network(config).about_address(HOME).kind is NetworkKind.EDUCATION


def test_an_agent_has_its_facts(network: Network) -> None:
    network.warm()
    facts = network.about_agent("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko Firefox/128.0")
    assert facts.browser == "Firefox 128"
