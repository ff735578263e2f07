"""What became of an import's events, whoever loaded them: loaders note it, the import reads it.

A loader notes it after the lake's commit and before the index of ids keeps theirs. So if it dies
in between, the next one, which finds the segments loaded, can tell the new ids from the others.
"""

from collections import Counter
from collections.abc import Mapping

from privet.intake.loader_gate import STORED, Outcomes
from privet.intake.models import LoadOutcome

IMPORTS = "import-"
"""How the names of logs that imports write begin."""


def note_outcomes(outcomes: Outcomes, loaded: Mapping[str, int]) -> None:
    """Note what became of the events of each import, once for each load.

    ``loaded`` are the last segments of each log; they tell one load from another.
    """
    of_imports = {log: sequence for log, sequence in loaded.items() if log.startswith(IMPORTS)}
    load = ",".join(f"{log}:{sequence}" for log, sequence in sorted(of_imports.items()))
    rows = [
        LoadOutcome(import_number=number, load=load, outcome=outcome, events=events)
        for (number, outcome), events in outcomes.items()
        if number and events
    ]
    if rows and not LoadOutcome.objects.filter(load=load).exists():
        LoadOutcome.objects.bulk_create(rows)


def read_outcomes(number: int) -> Counter[str]:
    """How many events of an import had each outcome so far."""
    found: Counter[str] = Counter()
    rows = LoadOutcome.objects.filter(import_number=number).values_list("outcome", "events")
    for outcome, events in rows:
        found[outcome] += events
    return found


def forget_outcomes(number: int) -> None:
    """Remove what is noted of an import; its record has it."""
    LoadOutcome.objects.filter(import_number=number).delete()


def sum_drops(outcomes: Outcomes) -> Counter[str]:
    """All events that were not stored, by reason."""
    found: Counter[str] = Counter()
    for (_, outcome), events in outcomes.items():
        if outcome != STORED:
            found[outcome] += events
    return found
