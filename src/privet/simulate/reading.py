"""The pages of each visit in their order, with what is done on them beside the unit's work."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from privet.simulate.acts import NO_PAGE, PAGE_STEP, Kind, Page
from privet.simulate.content import (
    AD_CLICKS,
    ARRIVAL_SHARES,
    CONTROLS,
    ERRORS,
    ONWARD_SHARE,
    PEEK_SHARES,
    RESUME_SHARES,
    SEARCH_WORDS,
    Place,
)
from privet.simulate.devices import SLOWNESS
from privet.simulate.randomness import Array, lognormal
from privet.simulate.sheet import Sheet

SLOTS = (Page.HOME, Page.COURSE, Page.UNIT, Page.UNIT, Page.FORUM, Page.PROGRESS)
_ENTRY, _COURSE, _UNIT, _NEXT, _FORUM, _PROGRESS = range(len(SLOTS))
_DWELL_SECONDS = np.array([14.0, 24.0, 70.0, 20.0, 80.0, 18.0])
_WIDE = len(SLOTS)


@dataclass(frozen=True)
class Tour:
    """The pages of each visit: one row a visit, one column a slot."""

    present: Array
    page: Array
    dwell: Array
    """Seconds on each page."""

    @cached_property
    def closed(self) -> Array:
        """When each page is left, in seconds since the visit's start."""
        found: Array = np.cumsum(self.dwell * self.present, axis=1)
        return found

    @cached_property
    def opened(self) -> Array:
        """When each page is opened, in seconds since the visit's start."""
        found: Array = self.closed - self.dwell * self.present
        return found

    @cached_property
    def work_begins(self) -> Array:
        """When the unit's text is read and its videos and problems begin."""
        found: Array = self.opened[:, _UNIT] + 0.7 * self.dwell[:, _UNIT]
        return found

    def with_work(self, seconds: Array) -> "Tour":
        """The same tour with so much work on the unit's page."""
        dwell = self.dwell.copy()
        dwell[:, _UNIT] += seconds
        return Tour(self.present, self.page, dwell)


def plan_tour(
    random: np.random.Generator, sheet: Sheet, *, has_next: Array, variant: Array
) -> Tour:
    """Which pages each visit has, and for how long.

    ``has_next`` says whether another unit follows the visit's; ``variant`` is each visit's form of
    the experiment (-1 for none), which changes how many open a unit at all.
    """
    visits = len(variant)
    drawn = random.random((visits, _WIDE))
    has_unit = (sheet.visits["unit"] > 0) | (drawn[:, _UNIT] < PEEK_SHARES[variant])
    present = np.ones((visits, _WIDE), bool)
    present[:, _ENTRY] = drawn[:, _ENTRY] < np.where(has_unit, 0.3, 0.7)
    present[:, _COURSE] = (drawn[:, _COURSE] < 0.9) | ~has_unit
    present[:, _UNIT] = has_unit
    present[:, _NEXT] = has_unit & has_next & (drawn[:, _NEXT] < ONWARD_SHARE)
    present[:, _FORUM] = drawn[:, _FORUM] < np.where(has_unit, 0.14, 0.04)
    present[:, _PROGRESS] = drawn[:, _PROGRESS] < np.where(has_unit, 0.12, 0.0)
    page = np.tile(np.array(SLOTS, np.int64), (visits, 1))
    page[:, _ENTRY] = random.choice([Page.HOME, Page.COURSES, Page.SEARCH], visits,
                                    p=[0.5, 0.35, 0.15])  # fmt: skip
    return Tour(present, page, lognormal(random, _DWELL_SECONDS, 0.7, (visits, _WIDE)))


def read_pages(
    random: np.random.Generator,
    sheet: Sheet,
    tour: Tour,
    *,
    variant: Array,
    advertises: bool,
) -> None:
    """Add what the browser sees of the visits; the rest is as in `plan_tour`."""
    visit, slot = np.nonzero(tour.present)
    unit = np.maximum(sheet.visits["unit"], 1)[visit]
    unit = np.select([slot == _UNIT, slot == _NEXT], [unit, unit + 1], 0)
    page = tour.page[visit, slot]
    outside = slot == _ENTRY
    number = page * PAGE_STEP + unit
    is_first = np.r_[True, visit[1:] != visit[:-1]] if len(visit) else np.zeros(0, bool)
    previous = np.where(is_first, NO_PAGE, np.r_[NO_PAGE, number[:-1]] if len(visit) else number)
    order = np.cumsum(tour.present, axis=1)[visit, slot]
    where = {"page": page, "unit": unit}
    opened, closed = tour.opened[visit, slot], tour.closed[visit, slot]
    arrival = random.choice(len(ARRIVAL_SHARES), len(visit), p=ARRIVAL_SHARES)
    sheet.add(Kind.PAGE_VIEW, visit, opened, item=order, a=previous, **where,
              arrival=np.where(is_first, arrival, 0))  # fmt: skip
    seen = (closed - opened) * random.uniform(0.55, 1.0, len(visit))
    sheet.add(Kind.PAGE_LEAVE, visit, closed - 0.05, **where, a=np.round(seen, 1),
              b=np.round(random.beta(2.0, 1.2, len(visit)), 2))  # fmt: skip
    _add_technique(random, sheet, visit, opened, where)
    _add_links(random, sheet, tour, visit=visit, slot=slot, number=number, variant=variant)
    _add_controls(random, sheet, visit=visit, opened=opened, closed=closed, where=where)
    _add_experiment(sheet, tour, variant)
    if advertises:
        _add_advertisements(random, sheet, visit, slot, opened)
    _add_search(random, sheet, visit[outside], page[outside], opened[outside])


def _add_technique(
    random: np.random.Generator, sheet: Sheet, visit: Array, opened: Array, where: dict[str, Array]
) -> None:
    slow = SLOWNESS[sheet.visits["device"][visit]]
    paint = np.round(lognormal(random, 1350.0, 0.45, len(visit)) * slow)
    some = np.flatnonzero(random.random(len(visit)) < 0.7)
    here = {name: values[some] for name, values in where.items()}
    sheet.add(Kind.PAGE_TIMING, visit[some], opened[some] + 4.0, a=paint[some], **here)
    failed = np.flatnonzero(random.random(len(visit)) < 0.008 * slow)
    here = {name: values[failed] for name, values in where.items()}
    shares = np.array([error.share for error in ERRORS])
    error = random.choice(len(ERRORS), len(failed), p=shares / shares.sum())
    sheet.add(Kind.PAGE_ERROR, visit[failed], opened[failed] + 2.5, item=error, **here)


def _add_links(
    random: np.random.Generator,
    sheet: Sheet,
    tour: Tour,
    *,
    visit: Array,
    slot: Array,
    number: Array,
    variant: Array,
) -> None:
    """The way from each page to the next one; most go by a link, the others by the address bar."""
    follows = (visit[1:] == visit[:-1]) if len(visit) else np.zeros(0, bool)
    by_link = (random.random(len(follows)) < 0.9) | (slot[1:] == _NEXT)
    goes = np.flatnonzero(follows & by_link)
    at, to = slot[goes], slot[goes + 1]
    resumes = random.random(len(goes)) < RESUME_SHARES[variant[visit[goes]]]
    onto_unit = (at == _COURSE) & (to == _UNIT)
    place = np.select(
        [to == _NEXT, onto_unit & resumes, onto_unit, at == _ENTRY],
        [Place.NEXT, Place.RESUME, Place.OUTLINE, Place.LIST], Place.NAVIGATION,
    )  # fmt: skip
    unit = number[goes] % PAGE_STEP
    sheet.add(
        Kind.LINK_CLICK, visit[goes], tour.closed[visit[goes], at] - 0.4, item=place,
        a=number[goes + 1], page=tour.page[visit[goes], at], unit=unit,
    )  # fmt: skip
    leaves = np.flatnonzero((slot == _UNIT) & (random.random(len(slot)) < 0.06))
    sheet.add(
        Kind.LINK_CLICK, visit[leaves], tour.closed[visit[leaves], _UNIT] - 0.7,
        item=Place.OUTSIDE, a=NO_PAGE, page=Page.UNIT, unit=number[leaves] % PAGE_STEP,
    )  # fmt: skip


def _add_controls(
    random: np.random.Generator,
    sheet: Sheet,
    *,
    visit: Array,
    opened: Array,
    closed: Array,
    where: dict[str, Array],
) -> None:
    uses = np.flatnonzero(
        random.random(len(visit)) < np.where(where["page"] == Page.UNIT, 0.5, 0.15)
    )
    shares = np.array([control.share for control in CONTROLS])
    control = random.choice(len(CONTROLS), len(uses), p=shares / shares.sum())
    when = opened[uses] + (closed[uses] - opened[uses]) * random.random(len(uses))
    here = {name: values[uses] for name, values in where.items()}
    sheet.add(Kind.CONTROL_USE, visit[uses], when, item=control, **here)


def _add_experiment(sheet: Sheet, tour: Tour, variant: Array) -> None:
    """The form of the link on a course's page, by those who are in the experiment."""
    sees = np.flatnonzero(tour.present[:, _COURSE] & (variant >= 0))
    sheet.add(Kind.EXPERIMENT_SEEN, sees, tour.opened[sees, _COURSE] + 1.1, item=variant[sees],
              page=Page.COURSE, unit=0)  # fmt: skip


def _add_advertisements(
    random: np.random.Generator, sheet: Sheet, visit: Array, slot: Array, opened: Array
) -> None:
    shown = np.flatnonzero(np.isin(slot, (_COURSE, _FORUM)))
    ad = random.integers(0, len(AD_CLICKS), len(shown))
    page = np.where(slot[shown] == _COURSE, Page.COURSE, Page.FORUM)
    sheet.add(Kind.AD_SEEN, visit[shown], opened[shown] + 1.2, item=ad, page=page, unit=0)
    clicks = np.flatnonzero(random.random(len(shown)) < AD_CLICKS[ad])
    sheet.add(Kind.AD_CLICK, visit[shown[clicks]], opened[shown[clicks]] + 5.0, item=ad[clicks],
              page=page[clicks], unit=0)  # fmt: skip


def _add_search(
    random: np.random.Generator, sheet: Sheet, visit: Array, page: Array, opened: Array
) -> None:
    some = np.flatnonzero(page == Page.SEARCH)
    words = random.integers(0, len(SEARCH_WORDS), len(some))
    sheet.add(Kind.SEARCH, visit[some], opened[some] + 3.0, item=words, page=Page.SEARCH, unit=0,
              course=-1)  # fmt: skip
