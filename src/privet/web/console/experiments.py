"""Experiments: define, start and stop a comparison of two forms of a page, and read it."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from privet.accounts.rules import Act, can
from privet.insight.asking import measure_coverage
from privet.insight.experiment_rules import ExperimentError, Standing, Step, can_do
from privet.insight.experiments import (
    Trial,
    define_experiment,
    find_experiment,
    list_experiments,
    period_of,
    read_experiment,
    start_experiment,
    stop_experiment,
)
from privet.kernel.clock import SystemClock
from privet.web.api.surroundings import SITES
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import read_question, respond
from privet.web.console.experiment_form import ExperimentForm
from privet.web.console.experiment_reading import show_reading
from privet.web.once import acts_once
from privet.web.permission import everywhere, opens_to, somewhere, viewer_of
from privet.web.see_other import SeeOther
from privet.web.words import Words, quote_event

STANDINGS: dict[Standing, Words] = {
    Standing.DRAFT: gettext_lazy("not begun"),
    Standing.RUNNING: gettext_lazy("running"),
    Standing.ENDED: gettext_lazy("ended"),
}
_STEPS = {Step.START: start_experiment, Step.STOP: stop_experiment}
_CLOCK = SystemClock()


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def experiments(request: HttpRequest) -> HttpResponse:
    """All experiments, and the form for a new one."""
    return _list(request, ExperimentForm(sites=_sites()))


@opens_to(everywhere(Act.RUN_EXPERIMENTS))
@require_POST
@acts_once
def define(request: HttpRequest) -> HttpResponse:
    """Write down a new experiment; it does not begin yet."""
    form = ExperimentForm(sites=_sites(), data=request.POST)
    if form.is_valid():
        try:
            made = define_experiment(plan=form.plan(), by=viewer_of(request).by, clock=_CLOCK)
        except ExperimentError as error:
            form.add_error(None, f"{error.what} {error.remedy}")
        else:
            return _go_to(made.id)
    return _list(request, form, status=400)


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def experiment(request: HttpRequest, number: int) -> HttpResponse:
    """One experiment: what it is, and what it shows so far."""
    return _one(request, _find(number))


@opens_to(everywhere(Act.RUN_EXPERIMENTS))
@require_POST
def change_experiment(request: HttpRequest, number: int) -> HttpResponse:
    """Start or stop an experiment."""
    trial = _find(number)
    wanted = request.POST.get("step", "")
    if wanted not in set(Step):
        raise Http404
    try:
        _STEPS[Step(wanted)](experiment_id=trial.id, by=viewer_of(request).by, clock=_CLOCK)
    except ExperimentError:
        # Somebody else was quicker: the page says how it stands now.
        return _go_to(trial.id)
    return _go_to(trial.id)


def _list(request: HttpRequest, form: ExperimentForm, *, status: int = 200) -> HttpResponse:
    found = list_experiments()
    context = {
        "table": _table(found).at(request.GET),
        "form": form,
        "may_run": _may_run(request),
        "is_open": status != 200 or (not found and bool(_sites())),
        "has_site": bool(_sites()),
    }
    return render(request, "console/experiments.html", context, status=status)


def _one(request: HttpRequest, trial: Trial) -> HttpResponse:
    asked = read_question(request)
    question = replace(asked.question, period=period_of(trial, now=_CLOCK.now()))
    reading = read_experiment(question, trial, now=_CLOCK.now())
    shown = show_reading(reading, trial, request.GET)
    context = asked.context() | {
        "coverage": measure_coverage(question),
        "trial": trial,
        "standing": STANDINGS[trial.standing],
        "outcome": quote_event(trial.plan.outcome),
        "reading": reading,
        "table": shown.table,
        "chart": shown.chart,
        "words": shown.words,
        "smallest": shown.smallest,
        "may_run": _may_run(request),
        "can_start": can_do(Step.START, trial.standing),
        "can_stop": can_do(Step.STOP, trial.standing),
    }
    return respond(request, "console/experiment.html", [shown.table], context)


def _table(found: tuple[Trial, ...]) -> Table:
    return Table(
        name="experiments",
        caption=gettext("All experiments"),
        columns=(
            Column(key="name", title=gettext("Experiment")),
            Column(key="page", title=gettext("Page")),
            Column(key="forms", title=gettext("Forms")),
            Column(key="standing", title=gettext("State")),
            Column(key="began", title=gettext("Began"), kind=Kind.MOMENT),
            Column(key="ended", title=gettext("Ended"), kind=Kind.MOMENT),
        ),
        rows=tuple(
            (
                Cell(
                    value=trial.plan.name,
                    about=trial.plan.key,
                    link=reverse("console:experiment", args=[trial.id]),
                ),
                trial.plan.page,
                ", ".join(variant.name for variant in trial.plan.variants),
                Cell(value=trial.standing.value, words=str(STANDINGS[trial.standing])),
                trial.began,
                trial.ended,
            )
            for trial in found
        ),
    )


def _find(number: int) -> Trial:
    trial = find_experiment(number)
    if trial is None:
        raise Http404
    return trial


def _go_to(number: int) -> HttpResponse:
    return SeeOther(reverse("console:experiment", args=[number]))


def _may_run(request: HttpRequest) -> bool:
    return can(Act.RUN_EXPERIMENTS, viewer_of(request).grants)


def _sites() -> dict[str, str]:
    return {slug: site.name for slug, site in sorted(SITES.all().items())}
