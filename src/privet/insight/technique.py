"""Technique: with what learners came, how fast pages were, and what failed on them."""

from privet.insight.asking import Question, ask
from privet.insight.protection import Row
from privet.insight.results import NameLine
from privet.insight.technique_results import (
    BandLine,
    ErrorDay,
    ErrorDetail,
    ErrorLine,
    Technique,
    TimingLine,
)
from privet.insight.vitals import Band


def show_technique(question: Question) -> Technique:
    """Browsers, systems, devices; the speed of pages; errors by signature."""
    (timing,) = ask("technique_timing", question)
    return Technique(
        browsers=_names("technique_by_browser", question),
        systems=_names("technique_by_system", question),
        devices=_names("technique_by_device", question),
        timing=TimingLine(name="", **timing),
        bands=tuple(_band(row) for row in ask("technique_timing_bands", question)),
        timing_by_page=_timings("technique_timing_by_page", "page_path", question),
        timing_by_device=_timings("technique_timing_by_device", "device", question),
        errors=tuple(ErrorLine(**row) for row in ask("technique_errors", question)),
    )


def show_error(question: Question, *, line: ErrorLine) -> ErrorDetail:
    """Where and when one of the errors of the period happened."""
    signature = line.signature
    days = {
        row["point"]: ErrorDay(**row)
        for row in ask("technique_error_by_day", question, signature=signature)
    }
    return ErrorDetail(
        line=line,
        pages=_places("technique_error_by_page", question, signature),
        browsers=_places("technique_error_by_browser", question, signature),
        scripts=_places("technique_error_by_script", question, signature),
        days=tuple(days[day] for day in sorted(days)),
    )


def _names(name: str, question: Question) -> tuple[NameLine, ...]:
    return tuple(NameLine(**row) for row in ask(name, question))


def _timings(name: str, dimension: str, question: Question) -> tuple[TimingLine, ...]:
    return tuple(TimingLine(name=row.pop(dimension), **row) for row in ask(name, question))


def _band(row: Row) -> BandLine:
    return BandLine(**(row | {"band": Band(row["band"])}))


def _places(name: str, question: Question, signature: str) -> tuple[NameLine, ...]:
    return tuple(
        NameLine(name=row["name"], learners=row["learners"], events=row["errors"])
        for row in ask(name, question, signature=signature)
    )
