"""Makes the installation of ``bench.collector_home``; prints the learners' tokens as JSON."""

import json
import os
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privet.web.settings")


def main() -> None:
    """Migrate, register a site and its key, and let every learner accept everything."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(_populate()))


def _populate() -> list[str]:
    import jwt

    from bench.collector_home import LEARNERS, ORIGIN, SITE
    from privet.accounts.facts import Algorithm
    from privet.accounts.registry import add_identity_key, create_site
    from privet.kernel.clock import SystemClock
    from privet.kernel.config import read_config
    from privet.kernel.crypto import KeyRing, person_key

    secret = "a-shared-secret-of-a-measurement-only"  # noqa: S105 - it opens nothing
    keys = KeyRing(read_config().keys)
    create_site(slug=SITE, name="Hedgerow", origins=[ORIGIN], by="bench")
    add_identity_key(
        site=SITE, kid="k1", algorithm=Algorithm.HS256, key=secret, keys=keys, by="bench"
    )
    now = SystemClock().now()
    tokens = []
    for number in range(LEARNERS):
        learner = f"learner-{number}"
        _accept_all(person_key(keys.link_key(), SITE, learner), SITE)
        claims = {
            "iss": SITE,
            "sub": learner,
            "aud": "privet",
            "iat": int(time.time()),
            "exp": int((now + timedelta(minutes=14)).timestamp()),
        }
        tokens.append(jwt.encode(claims, secret, "HS256", headers={"kid": "k1"}))
    return tokens


def _accept_all(key: bytes, site: str) -> None:
    from privet.consent.ledger import Control, Layer, NoticeShown
    from privet.consent.rules import ALL_CHOICES, Answers
    from privet.consent.service import Asked, Who, record_decision
    from privet.kernel.clock import SystemClock

    asked = Asked(
        answers=Answers(asked=ALL_CHOICES, granted=ALL_CHOICES),
        shown=NoticeShown(version=1, digest="0" * 64, language="en"),
        control=Control.ACCEPT_ALL,
        layer=Layer.BANNER,
    )
    record_decision(who=Who(site=site, key=key), asked=asked, by="bench", clock=SystemClock())


if __name__ == "__main__":
    main()
