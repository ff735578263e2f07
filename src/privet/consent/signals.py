"""Signals between browser and site: Global Privacy Control, DNT, Consent Mode v2, GPP usnat.

Pure functions. Sources: the GPC specification (W3C), Google Consent Mode v2, and section 7
("usnat", version 2) of the IAB's Global Privacy Platform.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from privet.catalogue.uses import Choice

GPC_SINCE = "2026-11-22"
"""The day on which the way we honour the signal last changed."""

_CONSENT_MODE: Mapping[Choice, tuple[str, ...]] = {
    Choice.PERFORMANCE: ("analytics_storage",),
    Choice.FUNCTIONALITY: ("functionality_storage", "personalization_storage"),
    Choice.TARGETING: ("ad_storage", "ad_user_data", "ad_personalization"),
}
_GPP_HEADER = "DBABLA"
"""The header of a string whose one section is number 7: type 3, version 1, Fibonacci of 7."""
_GPP_WITHOUT_SECTION = "DBAA"
_USNAT_VERSION = 2
_GPC_SEGMENT = 1


def read_gpc(header: str) -> bool:
    """Whether Global Privacy Control is on: one exact ``1`` among duplicates is enough."""
    return any(part.strip() == "1" for part in header.split(","))


def read_signal(*, gpc: str, dnt: str, obeys_dnt: bool) -> bool:
    """Whether a request asks not to be sold or tracked by others.

    ``gpc`` and ``dnt`` are the values of ``Sec-GPC`` and ``DNT``; the older one counts only where
    the operator chose so (`PRIVET_OBEY_DNT`).
    """
    return read_gpc(gpc) or (obeys_dnt and dnt.strip() == "1")


def gpc_document() -> dict[str, object]:
    """What ``/.well-known/gpc.json`` says, the same to everybody."""
    return {"gpc": True, "lastUpdate": GPC_SINCE}


def consent_mode(choices: Choice, *, gpc: bool = False, confirmed: bool = False) -> dict[str, str]:
    """The argument of ``gtag("consent", "update", …)`` for the choices in force.

    An opt-out of sale, or the signal, denies the three of advertising.
    """
    may_advertise = Choice.SALE_SHARING in choices and (confirmed or not gpc)
    found = {"security_storage": "granted"}
    for choice, names in _CONSENT_MODE.items():
        granted = choice in choices and (choice is not Choice.TARGETING or may_advertise)
        found |= dict.fromkeys(names, "granted" if granted else "denied")
    return found


def consent_mode_names() -> dict[str, list[str]]:
    """Google's names of storage that each category opens, for scripts that say it themselves."""
    return {(choice.name or "").lower(): list(names) for choice, names in _CONSENT_MODE.items()}


def consent_mode_default() -> dict[str, object]:
    """The argument of ``gtag("consent", "default", …)``: all denied, before any tag."""
    return {**consent_mode(Choice(0)), "wait_for_update": 500}


class Opt(IntEnum):
    """A value of two bits."""

    NOT_APPLICABLE = 0
    YES = 1
    """Of a notice: it was given. Of an opt-out: the person opted out."""
    NO = 2


@dataclass(frozen=True, kw_only=True)
class UsNat:
    """The fields of the section; what is not said does not apply."""

    sharing_notice: int = 0
    sale_opt_out_notice: int = 0
    sharing_opt_out_notice: int = 0
    targeted_advertising_opt_out_notice: int = 0
    sensitive_data_processing_opt_out_notice: int = 0
    sensitive_data_limit_use_notice: int = 0
    sale_opt_out: int = 0
    sharing_opt_out: int = 0
    targeted_advertising_opt_out: int = 0
    sensitive_data_processing: tuple[int, ...] = field(default=(0,) * 16)
    known_child: tuple[int, ...] = field(default=(0,) * 3)
    personal_data_consents: int = 0
    mspa_covered_transaction: int = int(Opt.NO)
    mspa_opt_out_option_mode: int = 0
    mspa_service_provider_mode: int = 0
    gpc: bool = False
    """Whether the segment that says so is added."""

    def pairs(self) -> Iterator[int]:
        """The fields of two bits in their order."""
        yield from (self.sharing_notice, self.sale_opt_out_notice, self.sharing_opt_out_notice)
        yield self.targeted_advertising_opt_out_notice
        yield self.sensitive_data_processing_opt_out_notice
        yield self.sensitive_data_limit_use_notice
        yield from (self.sale_opt_out, self.sharing_opt_out, self.targeted_advertising_opt_out)
        yield from self.sensitive_data_processing
        yield from self.known_child
        yield self.personal_data_consents
        yield self.mspa_covered_transaction
        yield self.mspa_opt_out_option_mode
        yield self.mspa_service_provider_mode


def usnat_of(choices: Choice, *, gpc: bool = False, confirmed: bool = False) -> UsNat:
    """What the choices in force say in the section's fields; the notice was given."""
    is_narrowed = gpc and not confirmed
    sold = Choice.SALE_SHARING in choices and not is_narrowed
    targeted = Choice.TARGETING in choices and not is_narrowed
    return UsNat(
        sharing_notice=int(Opt.YES),
        sale_opt_out_notice=int(Opt.YES),
        sharing_opt_out_notice=int(Opt.YES),
        targeted_advertising_opt_out_notice=int(Opt.YES),
        sale_opt_out=int(_opted_out(is_allowed=sold)),
        sharing_opt_out=int(_opted_out(is_allowed=sold)),
        targeted_advertising_opt_out=int(_opted_out(is_allowed=targeted)),
        gpc=gpc,
    )


def encode_gpp(section: UsNat) -> str:
    """The GPP string with this one section; raises ValueError for a value beyond two bits."""
    core = f"{_USNAT_VERSION:06b}" + "".join(_pair(value) for value in section.pairs())
    parts = [_encode(core)]
    if section.gpc:
        parts.append(_encode(f"{_GPC_SEGMENT:02b}1"))
    return f"{_GPP_HEADER}~{'.'.join(parts)}"


def gpp_string(choices: Choice, *, gpc: bool, confirmed: bool, applies: bool) -> str:
    """The string for the choices in force; without a section where the law is another."""
    if not applies:
        return _GPP_WITHOUT_SECTION
    return encode_gpp(usnat_of(choices, gpc=gpc, confirmed=confirmed))


def _opted_out(*, is_allowed: bool) -> Opt:
    return Opt.NO if is_allowed else Opt.YES


def _pair(value: int) -> str:
    return f"{Opt(value):02b}"


def _encode(bits: str) -> str:
    """Bits in base64url, filled up with zeroes to whole bytes."""
    padded = bits + "0" * (-len(bits) % 24)
    whole = urlsafe_b64encode(int(padded, 2).to_bytes(len(padded) // 8, "big")).decode()
    return whole[: -(-(len(bits) + -len(bits) % 8) // 6)]
