"""The one list of rooms that keep personal data; whatever a right asks for goes through it."""

from privet.accounts.personal_data import AccountsHolder
from privet.consent.personal_data import ConsentHolder
from privet.events.personal_data import EventsHolder
from privet.holder import Holder
from privet.insight.personal_data import InsightHolder
from privet.integrity.personal_data import IntegrityHolder
from privet.post.personal_data import PostHolder

HOLDERS: tuple[Holder, ...] = (
    EventsHolder(),
    InsightHolder(),
    IntegrityHolder(),
    ConsentHolder(),
    PostHolder(),
    AccountsHolder(),
)
"""In the order of an erasure: what knows a pseudonym goes before what links it to a person."""
