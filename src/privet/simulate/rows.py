"""From acts as numbers to rows of the lake, in the lake's form and with what each may hold."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from privet.events.narrowing import narrow
from privet.events.schema import lake_schema
from privet.kernel.crypto import KeyRing, address_token, network_token
from privet.network.facts import AgentFacts, DeviceType
from privet.simulate.acts import IS_SERVER, NAMES, PAGE_STEP, Kind
from privet.simulate.addresses import AddressBook
from privet.simulate.choices import find_uses, tabulate_uses
from privet.simulate.content import ARRIVALS
from privet.simulate.details import COURSE_STEP, Details, pick
from privet.simulate.platform import Platform
from privet.simulate.population import Population
from privet.simulate.randomness import Array, mix

_SERVER_DELAY, _BROWSER_DELAY = 400_000, 2_500_000
_ID_HIGH, _ID_LOW, _SESSION = 11, 12, 13


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What rows need beside the acts themselves."""

    seed: int
    platform: Platform
    people: Population
    subjects: Array
    """The pseudonym of each learner."""
    book: AddressBook
    devices: tuple[AgentFacts, ...]
    keys: KeyRing


class RowWriter:
    """Turns acts of one day into rows."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._details = Details(setting.platform)
        self._uses = tabulate_uses(setting.people.decisions)
        self._facts_at = setting.book.facts_at()
        self._places = _describe_places(setting.book)
        self._tokens: dict[int, tuple[int, pa.Array, pa.Array]] = {}

    def keep(self, acts: Array) -> tuple[Array, Array]:
        """The acts that may be kept at all, and the uses that each may serve."""
        uses = find_uses(
            self._setting.people.decisions, self._uses, acts["learner"], acts["kind"], acts["time"]
        )
        kept = np.flatnonzero(uses)
        return acts[kept], uses[kept]

    def subjects_of(self, acts: Array) -> Array:
        """The pseudonym of whoever did each act."""
        found: Array = self._setting.subjects[acts["learner"]]
        return found

    def write(self, acts: Array, uses: Array, day: int) -> pa.Table:
        """The rows of acts that happened on a UTC day (since 1970)."""
        columns = {
            **self._of_event(acts, uses, day), **self._of_place(acts, day),
            **self._of_device(acts), **self._of_kind(acts),
        }  # fmt: skip
        schema = lake_schema()
        rows = pa.table([columns[name] for name in schema.names], schema=schema)
        return narrow(rows)

    def _of_event(self, acts: Array, uses: Array, day: int) -> dict[str, Any]:
        platform = self._setting.platform
        server = IS_SERVER[acts["kind"]]
        delay = np.where(server, _SERVER_DELAY, _BROWSER_DELAY)
        course = acts["course"].astype(np.int64)
        inside = np.where(course < 0, len(platform.courses), course)
        visit = acts["visit"].astype(np.int64)
        session = mix(visit + (np.maximum(course, 0) << 32), self._setting.seed * 31 + _SESSION)
        keys = [*(c.key for c in platform.courses), ""]
        owners = [*(c.institution for c in platform.courses), ""]
        at = COURSE_STEP * np.maximum(course, 0) + acts["page"].astype(np.int64) * PAGE_STEP
        return {
            "event_id": make_ids(acts, self._setting.seed),
            "day": pa.repeat(pa.scalar(day, pa.int32()).cast(pa.date32()), len(acts)),
            "time": pa.array(acts["time"], pa.timestamp("us", tz="UTC")),
            "received": pa.array(acts["time"] + delay, pa.timestamp("us", tz="UTC")),
            "source": pick([f"web:{platform.site}", f"api:{platform.site}"], server),
            "site": pa.repeat(platform.site, len(acts)),
            "institution": pick(owners, inside),
            "course": pick(keys, inside),
            "page_path": self._details.paths(at + acts["unit"]),
            "referrer_host": pick([a.host for a in ARRIVALS], acts["arrival"]),
            "campaign": pick([a.campaign for a in ARRIVALS], acts["arrival"]),
            "subject": pa.array(self.subjects_of(acts)),
            "session": pa.array(np.where(server, 0, (session >> np.uint64(1)).astype(np.int64))),
            "uses": pa.array(uses.astype(np.int32)),
            "sealed": pa.nulls(len(acts), pa.binary()),
        }

    def _of_place(self, acts: Array, day: int) -> dict[str, Any]:
        at = pa.array(acts["address"].astype(np.int64))
        place = pa.array(self._facts_at[acts["address"]])
        key_id, addresses, networks = self._tokens_of(day)
        found = {name: values.take(place) for name, values in self._places.items()}
        return found | {
            "address_token": addresses.take(at),
            "network_token": networks.take(at),
            "key_id": pa.repeat(pa.scalar(key_id, pa.int32()), len(acts)),
        }

    def _of_device(self, acts: Array) -> dict[str, Any]:
        known = self._setting.devices
        types = [None if d.device is DeviceType.OTHER else d.device.value for d in known]
        return {
            "browser": pick([d.browser for d in known], acts["device"]),
            "os": pick([d.os for d in known], acts["device"]),
            "device": pick(types, acts["device"]),
        }

    def _of_kind(self, acts: Array) -> dict[str, Any]:
        """Names, objects and details, which are written kind by kind and put back in order."""
        order = np.argsort(acts["kind"], kind="stable")
        objects, details = [], []
        for kind in np.unique(acts["kind"]):
            some = acts[order[np.searchsorted(acts["kind"][order], kind) :]]
            some = some[: int(np.count_nonzero(acts["kind"] == kind))]
            objects.append(self._details.objects(Kind(kind), some))
            details.append(self._details.write(Kind(kind), some))
        back = np.empty(len(acts), np.int64)
        back[order] = np.arange(len(acts))
        return {
            "name": pick(list(NAMES), acts["kind"]),
            "object": pa.chunked_array(objects, pa.string()).combine_chunks().take(pa.array(back)),
            "detail": pa.chunked_array(details, pa.string()).combine_chunks().take(pa.array(back)),
        }

    def _tokens_of(self, day: int) -> tuple[int, pa.Array, pa.Array]:
        key_id, key = self._setting.keys.token_key(date.fromordinal(_EPOCH + day))
        if key_id not in self._tokens:
            addresses = self._setting.book.addresses()
            self._tokens[key_id] = (
                key_id,
                pa.array([address_token(key, address) for address in addresses], pa.int64()),
                pa.array([network_token(key, address) for address in addresses], pa.int64()),
            )
        return self._tokens[key_id]


def _describe_places(book: AddressBook) -> dict[str, pa.Array]:
    facts = book.facts
    return {
        "country": pa.array([f.country for f in facts], pa.string()),
        "region": pa.array([f.region for f in facts], pa.string()),
        "network_kind": pa.array([f.kind.value for f in facts], pa.string()),
        "network_evidence": pa.array([f.evidence or None for f in facts], pa.string()),
        "asn": pa.array([f.asn for f in facts], pa.int64()),
        "organisation": pa.array([f.organisation for f in facts], pa.string()),
    }


_EPOCH = date(1970, 1, 1).toordinal()


def make_ids(acts: Array, seed: int) -> pa.Array:
    """The events' ids: UUIDv7 (RFC 9562, 5.7) of the moment and of the act's number."""
    millis = (acts["time"] // 1000).astype(np.uint64)
    high = mix(acts["id"], seed * 31 + _ID_HIGH)
    low = mix(acts["id"], seed * 31 + _ID_LOW)
    pair = np.empty((len(acts), 2), ">u8")
    pair[:, 0] = (millis << np.uint64(16)) | np.uint64(0x7000) | (high & np.uint64(0xFFF))
    pair[:, 1] = np.uint64(1 << 63) | (low >> np.uint64(2))
    data = pa.py_buffer(pair.tobytes())
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(acts), [None, data]).cast(
        pa.binary()
    )
