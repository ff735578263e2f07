"""Technique: with which browsers, systems and devices learners came."""

from privet.insight.asking import Question, ask
from privet.insight.results import NameLine, Technique


def show_technique(question: Question) -> Technique:
    """Browsers, operating systems and types of device."""
    return Technique(
        browsers=_names("technique_by_browser", question),
        systems=_names("technique_by_system", question),
        devices=_names("technique_by_device", question),
    )


def _names(name: str, question: Question) -> tuple[NameLine, ...]:
    return tuple(NameLine(**row) for row in ask(name, question))
