"""Opens and clicks of mail, which nobody records without agreement to marketing mail."""

from privet.catalogue.spec import Event, Field, Kind, Origin
from privet.catalogue.uses import Choice, Use

_FIELDS = (
    Field(name="message", kind=Kind.TEXT, says="Which mail", data_category="user.behavior"),
    Field(name="link", kind=Kind.TEXT, says="Which link in it", data_category="user.behavior"),
    Field(
        name="class",
        kind=Kind.TEXT,
        data_category="user.behavior",
        says="Whether a person or a machine is likely to have opened it",
    ),
)

EVENTS = tuple(
    Event(
        name=name,
        origin=Origin.MAIL,
        says=says,
        uses=Use.ANALYTICS | Use.MARKETING,
        needs=Choice.MARKETING_MAIL,
        fields=_FIELDS,
    )
    for name, says in (
        ("mail_open", "A mail to you was opened"),
        ("mail_click", "A link in a mail to you was followed"),
    )
)
