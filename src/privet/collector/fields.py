"""The fields of an event: those that the catalogue lists and the event's uses permit.

For each event and set of uses a decoder is made once. It reads an event's data in one call if all
of it is listed and of the right type, as it nearly always is; otherwise each field is looked at.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from privet.catalogue.registry import EVENTS, find_event
from privet.catalogue.spec import Event, Field, Kind
from privet.catalogue.uses import Use
from privet.collector.addresses import scrub_link, scrub_text
from privet.collector.keys import load_strictly
from privet.collector.limits import LIMITS
from privet.collector.reasons import Counts, Reason, RefusedError

_INTEGER = Annotated[int, Meta(ge=-(2**53), le=2**53)]
_NUMBER = _INTEGER | Annotated[float, Meta(ge=-1e300, le=1e300)]
LINK_FIELDS = frozenset({"target", "target_url", "current_url", "previous", "script", "href"})
"""Fields that hold addresses, which are scrubbed as `privet.collector.addresses` says."""

_encode = msgspec.json.Encoder().encode
_objects = msgspec.json.Decoder(dict[str, Raw])
_decode_free = msgspec.json.Decoder().decode


def _detail_type(event: Event) -> type[msgspec.Struct]:
    """The type of an event's data: every listed field, and none has to be there."""
    return msgspec.defstruct(
        "Detail",
        [(f"f{n}", _type_of(field) | UnsetType, UNSET) for n, field in enumerate(event.fields)],
        rename={f"f{n}": field.name for n, field in enumerate(event.fields)},
        forbid_unknown_fields=True,
        gc=False,
    )


class DetailReader:
    """Reads the data of one kind of event that may serve certain uses."""

    def __init__(self, event: Event, uses: Use) -> None:
        fields = [(f"f{n}", field) for n, field in enumerate(event.fields)]
        seen = [(own, field) for own, field in fields if event.uses_of(field) & uses]
        self._hidden = [own for own, field in fields if not event.uses_of(field) & uses]
        self._whole = msgspec.json.Decoder(DETAILS[event.name])
        self._single = {f.name: msgspec.json.Decoder(_type_of(f)) for f in event.fields}
        self._json = [(own, field) for own, field in seen if field.kind is Kind.JSON]
        self._links = [own for own, field in seen if field.name in LINK_FIELDS]
        self._thirds = [own for own, field in seen if field.third_person]
        self._texts = [own for own, field in seen if field.kind is Kind.TEXT]
        self._free = [own for own, field in seen if field.kind in {Kind.TEXTS, Kind.JSON}]
        self._is_special = bool(self._hidden or self._json or self._thirds)

    def reader(self) -> "ReadDetail":
        """What reads one event's data; all that it needs is at hand, since it is called for each.

        It gives the data as canonical JSON of permitted fields only, empty for none, and counts
        the others. Its ``mark`` turns a third person's id into what may be stored. Raises
        `RefusedError` if raw data is no object, or has one key twice.
        """
        decode, change = self._decode, self._change if self._is_special else None
        links = tuple(self._links)

        def read(data: Any, faults: Counts, mark: Callable[[str], str], scrub: bool) -> bytes:
            detail = decode(data, faults) if type(data) is Raw else data
            if change is not None:
                change(detail, faults, mark)
            for own in links:
                value = getattr(detail, own)
                if value:
                    setattr(detail, own, scrub_link(value))
            encoded = _encode(detail)
            if scrub and (b"@" in encoded or b"%" in encoded):
                self._scrub(detail)
                encoded = _encode(detail)
            return encoded if len(encoded) > 2 else b""

        return read

    def _scrub(self, detail: Any) -> None:
        _replace(detail, self._texts, scrub_text)
        for own in self._free:
            value = getattr(detail, own)
            if isinstance(value, Raw):
                setattr(detail, own, Raw(_encode(_scrubbed(_decode_free(value)))))
            elif value is not UNSET:
                setattr(detail, own, _scrubbed(value))

    def _decode(self, data: Raw, faults: Counts) -> Any:
        load_strictly(bytes(data))
        try:
            return self._whole.decode(data)
        except msgspec.DecodeError:
            return self._whole.decode(self._sift(data, faults))

    def _change(self, detail: Any, faults: Counts, mark: Callable[[str], str]) -> None:
        for own in self._hidden:
            if getattr(detail, own) is not UNSET:
                setattr(detail, own, UNSET)
                faults[Reason.FIELD_NOT_PERMITTED] += 1
        for own, field in self._json:
            if _is_free_json_bad(getattr(detail, own), field, faults):
                setattr(detail, own, UNSET)
        _replace(detail, self._thirds, mark)

    def _sift(self, data: Raw, faults: Counts) -> bytes:
        """Only the fields that are right, as JSON; the others are counted."""
        try:
            sent = _objects.decode(data)
        except msgspec.ValidationError:
            raise RefusedError(Reason.WRONG_SHAPE, what="An event's data is no object.") from None
        good = {}
        for name, value in sent.items():
            reason = self._fault_of(name, value)
            if reason is None:
                good[name] = value
            elif bytes(value) != b"null":
                faults[reason] += 1
        return _encode(good)

    def _fault_of(self, name: str, value: Raw) -> Reason | None:
        decoder = self._single.get(name)
        if decoder is None:
            return Reason.UNLISTED_FIELD
        try:
            decoder.decode(value)
        except msgspec.ValidationError as error:
            is_long = "length <=" in str(error)
            return Reason.FIELD_TOO_LONG if is_long else Reason.FIELD_TYPE
        return None


ReadDetail = Callable[[Any, Counts, Callable[[str], str], bool], bytes]
"""What `DetailReader.reader` gives."""


@lru_cache(maxsize=4096)
def detail_reader(event_name: str, uses: int) -> ReadDetail | None:
    """The reader for listed events that may serve ``uses``; made once."""
    event = find_event(event_name)
    return None if event is None else DetailReader(event, Use(uses)).reader()


def _type_of(field: Field) -> Any:
    text = Annotated[str, Meta(max_length=field.max_length)]
    match field.kind:
        case Kind.TEXT:
            return text
        case Kind.INTEGER:
            return _INTEGER
        case Kind.NUMBER:
            return _NUMBER
        case Kind.BOOLEAN:
            return bool
        case Kind.TEXTS:
            return Annotated[list[text], Meta(max_length=LIMITS.list_items)]
        case Kind.JSON:
            return Raw


def _is_free_json_bad(value: Raw | UnsetType, field: Field, faults: Counts) -> bool:
    """Whether a free JSON value is too long or too deep, or is not JSON; counts which."""
    if isinstance(value, UnsetType):
        return False
    text = bytes(value).decode()
    if len(text) > field.max_length:
        faults[Reason.FIELD_TOO_LONG] += 1
        return True
    is_deep = _depth(load_strictly(bytes(value))) > LIMITS.json_depth
    if is_deep:
        faults[Reason.FIELD_TOO_DEEP] += 1
    return is_deep


def _depth(value: Any) -> int:
    """Levels of lists and objects."""
    level, depth = [value], 0
    while level := [v for v in level if isinstance(v, dict | list)]:
        depth += 1
        level = [c for v in level for c in (v.values() if isinstance(v, dict) else v)]
    return depth


def _scrubbed(value: Any) -> Any:
    """Free JSON whose texts have no e-mail addresses; names of its parts stay."""
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, list):
        return [_scrubbed(each) for each in value]
    if isinstance(value, dict):
        return {name: _scrubbed(each) for name, each in value.items()}
    return value


def _replace(detail: Any, names: list[str], change: Callable[[str], str]) -> None:
    for name in names:
        value = getattr(detail, name)
        if value is not UNSET:
            setattr(detail, name, change(str(value)))


DETAILS = {name: _detail_type(event) for name, event in EVENTS.items()}
"""The type of each event's data, by the event's name."""
