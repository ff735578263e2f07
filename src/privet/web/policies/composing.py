"""Makes policies from what is true now: in the language of the page, or in all of them."""

from django.utils.translation import get_language, override

from privet.consent.notices import current_words
from privet.consent.policies.document import Document, PolicyKind
from privet.consent.policies.service import LANGUAGES
from privet.kernel.clock import Clock
from privet.kernel.config import read_config
from privet.web.policies.cookies import compose_cookie_policy
from privet.web.policies.parts import Facts
from privet.web.policies.privacy import compose_privacy_notice

_COMPOSE = {
    PolicyKind.COOKIES: compose_cookie_policy,
    PolicyKind.PRIVACY: compose_privacy_notice,
}


def compose(kind: PolicyKind, *, clock: Clock) -> Document:
    """The policy as it is true now, in the language that is active."""
    facts = Facts(
        config=read_config(),
        notice=current_words(get_language() or LANGUAGES[0], clock=clock),
        today=clock.now().date(),
    )
    return _COMPOSE[kind](facts)


def compose_all(kind: PolicyKind, *, clock: Clock) -> dict[str, Document]:
    """The policy as it is true now, in each language."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = compose(kind, clock=clock)
    return found
