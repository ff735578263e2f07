"""The endpoints of insight: the figures of the dashboards, for programs of staff."""

from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from privet.accounts.access_keys import recognise
from privet.accounts.rules import Act, institutions_for
from privet.catalogue.uses import Use
from privet.events.errors import QueryError
from privet.events.query import Scope
from privet.insight import reports
from privet.kernel.clock import SystemClock
from privet.web.api.client import check_rate
from privet.web.api.errors import RefusedError
from privet.web.api.schemas import ErrorOut
from privet.web.permission import Viewer, viewer_of

router = Router(tags=["insight"])
_REFUSALS = {400: ErrorOut, 401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 429: ErrorOut}
_BEARER = "Bearer "
_USUAL_DAYS = 28
_OWN = frozenset({"from", "to", "use"})

KEY = "key"
KEY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key from the page Reports of the console.",
}
"""How the description names the way in which a program is recognised."""
_NEEDS_KEY: dict[str, Any] = {"security": [{KEY: []}]}

_Day = Annotated[str, StringConstraints(max_length=10)]
_Value = Annotated[str, StringConstraints(max_length=500)]


class QuestionOut(Schema):
    """A question that can be put."""

    name: str
    says: str = Field(description="What it answers.")
    parameters: list[str] = Field(description="What it can be narrowed by, besides the days.")
    needs: list[str] = Field(description="Those of them that have to be given.")


class QuestionsOut(Schema):
    """All questions."""

    questions: list[QuestionOut]


class ReportOut(Schema):
    """An answer: protected cells, never a row of a person."""

    question: str
    says: str
    use: str
    first: str = Field(alias="from", description="The first day (UTC).")
    to: str = Field(description="The last day (UTC).")
    learners_seen_share: float | None = Field(
        description="The share of the learners with coursework whom the figures may tell of."
    )
    columns: list[str]
    rows: list[dict[str, Any]]


class AskedIn(Schema):
    """The days, the use, and what most questions take; each question lists its own."""

    model_config = ConfigDict(populate_by_name=True)

    first: _Day = Field("", alias="from", description="The first day; 28 days if left out.")
    to: _Day = Field("", description="The last day; today if left out.")
    use: Annotated[str, StringConstraints(max_length=20)] = Field(
        "analytics", description="analytics, or marketing for advertisements."
    )
    institution: _Value = Field("", description="Only this institution, by its short name.")
    course: _Value = Field("", description="Only this course.")
    event: _Value = Field("", description="Only this event of the catalogue.")
    grain: _Value = Field("", description="day, week or month, for what is told over time.")


@router.get(
    "/questions",
    response={200: QuestionsOut, **_REFUSALS},
    summary="Which figures there are",
    openapi_extra=_NEEDS_KEY,
)
def get_questions(request: HttpRequest) -> QuestionsOut:
    """Every question with what it answers and takes.

    Needs ``Authorization: Bearer KEY`` with a key from the page Reports, or the session of somebody
    who may see statistics.
    """
    check_rate(request)
    _asker(request)
    return QuestionsOut(
        questions=[
            QuestionOut(
                name=one.name,
                says=one.says,
                parameters=list(one.parameters),
                needs=list(one.needs),
            )
            for one in reports.askable()
        ]
    )


@router.get(
    "/questions/{name}",
    response={200: ReportOut, **_REFUSALS},
    by_alias=True,
    summary="The figures that answer a question",
    openapi_extra=_NEEDS_KEY,
)
def get_report(request: HttpRequest, name: str, days: Query[AskedIn]) -> dict[str, Any]:
    """The same protected figures as on the dashboards, within the reach of the key's person.

    Further parameters of the question (``course``, ``institution``, ``grain`` …) stand in the
    address beside the days. The same learners give the same figure on every path.
    """
    check_rate(request)
    viewer = _asker(request)
    if not any(one.name == name for one in reports.askable()):
        raise RefusedError(
            404, "unknown_question", "There is no such question.",
            remedy="GET /api/v1/insight/questions lists them.",
        )  # fmt: skip
    given = {key: str(value) for key, value in request.GET.items() if key not in _OWN}
    try:
        return reports.as_record(_put(name, days, given, viewer))
    except QueryError as error:
        raise RefusedError(400, "bad_question", error.what, remedy=error.remedy) from error


def _put(name: str, days: AskedIn, given: dict[str, str], viewer: Viewer) -> reports.Report:
    last = days.to or SystemClock().now().date().isoformat()
    end = reports.read_days(last, last)[1]
    first = days.first or (end - timedelta(days=_USUAL_DAYS - 1)).isoformat()
    start, end = reports.read_days(first, last)
    scope = Scope(institutions=viewer.institutions_for(Act.SEE_STATISTICS))
    question = reports.question_of(first=start, last=end, given=given, scope=scope, by=viewer.by)
    return reports.report(name, question, use=_read_use(days.use), given=given)


def _asker(request: HttpRequest) -> Viewer:
    """Whoever asks, by key or by session; raises `RefusedError` if they may not."""
    text = request.headers.get("Authorization", "")
    viewer = viewer_of(request)
    if text.startswith(_BEARER):
        found = recognise(text.removeprefix(_BEARER).strip(), clock=SystemClock())
        viewer = Viewer(account_id=found[0], grants=found[1]) if found else Viewer()
    if not viewer.is_signed_in:
        raise RefusedError(
            401, "no_key", "Nobody may be recognised by this request.",
            remedy="Send Authorization: Bearer with a key from the page Reports of the console.",
        )  # fmt: skip
    if institutions_for(Act.SEE_STATISTICS, viewer.grants) == frozenset():
        raise RefusedError(
            403, "not_allowed", "This account may not see statistics.",
            remedy="Ask an operator for the role of an analyst.",
        )  # fmt: skip
    return viewer


def _read_use(name: str) -> Use:
    try:
        return Use[name.upper()]
    except KeyError as error:
        raise RefusedError(
            400, "bad_use", "There is no such use.", remedy="Ask for analytics or marketing."
        ) from error
