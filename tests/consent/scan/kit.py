"""What tests of the scanner share: the planted site's buttons and the order to scan it."""

from pathlib import Path

from privet.consent.scan.drive import Order
from privet.consent.scan.journey import Action, Controls, Journey
from privet.consent.scan.shapes import Step
from privet.consent.technologies import Category
from tests.browser import PATIENCE_MS
from tests.consent.scan.site.serve import browser_arguments

CONTROLS = Controls(
    banner="#banner",
    reject="#reject",
    accept="#accept",
    choose="#choose",
    save="#save",
    reopen="#reopen",
    withdraw="#reject",
    categories={
        Category.PERFORMANCE: "#performance",
        Category.FUNCTIONALITY: "#functionality",
        Category.TARGETING: "#targeting",
    },
)
REGISTRY = """
version = 1
[[technology]]
name = "h_only"
kind = "cookie"
setter = "the server"
party = "first"
lifetime = "session"
category = "necessary"
vendor = "School"
purpose = { en = "Keeps you signed in.", es = "Mantiene su sesión." }
[[technology]]
name = "h_long"
kind = "cookie"
setter = "the server"
party = "first"
lifetime = "P30D"
category = "necessary"
vendor = "School"
purpose = { en = "Keeps the layout.", es = "Guarda el diseño." }
[[technology]]
name = "perf_cookie"
kind = "cookie"
setter = "a script"
party = "first"
lifetime = "P10D"
category = "performance"
vendor = "School"
purpose = { en = "Counts visits.", es = "Cuenta visitas." }
[[technology]]
name = "acc_cookie"
kind = "cookie"
setter = "a script"
party = "first"
lifetime = "P10D"
category = "targeting"
vendor = "School"
purpose = { en = "Shows offers.", es = "Muestra ofertas." }
"""


def planted_journey(port: int) -> Journey:
    """How the planted site is walked."""
    course = f"http://school.test:{port}/course"
    return Journey(
        name="planted",
        controls=CONTROLS,
        route=(Action(verb="click", target="#next"),),
        sign_in=(
            Action(verb="fill", target="[name=password]", text="not secret"),
            Action(verb="click", target="#enter"),
        ),
        course=(Action(verb="go", target=course),),
    )


def order_for(
    port: int,
    *steps: Step,
    third_party_cookies: tuple[bool, ...] = (True,),
    pictures: Path | None = None,
) -> Order:
    """An order for the planted site; its resolver knows what stands behind the metrics host."""
    return Order(
        urls=(f"http://school.test:{port}/",),
        journey=planted_journey(port),
        steps=steps,
        third_party_cookies=third_party_cookies,
        wait_ms=2100,
        timeout_ms=PATIENCE_MS,
        pictures=pictures,
        arguments=browser_arguments(port),
        canonical=lambda host: "edge.tracker.test" if host.startswith("metrics.") else host,
    )
