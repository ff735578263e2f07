"""One learner: found by an address or id that staff know, shown once the reason is on record."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from privet.accounts.registry import institution_names
from privet.accounts.rules import Act
from privet.insight.learner import (
    CourseOfLearner,
    LearnerPicture,
    ProblemOfLearner,
    look_for_learner,
    look_from_list,
    show_learner,
)
from privet.insight.looking import LONGEST_REASON, LookError, LookKind, OpenLook, find_look
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.content_words import short_id
from privet.web.console.looking import looker_at, reason_bounds, say_fault
from privet.web.once import acts_once
from privet.web.permission import opens_to, somewhere
from privet.web.see_other import SeeOther
from privet.web.words import NOTHING, say_decimal, say_moment


@opens_to(somewhere(Act.SEE_ONE_LEARNER))
@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def learners(request: HttpRequest) -> HttpResponse:
    """The search; what it finds is shown at the look's own address, which names nobody."""
    context: dict[str, object] = {"bounds": reason_bounds()}
    if request.method != "POST":
        return render(request, "console/learners.html", context)
    try:
        look = _open(request)
    except LookError as fault:
        typed = {name: request.POST.get(name, "")[:LONGEST_REASON] for name in ("wanted", "why")}
        context |= {"fault": say_fault(fault), **typed}
        return render(request, "console/learners.html", context, status=400)
    return SeeOther(reverse("console:learner", args=[look.look_id]))


@opens_to(somewhere(Act.SEE_ONE_LEARNER))
@require_safe
def learner(request: HttpRequest, look: int) -> HttpResponse:
    """What may be shown of the learner of an open look."""
    looker = looker_at(request)
    try:
        opened = find_look(look_id=look, kind=LookKind.ONE, looker=looker, clock=SystemClock())
    except LookError as fault:
        over = {"bounds": reason_bounds(), "fault": say_fault(fault)}
        return render(request, "console/learners.html", over, status=404)
    found = show_learner(look=opened, looker=looker)
    context = {
        "found": found,
        "look": opened,
        # The sentence around it has its own full stop.
        "why": opened.why.removesuffix("."),
        "figures": _figures(found, SystemClock().now()),
        "courses": _courses(found.courses),
        "problems": _problems(found.problems),
    }
    return render(request, "console/learner.html", context)


def _open(request: HttpRequest) -> OpenLook:
    """The look that a form asks for: at somebody of a list, or at whom the search finds."""
    looker, clock = looker_at(request), SystemClock()
    listed = request.POST.get("listed", "")
    if listed.isascii() and listed.isdecimal():
        return look_from_list(look_id=int(listed[:18]), looker=looker, clock=clock)
    return look_for_learner(
        wanted=request.POST.get("wanted", "")[:255],
        why=request.POST.get("why", ""),
        looker=looker,
        keys=KeyRing(read_config().keys),
        clock=clock,
    )


def _figures(found: LearnerPicture, now: datetime) -> list[Figure]:
    tried = [line for line in found.problems if line.tries]
    points = sum(line.last_grade or 0 for line in tried)
    possible = sum(line.max_grade or 0 for line in tried)
    return [
        Figure(name=gettext("Courses"), value=len(found.courses)),
        Figure(name=gettext("Problems tried"), value=len(tried)),
        Figure(
            name=gettext("Points of those tried"),
            value=points / possible if possible else None,
            kind=Kind.SHARE,
        ),
        Figure(
            name=gettext("Days since the last act"),
            value=(now - found.last_time).days if found.last_time else None,
            remark=say_moment(found.last_time),
        ),
    ]


def _courses(lines: tuple[CourseOfLearner, ...]) -> Table:
    names = institution_names()
    return Table(
        name="courses",
        caption=gettext("Courses of the learner"),
        columns=(
            Column(key="course", title=gettext("Course")),
            Column(key="state", title=gettext("State")),
            Column(key="tries", title=gettext("Answers"), kind=Kind.COUNT),
            Column(key="posts", title=gettext("Posts"), kind=Kind.COUNT),
            Column(key="first", title=gettext("First act"), kind=Kind.MOMENT),
            Column(key="last", title=gettext("Last act"), kind=Kind.MOMENT),
        ),
        rows=tuple(
            (
                Cell(
                    value=line.course,
                    words=line.course,
                    about=names.get(line.institution, line.institution),
                ),
                Cell(value=line.mode, words=_state(line), about=line.mode),
                line.tries,
                line.posts,
                line.first_time,
                line.last_time,
            )
            for line in lines
        ),
        can_sort=False,
    )


def _state(line: CourseOfLearner) -> str:
    if line.certified:
        return gettext("has a certificate")
    if line.is_enrolled:
        return gettext("enrolled")
    return gettext("left") if line.gone else gettext("no enrolment recorded")


def _problems(lines: tuple[ProblemOfLearner, ...]) -> Table:
    return Table(
        name="problems",
        caption=gettext("Problems of the learner"),
        columns=(
            Column(key="problem", title=gettext("Problem")),
            Column(key="tries", title=gettext("Tries"), kind=Kind.COUNT),
            Column(key="first", title=gettext("First points"), kind=Kind.COUNT),
            Column(key="last", title=gettext("Last points"), kind=Kind.COUNT),
            Column(key="shown", title=gettext("Asked for the answer")),
            Column(key="time", title=gettext("Last try"), kind=Kind.MOMENT),
        ),
        rows=tuple(
            (
                Cell(value=line.problem, words=short_id(line.problem), about=line.course),
                line.tries,
                _points(line.first_grade, line.max_grade),
                _points(line.last_grade, line.max_grade),
                gettext("yes") if line.shown else gettext("no"),
                line.last_time,
            )
            for line in lines
        ),
        can_sort=False,
    )


def _points(grade: float | None, most: float | None) -> Cell:
    if grade is None or most is None:
        return Cell(value=None, words=NOTHING)
    return Cell(value=grade, words=f"{_plain(grade)} / {_plain(most)}")


def _plain(points: float) -> str:
    return say_decimal(points, 0 if points == int(points) else 1)
