"""What names of operators suggest."""

import pytest

from privet.network.facts import NetworkKind
from privet.network.organisations import read_name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("T-Mobile USA, Inc.", NetworkKind.MOBILE),
        ("Reliance Jio Infocomm Limited", NetworkKind.MOBILE),
        ("Free Mobile SAS", NetworkKind.MOBILE),
        ("Mullvad VPN AB", NetworkKind.VPN),
        ("PacketHub S.A.", NetworkKind.VPN),
        ("Hetzner Online GmbH", NetworkKind.HOSTING),
        ("Amazon.com, Inc.", NetworkKind.HOSTING),
        ("UK Dedicated Servers Limited", NetworkKind.HOSTING),
        ("Princeton University", NetworkKind.EDUCATION),
        ("Jisc Services Limited", NetworkKind.EDUCATION),
        ("Technische Hochschule Hedge", NetworkKind.EDUCATION),
        ("Space Exploration Technologies Corporation", NetworkKind.RESIDENTIAL),
    ],
)
def test_a_telling_name_suggests_a_kind(name: str, kind: NetworkKind) -> None:
    clue = read_name(name, 64496)
    assert clue is not None
    assert clue.kind is kind


@pytest.mark.parametrize(
    "name",
    [
        "Comcast Cable Communications, LLC",
        "Deutsche Telekom AG",
        "Exxon Mobil Corporation",
        "United Services Automobile Association",
        "Google Fiber Inc.",
        "Alcoholics Anonymous World Services, Inc",
        "Mobile Fibre Cable Company",
        "",
        None,
    ],
)
def test_other_names_suggest_nothing(name: str | None) -> None:
    assert read_name(name, 64496) is None


def test_a_satellite_line_is_told_by_its_evidence() -> None:
    clue = read_name("STARLINK LLC", 64496)
    assert clue is not None
    assert clue.detail == "satellite"


@pytest.mark.parametrize("asn", [6167, 20057, 22394])
def test_carriers_named_like_fixed_networks_are_told_by_their_number(asn: int) -> None:
    clue = read_name("Verizon Business", asn)
    assert clue is not None
    assert clue.kind is NetworkKind.MOBILE
