"""Cases in words: states, outcomes, chances, innocent explanations, what is missing."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privet.integrity.case_rules import ActKind, Outcome, State, Verdict
from privet.integrity.evidence import Evidence, Explanation, Gap
from privet.network.facts import NetworkKind
from privet.web.words import Words, say_number

STATES: Mapping[State, Words] = {
    State.OPENED: _("waits for a first review"),
    State.TOLD: _("the learner has time to reply"),
    State.DECIDING: _("two people decide"),
    State.UPHELD: _("upheld, the learner may appeal"),
    State.APPEALED: _("appealed"),
    State.CLOSED: _("closed"),
}
OUTCOMES: Mapping[Outcome, Words] = {
    Outcome.UPHELD: _("upheld"),
    Outcome.UPHELD_ON_APPEAL: _("upheld on appeal"),
    Outcome.OVERTURNED: _("overturned on appeal"),
    Outcome.DISMISSED: _("dismissed"),
    Outcome.NOT_PURSUED: _("not pursued"),
    Outcome.LAPSED: _("lapsed, nobody decided in time"),
    Outcome.FELL: _("taken back by new evidence"),
}
VERDICTS: Mapping[Verdict, Words] = {
    Verdict.HOLDS: _("it holds"),
    Verdict.DISMISS: _("dismiss it"),
}
EXPLANATIONS: Mapping[Explanation, Words] = {
    Explanation.HOUSEHOLD: _(
        "People who live together: one works after the other, perhaps on the same device."
    ),
    Explanation.SHARED_NETWORK: _(
        "Many people stand behind this address, as in a dormitory, a school or a mobile network."
    ),
    Explanation.STUDYING_TOGETHER: _(
        "Studying together: both submit in turn, and now one, now the other is first."
    ),
    Explanation.TUTOR: _("Help: somebody looks answers up in order to explain them."),
    Explanation.RETAKER: _("A learner who began anew with another account of their own."),
    Explanation.CLOCKS: _(
        "Clocks: some of the acts lie so few seconds apart that their order may be another."
    ),
    Explanation.CHANCE: _("Chance: among so many accounts, this can happen to strangers."),
    Explanation.HIDDEN_NETWORK: _(
        "A VPN or a relay: it shows places where nobody is. It is never a finding by itself."
    ),
    Explanation.REMOTE_COMPUTER: _("Work on a computer that stands elsewhere."),
}
GAPS: Mapping[Gap, Words] = {
    Gap.NO_ADDRESSES: _("No network is known for these acts."),
    Gap.NO_SHARED_ADDRESS: _("The accounts were never seen behind the same address."),
    Gap.FEW_ITEMS: _("There are few items; a few more or less would change the picture."),
    Gap.NO_CERTIFICATE: _("The account has no certificate: nothing was gained by it."),
    Gap.CERTIFICATE_UNKNOWN: _("It is not known whether a certificate was issued."),
    Gap.ANSWERS_NOT_ALIKE: _("It was not found that rare wrong answers of the accounts agree."),
    Gap.NO_CHANCE: _("How likely a coincidence is was not reckoned."),
    Gap.WHO_SAT_THERE: _("No record says who sat at the keyboard."),
}
FEW_DAYS = _("There are few days; one more or less would change the picture.")
"""Of a shared account it is days that are counted, so `Gap.FEW_ITEMS` is said so."""
ACTS: Mapping[ActKind, Words] = {
    ActKind.OPENED: _("The case was opened"),
    ActKind.JOINED: _("The evidence was renewed"),
    ActKind.REVIEWED: _("First review, without names"),
    ActKind.TOLD: _("The learner was told"),
    ActKind.REPLIED: _("The learner replied"),
    ActKind.REPLY_TIME_OVER: _("The time to reply was over"),
    ActKind.NAMES_OPENED: _("Names were opened"),
    ActKind.DECIDED: _("One of two decisions"),
    ActKind.UPHELD: _("Both found that it holds"),
    ActKind.APPEALED: _("The learner appealed"),
    ActKind.APPEAL_DECIDED: _("The appeal was answered"),
    ActKind.CLOSED: _("The case was closed"),
    ActKind.HANDED_OVER: _("The outcome went to the institution as a text"),
    ActKind.MARKED: _("Its detector was compared between groups of learners"),
    ActKind.FORGOTTEN: _("The evidence was deleted"),
}
OWN_ACTS: Mapping[ActKind, Words] = dict(ACTS) | {
    ActKind.TOLD: _("You were told"),
    ActKind.REPLIED: _("You replied"),
    ActKind.REPLY_TIME_OVER: _("Your time to reply was over"),
    ActKind.NAMES_OPENED: _("Somebody saw whose accounts these are"),
    ActKind.APPEALED: _("You appealed"),
    ActKind.APPEAL_DECIDED: _("Your appeal was answered"),
}
NETWORKS: Mapping[str, Words] = {
    NetworkKind.RESIDENTIAL: _("home"),
    NetworkKind.MOBILE: _("mobile"),
    NetworkKind.EDUCATION: _("school or university"),
    NetworkKind.HOSTING: _("data centre"),
    NetworkKind.VPN: "VPN",
    NetworkKind.TOR: "Tor",
    NetworkKind.RELAY: _("private relay"),
    NetworkKind.PRIVATE: _("local network"),
    NetworkKind.UNKNOWN: _("not known"),
}
_MOST = 1_000_000_000_000


def say_chance(p: float) -> str:
    """A chance as one in so many, to two digits; beyond a million million it is just small."""
    if p >= 1:
        return gettext("not reckoned")
    if p * _MOST < 1:
        return gettext("less than 1 in a million million")
    return gettext("1 in %(number)s") % {"number": say_number(_round(1 / p))}


def say_false(q: float) -> str:
    """How many of such findings are wrong by chance alone."""
    if q >= 1:
        return gettext("not reckoned")
    if q * _MOST < 1:
        return gettext("of a million million findings as strong as this, less than one")
    words = gettext("of %(number)s findings as strong as this, about one")
    return words % {"number": say_number(_round(1 / q))}


def say_networks(evidence: Evidence) -> str:
    """The kinds of networks, or that none is known."""
    names = [str(NETWORKS.get(kind, kind)) for kind in evidence.network_kinds]
    return ", ".join(names) or gettext("not known")


def _round(value: float) -> int:
    """To two digits."""
    whole = round(value)
    places = max(0, len(str(whole)) - 2)
    return round(whole, -places) if places else whole
