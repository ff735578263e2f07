"""What goes over the wire, checked at the door: unknown fields and choices are refused."""

import re
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from privet.catalogue.uses import Choice
from privet.consent.ledger import Control, Layer
from privet.consent.notices import choice_name

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=80)]
ChoiceName = Literal[
    "performance", "functionality", "targeting", "marketing_mail", "sale_sharing", "research"
]
CHOICES: dict[str, Choice] = {choice_name(choice): choice for choice in Choice}


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)


def _known_form(slug: object) -> object:
    """A member's name as a page gave it; none if no member can be called so.

    A slip in a page's attribute must not keep its visitors from being asked, or from deciding.
    """
    is_wrong = isinstance(slug, str) and not re.fullmatch("[a-z0-9-]{0,80}", slug)
    return "" if is_wrong else slug


Institution = Annotated[str, BeforeValidator(_known_form)]


class AskIn(Schema):
    """Where a page stands, and the language to say it in."""

    site: Annotated[str, StringConstraints(max_length=80)]
    lang: Annotated[str, StringConstraints(max_length=35)] = ""
    institution: Institution = Field(
        default="", description="The member whose page it is: its cookies are listed too."
    )
    course: Annotated[str, StringConstraints(max_length=160)] = ""


class StateIn(AskIn):
    """As `AskIn`, and whether the words of others are wanted too."""

    vendor_signals: bool = Field(
        default=False, description="Whether `vendor_signals` is wanted, as native apps do."
    )


class NoticeRef(_Strict):
    """Which text the person had before them."""

    version: int = Field(ge=1, le=2**31 - 1)
    hash: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    served: Annotated[str, StringConstraints(max_length=1024)] = Field(
        default="", description="As it came with the notice: it links the decision to it."
    )


class DecisionIn(_Strict):
    """A decision, as a page or an app sends it."""

    site: ShortText
    choices: dict[ChoiceName, bool] = Field(
        max_length=6, description="Only what was asked; what is missing keeps its earlier answer."
    )
    notice: NoticeRef
    control: Literal["accept_all", "reject_all", "choose", "gpc"]
    layer: Literal["banner", "preferences", "centre", "app"] = "banner"
    token: Annotated[str, StringConstraints(max_length=4096)] | None = Field(
        default=None, description="An identity token: the decision is then the learner's."
    )
    id: UUID | None = Field(
        default=None,
        strict=False,
        description="Chosen by the client: the same decision sent again adds nothing.",
    )
    institution: Institution = ""
    course: Annotated[str, StringConstraints(max_length=160)] = ""
    confirmed: bool = Field(
        default=False,
        description="The person was shown that this is against Global Privacy Control.",
    )

    def used_control(self) -> Control:
        """What the person used."""
        return Control(self.control)

    def used_layer(self) -> Layer:
        """Where they used it."""
        return Layer(self.layer)


class DecisionOut(Schema):
    """What is in force after a decision."""

    record: UUID | None = Field(description="The ledger's record; null if nothing was new.")
    decided: bool
    choices: dict[str, bool] = Field(description="The choices in force.")
    refused_by_gpc: list[str] = Field(description="Said yes to, and refused by Sec-GPC: 1.")
    conflict: list[str] = Field(
        description="What needs `confirmed`: ask, and send the decision again with it."
    )
    confirmed: bool = Field(description="Whether a yes against the signal is in force.")
    notice_served: UUID | None = Field(description="The record of the notice; null if none.")
    refused_by_rule: list[str] = Field(
        description="Said yes to, and refused by the table of uses for this age."
    )
    gpc: bool
    regime: str
    age: str
    expires: str | None = Field(description="The day on which the decision is void.")


class CookieOut(Schema):
    """A cookie, or a similar technology, of a category."""

    name: str
    says: str
    lifetime: str = Field(
        description="What the browser makes of it: ISO 8601, `session` or `unlimited`."
    )
    vendor: str
    kind: str
    party: str
    setter: str = Field(description="Who or what sets it.")
    host: str = Field(description="Where it belongs; empty: the site's own.")
    is_pattern: bool = Field(description="Whether `*` in the name stands for any letters.")


class CategoryOut(Schema):
    """One of the four categories of cookies, in words."""

    name: str
    label: str
    says: str
    summary: str
    cookies: list[CookieOut]


class NoticeOut(Schema):
    """The exact text to show; send its version and hash back with the decision."""

    version: int
    hash: str
    language: str
    direction: str
    languages: list[str] = Field(description="In which the notice can be asked for.")
    served: str = Field(description="Send it back in `notice.served` of the decision.")
    texts: dict[str, str]


class ChoiceOut(Schema):
    """Something to decide about, in words."""

    name: str
    label: str
    says: str
    open: bool = Field(description="Whether a yes would count at this age and place.")


class SourceOut(Schema):
    """Where a rule is from."""

    law: str
    link: str
    since: str
    checked: str


class RegimeOut(Schema):
    """The regime of this visitor, and why."""

    regime: str
    country: str = Field(description="ISO 3166-1; empty if unknown.")
    region: str = Field(description="ISO 3166-2 of the US state whose act holds, else empty.")
    signal_binds: bool = Field(
        description="Whether that act requires that the signal be obeyed; it is obeyed everywhere."
    )
    age_of_consent: int
    words: list[str]
    source: SourceOut | None


class SignalOut(Schema):
    """What became of Global Privacy Control."""

    sent: bool = Field(description="Whether this request carried it (or DNT, if obeyed).")
    honoured: bool = Field(description="Whether targeting, sale and sharing are off by it.")
    holds_for: list[str] = Field(description="`browser`, `profile`, `account`.")
    confirmed: bool = Field(description="The person confirmed a yes against it.")


class AsksAgainOut(Schema):
    """Why somebody who had decided is asked again, and about what."""

    because: list[Literal["purpose", "vendor", "category", "controller", "expiry"]]
    choices: list[str] = Field(description="Off until they are answered again.")
    new: list[dict[str, str]] = Field(
        description="Each new thing: `what` it is, its `name`, and `words` to show."
    )


class PolicyOut(Schema):
    """A policy in its version in force."""

    kind: str = Field(description="`cookies` or `privacy`.")
    version: int
    changed: bool = Field(description="Whether it changed lately and is to be announced.")
    link: str = Field(description="The whole address of the page that says what is different.")


class PolicyNewsOut(Schema):
    """A policy that was published anew since the decision."""

    says: str = Field(description="A sentence to show, in the notice's language.")
    link: str = Field(description="The whole address of the page that says what is different.")


class VendorSignalsOut(Schema):
    """The same decision in the words of those whose software asks for them, for native apps."""

    consent_mode: dict[str, str] = Field(description="Google Consent Mode v2, as an update.")
    gpp: str = Field(description="The IAB's string: section 7 (usnat), or none where no law asks.")


class StateOut(Schema):
    """What is decided in this browser, or by this learner."""

    site: str
    decided: bool
    learner: bool = Field(description="Whether it is about a learner rather than a browser.")
    choices: dict[str, bool] = Field(description="The choices in force.")
    gpc: bool = Field(description="Whether this request carried Sec-GPC: 1.")
    signal: SignalOut
    regime: str
    regime_explained: RegimeOut
    asks_again: AsksAgainOut | None
    age: str
    expires: str | None
    notice: NoticeOut
    categories: list[CategoryOut]
    asked: list[ChoiceOut] = Field(description="All that can be decided about.")
    policies: list[PolicyOut] = Field(description="Those that were published.")
    policy_news: list[PolicyNewsOut] = Field(
        description="Those published anew since the decision: no reason to ask, but to be told."
    )
    vendor_signals: VendorSignalsOut | None = Field(
        description="Null unless the parameter of that name asks for it."
    )


class StandingOut(Schema):
    """Whether the decision in this browser's cookie holds as it is."""

    holds: bool = Field(description="If not, `GET /api/v1/consent` says what is to be asked.")
    label: str = Field(description="The words of the way back to the choices.")


class ErrorBody(Schema):
    """Why a request is refused."""

    reason: str
    what: str
    remedy: str


class ErrorOut(Schema):
    """The one form of all errors."""

    error: ErrorBody
