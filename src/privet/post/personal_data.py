"""The outbox as a keeper of personal data: mails that wait, and the notes of those that left."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from privet.audit.service import record_act
from privet.holder import Erased, Held, Kept, Person
from privet.post.models import Mail


class PostHolder:
    """The room post, for the rights of a person."""

    name = "post"

    def describe(self) -> Collection[Kept]:
        """What this room keeps, whoever it is about."""
        return (
            Kept(
                what="Mails that wait to be sent, and to whom and when others were sent",
                data_category="user.contact.email",
                purpose="to send what was asked for",
                lawful_basis="contract",
                retention="the words until the mail is sent, the note of it for 30 days",
            ),
        )

    def find(self, person: Person) -> int:
        """How many records it keeps about the person."""
        return _mails([person]).count()

    def export(self, person: Person) -> Iterator[Mapping[str, Any]]:
        """Each mail to the person, oldest first."""
        for mail in _mails([person]).order_by("pk").iterator():
            yield {
                "kind": mail.kind,
                "address": mail.address,
                "subject": mail.subject,
                "text": mail.text,
                "put": mail.put,
                "sent": mail.sent,
            }

    def rectify(self, person: Person, *, field: str, value: str, by: str) -> bool:
        """A waiting mail follows a corrected address."""
        del by
        if field != "email":
            return False
        return _mails([person]).filter(due__isnull=False).update(address=value) > 0

    def preview(self, person: Person) -> Mapping[str, int]:
        """What an erasure would remove, by kind."""
        return {"mail": self.find(person)}

    def erase(self, people: Collection[Person], *, by: str) -> Erased | Held:
        """Delete what waits and what is remembered; what waits is not sent any more."""
        with transaction.atomic():
            deleted, _ = _mails(people).delete()
            record_act(act="post.erase", by=by, about={"people": len(people), "mails": deleted})
        return Erased(records=deleted)

    def verify(self, people: Collection[Person]) -> bool:
        """Whether nothing about the people is left."""
        return not _mails(people).exists()


def _mails(people: Collection[Person]) -> QuerySet[Mail]:
    accounts = [person.account_id for person in people if person.account_id is not None]
    return Mail.objects.filter(account_id__in=accounts)
