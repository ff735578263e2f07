"""The answers of the content page, as values that cannot change."""

from dataclasses import dataclass

from privet.insight.content_rules import SEGMENTS


def share_of(part: int, whole: int) -> float | None:
    """A share from 0 to 1 of two protected counts; none of nothing.

    Noise may make a part greater than its whole; nobody is shown more than all.
    """
    return min(1.0, part / whole) if whole else None


@dataclass(frozen=True, kw_only=True)
class ContentTotals:
    """Learners of the period, each once."""

    learners: int
    readers: int
    viewers: int
    triers: int


@dataclass(frozen=True, kw_only=True)
class SectionLine:
    """A section of a course; an empty one is what stands in none."""

    institution: str
    course: str
    section: str
    learners: int
    readers: int
    viewers: int
    triers: int
    seconds: float | None
    """The median time for which a learner saw its pages; none of few learners."""


@dataclass(frozen=True, kw_only=True)
class VideoLine:
    """A video and how much of it was seen."""

    institution: str
    course: str
    section: str
    video: str
    learners: int
    full_viewers: int
    """Who saw at least 45 of its 50 segments; ``partial_viewers`` saw some."""
    partial_viewers: int
    plays: float
    seen: float | None
    """The median share that a learner saw, from 0 to 1."""
    duration: float | None
    """Seconds; the median of what players said."""

    @property
    def full_share(self) -> float | None:
        """The share of learners who saw it in full."""
        return share_of(self.full_viewers, self.learners)


@dataclass(frozen=True, kw_only=True)
class SegmentLine:
    """One of a video's 50 parts, from 0."""

    segment: int
    learners: int = 0
    again: int = 0
    """Who saw it more than once."""

    @property
    def begins(self) -> float:
        """Where it begins, as a share of the video's length."""
        return self.segment / SEGMENTS


@dataclass(frozen=True, kw_only=True)
class ProblemLine:
    """A problem and what came of it."""

    institution: str
    course: str
    section: str
    problem: str
    learners: int
    triers: int
    right_first: int
    right_ever: int
    looked: int
    """Who asked for the answer."""
    tries: float

    @property
    def first_share(self) -> float | None:
        """The share of those who tried that was right at the first try."""
        return share_of(self.right_first, self.triers)

    @property
    def ever_share(self) -> float | None:
        """The share of those who tried that was right at any try."""
        return share_of(self.right_ever, self.triers)

    @property
    def looked_share(self) -> float | None:
        """The share of learners who asked for the answer."""
        return share_of(self.looked, self.learners)


@dataclass(frozen=True, kw_only=True)
class AnswerLine:
    """An answer that many gave, in words, at their first or last try."""

    answer: str
    is_right: bool
    learners: int


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The most frequent answers to one problem."""

    first: tuple[AnswerLine, ...]
    last: tuple[AnswerLine, ...]


@dataclass(frozen=True, kw_only=True)
class GradeLine:
    """Learners with a share of points from ``step`` tenths on; the last step has all points too."""

    step: int
    learners: int = 0


@dataclass(frozen=True, kw_only=True)
class Content:
    """What of the courses was read, watched and tried."""

    totals: ContentTotals
    sections: tuple[SectionLine, ...]
    videos: tuple[VideoLine, ...]
    problems: tuple[ProblemLine, ...]
    grades: tuple[GradeLine, ...]
