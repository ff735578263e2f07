"""What every template knows: the theme, the navigation, who looks."""

from typing import Any

from django.http import HttpRequest

from privet.web.appearance import read_theme
from privet.web.navigation import console_groups, role_words
from privet.web.permission import Viewer


def page(request: HttpRequest) -> dict[str, Any]:
    """Values for the frame around each page."""
    viewer: Viewer = getattr(request, "viewer", None) or Viewer()
    return {
        "theme": read_theme(request),
        "viewer": viewer,
        "viewer_name": _name(request, viewer),
        "viewer_roles": ", ".join(role_words(viewer.grants)),
        "navigation": console_groups(viewer, request.path),
    }


def _name(request: HttpRequest, viewer: Viewer) -> str:
    if not viewer.is_signed_in:
        return ""
    return getattr(request.user, "name", "") or getattr(request.user, "email", "") or ""
