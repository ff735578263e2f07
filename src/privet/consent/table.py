"""The table of uses as a page: docs/reference/uses-table.md is this text, cell by cell."""

from privet.catalogue.uses import TERMS, Use
from privet.consent.notices import choice_name
from privet.consent.places import AGES_OF_CONSENT, REGIMES, STATE_LAWS, STRICTEST_AGE, Regime
from privet.consent.rules import TABLE, AgeGroup, Row

_REGIMES = {Regime.OPT_IN: "opt-in", Regime.OPT_OUT: "opt-out"}
_AGES = {
    AgeGroup.UNKNOWN: "unknown age",
    AgeGroup.CHILD: "under the age of consent",
    AgeGroup.MINOR: "under 18",
    AgeGroup.ADULT: "adult",
}


def render_table() -> str:
    """One table a regime, in Markdown; rows are uses with the choice that opens them."""
    return "\n".join(line for regime in Regime for line in [*_regime_lines(regime), ""])


def render_places() -> str:
    """Ages of digital consent and regimes by country, in Markdown, with source and date."""
    ages = [
        f"| {country} | {age} | {source.since} | {source.law} | {source.checked} |"
        for country, (age, source) in sorted(AGES_OF_CONSENT.items())
    ]
    regimes = [
        f"| {country} | {_REGIMES[regime]} | {source.since} | {source.law} | {source.checked} |"
        for country, (regime, source) in sorted(REGIMES.items())
    ]
    return "\n".join(
        [
            "| country | age of digital consent | since | source | checked |",
            "| --- | --- | --- | --- | --- |",
            *ages,
            f"| any other, or unknown | {STRICTEST_AGE} | | the strictest of GDPR Art. 8(1) | |",
            "",
            "| country | regime | since | source | checked |",
            "| --- | --- | --- | --- | --- |",
            *regimes,
            "| any other, or unknown | opt-in | | the strictest | |",
            "",
            "| US state | since | act | the signal binds since | checked |",
            "| --- | --- | --- | --- | --- |",
            *(
                f"| {one.name} | {one.source.since} | {one.source.law} | "
                f"{one.gpc_since or 'no duty; obeyed all the same'} | {one.source.checked} |"
                for one in STATE_LAWS.values()
            ),
            "| any other, or unknown | | treated as the strictest of these | | |",
            "",
        ]
    )


def _regime_lines(regime: Regime) -> list[str]:
    ages = " | ".join(_AGES[age] for age in AgeGroup)
    return [
        f"### {_REGIMES[regime].capitalize()}",
        "",
        f"| use | choice | {ages} | with GPC | basis |",
        "| --- | --- | " + " | ".join("---" for _ in AgeGroup) + " | --- | --- |",
        *(_row_line(row, regime) for row in TABLE),
    ]


def _row_line(row: Row, regime: Regime) -> str:
    cells = " | ".join(row.cells[regime, age].value for age in AgeGroup)
    choice = choice_name(row.choice) if row.choice is not None else "none"
    gpc = "never" if row.narrowed_by_gpc else "no change"
    return f"| {_use(row.use)} | {choice} | {cells} | {gpc} | {_basis(row.use)} |"


def _use(use: Use) -> str:
    return (use.name or "").lower()


def _basis(use: Use) -> str:
    return TERMS[use].basis.value.replace("_", " ")
