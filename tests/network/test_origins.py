"""Published ranges, as the installed package has them."""

from ipaddress import ip_address

import iporigin
import pytest

from privet.network.facts import Confidence, DataRole, NetworkKind
from privet.network.origins import APPLE_RELAY, describe_origins, find_origin, origins_date


def _an_address_of(provider: str) -> str:
    data = iporigin._data.dataset()
    index = next(i for i, label in enumerate(data.v4_labels) if data.labels[label][0] == provider)
    return str(ip_address(data.v4_starts[index]))


@pytest.mark.parametrize(
    ("provider", "kind"),
    [
        (APPLE_RELAY, NetworkKind.RELAY),
        ("Hetzner", NetworkKind.HOSTING),
        ("Cloudflare", NetworkKind.HOSTING),
        ("Mullvad", NetworkKind.VPN),
        ("Tor", NetworkKind.TOR),
        ("Googlebot", NetworkKind.HOSTING),
    ],
)
def test_a_published_range_has_its_kind(provider: str, kind: NetworkKind) -> None:
    origin = find_origin(ip_address(_an_address_of(provider)))
    assert origin is not None
    assert (origin.kind, origin.provider) == (kind, provider)


def test_only_a_crawlers_range_is_a_bots() -> None:
    crawler = find_origin(ip_address(_an_address_of("Googlebot")))
    cloud = find_origin(ip_address(_an_address_of("Hetzner")))
    assert crawler is not None
    assert cloud is not None
    assert (crawler.is_bot, cloud.is_bot) == (True, False)


def test_the_relay_is_known_by_its_owners_word() -> None:
    origin = find_origin(ip_address(_an_address_of(APPLE_RELAY)))
    assert origin is not None
    assert origin.confidence is Confidence.HIGH


@pytest.mark.parametrize("address", ["86.1.2.3", "10.0.0.1"])
def test_an_address_in_no_range_has_no_origin(address: str) -> None:
    assert find_origin(ip_address(address)) is None


def test_the_list_says_its_version_day_and_checksum() -> None:
    source = describe_origins()
    assert source.roles == (DataRole.ANONYMITY,)
    assert source.version == iporigin.__version__
    assert source.data_date == origins_date()
    assert len(source.sha256) == 64
