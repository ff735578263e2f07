"""What the detectors of integrity are called, and what each of them looks at, in plain words."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from privet.integrity.findings import DetectorKind
from privet.web.words import Words


@dataclass(frozen=True, kw_only=True)
class DetectorWords:
    """A detector's name, and what it looks at."""

    name: Words
    looks_at: Words


DETECTORS: dict[DetectorKind, DetectorWords] = {
    DetectorKind.IMMEDIATE: DetectorWords(
        name=_("Answers at once, same address"),
        looks_at=_(
            "Whether many answers were submitted within minutes after another account at the same "
            "address had them shown."
        ),
    ),
    DetectorKind.OTHER_NETWORK: DetectorWords(
        name=_("Answers at once, no common address"),
        looks_at=_("The same, where the two accounts share no address."),
    ),
    DetectorKind.DELAYED: DetectorWords(
        name=_("Answers within hours"),
        looks_at=_("The same within some hours, at a common address."),
    ),
    DetectorKind.EXHAUSTED: DetectorWords(
        name=_("Answers after trying out"),
        looks_at=_(
            "Whether the other account had got the answers by wrong attempts until one was right."
        ),
    ),
    DetectorKind.SEVERAL_HARVESTERS: DetectorWords(
        name=_("Several accounts that feed one"),
        looks_at=_("Whether answers came from two or more other accounts."),
    ),
    DetectorKind.CLOSE_SUBMITTERS: DetectorWords(
        name=_("Submitting side by side"),
        looks_at=_(
            "Whether accounts submit everything at nearly the same moments. Studying together "
            "looks just like it, so it never opens a case."
        ),
    ),
    DetectorKind.ANSWER_COPYING: DetectorWords(
        name=_("The same rare wrong answers"),
        looks_at=_(
            "Whether two accounts gave the same unusual wrong answers at their first attempt. It "
            "never opens a case."
        ),
    ),
    DetectorKind.SHARING_TRAVEL: DetectorWords(
        name=_("Work in two countries"),
        looks_at=_(
            "Whether one account acted in countries that nobody can travel between in that time, "
            "or did its work anew in another country, as slowly as at first."
        ),
    ),
    DetectorKind.SHARING_CONCURRENCY: DetectorWords(
        name=_("In two places at once"),
        looks_at=_("Whether one account was at work in two places at the same time."),
    ),
}


def name_of_detector(kind: DetectorKind | str) -> str:
    """What a detector is called."""
    return str(DETECTORS[DetectorKind(kind)].name)
