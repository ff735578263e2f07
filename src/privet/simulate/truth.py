"""The truth beside a simulation, as CSV: what no detector and no dashboard may read.

docs/reference/simulation-truth.md says what each column holds.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from privet.catalogue.uses import Use, use_names
from privet.consent.ages import age_group
from privet.consent.places import regime_of
from privet.simulate.addresses import AddressBook
from privet.simulate.block import World
from privet.simulate.choices import NEVER, WAYS
from privet.simulate.company import is_near
from privet.simulate.content import EXPERIMENT, PEEK_SHARES, RESUME_SHARES, VARIANTS
from privet.simulate.countries import CODES
from privet.simulate.devices import DEVICES
from privet.simulate.people import external_id
from privet.simulate.plots import REPEATERS, Tie
from privet.simulate.population import MODES, Effort, Sharing
from privet.simulate.randomness import Array

Row = Sequence[Any]
_VARIANT_NAMES = np.array(VARIANTS)


def write_truth(world: World, book: AddressBook, directory: Path) -> list[Path]:
    """Write all files; returns their paths. Existing ones are replaced."""
    directory.mkdir(parents=True, exist_ok=True)
    addresses = [str(address) for address in book.addresses()]
    files: dict[str, tuple[str, Callable[[], Iterable[Row]]]] = {
        "learners": (
            (
                "learner,external_id,country,birth_year,ability,sharing,home,second_network,"
                "home_addresses,device,second_device,experiment_variant"
            ),
            lambda: _learners(world, addresses),
        ),
        "enrolments": ("learner,course,effort,mode,week,enrolled", lambda: _enrolments(world)),
        "problems": ("course,unit,problem,difficulty", lambda: _problems(world)),
        "decisions": (
            "learner,way,regime,age,gpc,decided,withdrawn,uses",
            lambda: _decisions(world),
        ),
        "cheats": (
            "cheat,course,master,harvester,mode,share_of_items,items,is_jittered,is_rotating",
            lambda: _cheats(world),
        ),
        "companies": ("company,tie,course,learner,leads,shares_address", lambda: _companies(world)),
        "sharing": (
            "learner,shared,days,is_same_device,second_address",
            lambda: _sharing(world, addresses),
        ),
        "again": ("learner,tie,days,is_near,other_address", lambda: _again(world, addresses)),
        "networks": ("address,sharing,learners", lambda: _networks(world, addresses)),
        "experiments": ("experiment,variant,opens_unit,by_that_link", _experiments),
    }
    return [
        _write(directory / f"{name}.csv", header, rows()) for name, (header, rows) in files.items()
    ]


def _write(path: Path, header: str, rows: Iterable[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


def _learners(world: World, addresses: list[str]) -> Iterator[Row]:
    people = world.people
    for n in range(len(people)):
        second = int(people.second_device[n])
        yield (
            n, external_id(world.seed, n), CODES[people.country[n]], people.birth_year[n] or "",
            round(float(people.ability[n]), 4), Sharing(people.sharing[n]).name.lower(),
            addresses[people.home[n]], addresses[people.second[n]], people.rotation[n],
            DEVICES[people.device[n]].agent, DEVICES[second].agent if second >= 0 else "",
            _VARIANT_NAMES[people.variant[n]],
        )  # fmt: skip


def _enrolments(world: World) -> Iterator[Row]:
    found = world.people.enrolments
    keys = [course.key for course in world.platform.courses]
    for n in range(len(found.learner)):
        yield (
            found.learner[n], keys[found.course[n]], Effort(found.effort[n]).name.lower(),
            MODES[found.mode[n]], found.week[n], _moment(found.time[n]),
        )  # fmt: skip


def _problems(world: World) -> Iterator[Row]:
    for course in world.platform.courses:
        hard = iter(course.difficulty.tolist())
        for number, unit in enumerate(course.units, start=1):
            for problem in unit.problems:
                key = course.usage_key("problem", problem)
                yield course.key, number, key, round(next(hard), 4)


def _decisions(world: World) -> Iterator[Row]:
    people, today = world.people, world.period.last
    made = people.decisions
    for n in range(len(people)):
        code = CODES[people.country[n]]
        age = age_group(int(people.birth_year[n]) or None, country=code, today=today)
        uses = made.standings[made.standing[n]].uses
        yield (
            n, WAYS[made.way[n]][0], regime_of(code).value, age.value, int(made.gpc[n]),
            _moment(made.decided[n]), _moment(made.withdrawn[n]), " ".join(use_names(Use(uses))),
        )  # fmt: skip


def _cheats(world: World) -> Iterator[Row]:
    for n, cheat in enumerate(world.people.plots.cheats):
        items = world.tally.copied.get(cheat.master, 0)
        # Whoever meant to copy and never tried a problem has copied nothing.
        for harvester in cheat.harvesters if items else ():
            yield (
                n, world.platform.courses[cheat.course].key, cheat.master, harvester,
                cheat.mode.value, round(cheat.share, 4), items,
                int(cheat.is_jittered), int(cheat.is_rotating),
            )  # fmt: skip


def _companies(world: World) -> Iterator[Row]:
    for n, company in enumerate(world.people.plots.companies):
        key = world.platform.courses[company.course].key
        for place, member in enumerate(company.members):
            leads, shares = int(place == 0), int(company.shares_address)
            yield n, company.tie.value, key, member, leads, shares


def _sharing(world: World, addresses: list[str]) -> Iterator[Row]:
    people = world.people
    for place, one in enumerate(people.plots.shared):
        days = world.tally.lent.get(one.learner, 0)
        owns = (people.device[one.learner], people.second_device[one.learner])
        is_same = int(people.elsewhere_device[place] in owns)
        if days:
            where = addresses[people.elsewhere[place]]
            yield one.learner, one.shared.value, days, is_same, where


def _again(world: World, addresses: list[str]) -> Iterator[Row]:
    people = world.people
    for place, one in enumerate(people.plots.companies):
        who = one.members[0]
        days = world.tally.repeated.get(who, 0)
        if one.tie in REPEATERS and days:
            is_close = int(is_near(place) and one.tie in (Tie.TRIP_REVISER, Tie.VPN_REVISER))
            yield who, one.tie.value, days, is_close, addresses[people.away[place]]


def _networks(world: World, addresses: list[str]) -> Iterator[Row]:
    """Addresses that more than one learner has as a home."""
    homes, first, counts = np.unique(world.people.home, return_index=True, return_counts=True)
    for home, one, count in zip(homes, first, counts, strict=True):
        if count > 1:
            yield addresses[home], Sharing(world.people.sharing[one]).name.lower(), count


def _experiments() -> Iterator[Row]:
    for place, variant in enumerate(VARIANTS):
        yield EXPERIMENT, variant, PEEK_SHARES[place], RESUME_SHARES[place]


def _moment(micros: Array) -> str:
    """A moment in ISO 8601, empty for never."""
    if micros == NEVER:
        return ""
    return datetime.fromtimestamp(int(micros) / 1e6, UTC).isoformat(timespec="microseconds")
