"""Content: what of the courses learners opened, watched and tried, and what came of it."""

from privet.insight.asking import Question, ask
from privet.insight.content_results import (
    AnswerLine,
    Answers,
    Content,
    ContentTotals,
    GradeLine,
    ProblemLine,
    SectionLine,
    SegmentLine,
    VideoLine,
)
from privet.insight.content_rules import GRADE_STEPS, SEGMENTS, say_answer


def show_content(question: Question) -> Content:
    """Sections, videos, problems and grades of the period."""
    (totals,) = ask("content_totals", question)
    return Content(
        totals=ContentTotals(**totals),
        sections=tuple(SectionLine(**row) for row in ask("content_sections", question)),
        videos=tuple(VideoLine(**row) for row in ask("content_videos", question)),
        problems=tuple(ProblemLine(**row) for row in ask("content_problems", question)),
        grades=_grades(question),
    )


def show_segments(question: Question, *, video: str) -> tuple[SegmentLine, ...]:
    """Who saw each part of a video, all 50 in their order."""
    rows = {row["segment"]: row for row in ask("content_video_segments", question, video=video)}
    return tuple(
        SegmentLine(**rows[number]) if number in rows else SegmentLine(segment=number)
        for number in range(SEGMENTS)
    )


def show_answers(question: Question, *, problem: str) -> Answers:
    """What learners answered to a problem first and last; what few answered is left out."""
    rows = ask("content_answers", question, problem=problem)
    lines = {
        which: tuple(
            AnswerLine(
                answer=say_answer(row["answer"]),
                is_right=bool(row["is_right"]),
                learners=row["learners"],
            )
            for row in rows
            if row["at_which"] == which
        )
        for which in ("first", "last")
    }
    return Answers(**lines)


def _grades(question: Question) -> tuple[GradeLine, ...]:
    found = {row["step"]: GradeLine(**row) for row in ask("content_grades", question)}
    return tuple(found.get(step) or GradeLine(step=step) for step in range(GRADE_STEPS))
