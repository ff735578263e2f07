"""Terms of the usual databases."""

import pytest

from privet.network.licences import terms_of


@pytest.mark.parametrize(
    ("name", "licence", "url"),
    [
        ("DBIP-City-Lite", "CC BY 4.0", "https://db-ip.com"),
        ("GeoLite2-ASN", "GeoLite End User License Agreement", "https://www.maxmind.com"),
        ("ipinfo lite", "CC BY-SA 4.0", "https://ipinfo.io"),
    ],
)
def test_free_data_wants_its_credit_shown(name: str, licence: str, url: str) -> None:
    found, credit = terms_of(name)
    assert found == licence
    assert credit is not None
    assert credit.url == url


@pytest.mark.parametrize("name", ["DBIP-Location (compat=City)", "GeoIP2-ISP", "My own"])
def test_bought_or_own_data_wants_none(name: str) -> None:
    assert terms_of(name)[1] is None
