"""Places: from where learners came, as far as their addresses tell."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.insight.places import OperatorLine, PlaceLine, Places, show_places
from privet.insight.results import NameLine
from privet.web.circumstances import KINDS
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import read_question, respond
from privet.web.network import network_notice
from privet.web.permission import opens_to, somewhere
from privet.web.words import country_number, say_country

_MOST = 10


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables."""
    asked = read_question(request, further=("country", "network_kind"))
    found = show_places(asked.question)
    countries = _countries(found.countries, found.known.learners).at(request.GET)
    regions = _regions(found.regions).at(request.GET)
    kinds = _kinds(found.kinds).at(request.GET)
    operators = _operators(found.operators).at(request.GET)
    context = asked.context() | {
        "figures": _figures(found),
        "map": _map(countries),
        "countries": countries,
        "regions": _regions_chart(regions),
        "kinds": _kinds_chart(kinds),
        "operators": _operators_chart(operators),
        "operators_table": operators,
        "network": network_notice(),
    }
    tables = [countries, regions, kinds, operators]
    return respond(request, "console/places.html", tables, context)


def _figures(found: Places) -> list[Figure]:
    known = found.known
    return [
        Figure(name=gettext("Learners"), value=known.learners),
        Figure(
            name=gettext("Countries"),
            value=sum(bool(line.country) for line in found.countries),
        ),
        Figure(
            name=gettext("Country known"),
            value=_share(known.with_country, known.learners),
            kind=Kind.SHARE,
            remark=gettext("of the learners"),
        ),
        Figure(
            name=gettext("Region known"),
            value=_share(known.with_region, known.learners),
            kind=Kind.SHARE,
            remark=gettext("of the learners"),
        ),
    ]


def _operator(line: OperatorLine, names: Counter[str]) -> str:
    """The operator's name; one that runs several networks is told apart by their numbers."""
    if not line.organisation:
        return gettext("unknown")
    is_alone = names[line.organisation] == 1 or line.asn is None
    return line.organisation if is_alone else f"{line.organisation} (AS{line.asn})"


def _share(part: int, whole: int) -> float | None:
    """The noise on the two numbers differs, so the part may come out as the larger."""
    return min(1.0, part / whole) if whole else None


def _countries(lines: Iterable[PlaceLine], total: int) -> Table:
    return Table(
        name="countries",
        caption=gettext("Learners by country"),
        columns=(
            Column(key="country", title=gettext("Country")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="share", title=gettext("Share"), kind=Kind.SHARE),
            Column(key="events", title=gettext("Events"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                Cell(value=line.country, words=_country(line.country)),
                line.learners,
                _share(line.learners, total),
                line.events,
            )
            for line in lines
        ),
        sorted_by="learners",
    )


def _country(code: str) -> str:
    return say_country(code) if code else gettext("unknown")


def _map(countries: Table) -> Chart:
    return Chart(
        title=gettext("Learners by country"),
        kind=ChartKind.MAP,
        table=countries,
        label="country",
        code=country_number,
        series=(Series(key="learners", name=gettext("learners")),),
        summary=gettext(
            "Map of the world; the more learners, the darker the country. "
            "The table has each country."
        ),
        how=gettext(
            "The country is looked up from the address when an event arrives; the address itself "
            "is sealed and not used here. A learner who came from two countries counts in both. "
            "Somebody behind a VPN counts where it leads. Borders are those of Natural Earth and "
            "say nothing about claims."
        ),
        width="two-thirds",
        name="map",
    )


def _regions(lines: Iterable[PlaceLine]) -> Table:
    return Table(
        name="regions",
        caption=gettext("Learners by region, where regions are known"),
        columns=(
            Column(key="region", title=gettext("Region")),
            Column(key="country", title=gettext("Country")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="events", title=gettext("Events"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                line.region,
                Cell(value=line.country, words=_country(line.country)),
                line.learners,
                line.events,
            )
            for line in lines
        ),
        sorted_by="learners",
    )


def _regions_chart(regions: Table) -> Chart:
    return Chart(
        title=gettext("Regions"),
        kind=ChartKind.BARS,
        table=regions,
        label="region",
        series=(Series(key="learners", name=gettext("Learners")),),
        summary=gettext("Bar chart of learners by region. The table has each value."),
        how=gettext(
            "Regions (ISO 3166-2) are known only where the operator's own data about addresses "
            "holds them; the data that Privet comes with stops at countries. A region is where a "
            "network is registered or announced: for mobile networks often the capital."
        ),
        width="half",
        most=_MOST,
    )


def _kinds(lines: Iterable[NameLine]) -> Table:
    return Table(
        name="network-kinds",
        caption=gettext("Learners by kind of network"),
        columns=(
            Column(key="kind", title=gettext("Kind of network")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="events", title=gettext("Events"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                Cell(value=line.name, words=str(KINDS.get(line.name, gettext("unknown")))),
                line.learners,
                line.events,
            )
            for line in lines
        ),
        sorted_by="learners",
    )


def _kinds_chart(kinds: Table) -> Chart:
    return Chart(
        title=gettext("Kinds of network"),
        kind=ChartKind.BARS,
        table=kinds,
        label="kind",
        series=(Series(key="learners", name=gettext("Learners")),),
        summary=gettext("Bar chart of learners by kind of network. The table has each value."),
        how=gettext(
            "The kind is told from public lists of data centres, VPNs, Tor and private relays, and "
            "from the operator's name. It says nothing about a person: many have good reasons "
            "for a VPN, and many share one address."
        ),
        width="half",
        most=_MOST,
    )


def _operators_chart(operators: Table) -> Chart:
    return Chart(
        title=gettext("Operators of networks (ISPs)"),
        kind=ChartKind.BARS,
        table=operators,
        label="operator",
        series=(Series(key="learners", name=gettext("Learners")),),
        summary=gettext("Bar chart of learners by operator. The table has each value."),
        how=gettext(
            "The operator is looked up from the address when an event arrives; the address itself "
            "is sealed and not used here. A learner who came over two networks counts in both. "
            "Who resells another's network is seen under the other's name."
        ),
        width="half",
        most=_MOST,
    )


def _operators(lines: Sequence[OperatorLine]) -> Table:
    names = Counter(line.organisation for line in lines)
    return Table(
        name="operators",
        caption=gettext("Learners by the operator of their network (ISP)"),
        columns=(
            Column(key="operator", title=gettext("Operator (ISP)")),
            Column(key="asn", title="AS"),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="events", title=gettext("Events"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                Cell(value=line.organisation, words=_operator(line, names)),
                line.asn,
                line.learners,
                line.events,
            )
            for line in lines
        ),
        sorted_by="learners",
    )
