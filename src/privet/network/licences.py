"""Under which terms the usual databases come, and the credit that some of them ask for."""

from privet.network.manifest import AttributionRecord

_DBIP = AttributionRecord(text="IP Geolocation by DB-IP", url="https://db-ip.com")
_GEOLITE = AttributionRecord(
    text="This product includes GeoLite Data created by MaxMind", url="https://www.maxmind.com"
)
_IPINFO = AttributionRecord(text="IP address data powered by IPinfo", url="https://ipinfo.io")

_BY_PREFIX: tuple[tuple[str, str, AttributionRecord | None], ...] = (
    ("geolite2", "GeoLite End User License Agreement", _GEOLITE),
    ("geoip2", "MaxMind, commercial", None),
    ("ipinfo", "CC BY-SA 4.0", _IPINFO),
)


def terms_of(name: str) -> tuple[str, AttributionRecord | None]:
    """Licence and credit of the database that calls itself ``name``.

    A name that is not known is the operator's own affair: they hold its licence.
    """
    lower = name.lower()
    if lower.startswith("dbip"):
        # DB-IP asks for its link under the free licence; the paid files carry no such duty.
        return ("CC BY 4.0", _DBIP) if "lite" in lower else ("DB-IP, commercial", None)
    for prefix, licence, credit in _BY_PREFIX:
        if lower.startswith(prefix):
            return licence, credit
    return "the operator's own", None
