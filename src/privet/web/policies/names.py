"""What the policies are called."""

from django.utils.translation import gettext_lazy as _

from privet.consent.policies.document import PolicyKind
from privet.web.words import Words

NAMES: dict[PolicyKind, Words] = {
    PolicyKind.COOKIES: _("Cookie policy"),
    PolicyKind.PRIVACY: _("Privacy notice"),
}
