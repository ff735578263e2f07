"""Accounts, enrolments, sign-ins, the forum and certificates: acts that the server records."""

import numpy as np

from privet.simulate.acts import DAY_MICROS, MICROS, Kind, Page
from privet.simulate.population import Effort, Period, Population
from privet.simulate.randomness import Array, lognormal
from privet.simulate.reading import Tour
from privet.simulate.sheet import Sheet

_PASS_SHARE = 0.6
_FORUM_SLOT = 4
_AUDIT, _VERIFIED = 0, 1


def sign_in(random: np.random.Generator, sheet: Sheet, ends: Array) -> None:
    """Sign-ins before about half of the visits, some after a wrong password."""
    count = len(sheet.visits)
    signs = np.flatnonzero(random.random(count) < 0.5)
    nowhere = {"page": Page.HOME, "unit": 0, "course": -1}
    sheet.add(Kind.LOGIN, signs, np.full(len(signs), -4.0), **nowhere)
    fails = signs[random.random(len(signs)) < 0.06]
    sheet.add(Kind.LOGIN, fails, np.full(len(fails), -15.0), item=1, **nowhere)
    leaves = signs[random.random(len(signs)) < 0.3]
    sheet.add(Kind.LOGOUT, leaves, ends[leaves] + 1.0, **nowhere)


def enrol(
    random: np.random.Generator,
    sheet: Sheet,
    *,
    people: Population,
    members: Array,
    place: Array,
    period: Period,
) -> None:
    """Accounts and enrolments with their first visit; some change their mode, some leave."""
    first = np.flatnonzero(np.r_[True, place[1:] != place[:-1]]) if len(place) else place
    found = people.enrolments
    which = members[place[first]]
    learner, time = found.learner[which], found.time[which]
    here = {"page": Page.COURSE, "unit": 0}
    is_new = people.first_seen[learner] == time
    sheet.add_at(Kind.ACCOUNT, first[is_new], time[is_new] - 60 * MICROS, page=Page.HOME, unit=0,
                 course=-1)  # fmt: skip
    upgrades = (found.mode[which] == _VERIFIED) & (random.random(len(which)) < 0.6)
    mode = np.where(upgrades, _AUDIT, found.mode[which])
    sheet.add_at(Kind.ENROLLED, first, time, item=mode, **here)
    later = time + (random.uniform(0.5, 14, len(which)) * DAY_MICROS).astype(np.int64)
    some = np.flatnonzero(upgrades & (later < period.ends))
    sheet.add_at(Kind.MODE_CHANGED, first[some], later[some], item=_VERIFIED, **here)
    leaves = (found.effort[which] == Effort.LURKER) & (random.random(len(which)) < 0.04)
    some = np.flatnonzero(leaves & (later < period.ends))
    sheet.add_at(Kind.UNENROLLED, first[some], later[some], item=mode[some], **here)


def talk(random: np.random.Generator, sheet: Sheet, tour: Tour) -> None:
    """Discussions, answers and comments of those who open the forum."""
    there = np.flatnonzero(tour.present[:, _FORUM_SLOT])
    drawn = random.random(len(there))
    when = tour.closed[there, _FORUM_SLOT] - 3.0
    length = np.round(lognormal(random, 280.0, 0.8, len(there)))
    for kind, low, high in (
        (Kind.THREAD, 0.0, 0.10), (Kind.RESPONSE, 0.10, 0.30), (Kind.COMMENT, 0.30, 0.38),
    ):  # fmt: skip
        some = np.flatnonzero((drawn >= low) & (drawn < high))
        topic = random.integers(1, 400, len(some))
        sheet.add(kind, there[some], when[some], item=random.integers(0, 2, len(some)),
                  a=length[some], b=topic, page=Page.FORUM, unit=0)  # fmt: skip


def certify(
    random: np.random.Generator,
    sheet: Sheet,
    *,
    place: Array,
    mode: Array,
    correct: Array,
    ends: Array,
    units: int,
    problems: int,
    period: Period,
) -> Array:
    """Certificates for those who reach the last unit with enough right; returns their visits."""
    solved = np.bincount(place, correct, minlength=int(place.max(initial=-1)) + 1)
    passes = (sheet.visits["unit"] == units) & (solved[place] >= _PASS_SHARE * max(1, problems))
    done = sheet.visits["time"] + (ends * MICROS).astype(np.int64) + 600 * MICROS
    visit = np.flatnonzero(passes & (done < period.ends))
    visit = visit[np.unique(place[visit], return_index=True)[1]]
    here = {"page": Page.PROGRESS, "unit": 0}
    sheet.add_at(Kind.CERTIFICATE, visit, done[visit], item=mode[visit], **here)
    shares = visit[random.random(len(visit)) < 0.12]
    sheet.add_at(
        Kind.CERTIFICATE_SHARED, shares, done[shares] + 120 * MICROS, item=mode[shares], **here
    )
    return visit
