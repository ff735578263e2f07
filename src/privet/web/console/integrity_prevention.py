"""Prevention: which items of a course let their answers out, and what would close them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.events.lake import default_lake
from privet.integrity.prevention import (
    CourseLine,
    Leak,
    Prevention,
    Remedy,
    easiest_enough,
    list_courses,
    report_prevention,
)
from privet.kernel.clock import SystemClock
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table, address
from privet.web.console.asking import respond
from privet.web.console.content_words import short_id
from privet.web.console.integrity_words import course_choice, percent
from privet.web.permission import opens_to, somewhere, viewer_of
from privet.web.words import Words, say_day, say_number

_CLOCK = SystemClock()
_REMEDIES: dict[Remedy, Words] = {
    Remedy.HIDE: gettext_lazy("Show answers only after everybody's deadline"),
    Remedy.LIMIT: gettext_lazy("Allow two attempts at most, or mark them after the deadline"),
    Remedy.VARY: gettext_lazy("Ask each learner for another answer"),
}
_SHORT: dict[Remedy, Words] = {
    Remedy.HIDE: gettext_lazy("Hide answers"),
    Remedy.LIMIT: gettext_lazy("Limit attempts"),
    Remedy.VARY: gettext_lazy("Vary answers"),
}
_MOST, _SHOWN = 8, 60


@opens_to(somewhere(Act.HANDLE_CASES))
@require_safe
def prevention(request: HttpRequest) -> HttpResponse:
    """All courses, or the items of one; or one of the tables."""
    viewer = viewer_of(request)
    asked: dict[str, Any] = {
        "lake": default_lake(),
        "institutions": viewer.institutions_for(Act.HANDLE_CASES),
        "by": viewer.by,
        "now": _CLOCK.now(),
    }
    courses = list_courses(**asked)
    chosen = request.GET.get("course", "")
    found = report_prevention(chosen, **asked) if chosen else None
    if chosen and found is None:
        raise Http404
    return _show_course(request, found, courses) if found else _show_all(request, courses)


def _show_all(request: HttpRequest, courses: Sequence[CourseLine]) -> HttpResponse:
    table = _courses(courses).at(request.GET)
    return respond(request, "console/integrity_prevention.html", [table], {"courses": table})


def _show_course(
    request: HttpRequest, found: Prevention, courses: Sequence[CourseLine]
) -> HttpResponse:
    items = _items(found).at(request.GET)
    remedies = _closing(found).at(request.GET)
    context = {
        "course": found.course,
        "scope_words": f"{found.course} · {_span(found)}",
        "choices": [course_choice(found.course, (line.course for line in courses))],
        "figures": _figures(found),
        "advice": _advice(found),
        "remedies": _remedies_chart(remedies),
        "chart": _items_chart(_explained(found).at(request.GET)),
        "items": items,
    }
    every = [items, remedies, _explained(found)]
    return respond(request, "console/integrity_prevention_course.html", every, context)


def _span(found: Prevention) -> str:
    return gettext("up to %(day)s (UTC)") % {"day": say_day(found.last)}


def _courses(lines: Sequence[CourseLine]) -> Table:
    return Table(
        name="courses",
        caption=gettext("Courses, and how many correct answers copying explains"),
        columns=(
            Column(key="course", title=gettext("Course")),
            Column(key="answers", title=gettext("Correct answers"), kind=Kind.COUNT),
            Column(key="explained", title=gettext("Explained by copying"), kind=Kind.COUNT),
            Column(key="share", title=gettext("Share"), kind=Kind.SHARE),
        ),
        rows=tuple(
            (
                Cell(value=line.course, words=line.course, link=address("", course=line.course)),
                line.answers,
                line.explained,
                percent(line.explained / line.answers) if line.answers else None,
            )
            for line in lines
        ),
        sorted_by="explained",
    )


def _figures(found: Prevention) -> list[Figure]:
    leaking = sum(item.best is not None for item in found.items)
    return [
        Figure(name=gettext("Correct answers"), value=found.answers),
        Figure(
            name=gettext("Explained by copying"),
            value=found.explained,
            remark=_share_words(found),
        ),
        Figure(
            name=gettext("Items that let answers out"),
            value=leaking,
            remark=gettext("of %(n)s") % {"n": say_number(len(found.items))},
        ),
    ]


def _share_words(found: Prevention) -> str:
    if found.share is None:
        return ""
    return gettext("%(share)s of them (%(low)s to %(high)s)") % {
        "share": percent(found.share.value).words,
        "low": percent(found.share.low).words,
        "high": percent(found.share.high).words,
    }


def _advice(found: Prevention) -> str:
    """The easiest remedy that would have closed most of it; empty if nothing was copied."""
    best = easiest_enough(found.closes)
    number = found.closes[best] if best else 0
    if best is None or not number:
        return ""
    return ngettext(
        "%(remedy)s: this alone would have closed %(n)s of the copied answers.",
        "%(remedy)s: this alone would have closed %(n)s of the copied answers.",
        number,
    ) % {"remedy": str(_REMEDIES[best]), "n": say_number(number)}


def _closing(found: Prevention) -> Table:
    return Table(
        name="remedies",
        caption=gettext("What each remedy alone would have closed"),
        columns=(
            Column(key="remedy", title=gettext("Remedy")),
            Column(key="closes", title=gettext("Copied answers"), kind=Kind.COUNT),
            Column(key="items", title=gettext("Items that it fits"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                replace(_remedy(remedy), about=str(_REMEDIES[remedy])),
                found.closes[remedy],
                sum(remedy in item.closes for item in found.items),
            )
            for remedy in Remedy
        ),
        can_sort=False,
    )


def _remedies_chart(table: Table) -> Chart:
    return Chart(
        title=gettext("What would close it"),
        kind=ChartKind.BARS,
        table=table,
        label="remedy",
        series=(Series(key="closes", name=gettext("Copied answers")),),
        summary=gettext("Bar chart of how many copied answers each remedy would have closed."),
        how=gettext(
            "A copied answer is a correct answer in a finding that came after the other account "
            "had it. Hiding answers would have closed those that came from a shown answer; "
            "limiting attempts those that came from trying out; another answer for each learner "
            "both. A remedy fits an item only if events show that it leaks that way. A finding "
            "is no verdict."
        ),
        width="half",
    )


def _explained(found: Prevention) -> Table:
    items = [item for item in found.items if item.explained]
    return Table(
        name="explained",
        caption=gettext("Items with the most copied answers"),
        columns=(
            Column(key="item", title=gettext("Item")),
            Column(key="shown", title=gettext("From a shown answer"), kind=Kind.COUNT),
            Column(key="attempts", title=gettext("From trying out"), kind=Kind.COUNT),
        ),
        rows=tuple((_item(item), item.by_shown, item.by_attempts) for item in items),
        can_sort=False,
    )


def _items_chart(table: Table) -> Chart:
    return Chart(
        title=gettext("Items with the most copied answers"),
        kind=ChartKind.STACKED,
        table=table,
        label="item",
        series=(
            Series(key="shown", name=gettext("From a shown answer")),
            Series(key="attempts", name=gettext("From trying out")),
        ),
        summary=gettext("Stacked bars of copied answers by item. The table has each value."),
        how=gettext(
            "Correct answers in findings that came after the other account had them, each counted "
            "once for an account and an item, by how that other account had got it."
        ),
        width="half",
        most=_MOST,
    )


def _items(found: Prevention) -> Table:
    return Table(
        name="items",
        caption=gettext("Items, how each lets its answer out, and what would close it"),
        columns=(
            Column(key="item", title=gettext("Item")),
            Column(key="recommendation", title=gettext("Remedy")),
            Column(key="closes", title=gettext("Closes"), kind=Kind.COUNT),
            Column(key="explained", title=gettext("Copied"), kind=Kind.COUNT),
            Column(key="solvers", title=gettext("Correct"), kind=Kind.COUNT),
            Column(key="later", title=gettext("Answered later"), kind=Kind.COUNT),
            Column(key="shown", title=gettext("Saw it unsolved"), kind=Kind.COUNT),
            Column(key="attempts", title=gettext("Most attempts"), kind=Kind.COUNT),
            Column(key="tried", title=gettext("By trying"), kind=Kind.COUNT),
            Column(key="same", title=gettext("Same for all")),
        ),
        rows=tuple(_line(item) for item in found.items),
        shown=_SHOWN,
    )


def _line(item: Leak) -> tuple[object, ...]:
    best = item.best
    return (
        _item(item),
        _remedy(best) if best else Cell(value="", words=gettext("nothing seen")),
        item.closes[best] if best else 0,
        item.explained,
        item.solvers,
        item.answered_later,
        item.shown_unsolved,
        item.most_attempts,
        item.exhausted,
        _same(item.is_same_for_all),
    )


def _item(item: Leak) -> Cell:
    return Cell(value=item.problem, words=short_id(item.problem))


def _remedy(remedy: Remedy) -> Cell:
    return Cell(value=remedy.value, words=str(_SHORT[remedy]))


def _same(is_same: bool | None) -> Cell:
    if is_same is None:
        return Cell(value=None, words=gettext("too few known"))
    return Cell(value=is_same, words=gettext("yes") if is_same else gettext("no"))
