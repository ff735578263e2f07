"""The form by which an experiment is defined, and what it says."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import Use
from privet.insight.experiment_rules import ExperimentError, Plan, Variant
from privet.web.words import quote_event


class ExperimentForm(forms.Form):
    """What somebody wants to compare; the rules are checked again where it is stored."""

    site = forms.ChoiceField(label=_("Site"))
    name = forms.CharField(label=_("Name"), max_length=100)
    key = forms.CharField(
        label=_("Key"),
        max_length=40,
        help_text=_("Small letters, digits and hyphens. The page asks for it by this name."),
    )
    hypothesis = forms.CharField(
        label=_("Hypothesis"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What you expect and why, before you look."),
    )
    page = forms.CharField(
        label=_("Page"), max_length=200, help_text=_("Where the forms are seen: /courses/*")
    )
    variants = forms.CharField(
        label=_("Forms and their weights"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One a line, the usual form first: everybody sees it who is not drawn. A number after "
            "the name is its weight; without one it is 1."
        ),
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        initial="page_view",
        help_text=_("What learners are hoped to do after they saw a form."),
    )
    target = forms.CharField(
        label=_("Of what"),
        max_length=200,
        required=False,
        help_text=_(
            "A page, a link, a control or a block: /courses/*/units/*. A star stands for any "
            "part. Empty: of anything."
        ),
    )

    def __init__(self, *, sites: Mapping[str, str], data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        for name, choices in (("site", tuple(sites.items())), ("outcome", outcome_choices())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = choices

    def plan(self) -> Plan:
        """What the form says; raises `ExperimentError` for weights that are no numbers."""
        said = self.cleaned_data
        return Plan(
            site=said["site"],
            key=said["key"],
            name=said["name"],
            hypothesis=said["hypothesis"],
            page=said["page"],
            variants=read_variants(said["variants"]),
            outcome=said["outcome"],
            target=said["target"],
        )


def read_variants(text: str) -> tuple[Variant, ...]:
    """The forms of a text, one a line: a name, and perhaps a weight."""
    return tuple(_read_variant(line.split()) for line in text.splitlines() if line.strip())


def _read_variant(words: list[str]) -> Variant:
    name, *weight = words
    if len(weight) > 1 or not all(word.isascii() and word.isdecimal() for word in weight):
        raise ExperimentError(
            gettext("A line of the forms could not be read."),
            remedy=gettext("Write a name and, if you like, a whole number after it."),
        )
    return Variant(name=name, weight=int(weight[0]) if weight else 1)


def outcome_choices() -> tuple[tuple[str, str], ...]:
    """The events that analytics may see, each with what its learner reads."""
    found = (name for name, event in EVENTS.items() if event.uses & Use.ANALYTICS)
    return tuple(sorted((name, f"{name} {quote_event(name)}") for name in found))
