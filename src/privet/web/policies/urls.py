"""The addresses of policies: that in force, each version for good, and what changed."""

from django.urls import path

from privet.consent.policies.document import PolicyKind
from privet.web.policies.pages import changes, past_policy, policy, seen

app_name = "policies"
urlpatterns = [
    path("seen", seen, name="seen"),
    *(path(kind, policy, {"kind": kind}, name=kind) for kind in PolicyKind),
    *(
        path(f"{kind}/changes", changes, {"kind": kind}, name=f"{kind}_changes")
        for kind in PolicyKind
    ),
    *(
        path(f"{kind}/<int:number>", past_policy, {"kind": kind}, name=f"{kind}_version")
        for kind in PolicyKind
    ),
]
