"""Which evidence for a network's kind outranks which: a pure function over what was found.

The order is that of trust: what the operator says, that an address is not public at all, the
relay (so that a list of VPNs cannot make it suspicious), data made for the question, published
ranges, how the line is used, the operator's name, and last the absence of all these.
"""

from dataclasses import dataclass

from privet.network.facts import Confidence, NetworkKind
from privet.network.operator_list import Listed
from privet.network.origins import Origin
from privet.network.records import KindClue


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was found about one address."""

    is_public: bool
    listed: Listed | None = None
    origin: Origin | None = None
    anonymity: KindClue | None = None
    connection: KindClue | None = None
    name: KindClue | None = None
    has_data: bool = False
    """Some source knows the address: a country, a number, an organisation."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The kind, how it is known (``source:detail``), and how far that carries."""

    kind: NetworkKind
    evidence: str
    confidence: Confidence


_PRIVATE = Judgement(NetworkKind.PRIVATE, "address:not_public", Confidence.HIGH)
_RESIDENTIAL = Judgement(NetworkKind.RESIDENTIAL, "none:access_provider", Confidence.LOW)
_UNKNOWN = Judgement(NetworkKind.UNKNOWN, "none:no_data", Confidence.LOW)


def judge_kind(evidence: Evidence) -> Judgement:
    """The kind by the strongest evidence there is."""
    if evidence.listed is not None:
        return _by_operator(evidence.listed)
    if not evidence.is_public:
        return _PRIVATE
    found = _by_relay(evidence) or _by_lists(evidence)
    if found is not None:
        return found
    return _RESIDENTIAL if evidence.has_data else _UNKNOWN


def _by_operator(listed: Listed) -> Judgement:
    return Judgement(listed.kind, f"operator:{listed.name or 'list'}", Confidence.HIGH)


def _by_relay(evidence: Evidence) -> Judgement | None:
    if evidence.origin and evidence.origin.kind is NetworkKind.RELAY:
        return _by_origin(evidence.origin)
    if evidence.anonymity and evidence.anonymity.kind is NetworkKind.RELAY:
        return _by_clue(evidence.anonymity, "anonymity", Confidence.MEDIUM)
    return None


def _by_lists(evidence: Evidence) -> Judgement | None:
    if evidence.anonymity:
        return _by_clue(evidence.anonymity, "anonymity", Confidence.MEDIUM)
    if evidence.origin:
        return _by_origin(evidence.origin)
    if evidence.connection:
        return _by_clue(evidence.connection, "connection", Confidence.MEDIUM)
    if evidence.name:
        return _by_clue(evidence.name, "organisation", Confidence.LOW)
    return None


def _by_origin(origin: Origin) -> Judgement:
    return Judgement(origin.kind, f"iporigin:{origin.provider}", origin.confidence)


def _by_clue(clue: KindClue, source: str, confidence: Confidence) -> Judgement:
    return Judgement(clue.kind, f"{source}:{clue.detail}", confidence)
