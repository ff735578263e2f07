"""The fields of an event: those that the catalogue lists and the event's uses permit.

For each event and set of uses a decoder is made once. It reads an event's data in one call if all
of it is listed and of the right type, as it nearly always is; otherwise each field is looked at.
"""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from privet.catalogue.registry import find_event
from privet.catalogue.spec import Event, Field, Kind
from privet.catalogue.uses import Use
from privet.collector.addresses import scrub_link, scrub_text
from privet.collector.keys import KEY, load_strictly
from privet.collector.limits import LIMITS
from privet.collector.reasons import Reason, RefusedError

_INTEGER = Annotated[int, Meta(ge=-(2**53), le=2**53)]
_NUMBER = _INTEGER | Annotated[float, Meta(ge=-1e300, le=1e300)]
LINK_FIELDS = frozenset({"target", "target_url", "current_url", "previous", "script", "href"})
"""Fields that hold addresses, which are scrubbed as `privet.collector.addresses` says."""

_encoder = msgspec.json.Encoder()
_objects = msgspec.json.Decoder(dict[str, Raw])


class DetailReader:
    """Reads the data of one kind of event that may serve certain uses."""

    def __init__(self, event: Event, uses: Use) -> None:
        self._listed = event.by_name
        self._permitted = [f for f in event.fields if event.uses_of(f) & uses]
        names = [(f"f{n}", f.name, _type_of(f)) for n, f in enumerate(self._permitted)]
        form = msgspec.defstruct(
            "Detail",
            [(own, kind | UnsetType, UNSET) for own, _, kind in names],
            rename={own: sent for own, sent, _ in names},
            forbid_unknown_fields=True,
            gc=False,
        )
        self._whole = msgspec.json.Decoder(form)
        self._single = {sent: msgspec.json.Decoder(kind) for _, sent, kind in names}
        self._json = [(own, f) for (own, _, _), f in self._zip(names) if f.kind is Kind.JSON]
        self._links = [own for (own, sent, _), f in self._zip(names) if sent in LINK_FIELDS]
        self._thirds = [own for (own, _, _), f in self._zip(names) if f.third_person]
        self._texts = [own for (own, _, _), f in self._zip(names) if f.kind is Kind.TEXT]

    def _zip(self, names: list[Any]) -> Any:
        return zip(names, self._permitted, strict=True)

    def read(
        self, data: Raw, faults: Counter[Reason], mark: Callable[[str], str], *, scrub: bool
    ) -> bytes:
        """The data as canonical JSON of listed fields only, empty for none; counts the others.

        ``mark`` turns a third person's id into what may be stored. Raises `RefusedError` if the
        data is no object, or has one key twice.
        """
        try:
            detail = self._whole.decode(data)
        except (msgspec.DecodeError, RecursionError):
            data = Raw(self._sift(data, faults))
            detail = self._whole.decode(data)
        for own, field in self._json:
            if _is_free_json_bad(getattr(detail, own), field, faults):
                setattr(detail, own, UNSET)
        if self._links:
            _replace(detail, self._links, scrub_link)
        if self._thirds:
            _replace(detail, self._thirds, mark)
        encoded = _encoder.encode(detail)
        if scrub and b"@" in encoded:
            _replace(detail, self._texts, scrub_text)
            encoded = _encoder.encode(detail)
        if encoded.count(KEY) != bytes(data).count(KEY):
            load_strictly(bytes(data))
        return b"" if encoded == b"{}" else encoded

    def _sift(self, data: Raw, faults: Counter[Reason]) -> bytes:
        """Only the fields that are right, as JSON; the others are counted."""
        try:
            sent = _objects.decode(data)
        except msgspec.ValidationError:
            raise RefusedError(Reason.WRONG_SHAPE, what="An event's data is no object.") from None
        except RecursionError:
            raise RefusedError(Reason.TOO_DEEP) from None
        load_strictly(bytes(data))
        good = {}
        for name, value in sent.items():
            reason = self._fault_of(name, value)
            if reason is None:
                good[name] = value
            elif bytes(value) != b"null":
                faults[reason] += 1
        return _encoder.encode(good)

    def _fault_of(self, name: str, value: Raw) -> Reason | None:
        decoder = self._single.get(name)
        if decoder is None:
            return Reason.FIELD_NOT_PERMITTED if name in self._listed else Reason.UNLISTED_FIELD
        try:
            decoder.decode(value)
        except msgspec.ValidationError as error:
            is_long = "length <=" in str(error)
            return Reason.FIELD_TOO_LONG if is_long else Reason.FIELD_TYPE
        except (msgspec.DecodeError, RecursionError):
            return Reason.FIELD_TYPE
        return None


@lru_cache(maxsize=4096)
def detail_reader(event_name: str, uses: int) -> DetailReader | None:
    """The reader for listed events that may serve ``uses``; made once."""
    event = find_event(event_name)
    return None if event is None else DetailReader(event, Use(uses))


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


def _is_free_json_bad(value: Raw | UnsetType, field: Field, faults: Counter[Reason]) -> bool:
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


def _replace(detail: Any, names: list[str], change: Callable[[str], str]) -> None:
    for name in names:
        value = getattr(detail, name)
        if value is not UNSET:
            setattr(detail, name, change(str(value)))
