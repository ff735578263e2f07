"""The videos of the content page: how many saw how much, and one of them over its length."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext

from privet.insight.content_results import SegmentLine, VideoLine
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table, address
from privet.web.console.content_words import say_section, short_id
from privet.web.words import THIN, say_decimal, say_number, say_share

SHOWN = 15
_PARTS = 50
"""Into so many a video is divided: in a film of fewer seconds, several begin within one."""


def video_table(lines: Sequence[VideoLine], query: QueryDict) -> Table:
    """All videos; each name chooses its video."""
    return Table(
        name="videos",
        caption=gettext("Learners by video"),
        columns=(
            Column(key="video", title=gettext("Video")),
            Column(key="course", title=gettext("Course"), only_in_files=True),
            Column(key="section", title=gettext("Section"), only_in_files=True),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="full_viewers", title=gettext("Saw it in full"), kind=Kind.COUNT),
            Column(key="partial_viewers", title=gettext("Saw a part"), kind=Kind.COUNT),
            Column(key="full_share", title=gettext("In full"), kind=Kind.SHARE),
            Column(key="seen_share", title=gettext("Median seen"), kind=Kind.SHARE),
            Column(key="plays", title=gettext("Plays"), kind=Kind.COUNT),
            Column(key="seconds", title=gettext("Length"), kind=Kind.SECONDS),
        ),
        rows=tuple(
            (
                Cell(
                    value=line.video,
                    words=short_id(line.video),
                    about=f"{say_section(line.section)} · {line.course}",
                    link=f"{_address(line, query)}#chart-video",
                ),
                line.course,
                line.section,
                line.learners,
                line.full_viewers,
                line.partial_viewers,
                line.full_share,
                line.seen,
                line.plays,
                line.duration,
            )
            for line in lines
        ),
        sorted_by="learners",
        shown=SHOWN,
    )


def _address(line: VideoLine, query: QueryDict) -> str:
    """The page with that video chosen; its course too, for another may call one of its own so."""
    return address(query.urlencode(), video=line.video, video_of=line.course)


def segments_chart(line: VideoLine, segments: Sequence[SegmentLine], query: QueryDict) -> Chart:
    """One video over its length: who saw each part, and who saw it again."""
    table = Table(
        name="video",
        caption=gettext("Learners over the length of a video"),
        columns=(
            Column(key="position", title=gettext("From")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="once", title=gettext("Saw it once"), kind=Kind.COUNT),
            Column(key="again", title=gettext("Saw it again"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                _position(segment, line.duration),
                segment.learners,
                max(0, segment.learners - segment.again),
                segment.again,
            )
            for segment in segments
        ),
        can_sort=False,
        query=query.urlencode(),
    )
    return Chart(
        title=gettext("Over the length of “%(video)s”") % {"video": short_id(line.video)},
        kind=ChartKind.AREA,
        table=table,
        label="position",
        series=(
            Series(key="once", name=gettext("once")),
            Series(key="again", name=gettext("again")),
        ),
        summary=gettext(
            "Area chart over the video's length; at most %(most)s learners saw a part. "
            "The table has each of the 50 parts."
        )
        % {"most": say_number(max((segment.learners for segment in segments), default=0))},
        how=gettext(
            "The video is divided into 50 equal parts. A part is seen when its middle was played: "
            "between a play, or a move while playing, and the next pause, stop or move of the same "
            "visit. “Again” are learners who saw the part more than once. What was playing when a "
            "page was closed is not known and not counted."
        ),
        unit=gettext("learners"),
    )


def _position(segment: SegmentLine, duration: float | None) -> Cell:
    """Where a part begins: minutes and seconds, or a share if the length is not known."""
    if duration is None:
        return Cell(value=segment.begins, words=say_share(segment.begins))
    seconds = segment.begins * duration
    minutes, rest = divmod(int(seconds), 60)
    words = f"{minutes}:{rest:02}"
    if duration < _PARTS:  # Several parts begin within one second.
        words = f"{say_decimal(seconds, 1)}{THIN}s"
    return Cell(value=round(seconds, 1), words=words)
