"""A case's own copy of what speaks for it: accounts by letter, and what else may explain it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from statistics import median

import msgspec

from privet.integrity.findings import SHARING, DetectorKind, Finding, How, Item
from privet.integrity.rules import ANONYMISERS, SHARED_KINDS


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One problem of the timeline; of a shared account, one day in two places."""

    problem: str
    source: str
    """The letter of the account that had the answer; empty for a shared account."""
    obtained: datetime | None
    how: How | None
    submitted: datetime
    correct: bool
    dt_seconds: float


class Fired(msgspec.Struct, frozen=True, kw_only=True):
    """A detector that speaks about these accounts."""

    kind: DetectorKind
    letters: tuple[str, ...]
    n: int
    x: int
    p: float
    q: float
    confidence: float
    day: date


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody sees who has to do with the case: officers and the learner the same."""

    letters: tuple[str, ...]
    """All accounts; the last is the one that the case is about."""
    fired: tuple[Fired, ...]
    """The detector that opened it first, then those that support it."""
    lag_p90_seconds: float | None
    shared_network: bool
    ip_degree: int
    network_kinds: tuple[str, ...]
    has_certificate: bool | None
    """Of the account that it is about; none if it is not known."""
    lines: tuple[Line, ...]

    @property
    def main(self) -> str:
        """The letter of the account that it is about."""
        return self.letters[-1]

    @property
    def opening(self) -> Fired:
        """What opened it."""
        return self.fired[0]


class Explanation(StrEnum):
    """Something innocent that looks the same, where the evidence does not rule it out."""

    HOUSEHOLD = "household"
    """People who live together and work one after the other, perhaps on one device."""
    SHARED_NETWORK = "shared_network"
    """Many people stand behind the address: a dormitory, a school, a mobile network."""
    STUDYING_TOGETHER = "studying_together"
    TUTOR = "tutor"
    """Somebody looks answers up to help another."""
    RETAKER = "retaker"
    """A learner who began anew with another account."""
    CLOCKS = "clocks"
    """Servers' clocks differ by seconds, so the order of two acts may be another."""
    CHANCE = "chance"
    HIDDEN_NETWORK = "hidden_network"
    """A VPN or relay shows places where nobody is."""
    REMOTE_COMPUTER = "remote_computer"
    """Work or study on a computer that stands elsewhere."""


class Gap(StrEnum):
    """What the evidence does not have."""

    NO_ADDRESSES = "no_addresses"
    NO_SHARED_ADDRESS = "no_shared_address"
    FEW_ITEMS = "few_items"
    NO_CERTIFICATE = "no_certificate"
    CERTIFICATE_UNKNOWN = "certificate_unknown"
    ANSWERS_NOT_ALIKE = "answers_not_alike"
    """No detector found that rare wrong answers agree."""
    NO_CHANCE = "no_chance"
    """How likely a coincidence is was not reckoned."""
    WHO_SAT_THERE = "who_sat_there"
    """No record says who used an account."""


_FEW_ITEMS = 10
_HOUSEHOLD = 6
_HELP_SECONDS = 120.0
_ANEW_SECONDS = 6 * 3600.0
_SKEW_SECONDS = 5.0
_SKEWED = 0.2
_WEAK_Q = 0.001


def letters_for(number: int) -> tuple[str, ...]:
    """A, B, … Z, AA, AB, … for so many accounts."""
    return tuple(_letter(place) for place in range(number))


def make_evidence(
    finding: Finding,
    *,
    letters: Mapping[int, str],
    beside: Sequence[Finding] = (),
    has_certificate: bool | None = None,
) -> Evidence:
    """Copy a finding, with those that support it; ``letters`` names each pseudonym."""
    return Evidence(
        letters=tuple(letters[subject] for subject in finding.subjects),
        fired=tuple(_fired(one, letters) for one in (finding, *beside)),
        lag_p90_seconds=finding.lag_p90_seconds,
        shared_network=finding.shared_network,
        ip_degree=finding.ip_degree,
        network_kinds=finding.network_kinds,
        has_certificate=has_certificate,
        lines=tuple(_line(item, letters) for item in finding.items),
    )


def read_evidence(kept: object) -> Evidence | None:
    """The evidence that a row keeps; none once it is deleted."""
    return None if kept is None else msgspec.convert(kept, Evidence)


def explanations_of(evidence: Evidence) -> list[Explanation]:
    """The innocent explanations that fit, in the order of their declaration."""
    of_sharing = evidence.opening.kind in SHARING
    fits = _fits_sharing(evidence) if of_sharing else _fits_copying(evidence)
    fits[Explanation.CHANCE] = evidence.opening.q > _WEAK_Q
    fits[Explanation.HIDDEN_NETWORK] = bool(ANONYMISERS & set(evidence.network_kinds))
    return [one for one in Explanation if fits.get(one)]


def gaps_of(evidence: Evidence) -> list[Gap]:
    """What is missing, in the order of declaration."""
    opening = evidence.opening
    of_sharing = opening.kind in SHARING
    has_kinds = bool(evidence.network_kinds)
    alike = any(one.kind is DetectorKind.ANSWER_COPYING for one in evidence.fired)
    lacks = {
        Gap.NO_ADDRESSES: not of_sharing and not evidence.shared_network and not has_kinds,
        Gap.NO_SHARED_ADDRESS: not of_sharing and not evidence.shared_network and has_kinds,
        Gap.FEW_ITEMS: opening.x < _FEW_ITEMS,
        Gap.NO_CERTIFICATE: evidence.has_certificate is False,
        Gap.CERTIFICATE_UNKNOWN: not of_sharing and evidence.has_certificate is None,
        Gap.ANSWERS_NOT_ALIKE: not of_sharing and not alike,
        Gap.NO_CHANCE: opening.p >= 1,
        Gap.WHO_SAT_THERE: True,
    }
    return [gap for gap in Gap if lacks[gap]]


def _fits_copying(evidence: Evidence) -> dict[Explanation, bool]:
    lags = [line.dt_seconds for line in evidence.lines if line.dt_seconds > 0]
    usual = median(lags) if lags else 0.0
    skewed = sum(abs(line.dt_seconds) <= _SKEW_SECONDS for line in evidence.lines)
    close = any(one.kind is DetectorKind.CLOSE_SUBMITTERS for one in evidence.fired)
    linked = evidence.shared_network
    crowded = linked and evidence.ip_degree >= _HOUSEHOLD
    return {
        Explanation.HOUSEHOLD: linked and evidence.ip_degree < _HOUSEHOLD,
        Explanation.SHARED_NETWORK: crowded or bool(SHARED_KINDS & set(evidence.network_kinds)),
        Explanation.STUDYING_TOGETHER: close or evidence.opening.x < evidence.opening.n,
        Explanation.TUTOR: _HELP_SECONDS <= usual < _ANEW_SECONDS,
        Explanation.RETAKER: usual >= _ANEW_SECONDS,
        Explanation.CLOCKS: skewed > 0 and skewed >= _SKEWED * len(evidence.lines),
    }


def _fits_sharing(evidence: Evidence) -> dict[Explanation, bool]:
    return {
        Explanation.HOUSEHOLD: evidence.opening.kind is DetectorKind.SHARING_CONCURRENCY,
        Explanation.SHARED_NETWORK: bool(SHARED_KINDS & set(evidence.network_kinds)),
        Explanation.REMOTE_COMPUTER: True,
    }


def _fired(finding: Finding, letters: Mapping[int, str]) -> Fired:
    known = tuple(letters[subject] for subject in finding.subjects if subject in letters)
    return Fired(
        kind=finding.kind, letters=known, n=finding.n, x=finding.x, p=finding.p, q=finding.q,
        confidence=finding.confidence, day=finding.day,
    )  # fmt: skip


def _line(item: Item, letters: Mapping[int, str]) -> Line:
    return Line(
        problem=item.problem, source=letters.get(item.source, ""), obtained=item.answer_obtained,
        how=item.how, submitted=item.submitted, correct=item.correct, dt_seconds=item.dt_seconds,
    )  # fmt: skip


def _letter(place: int) -> str:
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
