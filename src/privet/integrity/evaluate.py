"""How good the detectors are, against the files of a truth: it knows nothing else of where they
come from. docs/reference/simulation-truth.md says what stands in them."""

import csv
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

from privet.integrity.findings import SHARING, SUPPORTING, DetectorKind, Finding

_Z = 1.959964
_MODE_OF = {
    DetectorKind.IMMEDIATE: "immediate",
    DetectorKind.OTHER_NETWORK: "other_ip",
    DetectorKind.DELAYED: "delayed",
    DetectorKind.EXHAUSTED: "exhausted",
    DetectorKind.SEVERAL_HARVESTERS: "several_harvesters",
    DetectorKind.SHARING_TRAVEL: "sharing_travel",
    DetectorKind.SHARING_CONCURRENCY: "sharing_concurrency",
}
MODES = (*list(_MODE_OF.values())[:3], "light", *list(_MODE_OF.values())[3:])
_LIGHT_SHARE = 0.10
_ITEMS = (1, 2, 3, 5, 8, 13, 1_000_000)
_DAYS = (1, 2, 3, 6, 10, 1_000_000)
_SHARED_LINES = frozenset({"carrier", "vpn"})
Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Story:
    """What really happened: a master and the accounts that fed it."""

    course: str
    master: int
    harvesters: frozenset[int]
    mode: str
    share: float
    items: int
    """How many items were copied."""
    traits: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Lent:
    """How an account was shared."""

    way: str
    days: int
    """On which the second person used it."""
    is_same_device: bool


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The files of a truth, with pseudonyms instead of numbers."""

    stories: tuple[Story, ...]
    shared: Mapping[int, "Lent"]
    ties: tuple[tuple[str, frozenset[int]], ...]
    country: Mapping[int, str]
    network: Mapping[int, str]
    problems: Mapping[str, int]


def read_truth(directory: Path, subjects_of: Callable[[Sequence[str]], Sequence[int]]) -> Truth:
    """Read a truth; ``subjects_of`` turns external ids into the lake's pseudonyms, in order."""
    learners = _read(directory / "learners.csv")
    subjects = subjects_of([row["external_id"] for row in learners])
    of = dict(zip((row["learner"] for row in learners), subjects, strict=True))
    companies: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for row in _read(directory / "companies.csv"):
        companies[row["tie"], row["company"]].add(of[row["learner"]])
    return Truth(
        stories=tuple(_stories(_read(directory / "cheats.csv"), of)),
        shared={
            of[row["learner"]]: Lent(
                way=row["shared"],
                days=int(row["days"]),
                is_same_device=row["is_same_device"] == "1",
            )
            for row in _read(directory / "sharing.csv")
        },
        ties=tuple((tie, frozenset(people)) for (tie, _), people in companies.items()),
        country={of[row["learner"]]: row["country"] for row in learners},
        network={of[row["learner"]]: row["sharing"] for row in learners},
        problems=Counter(row["course"] for row in _read(directory / "problems.csv")),
    )


def evaluate(truth: Truth, found: Iterable[Finding]) -> dict[str, Any]:
    """Precision and recall, with 95 % intervals (Wilson), and whom false findings met.

    What only supports a case is counted apart: it says nothing that could be right or wrong here.
    """
    everything = list(found)
    findings = [one for one in everything if one.kind not in SUPPORTING]
    right = [is_right(one, truth) for one in findings]
    wrong = [one for one, is_true in zip(findings, right, strict=True) if not is_true]
    return {
        "findings": len(findings),
        "precision": share(sum(right), len(findings)),
        "recall": _recall(truth, findings),
        "precision_by_mode": _precision_by_mode(truth, findings, right),
        "recall_by_items": _curve(truth, findings),
        "recall_of_sharing": _sharing_curve(truth, findings),
        "false_positives": {
            "by_hard_negative": _by_tie(truth, wrong),
            "by_network": _by_trait(truth.network, wrong),
            "by_country": _by_trait(truth.country, wrong),
        },
        "supporting": dict(Counter(str(one.kind) for one in everything if one.kind in SUPPORTING)),
    }


def pool(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several populations' figures added up: counts, and shares with their intervals anew."""
    names = dict.fromkeys(name for one in reports for name in one)
    return {name: _pooled([one[name] for one in reports if name in one]) for name in names}


def _pooled(values: Sequence[Any]) -> Any:
    match values[0]:
        case {"part": _, "of": _}:
            return share(sum(one["part"] for one in values), sum(one["of"] for one in values))
        case dict():
            return pool(values)
        case list():
            return [_pooled_line(lines) for lines in zip(*values, strict=True)]
        case _:
            return sum(values)


def _pooled_line(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A line of a curve: its plain numbers say where on the curve it is."""
    place = {name: value for name, value in lines[0].items() if not isinstance(value, dict)}
    shares = [{n: value for n, value in line.items() if n not in place} for line in lines]
    return place | pool(shares)


def is_right(finding: Finding, truth: Truth) -> bool:
    """Whether it names a master with accounts that fed it, all of them; or a shared account."""
    if finding.kind in SHARING:
        return finding.subjects[0] in truth.shared
    return any(
        story.course == finding.course
        and story.master == finding.subjects[-1]
        and story.harvesters.issuperset(finding.subjects[:-1])
        for story in truth.stories
    )


def share(part: int, whole: int) -> dict[str, Any]:
    """A share with its Wilson interval (1927), which holds for few and for all; null for none."""
    if not whole:
        return {"value": None, "low": None, "high": None, "part": 0, "of": 0}
    rate = part / whole
    middle = (rate + _Z**2 / (2 * whole)) / (1 + _Z**2 / whole)
    reach = _Z * sqrt(rate * (1 - rate) / whole + _Z**2 / (4 * whole**2)) / (1 + _Z**2 / whole)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return {
        "value": round(rate, 4), "low": round(low, 4), "high": round(high, 4), "part": part,
        "of": whole,
    }  # fmt: skip


def _stories(rows: Sequence[Row], of: Mapping[str, int]) -> Iterable[Story]:
    lines: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        lines[row["cheat"]].append(row)
    for group in lines.values():
        first = group[0]
        traits = {name for name in ("is_jittered", "is_rotating") if first[name] == "1"}
        yield Story(
            course=first["course"], master=of[first["master"]],
            harvesters=frozenset(of[row["harvester"]] for row in group), mode=first["mode"],
            share=float(first["share_of_items"]), items=int(first["items"]),
            traits=frozenset(traits),
        )  # fmt: skip


def _is_found(story: Story, findings: Iterable[Finding]) -> bool:
    return any(
        finding.course == story.course
        and finding.subjects[-1] == story.master
        and not story.harvesters.isdisjoint(finding.subjects[:-1])
        for finding in findings
    )


def _recall(truth: Truth, findings: Sequence[Finding]) -> dict[str, Any]:
    groups: defaultdict[str, list[bool]] = defaultdict(list)
    copying = [one for one in findings if one.kind not in SHARING]
    for story in truth.stories:
        is_found = _is_found(story, copying)
        for name in (story.mode, *story.traits, "copying"):
            groups[name].append(is_found)
    flagged = {one.subjects[0] for one in findings if one.kind in SHARING}
    for subject, lent in truth.shared.items():
        groups[f"sharing_{lent.way}"].append(subject in flagged)
        groups["sharing"].append(subject in flagged)
    names = (*MODES, "is_jittered", "is_rotating", "copying", "sharing")
    return {name: share(sum(groups[name]), len(groups[name])) for name in names}


def _precision_by_mode(
    truth: Truth, findings: Sequence[Finding], right: Sequence[bool]
) -> dict[str, Any]:
    """By the detector that fired; light are findings about a tenth of a course's items or less."""
    groups: defaultdict[str, list[bool]] = defaultdict(list)
    for finding, is_true in zip(findings, right, strict=True):
        groups[_MODE_OF[finding.kind]].append(is_true)
        if finding.course and finding.x <= _LIGHT_SHARE * truth.problems[finding.course]:
            groups["light"].append(is_true)
    return {name: share(sum(groups[name]), len(groups[name])) for name in MODES}


def _curve(truth: Truth, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Recall by how many items were copied, for each mode: few are what is hard."""
    found = []
    for low, high in itertools.pairwise(_ITEMS):
        some = [story for story in truth.stories if low <= story.items < high]
        line: dict[str, Any] = {"items": low, "below": high}
        for mode in sorted({story.mode for story in some}):
            hits = [_is_found(story, findings) for story in some if story.mode == mode]
            line[mode] = share(sum(hits), len(hits))
        found.append(line)
    return found


def _sharing_curve(truth: Truth, findings: Sequence[Finding]) -> dict[str, Any]:
    """Recall of shared accounts by what there is to see: in which network and on which device, and
    on how many days the second person came.

    Plain are those that are at home on a line of their own, on another device than the second
    person's.
    """
    flagged = {one.subjects[0] for one in findings if one.kind in SHARING}
    groups: defaultdict[str, list[bool]] = defaultdict(list)
    for subject, lent in truth.shared.items():
        is_hidden = truth.network[subject] in _SHARED_LINES
        name = "same_device" if lent.is_same_device else "plain"
        name = "behind_carrier_or_vpn" if is_hidden else name
        low = max(days for days in _DAYS if days <= lent.days)
        for shown in (name, f"{lent.way}_{name}", f"{lent.way}_from_{low}_days"):
            groups[shown].append(subject in flagged)
    return {name: share(sum(hits), len(hits)) for name, hits in sorted(groups.items())}


def _by_tie(truth: Truth, wrong: Sequence[Finding]) -> dict[str, Any]:
    """Of the people of each tie, those that a false finding names."""
    named = {subject for finding in wrong for subject in finding.subjects}
    groups: defaultdict[str, list[bool]] = defaultdict(list)
    for tie, people in truth.ties:
        groups[tie] += [person in named for person in people]
    return {tie: share(sum(hits), len(hits)) for tie, hits in sorted(groups.items())}


def _by_trait(trait: Mapping[int, str], wrong: Sequence[Finding]) -> dict[str, Any]:
    named = {finding.subjects[-1] for finding in wrong}
    whole = Counter(trait.values())
    part = Counter(trait[subject] for subject in named if subject in trait)
    return {name: share(part[name], whole[name]) for name in sorted(whole)}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
