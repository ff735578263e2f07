"""Content: what of the courses learners opened, watched and tried, and what came of it."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.insight.asking import Question
from privet.insight.content import show_answers, show_content, show_segments
from privet.insight.content_results import (
    Content,
    ContentTotals,
    GradeLine,
    ProblemLine,
    SectionLine,
    VideoLine,
)
from privet.insight.content_rules import GRADE_STEPS
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import Asked, read_question, respond
from privet.web.console.content_problems import answers_chart, problem_table
from privet.web.console.content_videos import segments_chart, video_table
from privet.web.console.content_words import say_section, short_id
from privet.web.permission import opens_to, somewhere
from privet.web.words import DASH, THIN

_SHOWN = 15
_DRAWN = 6


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def content(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables; a video and a problem can be chosen in the address."""
    asked = read_question(request)
    found = show_content(asked.question)
    sections = _sections(found.sections).at(request.GET)
    grades = _grades(found.grades).at(request.GET)
    videos = video_table(found.videos, request.GET).at(request.GET)
    problems = problem_table(found.problems, request.GET).at(request.GET)
    tables = [sections, grades, videos, problems]
    context = asked.context() | {
        "figures": _figures(found.totals),
        "sections_chart": _sections_chart(sections),
        "grades": _grades_chart(grades),
        "videos": videos,
        "problems": problems,
    }
    for chart in (_video(asked, found, request), _problem(asked, found, request)):
        if chart is not None:
            tables.append(chart.table)
            context[chart.table.name] = chart
    return respond(request, "console/content.html", tables, context)


def _video(asked: Asked, found: Content, request: HttpRequest) -> Chart | None:
    """The chosen video over its length; the most watched one if none was chosen."""
    wanted, course = request.GET.get("video", ""), request.GET.get("video_of", "")
    fitting = (line for line in found.videos if line.video == wanted or not wanted)
    line = next((line for line in fitting if not course or line.course == course), None)
    if line is None:
        return None
    segments = show_segments(_about(asked, line), video=line.video)
    return segments_chart(line, segments, request.GET)


def _problem(asked: Asked, found: Content, request: HttpRequest) -> Chart | None:
    """The answers to the chosen problem; to the most tried one if none was chosen."""
    wanted, course = request.GET.get("problem", ""), request.GET.get("problem_of", "")
    fitting = (line for line in found.problems if line.problem == wanted or not wanted)
    line = next((line for line in fitting if not course or line.course == course), None)
    if line is None:
        return None
    answers = show_answers(_about(asked, line), problem=line.problem)
    return answers_chart(line, answers, request.GET)


def _about(asked: Asked, line: VideoLine | ProblemLine) -> Question:
    """The question about the line's course alone: another may call something of its own so, too."""
    return replace(asked.question, institution=line.institution, course=line.course)


def _figures(totals: ContentTotals) -> list[Figure]:
    return [
        Figure(name=gettext("Learners in course content"), value=totals.learners),
        Figure(name=gettext("Opened a section"), value=totals.readers),
        Figure(name=gettext("Began a video"), value=totals.viewers),
        Figure(name=gettext("Tried a problem"), value=totals.triers),
    ]


def _sections(lines: tuple[SectionLine, ...]) -> Table:
    ordered = sorted(lines, key=lambda line: -line.learners)
    return Table(
        name="sections",
        caption=gettext("Learners by section of a course"),
        columns=(
            Column(key="section", title=gettext("Section")),
            Column(key="course", title=gettext("Course"), only_in_files=True),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="readers", title=gettext("Opened it"), kind=Kind.COUNT),
            Column(key="viewers", title=gettext("Began a video"), kind=Kind.COUNT),
            Column(key="triers", title=gettext("Tried a problem"), kind=Kind.COUNT),
            Column(key="seconds", title=gettext("Median time"), kind=Kind.SECONDS),
        ),
        rows=tuple(
            (
                Cell(
                    value=line.section,
                    words=f"{say_section(line.section)} · {short_id(line.course)}",
                    about=line.course,
                ),
                line.course,
                line.learners,
                line.readers,
                line.viewers,
                line.triers,
                line.seconds,
            )
            for line in ordered
        ),
        sorted_by="learners",
        shown=_SHOWN,
    )


def _sections_chart(sections: Table) -> Chart:
    return Chart(
        title=gettext("Pages, videos and problems by section"),
        kind=ChartKind.BARS,
        table=sections,
        label="section",
        series=(
            Series(key="readers", name=gettext("Opened it")),
            Series(key="viewers", name=gettext("Began a video")),
            Series(key="triers", name=gettext("Tried a problem")),
        ),
        summary=gettext(
            "Bar chart of learners by section: who opened it, began a video, tried a problem. "
            "The table has each value."
        ),
        how=gettext(
            "A section is the unit that a page's address names. A learner counts once in each "
            "section, whatever they did there and how often. The time is the median over learners "
            "of the seconds for which its pages were visible. The sections with most learners are "
            "drawn, as the table is sorted."
        ),
        most=_DRAWN,
        width="two-thirds",
    )


def _grades(lines: tuple[GradeLine, ...]) -> Table:
    return Table(
        name="grades",
        caption=gettext("Learners by their share of points"),
        columns=(
            Column(key="from_percent", title=gettext("Share of points")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
        ),
        rows=tuple((_step(line.step), line.learners) for line in lines),
        can_sort=False,
    )


def _step(step: int) -> Cell:
    width = 100 // GRADE_STEPS
    last = 100 if step == GRADE_STEPS - 1 else (step + 1) * width - 1
    return Cell(value=step * width, words=f"{step * width}{DASH}{last}{THIN}%")


def _grades_chart(grades: Table) -> Chart:
    return Chart(
        title=gettext("Grades"),
        kind=ChartKind.COLUMNS,
        table=grades,
        label="from_percent",
        series=(Series(key="learners", name=gettext("Learners")),),
        summary=gettext(
            "Columns of learners by their share of points, in steps of ten percent. "
            "The table has each value."
        ),
        how=gettext(
            "A learner's share: the points of their last try at each problem they tried in these "
            "days, divided by the points those problems are worth. Problems that they did not try "
            "are not in it, so this is not the grade of a whole course. Each learner counts once; "
            "choose a course to see that course alone."
        ),
        unit=gettext("learners"),
        width="third",
        is_tall=True,
    )
