"""How right findings are, against files of a truth that are written by hand."""

from datetime import date
from pathlib import Path

import pytest

from privet.integrity.evaluate import Truth, evaluate, pool, read_truth, share
from privet.integrity.findings import DetectorKind, Finding

COURSE = "course-v1:Hedge+H101+2026"
FILES = {
    "learners": "learner,external_id,country,sharing\n"
    + "".join(f"{n},u{n},GB,{'carrier' if n == 6 else 'alone'}\n" for n in range(10)),
    "cheats": "cheat,course,master,harvester,mode,share_of_items,items,is_jittered,is_rotating\n"
    f"0,{COURSE},0,1,immediate,0.5,9,0,0\n1,{COURSE},2,3,other_ip,0.1,2,0,0\n",
    "companies": "company,tie,course,learner,leads,shares_address\n"
    f"0,siblings,{COURSE},7,1,1\n0,siblings,{COURSE},8,0,1\n",
    "sharing": "learner,shared,days,is_same_device,second_address\n"
    "4,travel,7,0,a\n5,concurrency,12,1,b\n6,travel,4,0,c\n9,concurrency,12,0,d\n",
    "problems": "course,unit,problem,difficulty\n" + f"{COURSE},1,p,0\n" * 30,
}


@pytest.fixture
def truth(tmp_path: Path) -> Truth:
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    return read_truth(tmp_path, lambda names: [100 + int(name[1:]) for name in names])


def _finding(kind: DetectorKind, *subjects: int, x: int = 9) -> Finding:
    return Finding(
        kind=kind, institution="hedge", course="" if len(subjects) == 1 else COURSE,
        subjects=tuple(100 + one for one in subjects), n=x, x=x, p=0.0, q=0.0,
        lag_p90_seconds=20.0, shared_network=True, ip_degree=2, network_kinds=(), items=(),
        confidence=1.0, day=date(2026, 11, 1),
    )  # fmt: skip


def _parts(value: dict[str, int]) -> tuple[int, int]:
    return value["part"], value["of"]


def test_recall_and_precision_count_stories_and_findings(truth: Truth) -> None:
    found = [_finding(DetectorKind.IMMEDIATE, 1, 0), _finding(DetectorKind.DELAYED, 7, 8)]
    said = evaluate(truth, found)
    assert _parts(said["precision"]) == (1, 2)
    assert _parts(said["recall"]["immediate"]) == (1, 1)
    assert _parts(said["recall"]["other_ip"]) == (0, 1)
    assert _parts(said["false_positives"]["by_hard_negative"]["siblings"]) == (2, 2)


def test_a_pair_the_wrong_way_round_is_wrong(truth: Truth) -> None:
    said = evaluate(truth, [_finding(DetectorKind.IMMEDIATE, 0, 1)])
    assert _parts(said["precision"]) == (0, 1)


def test_recall_is_told_by_how_many_items_were_copied(truth: Truth) -> None:
    curve = evaluate(truth, [_finding(DetectorKind.IMMEDIATE, 1, 0)])["recall_by_items"]
    told = {line["items"]: line for line in curve}
    assert _parts(told[2]["other_ip"]) == (0, 1)
    assert _parts(told[8]["immediate"]) == (1, 1)
    assert "immediate" not in told[2]


def test_recall_of_sharing_is_told_by_what_can_be_seen(truth: Truth) -> None:
    said = evaluate(truth, [_finding(DetectorKind.SHARING_TRAVEL, 4)])
    assert {name: _parts(value) for name, value in said["recall_of_sharing"].items()} == {
        "behind_carrier_or_vpn": (0, 1), "same_device": (0, 1), "plain": (1, 2),
        "travel_behind_carrier_or_vpn": (0, 1), "concurrency_same_device": (0, 1),
        "travel_plain": (1, 1), "concurrency_plain": (0, 1), "travel_from_3_days": (0, 1),
        "travel_from_6_days": (1, 1), "concurrency_from_10_days": (0, 2),
    }  # fmt: skip
    assert _parts(said["recall"]["sharing_travel"]) == (1, 2)


def test_what_only_supports_a_case_is_neither_right_nor_wrong(truth: Truth) -> None:
    said = evaluate(truth, [_finding(DetectorKind.CLOSE_SUBMITTERS, 7, 8)])
    assert (said["findings"], said["supporting"]) == (0, {"close_submitters": 1})
    assert said["precision"]["value"] is None


def test_figures_of_several_populations_are_added_up(truth: Truth) -> None:
    one = evaluate(truth, [_finding(DetectorKind.IMMEDIATE, 1, 0)])
    other = evaluate(truth, [_finding(DetectorKind.DELAYED, 7, 8)])
    both = pool([one, other])
    assert both["findings"] == 2
    assert both["precision"] == share(1, 2)
    assert both["recall"]["immediate"] == share(1, 2)
    assert both["false_positives"]["by_hard_negative"]["siblings"] == share(2, 4)
    told = {line["items"]: line for line in both["recall_by_items"]}
    assert told[8] == {"items": 8, "below": 13, "immediate": share(1, 2)}


def test_what_only_one_population_has_is_kept() -> None:
    assert pool([{"a": {"x": 1}}, {"a": {"y": 2}}]) == {"a": {"x": 1, "y": 2}}


def test_an_interval_is_that_of_wilson() -> None:
    assert share(9, 10) == {"value": 0.9, "low": 0.5958, "high": 0.9821, "part": 9, "of": 10}
    assert share(0, 0)["value"] is None
