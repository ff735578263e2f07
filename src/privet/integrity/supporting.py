"""Detectors whose findings only support a case: close submitters, and copied wrong answers."""

from collections.abc import Sequence
from math import comb, exp

from privet.integrity.candidates import Course
from privet.integrity.findings import DetectorKind, Finding
from privet.integrity.groups import join_all
from privet.integrity.preset import USUAL_THRESHOLDS, SupportThresholds
from privet.integrity.reading import Reader
from privet.integrity.rules import confidence_in, false_discovery_q

KINDS = (DetectorKind.CLOSE_SUBMITTERS, DetectorKind.ANSWER_COPYING)


def find_close_submitters(
    reader: Reader, course: Course, thresholds: SupportThresholds
) -> list[Finding]:
    """Groups that submit everything at nearly the same moments: the components of close pairs."""
    rows = reader.ask(
        "close_submitters", course=course.key, window=thresholds.window_seconds,
        fewest=thresholds.fewest_close, most_mean_seconds=thresholds.most_mean_seconds,
    )  # fmt: skip
    of_pair = {(row["one"], row["other"]): row for row in rows}
    found = []
    for group in join_all(of_pair):
        inside = [row for pair, row in of_pair.items() if set(pair) <= group]
        best = max(inside, key=lambda row: row["x"])
        found.append(
            _finding(
                DetectorKind.CLOSE_SUBMITTERS, reader, course, sorted(group),
                n=best["n"], x=best["x"], lag=best["mean_seconds"],
            )
        )  # fmt: skip
    return found


def find_answer_copying(
    reader: Reader, course: Course, thresholds: SupportThresholds, *, pairs: int
) -> list[Finding]:
    """Pairs with the same rare wrong answers; ``pairs`` is how many pairs the course has."""
    rows = reader.ask(
        "answer_copying", course=course.key, most_accounts=thresholds.most_accounts,
        rare=thresholds.rare_share, fewest=thresholds.fewest_alike,
    )  # fmt: skip
    # Which of the common items agree is not told beforehand, hence the number of choices.
    chances = [min(1.0, comb(row["n"], row["x"]) * exp(row["log_chance"])) for row in rows]
    values = false_discovery_q(chances, eligible=pairs)
    return [
        _finding(
            DetectorKind.ANSWER_COPYING, reader, course, sorted((row["one"], row["other"])),
            n=row["n"], x=row["x"], p=p, q=q,
        )
        for row, p, q in zip(rows, chances, values, strict=True)
        if q <= thresholds.most_q
    ]  # fmt: skip


def _finding(
    kind: DetectorKind, reader: Reader, course: Course, subjects: Sequence[int], *,
    n: int, x: int, p: float = 1.0, q: float = 1.0, lag: float | None = None,
) -> Finding:  # fmt: skip
    return Finding(
        kind=kind, institution=course.institution, course=course.key, subjects=tuple(subjects),
        n=n, x=x, p=p, q=q, lag_p90_seconds=lag, shared_network=False, ip_degree=0,
        network_kinds=(), items=(),
        confidence=confidence_in(x=x, q=min(q, 0.01), degree=len(subjects), kinds=()) / 2,
        preset=USUAL_THRESHOLDS.name, day=reader.end,
    )  # fmt: skip
