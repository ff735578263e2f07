"""The form by which a member registers a cookie or a similar technology."""

import re
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from privet.consent.registry import Category, Party, Technology, TechnologyKind
from privet.web.technologies import CATEGORIES, KINDS, PARTIES


class CookieForm(forms.Form):
    """What a member declares; the rules are checked again where it is stored."""

    institution = forms.ChoiceField(label=_("Institution"))
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_(
            "As the browser shows it. A star stands for any letters: lab_* is a whole family. For "
            "a pixel, script, frame or beacon the path: /tr."
        ),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=tuple(KINDS.items()))
    category = forms.ChoiceField(
        label=_("Category"),
        choices=tuple(CATEGORIES.items()),
        initial=Category.TARGETING.value,
        help_text=_("Never weaker than the site's own for the same name."),
    )
    purpose_en = forms.CharField(
        label=_("What it is for, in English"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One plain sentence; learners read it before they decide."),
    )
    purpose_es = forms.CharField(
        label=_("What it is for, in Spanish"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    lifetime = forms.CharField(
        label=_("Lifetime"),
        max_length=40,
        help_text=_(
            "session if it ends with the browser, unlimited for storage that stays, else a period: "
            "P90D is 90 days, P1Y a year, PT30M half an hour."
        ),
    )
    setter = forms.CharField(
        label=_("Set by"), max_length=500, help_text=_("Which script, tool or server of yours.")
    )
    vendor = forms.CharField(
        label=_("Vendor"), max_length=500, help_text=_("Whose product it is; perhaps yours.")
    )
    party = forms.ChoiceField(label=_("Party"), choices=tuple(PARTIES.items()))
    host = forms.CharField(
        label=_("Host"),
        max_length=253,
        required=False,
        help_text=_("Where it belongs, such as lab.example. Empty: the platform's own."),
    )
    data_categories = forms.CharField(
        label=_("Data categories"),
        max_length=500,
        required=False,
        help_text=_("Words of fideslang with commas between: user.preferences, user.device."),
    )
    courses = forms.CharField(
        label=_("Courses"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Their ids, one a line. Empty: all courses of the institution."),
    )

    def __init__(
        self,
        *,
        institutions: Mapping[str, str],
        data: Mapping[str, str] | None = None,
        initial: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        field = self.fields["institution"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = tuple(institutions.items())

    def technology(self) -> Technology:
        """What the form says."""
        said = self.cleaned_data
        return Technology(
            name=said["name"],
            kind=TechnologyKind(said["kind"]),
            setter=said["setter"],
            party=Party(said["party"]),
            lifetime=said["lifetime"],
            category=Category(said["category"]),
            purpose={"en": said["purpose_en"], "es": said["purpose_es"]},
            vendor=said["vendor"],
            data=tuple(word for word in re.split(r"[\s,]+", said["data_categories"]) if word),
            host=said["host"].lower(),
            institution=said["institution"],
            courses=tuple(line.strip() for line in said["courses"].splitlines() if line.strip()),
        )
