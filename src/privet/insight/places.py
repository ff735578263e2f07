"""Places: from where learners came, as far as their addresses tell."""

from privet.insight.asking import Question, ask
from privet.insight.results import NameLine, OperatorLine, PlaceLine, Places


def show_places(question: Question) -> Places:
    """Countries, regions, kinds of network and their operators."""
    return Places(
        countries=tuple(
            PlaceLine(country=row.pop("place"), region="", **row)
            for row in ask("places_by_country", question)
        ),
        regions=tuple(
            PlaceLine(country=row.pop("place"), region=row.pop("area"), **row)
            for row in ask("places_by_region", question)
        ),
        kinds=tuple(NameLine(**row) for row in ask("places_by_network_kind", question)),
        operators=tuple(
            OperatorLine(organisation=row.pop("operator"), **row)
            for row in ask("places_by_operator", question)
        ),
    )
