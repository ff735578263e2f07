"""Records of every usual schema, and of none."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.network.facts import DataRole, NetworkKind
from privet.network.records import NOTHING, KindClue, read_record


def test_a_country_record_gives_the_country() -> None:
    assert read_record({"country": {"iso_code": "GB"}}).country == "GB"


def test_a_flat_country_code_gives_the_country() -> None:
    assert read_record({"country_code": "GB"}).country == "GB"


def test_a_subdivision_with_a_code_gives_an_iso_region() -> None:
    record = {
        "country": {"iso_code": "GB"},
        "subdivisions": [{"iso_code": "ENG"}, {"iso_code": "X"}],
    }
    assert read_record(record).region == "GB-ENG"


def test_a_subdivision_with_only_a_name_gives_the_name() -> None:
    record = {"country": {"iso_code": "GB"}, "subdivisions": [{"names": {"en": "England"}}]}
    assert read_record(record).region == "GB/England"


@pytest.mark.parametrize(
    "subdivisions",
    [None, [], ["ENG"], [{}], [{"names": []}], [{"names": {"en": 3}}], [{"iso_code": "TOO-LONG"}]],
)
def test_a_subdivision_of_another_form_gives_no_region(subdivisions: object) -> None:
    record = {"country": {"iso_code": "GB"}, "subdivisions": subdivisions}
    assert read_record(record).region is None


def test_a_region_without_a_country_is_not_believed() -> None:
    assert read_record({"subdivisions": [{"iso_code": "ENG"}]}).region is None


def test_a_city_and_its_coordinates_are_left_out() -> None:
    record = {
        "city": {"names": {"en": "Hedgeham"}},
        "country": {"iso_code": "GB"},
        "location": {"latitude": 51.5, "longitude": -0.1, "accuracy_radius": 5},
    }
    assert "Hedgeham" not in repr(read_record(record))
    assert "51.5" not in repr(read_record(record))


@pytest.mark.parametrize("code", ["gb", "GBR", "", "G1", 44, None, "ÄÖ"])
def test_what_is_no_country_code_is_not_believed(code: object) -> None:
    assert read_record({"country": {"iso_code": code}}).country is None


def test_an_asn_record_gives_number_and_organisation() -> None:
    record = {"autonomous_system_number": 786, "autonomous_system_organization": "Jisc"}
    assert (read_record(record).asn, read_record(record).organisation) == (786, "Jisc")


def test_the_name_of_the_isp_goes_before_that_of_the_system() -> None:
    record = {"isp": "Hedge Broadband", "autonomous_system_organization": "HEDGE-AS"}
    assert read_record(record).organisation == "Hedge Broadband"


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("AS26599 - TELEFONICA BRASIL S.A", "TELEFONICA BRASIL S.A"),
        ("MTN SA - MTN SA", "MTN SA"),
        ("docomo - NTT DOCOMO, INC.", "docomo - NTT DOCOMO, INC."),
        ("  Two\nlines\x00 ", "Two lines"),
        ("x" * 500, "x" * 120),
    ],
)
def test_a_name_is_tidied(name: str, tidy: str) -> None:
    assert read_record({"isp": name}).organisation == tidy


@pytest.mark.parametrize("number", [True, 0, -1, 2**32, "786", 7.5])
def test_what_is_no_system_number_is_not_believed(number: object) -> None:
    assert read_record({"autonomous_system_number": number}).asn is None


def test_traits_are_read_where_a_record_has_them() -> None:
    record = {"country": {"iso_code": "GB"}, "traits": {"isp": "Hedge", "user_type": "cellular"}}
    found = read_record(record)
    assert (found.country, found.organisation) == ("GB", "Hedge")
    assert found.connection == KindClue(NetworkKind.MOBILE, "user_type=cellular")


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ({"mobile_country_code": "234"}, NetworkKind.MOBILE),
        ({"user_type": "school"}, NetworkKind.EDUCATION),
        ({"user_type": "hosting"}, NetworkKind.HOSTING),
        ({"connection_type": "Cellular"}, NetworkKind.MOBILE),
        ({"connection_type": "Cable/DSL"}, NetworkKind.RESIDENTIAL),
    ],
)
def test_how_a_line_is_used_is_a_clue(record: dict[str, str], kind: NetworkKind) -> None:
    clue = read_record(record).connection
    assert clue is not None
    assert clue.kind is kind


@pytest.mark.parametrize(
    "record", [{"user_type": "business"}, {"connection_type": "Corporate"}, {}]
)
def test_other_lines_are_no_clue(record: dict[str, str]) -> None:
    assert read_record(record).connection is None


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("is_tor_exit_node", NetworkKind.TOR),
        ("is_anonymous_vpn", NetworkKind.VPN),
        ("is_public_proxy", NetworkKind.VPN),
        ("is_residential_proxy", NetworkKind.VPN),
        ("is_hosting_provider", NetworkKind.HOSTING),
        ("is_anonymous", NetworkKind.VPN),
    ],
)
def test_each_mark_of_anonymity_has_its_kind(field: str, kind: NetworkKind) -> None:
    assert read_record({field: True}).anonymity == KindClue(kind, field)


def test_the_strongest_mark_of_anonymity_wins() -> None:
    record = {"is_anonymous": True, "is_hosting_provider": True, "is_tor_exit_node": True}
    clue = read_record(record).anonymity
    assert clue is not None
    assert clue.kind is NetworkKind.TOR


def test_a_privacy_network_for_consumers_is_a_relay() -> None:
    record = {"user_type": "consumer_privacy_network", "is_anonymous": True}
    clue = read_record(record).anonymity
    assert clue is not None
    assert clue.kind is NetworkKind.RELAY


def test_a_mark_that_is_not_true_is_no_mark() -> None:
    assert read_record({"is_tor_exit_node": "yes", "is_anonymous": False}).anonymity is None


def test_roles_say_which_questions_a_record_answers() -> None:
    record = {"country_code": "GB", "isp": "Hedge", "connection_type": "Cellular"}
    expected = {DataRole.PLACE, DataRole.NETWORK, DataRole.CONNECTION}
    assert read_record(record).roles == expected


@pytest.mark.parametrize("record", [None, 3, "GB", ["GB"]])
def test_what_is_no_record_says_nothing(record: object) -> None:
    assert read_record(record) is NOTHING


_FIELDS = st.sampled_from(
    [
        "country",
        "country_code",
        "iso_code",
        "subdivisions",
        "names",
        "en",
        "traits",
        "isp",
        "autonomous_system_number",
        "user_type",
        "connection_type",
        "is_anonymous",
        "mobile_country_code",
        "organization",
    ]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(string.printable, max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_FIELDS, inner, max_size=6),
    max_leaves=20,
)


@given(_VALUES)
def test_no_record_makes_it_fail(record: object) -> None:
    found = read_record(record)
    assert found.region is None or found.country is not None
