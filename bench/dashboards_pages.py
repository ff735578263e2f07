"""What each page of the console asks, as the page asks it: the frame around it, then its own."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from privet.catalogue.uses import Use
from privet.events.lake import default_lake
from privet.events.query import Scope, query
from privet.insight import activity, at_risk, content, experiments, origin, paths, places, technique
from privet.insight.asking import Question, find_options, find_span, measure_coverage
from privet.insight.at_risk import read_rule
from privet.insight.experiment_rules import Plan, Variant
from privet.simulate.details import EXPERIMENT, VARIANTS

BY = "bench"
EVERYTHING = Scope()
Page = Callable[[Question], object]


def _framed(page: Page, further: tuple[str, ...] = ()) -> Page:
    """A page with what stands around each: its lists, its period, its coverage."""

    def ask(question: Question) -> None:
        find_span(scope=question.scope, by=BY)
        find_options(question, further=further)
        measure_coverage(question)
        page(question)

    return ask


def _paths(question: Question) -> None:
    found = paths.show_paths(question)
    if found.pairs:
        pair = found.pairs[0]
        paths.show_ways(question, from_page=pair.previous, to_page=pair.page)


def _content(question: Question) -> None:
    found = content.show_content(question)
    if found.videos:
        content.show_segments(question, video=found.videos[0].video)
    if found.problems:
        content.show_answers(question, problem=found.problems[0].problem)


def _technique(question: Question) -> None:
    found = technique.show_technique(question)
    if found.errors:
        technique.show_error(question, line=found.errors[0])


def _at_risk(question: Question) -> None:
    at_risk.count_at_risk(question, rule=read_rule(days="", percent=""))


def _learner(question: Question) -> None:
    """One learner, asked for by pseudonym; the names around it are the database's."""
    lake = default_lake()
    subject = lake.store.read(lake.files()[-1].path, ["subject"])["subject"][-1].as_py()
    for name, use in (
        ("learner_courses", Use.INSTRUCTION), ("learner_problems", Use.INSTRUCTION),
    ):  # fmt: skip
        query(name, use=use, scope=question.scope, by=BY, subjects=[subject], least=subject,
              most=subject)  # fmt: skip


def _experiment(question: Question) -> None:
    plan = Plan(
        site="bench", key=EXPERIMENT, name="x", hypothesis="x", page="/courses/*",
        variants=tuple(Variant(name=name, weight=1) for name in VARIANTS), outcome="link_click",
    )  # fmt: skip
    first, last = (
        datetime.combine(day, time(), UTC) for day in (question.period.first, question.period.last)
    )
    trial = experiments.Trial(id=1, plan=plan, defined=first, began=first, ended=last)
    experiments.read_experiment(question, trial, now=last)


PAGES: dict[str, Page] = {
    "activity": _framed(lambda question: activity.show_activity(question, compares=True)),
    "paths": _framed(_paths, ("device",)),
    "content": _framed(_content),
    "at risk": _framed(_at_risk),
    "origin": _framed(origin.show_origin),
    "technique": _framed(_technique, ("device",)),
    "places": _framed(places.show_places, ("country", "network_kind")),
    "experiment": _framed(_experiment),
    "learner": _learner,
}


def question_of(period: Any) -> Question:
    """A question about all of a period."""
    return Question(period=period, scope=EVERYTHING, by=BY)
