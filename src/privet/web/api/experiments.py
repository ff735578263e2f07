"""The script by which a page draws the form of an experiment: what runs, and how to draw."""

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privet.insight.experiments import running_on
from privet.web.api.client import check_rate
from privet.web.api.errors import RefusedError, answer_of
from privet.web.api.scripts import answer_script, read_script
from privet.web.api.surroundings import SITES
from privet.web.permission import ANYBODY, opens_to


@opens_to(ANYBODY)
@require_safe
def experiments(request: HttpRequest) -> HttpResponse:
    """The script for the site that the parameter ``site`` names."""
    try:
        check_rate(request)
        site = SITES.find(request.GET.get("site", ""))
    except RefusedError as error:
        return answer_of(error)
    forms = json.dumps(running_on(site.slug), separators=(",", ":"))
    return answer_script(f"const FORMS={forms};{read_script('experiments.js')}", is_module=True)
