"""Thresholds of a course: what they flag, what chance would, what moving one would do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from privet.accounts.rules import Act
from privet.integrity.calibration import Measured, Preview, find_measured, list_measured, preview
from privet.integrity.course_thresholds import MOST_WHY, ThresholdError, save_thresholds
from privet.integrity.thresholds import BY_KEY, MOVABLES, Movable
from privet.kernel.clock import SystemClock
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table, address
from privet.web.console.asking import respond
from privet.web.console.integrity_curves import (
    chance_table,
    curve_table,
    draw_chance,
    draw_curve,
    suspects_table,
)
from privet.web.console.integrity_words import choose, course_choice
from privet.web.fresh import NotConfirmedError, asks_password, confirm
from privet.web.permission import opens_to, somewhere, viewer_of
from privet.web.see_other import SeeOther
from privet.web.words import Words, say_decimal

_MAY = somewhere(Act.HANDLE_CASES)
_CLOCK = SystemClock()
_NAMES: dict[str, tuple[Words, Words]] = {
    "most_q": (
        _("Share of findings that may be chance, at most"),
        _("After Benjamini and Hochberg, over all pairs that could have been found."),
    ),
    "quick_median_seconds": (
        _("Middle lag of answers copied at once, at most (seconds)"),
        _("Half of the answers came sooner after the other account had them."),
    ),
    "quick_p90_seconds": (
        _("Nine of ten lags of answers copied at once, at most (seconds)"),
        _("Northcutt and others (2016) ask for 300."),
    ),
    "least_direction": (
        _("Share of common items answered after the other account had them, at least"),
        _("Studying together goes to and fro; copying goes one way."),
    ),
    "least_first_right": (
        _("Share of these right at the first attempt, at least"),
        _("What is copied is right at once."),
    ),
    "fewest_slow": (
        _("Items, where copying took hours, at least"),
        _("Few items within hours are easily coincidence."),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One threshold in the form."""

    movable: Movable
    name: str
    about: str
    value: str
    is_moved: bool

    @property
    def bounds(self) -> str:
        """Between which values it may be, and the usual one."""
        return gettext("%(least)s to %(most)s; usually %(usual)s") % {
            "least": _say(self.movable.least),
            "most": _say(self.movable.most),
            "usual": _say(self.movable.usual),
        }


@opens_to(_MAY)
@require_safe
def thresholds(request: HttpRequest) -> HttpResponse:
    """The courses that were measured, or one of them with what moving a threshold would do."""
    courses = list_measured(institutions=_institutions(request))
    wanted = request.GET.get("course", "")
    if not wanted:
        table = _courses(courses).at(request.GET)
        return respond(request, "console/integrity_thresholds.html", [table], {"courses": table})
    return _show(request, _find(request, wanted), courses)


@opens_to(_MAY)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save what was previewed, with its reason."""
    course = _find(request, request.POST.get("course", ""))
    values, fault = _read_values(request.POST, course)
    try:
        if fault:
            raise fault
        _check_seen(request.POST, course)
        confirm(request)
        save_thresholds(
            course=course.course, institution=course.institution, values=values,
            why=request.POST.get("why", ""), by=viewer_of(request).by, now=_CLOCK.now(),
        )  # fmt: skip
    except (ThresholdError, NotConfirmedError) as error:
        courses = list_measured(institutions=_institutions(request))
        return _show(request, course, courses, fault=error)
    query = urlencode({"course": course.course, "done": "saved"})
    return SeeOther(f"{reverse('console:integrity_thresholds')}?{query}")


def _show(
    request: HttpRequest, course: Measured, courses: Sequence[Measured], *,
    fault: ThresholdError | NotConfirmedError | None = None,
) -> HttpResponse:  # fmt: skip
    said = request.POST if request.method == "POST" else request.GET
    values, wrong = _read_values(said, course)
    key = said.get("draw", "")
    movable = BY_KEY.get(key, MOVABLES[0])
    found = preview(course.course, values=values, key=movable.key)
    in_force = _values_of(course)
    tables = [
        curve_table(found, movable, str(_NAMES[movable.key][0])),
        chance_table(found),
        suspects_table("gained", gettext("Pairs that would be flagged in addition"), found.gained),
        suspects_table("lost", gettext("Pairs that would no longer be flagged"), found.lost),
    ]
    tables = [table.at(request.GET) for table in tables]
    context = {
        "course": course,
        "done": request.GET.get("done") == "saved",
        "fault": fault or wrong,
        "why": request.POST.get("why", ""),
        "asks_password": asks_password(request),
        "most_why": MOST_WHY,
        "seen": _stamp(course),
        "fields": list(_fields(values, in_force)),
        "draws": choose("draw", gettext("Draw"), movable.key, _options()),
        "choices": [course_choice(course.course, (one.course for one in courses))],
        "is_moved": values != in_force,
        "figures": _figures(found),
        "curve": draw_curve(tables[0], str(_NAMES[movable.key][0])),
        "chance": draw_chance(tables[1]),
        "gained": tables[2],
        "lost": tables[3],
        "suggestion": _suggest(found, movable, values),
        "chosen": [
            (str(_NAMES[key][0]), _say(value), _say(BY_KEY[key].usual))
            for key, value in (course.chosen.values if course.chosen else {}).items()
        ],
    }
    response = respond(request, "console/integrity_thresholds_course.html", tables, context)
    if fault or wrong:
        response.status_code = 400
    return response


def _institutions(request: HttpRequest) -> frozenset[str] | None:
    return viewer_of(request).institutions_for(Act.HANDLE_CASES)


def _find(request: HttpRequest, course: str) -> Measured:
    found = find_measured(course, institutions=_institutions(request))
    if found is None:
        raise Http404
    return found


def _stamp(course: Measured) -> str:
    """Which values a page set its own against; empty where the usual ones are in force."""
    return course.chosen.saved.isoformat() if course.chosen else ""


def _check_seen(said: QueryDict, course: Measured) -> None:
    """Raise `ThresholdError` if others are in force by now: the page would undo them unseen."""
    if said.get("seen", "") != _stamp(course):
        raise ThresholdError(
            gettext("Somebody saved other values for this course in the meantime."),
            remedy=gettext("Look at what yours would do beside them, and save again."),
        )


def _values_of(course: Measured) -> dict[str, float]:
    chosen = course.chosen.values if course.chosen else {}
    return {movable.key: chosen.get(movable.key, movable.usual) for movable in MOVABLES}


def _read_values(
    said: QueryDict, course: Measured
) -> tuple[dict[str, float], ThresholdError | None]:
    """The values that an address or a form names, the others as in force; and what is wrong."""
    values, fault = _values_of(course), None
    for movable in MOVABLES:
        text = said.get(movable.key, "").replace(",", ".")
        try:
            value = float(text) if text else values[movable.key]
        except ValueError:
            value = float("nan")
        if movable.least <= value <= movable.most and not (movable.is_whole and value % 1):
            values[movable.key] = value
        else:
            fault = _out_of_bounds(movable)
    return values, fault


def _out_of_bounds(movable: Movable) -> ThresholdError:
    return ThresholdError(
        gettext("“%(name)s” has a value that it cannot have.") % {"name": _NAMES[movable.key][0]},
        remedy=gettext("Give one from %(least)s to %(most)s.")
        % {"least": _say(movable.least), "most": _say(movable.most)},
    )


def _fields(values: Mapping[str, float], in_force: Mapping[str, float]) -> Iterable[Field]:
    for movable in MOVABLES:
        name, about = _NAMES[movable.key]
        yield Field(
            movable=movable, name=str(name), about=str(about), value=f"{values[movable.key]:g}",
            is_moved=values[movable.key] != in_force[movable.key],
        )  # fmt: skip


def _options() -> Iterable[tuple[str, str]]:
    return ((movable.key, str(_NAMES[movable.key][0])) for movable in MOVABLES)


def _figures(found: Preview) -> list[Figure]:
    by_chance = gettext("by chance %(n)s")
    return [
        Figure(
            name=gettext("Accounts flagged, as set now"),
            value=found.now.masters,
            remark=by_chance % {"n": _say(found.now_by_chance)},
        ),
        Figure(
            name=gettext("With the values below"),
            value=found.then.masters,
            remark=by_chance % {"n": _say(found.then_by_chance)},
        ),
        Figure(name=gettext("Pairs that would be new"), value=len(found.gained), remark=""),
        Figure(name=gettext("Pairs that would fall"), value=len(found.lost), remark=""),
    ]


def _suggest(found: Preview, movable: Movable, values: Mapping[str, float]) -> str:
    said = {"name": _NAMES[movable.key][0], "value": _say(found.suggested)}
    if found.suggested == movable.usual:
        return gettext("Chance in this course gives no reason to be stricter than usual.")
    if found.suggested == values[movable.key]:
        return gettext("This is what chance in this course settles on: %(value)s.") % said
    return gettext("Chance in this course settles on %(value)s for “%(name)s”.") % said


def _say(value: float) -> str:
    """A number without zeros at its end."""
    places = next(n for n in range(5) if round(value, n) == round(value, 4))
    return say_decimal(value, places)


def _courses(courses: Sequence[Measured]) -> Table:
    return Table(
        name="courses",
        caption=gettext("Courses that were measured"),
        columns=(
            Column(key="course", title=gettext("Course")),
            Column(key="measured", title=gettext("Measured"), kind=Kind.MOMENT),
            Column(key="moved", title=gettext("Thresholds moved"), kind=Kind.COUNT),
            Column(key="saved", title=gettext("Saved"), kind=Kind.MOMENT),
        ),
        rows=tuple(
            (
                Cell(value=one.course, words=one.course, link=address("", course=one.course)),
                one.measured,
                len(one.chosen.values) if one.chosen else 0,
                one.chosen.saved if one.chosen else None,
            )
            for one in courses
        ),
    )
