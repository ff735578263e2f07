"""Origin: by which sites, searches and campaigns learners come, and what advertisements do."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.insight.origin import AdLine, Origin, OriginLine, show_origin
from privet.insight.origin_hosts import LISTED_ON
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import read_question, respond
from privet.web.permission import opens_to, somewhere
from privet.web.words import Words, say_day

_KINDS: dict[Origin, Words] = {
    Origin.SEARCH: gettext_lazy("search engines"),
    Origin.SOCIAL: gettext_lazy("social sites"),
    Origin.SITE: gettext_lazy("other sites"),
    Origin.CAMPAIGN: gettext_lazy("campaigns"),
    Origin.DIRECT: gettext_lazy("direct"),
}
_MOST = 10


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def origin(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables."""
    asked = read_question(request, further=("device",))
    found = show_origin(asked.question)
    kinds = _lines("kinds", gettext("Learners by kind of origin"), found.kinds).at(request.GET)
    hosts = _lines("sites", gettext("Learners by the site they came from"), found.hosts)
    campaigns = _lines("campaigns", gettext("Learners by campaign"), found.campaigns)
    hosts, campaigns = hosts.at(request.GET), campaigns.at(request.GET)
    ads = _ads(found.ads).at(request.GET)
    context = asked.context() | {
        "kinds": _kinds_chart(kinds),
        "hosts": _hosts_chart(hosts),
        "campaigns": campaigns,
        "ads": ads,
    }
    return respond(request, "console/origin.html", [kinds, hosts, campaigns, ads], context)


def _lines(name: str, caption: str, lines: Iterable[OriginLine]) -> Table:
    found = list(lines)
    # One kind is its own name; a site also says of which kind it is.
    is_kind = name == "kinds"
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(key="origin", title=gettext("Origin")),
            Column(key="kind", title=gettext("Kind"), only_in_files=name != "sites"),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="sessions", title=gettext("Visits"), kind=Kind.COUNT),
            Column(key="enrolled", title=gettext("Enrolled"), kind=Kind.COUNT),
            Column(key="share", title=gettext("Share who enrolled"), kind=Kind.SHARE),
        ),
        rows=tuple(
            (
                _kind(line.kind) if is_kind else line.name,
                _kind(line.kind),
                line.learners,
                line.sessions,
                line.enrolled,
                min(1.0, line.enrolled / line.learners) if line.learners else None,
            )
            for line in found
        ),
        sorted_by="learners",
    )


def _kind(kind: Origin) -> Cell:
    return Cell(value=kind.value, words=str(_KINDS[kind]))


def _kinds_chart(table: Table) -> Chart:
    return Chart(
        title=gettext("How visits begin"),
        kind=ChartKind.BARS,
        table=table,
        label="origin",
        series=(Series(key="learners", name=gettext("Learners")),),
        summary=gettext("Bar chart of learners by kind of origin. The table has each value."),
        how=gettext(
            "The site that a visit came from, as the browser tells it on the first page: its name "
            "only, never the address. An address with the name of a campaign counts as a campaign, "
            "whatever the site. Direct: neither was told. A learner who came in two ways counts at "
            "both. Which sites are search engines and which are social is a list of %(day)s."
        )
        % {"day": say_day(LISTED_ON)},
        width="half",
    )


def _hosts_chart(table: Table) -> Chart:
    return Chart(
        title=gettext("Sites that led here"),
        kind=ChartKind.BARS,
        table=table,
        label="origin",
        series=(Series(key="learners", name=gettext("Learners")),),
        summary=gettext("Bar chart of learners by the site they came from. The table has all."),
        how=gettext(
            "Visits without a campaign, by the name of the site before them. Enrolled: learners "
            "who came by it and enrolled in a course on the same day or later in these days. What "
            "somebody did before they signed in is not joined to them, so a visit that ended with "
            "a new account counts for a visitor only."
        ),
        width="half",
        most=_MOST,
    )


def _ads(lines: Iterable[AdLine]) -> Table:
    return Table(
        name="advertisements",
        caption=gettext("Advertisements: who saw them and who followed them"),
        columns=(
            Column(key="advertisement", title=gettext("Advertisement")),
            Column(key="slot", title=gettext("Place")),
            Column(key="advertiser", title=gettext("Advertiser")),
            Column(key="learners", title=gettext("Learners who saw it"), kind=Kind.COUNT),
            Column(key="seen", title=gettext("Times seen"), kind=Kind.COUNT),
            Column(key="followers", title=gettext("Learners who followed it"), kind=Kind.COUNT),
            Column(key="response_share", title=gettext("Response rate"), kind=Kind.SHARE),
        ),
        rows=tuple(
            (
                line.ad,
                line.slot,
                line.advertiser,
                line.learners,
                line.seen,
                line.followers,
                line.response,
            )
            for line in lines
        ),
        sorted_by="learners",
    )
