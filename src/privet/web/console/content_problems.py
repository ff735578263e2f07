"""The problems of the content page: how they were solved, and what was answered to one of them."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext

from privet.insight.content_results import AnswerLine, Answers, ProblemLine
from privet.insight.content_rules import FEWEST_TO_QUOTE
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table, address
from privet.web.console.content_words import say_section, short_id

SHOWN = 15
_DRAWN = 10


def problem_table(lines: Sequence[ProblemLine], query: QueryDict) -> Table:
    """All problems; each name chooses its problem."""
    return Table(
        name="problems",
        caption=gettext("Learners by problem"),
        columns=(
            Column(key="problem", title=gettext("Problem")),
            Column(key="course", title=gettext("Course"), only_in_files=True),
            Column(key="section", title=gettext("Section"), only_in_files=True),
            Column(key="triers", title=gettext("Tried it"), kind=Kind.COUNT),
            Column(key="first_share", title=gettext("Right at first"), kind=Kind.SHARE),
            Column(key="ever_share", title=gettext("Right in the end"), kind=Kind.SHARE),
            Column(key="tries", title=gettext("Tries"), kind=Kind.COUNT),
            Column(key="looked_share", title=gettext("Asked for the answer"), kind=Kind.SHARE),
            Column(key="right_first", title="", kind=Kind.COUNT, only_in_files=True),
            Column(key="right_ever", title="", kind=Kind.COUNT, only_in_files=True),
            Column(key="looked", title="", kind=Kind.COUNT, only_in_files=True),
        ),
        rows=tuple(
            (
                Cell(
                    value=line.problem,
                    words=short_id(line.problem),
                    about=f"{say_section(line.section)} · {line.course}",
                    link=f"{_address(line, query)}#chart-answers",
                ),
                line.course,
                line.section,
                line.triers,
                line.first_share,
                line.ever_share,
                line.tries,
                line.looked_share,
                line.right_first,
                line.right_ever,
                line.looked,
            )
            for line in lines
        ),
        sorted_by="triers",
        shown=SHOWN,
    )


def _address(line: ProblemLine, query: QueryDict) -> str:
    """The page with that problem chosen; its course too, for another may call one of its own so."""
    return address(query.urlencode(), problem=line.problem, problem_of=line.course)


def answers_chart(line: ProblemLine, answers: Answers, query: QueryDict) -> Chart:
    """The most frequent answers to one problem, at the first and at the last try."""
    table = Table(
        name="answers",
        caption=gettext("Learners by their first and last answer to a problem"),
        columns=(
            Column(key="answer", title=gettext("Answer")),
            Column(key="right", title=gettext("Right")),
            Column(key="first", title=gettext("At the first try"), kind=Kind.COUNT),
            Column(key="last", title=gettext("At the last try"), kind=Kind.COUNT),
        ),
        rows=_rows(answers),
        sorted_by="first",
        query=query.urlencode(),
    ).at(query)
    return Chart(
        title=gettext("Answers to “%(problem)s”") % {"problem": short_id(line.problem)},
        kind=ChartKind.BARS,
        table=table,
        label="answer",
        series=(
            Series(key="first", name=gettext("at the first try")),
            Series(key="last", name=gettext("at the last try")),
        ),
        summary=gettext(
            "Bar chart of learners by answer, at their first and their last try. "
            "The table has each value."
        ),
        how=gettext(
            "First and last are those of the chosen days. An answer is shown only if at least "
            "%(fewest)s learners gave it, since a rare one may tell who wrote it; so the bars need "
            "not add up to all who tried."
        )
        % {"fewest": FEWEST_TO_QUOTE},
        most=_DRAWN,
    )


def _rows(answers: Answers) -> tuple[tuple[object, ...], ...]:
    found: dict[tuple[str, bool], list[int]] = {}
    for place, lines in enumerate((answers.first, answers.last)):
        for line in lines:
            found.setdefault(_key(line), [0, 0])[place] += line.learners
    return tuple(
        (
            Cell(value=answer, words=f"{answer} ✓" if is_right else answer),
            gettext("yes") if is_right else gettext("no"),
            *numbers,
        )
        for (answer, is_right), numbers in found.items()
    )


def _key(line: AnswerLine) -> tuple[str, bool]:
    return line.answer, line.is_right
