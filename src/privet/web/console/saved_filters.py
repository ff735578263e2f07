"""What a saved view is narrowed by, in the words of its page."""

from collections.abc import Callable, Mapping

from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from privet.accounts.registry import institution_names
from privet.insight.asking import FURTHER
from privet.kernel.clock import SystemClock
from privet.web.components.filters import Narrowing, make_filters, read_narrowing
from privet.web.console.asking import further_list
from privet.web.console.consent_charts import REGIMES, language_name
from privet.web.console.content_words import short_id
from privet.web.console.page_names import say_page
from privet.web.words import Words

_REGIMES = {regime.value: words for regime, words in REGIMES.items()}
_OWN: Mapping[str, tuple[Words, Callable[[str], str]]] = {
    "path": (gettext_lazy("Page"), say_page),
    "next": (gettext_lazy("To"), say_page),
    "problem": (gettext_lazy("Problem"), short_id),
    "video": (gettext_lazy("Video"), short_id),
    "error": (gettext_lazy("Error"), str),
    "away": (gettext_lazy("Days away"), str),
    "points": (gettext_lazy("Less than this share of points, in %"), str),
    "regime": (gettext_lazy("Regime"), lambda value: str(_REGIMES.get(value, value))),
    "language": (gettext_lazy("Language"), language_name),
    "version": (gettext_lazy("Notice"), lambda value: gettext("version %(n)s") % {"n": value}),
}
"""What only some pages are narrowed by: what it is called, and how its values are said."""


def say_filters(query: str) -> str:
    """Each filter that narrows, with its name, and always the days."""
    given = QueryDict(query)
    today = SystemClock().now().date()
    narrowing = read_narrowing(given, today=today, span=None, further=FURTHER)
    chosen = _of_all_pages(given, narrowing)
    for key, (name, say) in _OWN.items():
        if given.get(key):
            chosen[str(name)] = say(str(given[key]))
    return " · ".join(f"{name}: {words}" for name, words in chosen.items())


def _of_all_pages(given: QueryDict, narrowing: Narrowing) -> dict[str, str]:
    has_events = bool(narrowing.event) or "compare" in given
    made = make_filters(
        narrowing,
        given,
        institutions=institution_names(),
        courses=(),
        events={} if has_events else None,
        further=[further_list(key, [value]) for key, value in narrowing.further.items()],
        with_grain=narrowing.grain is not None,
    )
    every = gettext("all")
    return {one.name: one.chosen for one in made.lists if one.chosen != every}
