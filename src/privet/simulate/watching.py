"""How learners watch a unit's videos: from the start, with pauses and jumps, some to the end."""

import numpy as np

from privet.simulate.acts import Kind
from privet.simulate.platform import Course
from privet.simulate.randomness import Array, lognormal
from privet.simulate.sheet import Sheet, ragged, running_sum


def watch_videos(
    random: np.random.Generator, sheet: Sheet, course: Course, begins: Array, keen: Array
) -> Array:
    """Add the watching of each visit; returns the seconds that it took.

    ``begins`` are seconds since the visit's start; ``keen`` is the chance that a video of the
    visit's unit is watched.
    """
    counts = np.array([0, *(len(unit.videos) for unit in course.units)])
    owner, place = ragged(counts[sheet.visits["unit"]])
    watched = np.flatnonzero(random.random(len(owner)) < keen[owner])
    owner, place = owner[watched], place[watched]
    if not len(owner):
        return np.zeros(len(begins))
    video = course.first_video[sheet.visits["unit"][owner] - 1] + place
    length = np.array([one.seconds for one in course.videos])[video]
    view = _View(random, length)
    wait = lognormal(random, 12.0, 0.7, len(owner))
    start = begins[owner] + running_sum(wait + view.seconds, owner) + wait
    view.add_to(sheet, owner, start, video)
    return np.bincount(owner, wait + view.seconds, minlength=len(begins))


class _View:
    """Many views at once: play from 0, perhaps pause at p, perhaps jump at s, leave or end."""

    def __init__(self, random: np.random.Generator, length: Array) -> None:
        count = len(length)
        self.length = length
        self.is_whole = random.random(count) < 0.48
        part = np.where(self.is_whole, 1.0, random.beta(1.1, 1.7, count))
        self.end = np.maximum(np.round(length * part, 1), 3.0)
        self.pauses = random.random(count) < 0.35
        self.paused = np.round(self.end * random.random(count) * 0.9, 1)
        self.pause_seconds = lognormal(random, 30.0, 0.9, count)
        self.jumps = random.random(count) < 0.25
        begin = np.where(self.pauses, self.paused, 0.0)
        self.left = np.round(begin + (self.end - begin) * random.random(count), 1)
        goes_back = random.random(count) < 0.7
        far = lognormal(random, 25.0, 0.6, count)
        came = np.where(goes_back, self.left - far, self.left + far)
        self.came = np.round(np.clip(came, 0.0, self.end), 1)
        self.speeds = random.random(count) < 0.06
        self.reads = random.random(count) < 0.08

    @property
    def seconds(self) -> Array:
        """How long each view takes."""
        pause = np.where(self.pauses, self.pause_seconds, 0.0)
        jump = np.where(self.jumps, self.left - self.came, 0.0)
        return self.end + pause + jump

    def add_to(self, sheet: Sheet, owner: Array, start: Array, video: Array) -> None:
        """The acts of the views."""

        def add(kind: Kind, where: Array, seconds: Array, a: Array, b: Array | float = 0.0) -> None:
            told = np.asarray(b)[where] if np.ndim(b) else b
            sheet.add(kind, owner[where], seconds[where], item=video[where], a=a[where], b=told)

        every = np.ones(len(owner), bool)
        zero = np.zeros(len(owner))
        add(Kind.LOAD_VIDEO, every, start - 1.5, zero)
        add(Kind.PLAY_VIDEO, every, start, zero)
        add(Kind.PAUSE_VIDEO, self.pauses, start + self.paused, self.paused)
        resumed = start + self.paused + self.pause_seconds
        add(Kind.PLAY_VIDEO, self.pauses, resumed, self.paused)
        pause = np.where(self.pauses, self.pause_seconds, 0.0)
        add(Kind.SEEK_VIDEO, self.jumps, start + pause + self.left, self.left, self.came)
        add(Kind.PAUSE_VIDEO, ~self.is_whole, start + self.seconds, self.end)
        add(Kind.STOP_VIDEO, self.is_whole, start + self.seconds, self.length)
        add(Kind.SPEED_CHANGE, self.speeds, start + 2.0, zero + 1.0, zero + 1.5)
        add(Kind.SHOW_TRANSCRIPT, self.reads, start + 1.0, zero)
