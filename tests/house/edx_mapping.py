"""Writes the table of docs/reference/edx-mapping.md: ``python -m tests.house.edx_mapping``."""

from pathlib import Path

from privet.catalogue import edx
from privet.catalogue.spec import Event
from privet.catalogue.uses import use_names
from privet.intake.edx_shape import KNOWN

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "edx-mapping.md"
HEAD = "| event | seen by | uses | fields |\n| --- | --- | --- | --- |\n"


def table() -> str:
    """One row for each event that a line can become."""
    events = {edx.IMPLICIT.name: edx.IMPLICIT, edx.OTHER.name: edx.OTHER,
              edx.OTHER_BROWSER.name: edx.OTHER_BROWSER} | dict(KNOWN)  # fmt: skip
    return HEAD + "".join(_row(event) for _, event in sorted(events.items()))


def _row(event: Event) -> str:
    fields = ", ".join(f"`{field.name}`" for field in event.fields) or "none"
    uses = ", ".join(use_names(event.uses))
    return f"| `{event.name}` | {event.origin.value} | {uses} | {fields} |\n"


def write() -> None:
    """Put the table of today in place of the page's own."""
    text = PAGE.read_text()
    PAGE.write_text(text[: text.index(HEAD)] + table())


if __name__ == "__main__":
    import django

    django.setup()
    write()
