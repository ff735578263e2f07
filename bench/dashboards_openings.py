"""The ways in which a page of the console is opened, from the slowest to the quickest, each timed.

- anew: nothing is kept, as after a start of the server or when a day's files have changed;
- another filter: a course that nobody has asked for yet;
- withdrawn: what was kept, after one more learner of these days has withdrawn;
- again: what was kept, and nothing has changed.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from bench.dashboards_pages import Page
from privet.catalogue.uses import Use
from privet.events.lake import default_lake
from privet.events.service import withhold
from privet.insight.answers import begin_noting
from privet.insight.asking import Question, find_options, forget_answers

TIMES = 5
WITHDRAWN_USES = Use.ANALYTICS | Use.MARKETING
Told = dict[str, dict[str, float]]


def time_openings(page: Page, question: Question, *, times: int = TIMES) -> Told:
    """By way of opening: the medians of the clock's and the processor's seconds, and the worst."""
    leaving = learners_of(question.period.first, question.period.last)
    courses = iter(find_options(question).courses)

    def open_anew() -> None:
        forget_answers()
        _open(page, question)

    told = {"anew": _time(open_anew, times)}
    told["again"] = _time(lambda: _open(page, question), times)
    told["withdrawn"] = _time(
        lambda: _open(page, question), times,
        before=lambda: withhold(subjects=[next(leaving)], uses=WITHDRAWN_USES, by="bench"),
    )  # fmt: skip
    told["another filter"] = _time(
        lambda: _open(page, replace(question, course=next(courses))), times
    )
    return told


def _open(page: Page, question: Question) -> None:
    begin_noting()
    page(question)


def _time(
    work: Callable[[], None], times: int, *, before: Callable[[], object] = lambda: None
) -> dict[str, float]:
    clock, processor = [], []
    for _ in range(times):
        before()
        began, used = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    return {
        "seconds": statistics.median(clock), "worst": max(clock),
        "processor": statistics.median(processor),
    }  # fmt: skip


def learners_of(first: date, last: date) -> Iterator[int]:
    """Learners of these days, none twice, from files all over them."""
    lake = default_lake()
    files = [file for file in lake.files() if first <= file.day <= last]
    gone: set[Any] = {0, *_withdrawn()}
    for file in files[:: max(1, len(files) // 97)] * 50:
        held = lake.store.read(file.path, ["subject"])["subject"].unique().to_pylist()
        subject = next((one for one in held[len(held) // 2 :] if one not in gone), None)
        if subject is not None:
            gone.add(subject)
            yield subject


def _withdrawn() -> set[int]:
    from privet.events.models import Withholding

    return set(Withholding.objects.values_list("subject", flat=True))
