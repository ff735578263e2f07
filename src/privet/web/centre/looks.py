"""Who looked at your data: each look of staff at one learner, for that learner."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from privet.accounts.finding import name_of_account
from privet.accounts.registry import institution_names
from privet.accounts.roles import Role
from privet.accounts.service import subjects_of
from privet.insight.looking import LookKind, PastLook, list_looks
from privet.integrity.case_views import CaseLook, list_case_looks
from privet.kernel.config import read_config
from privet.web.centre.frame import tabs_for
from privet.web.navigation import role_name
from privet.web.permission import SIGNED_IN, opens_to, viewer_of
from privet.web.words import Words

_SHOWN = {
    LookKind.ONE: gettext_lazy("Your courses, answers and results, and how often you posted"),
    LookKind.LIST: gettext_lazy("Your place on a list of learners who may need help"),
}


@dataclass(frozen=True, kw_only=True)
class LookLine:
    """A look in words."""

    time: datetime
    who: str
    where: str
    what: Words
    why: str


@opens_to(SIGNED_IN)
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """The page: the newest first."""
    account = viewer_of(request).account_id or 0
    names = institution_names()
    subjects = subjects_of(account)
    lines = [
        *(_line(look, names) for look in list_looks(account_id=account, subjects=subjects)),
        *(_case_line(look, names) for look in list_case_looks(subjects=subjects)),
    ]
    lines.sort(key=lambda line: line.time, reverse=True)
    context = {"tabs": tabs_for(request), "looks": lines}
    return render(request, "centre/looks.html", context)


def _line(look: PastLook, names: dict[str, str]) -> LookLine:
    where = ", ".join(names.get(slug, slug) for slug in look.institutions)
    return LookLine(
        time=look.time,
        who=_who(look),
        where=where or gettext("the whole platform"),
        what=_SHOWN[look.kind],
        why=look.why,
    )


def _case_line(look: CaseLook, names: dict[str, str]) -> LookLine:
    return LookLine(
        time=look.time,
        who=_named(Role.INTEGRITY_OFFICER, look.viewer),
        where=names.get(look.institution, look.institution) or gettext("the whole platform"),
        what=gettext("Your name and e-mail address, in an integrity case"),
        why=look.why,
    )


def _who(look: PastLook) -> str:
    return _named(look.role, look.viewer)


def _named(role_held: str, viewer: int | None) -> str:
    """The role; the name with it where the installation says names."""
    role = role_name(role_held)
    if not read_config().names_who_looked or viewer is None:
        return role
    name = name_of_account(viewer)
    return f"{name}, {role}" if name else role
