"""Experiments: define, start, stop, and read what the forms of a page did.

Who runs one decides before it begins what counts as an outcome; nothing of it changes after.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db import transaction

from privet.audit.service import record_act
from privet.insight.asking import Question, ask
from privet.insight.comparison import (
    FEWEST,
    MISMATCH_BELOW,
    Interval,
    Share,
    difference,
    mismatch_chance,
    smallest_difference,
)
from privet.insight.experiment_rules import (
    ExperimentError,
    Plan,
    Standing,
    Step,
    Variant,
    check_plan,
    check_step,
    ends_of,
    pattern_of,
)
from privet.insight.models import Experiment
from privet.insight.rules import Period
from privet.kernel.clock import Clock

SEVERAL = ""
"""The name under which learners stand who saw more than one form."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """An experiment as it stands."""

    id: int
    plan: Plan
    defined: datetime
    began: datetime | None
    ended: datetime | None

    @property
    def standing(self) -> Standing:
        """How far it is."""
        if self.began is None:
            return Standing.DRAFT
        return Standing.RUNNING if self.ended is None else Standing.ENDED


@dataclass(frozen=True, kw_only=True)
class VariantLine:
    """What became of the learners who saw one form."""

    variant: Variant
    share: Share
    interval: Interval
    effect: Interval | None
    """Of the difference to the usual form; none for that form itself, and where too few saw it."""
    gap: float | None
    """The difference itself."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an experiment shows so far."""

    lines: tuple[VariantLine, ...]
    several: int
    """Learners who saw more than one form, and are in none of the lines."""
    mismatch: float
    """How likely a sound draw would be as uneven as this."""
    smallest: float | None
    """The difference that so many learners let one find four times in five."""

    @property
    def is_uneven(self) -> bool:
        """Whether the draw itself is to be doubted."""
        return self.mismatch < MISMATCH_BELOW

    @property
    def has_too_few(self) -> bool:
        """Whether a form has too few learners to be compared."""
        return any(line.share.learners < FEWEST for line in self.lines)


def define_experiment(*, plan: Plan, by: str, clock: Clock) -> Trial:
    """Write down what will be compared; raises `ExperimentError`."""
    check_plan(plan)
    with transaction.atomic():
        made, is_new = Experiment.objects.get_or_create(
            site=plan.site, key=plan.key,
            defaults={
                "name": plan.name, "hypothesis": plan.hypothesis, "page": plan.page,
                "variants": [[one.name, one.weight] for one in plan.variants],
                "outcome": plan.outcome, "target": plan.target, "defined": clock.now(),
            },
        )  # fmt: skip
        if not is_new:
            raise ExperimentError(
                "An experiment of that key is there already.",
                remedy="Choose another key, so that learners of the two are not mixed.",
            )
        record_act(act="insight.experiment.define", by=by, about=_about(made), clock=clock)
    return _trial(made)


def start_experiment(*, experiment_id: int, by: str, clock: Clock) -> Trial:
    """Let pages draw forms from now on; raises `ExperimentError`."""
    return _take(Step.START, "began", experiment_id, by, clock)


def stop_experiment(*, experiment_id: int, by: str, clock: Clock) -> Trial:
    """End it for good: pages show their usual form again; raises `ExperimentError`."""
    return _take(Step.STOP, "ended", experiment_id, by, clock)


def list_experiments() -> tuple[Trial, ...]:
    """All experiments, the newest first."""
    return tuple(_trial(row) for row in Experiment.objects.order_by("-defined", "-pk"))


def find_experiment(experiment_id: int) -> Trial | None:
    """The experiment of that number."""
    row = Experiment.objects.filter(pk=experiment_id).first()
    return _trial(row) if row else None


def find_trial(*, site: str, key: str) -> Trial | None:
    """The experiment of that key on a site."""
    row = Experiment.objects.filter(site=site, key=key).first()
    return _trial(row) if row else None


def running_on(site: str) -> Mapping[str, list[tuple[str, float]]]:
    """What runs on a site: by key, each form with the upper end of its part of 0 to 1."""
    rows = Experiment.objects.filter(site=site, began__isnull=False, ended__isnull=True)
    return {row.key: ends_of(_variants(row)) for row in rows.order_by("key")}


def period_of(trial: Trial, *, now: datetime) -> Period:
    """The days from its beginning to its end, or to ``now``."""
    last = (trial.ended or now).astimezone(UTC).date()
    return Period(first=trial.began.astimezone(UTC).date() if trial.began else last, last=last)


def read_experiment(question: Question, trial: Trial, *, now: datetime) -> Reading:
    """What the learners of each form did since it began; the question's period is not used."""
    if trial.began is None:
        return _reading(trial.plan, {})
    rows = ask(
        "experiment_outcomes",
        replace(question, period=period_of(trial, now=now)),
        site=trial.plan.site,
        experiment=trial.plan.key,
        began=trial.began,
        ended=trial.ended or now,
        outcome=trial.plan.outcome,
        target=pattern_of(trial.plan.target),
    )
    return _reading(
        trial.plan,
        {row["variant"]: Share(reached=row["reached"], learners=row["learners"]) for row in rows},
    )


def _reading(plan: Plan, found: Mapping[str, Share]) -> Reading:
    nobody = Share(reached=0, learners=0)
    shares = [found.get(variant.name, nobody) for variant in plan.variants]
    usual = shares[0]
    lines = tuple(
        _line(variant, share, None if place == 0 else usual)
        for place, (variant, share) in enumerate(zip(plan.variants, shares, strict=True))
    )
    return Reading(
        lines=lines,
        several=found.get(SEVERAL, nobody).learners,
        mismatch=mismatch_chance(
            [share.learners for share in shares], [variant.weight for variant in plan.variants]
        ),
        smallest=smallest_difference(usual) if usual.learners >= FEWEST else None,
    )


def _line(variant: Variant, share: Share, usual: Share | None) -> VariantLine:
    can_compare = usual is not None and min(share.learners, usual.learners) >= FEWEST
    return VariantLine(
        variant=variant,
        share=share,
        interval=share.interval(),
        effect=difference(share, usual) if usual and can_compare else None,
        gap=share.rate - usual.rate if usual and can_compare else None,
    )


def _take(step: Step, field: str, experiment_id: int, by: str, clock: Clock) -> Trial:
    with transaction.atomic():
        row = Experiment.objects.select_for_update().filter(pk=experiment_id).first()
        if row is None:
            raise ExperimentError(
                "There is no such experiment.", remedy="Look at the list of experiments."
            )
        check_step(step, _trial(row).standing)
        setattr(row, field, clock.now())
        row.save(update_fields=[field])
        record_act(act=f"insight.experiment.{step}", by=by, about=_about(row), clock=clock)
    return _trial(row)


def _about(row: Experiment) -> dict[str, int | str]:
    return {"experiment": row.pk, "site": row.site, "key": row.key}


def _trial(row: Experiment) -> Trial:
    plan = Plan(
        site=row.site, key=row.key, name=row.name, hypothesis=row.hypothesis, page=row.page,
        variants=_variants(row), outcome=row.outcome, target=row.target,
    )  # fmt: skip
    return Trial(id=row.pk, plan=plan, defined=row.defined, began=row.began, ended=row.ended)


def _variants(row: Experiment) -> tuple[Variant, ...]:
    return tuple(Variant(name=name, weight=weight) for name, weight in row.variants)
