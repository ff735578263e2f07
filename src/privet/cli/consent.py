"""``privet consent``: whether a receipt is what was given out, and the ledger as it was written."""

from pathlib import Path
from typing import Annotated

import typer

from privet.cli.installation import open_installation
from privet.cli.printing import AsJson, print_json
from privet.consent.receipt_check import find_receipt_faults, read_key, read_receipt
from privet.consent.receipt_keys import public_key
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing
from privet.kernel.errors import PrivetError

_ABOUT = "Consent: receipts, the ledger, and what a site really sets."
app = typer.Typer(no_args_is_help=True, help=_ABOUT)
_LONGEST_BYTES = 1_000_000


class NoKeyError(PrivetError):
    """There is nothing to check a receipt against."""


@app.callback()
def about() -> None:
    """Consent: receipts, the ledger, and what a site really sets."""


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The receipt, as it was downloaded.")],
    key: Annotated[
        str,
        typer.Option(
            help="The published key, or the JSON around it; without it this installation's."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Check a receipt offline; exit 1 if it is forged or altered, and say what is wrong."""
    receipt = read_receipt(_read(file))
    faults = find_receipt_faults(receipt, key=read_key(key) if key else _own_key())
    if as_json:
        print_json({"sound": not faults, "faults": faults})
    else:
        typer.echo("The receipt is sound." if not faults else "The receipt is not sound:")
        for fault in faults:
            typer.echo(f"  {fault}")
    if faults:
        raise typer.Exit(1)


@app.command()
def ledger(as_json: AsJson = False) -> None:
    """Walk the whole chain of decisions and notices served; exit 1 on any fault."""
    open_installation()
    from privet.consent.ledger import count_records, find_faults  # noqa: PLC0415 - tables

    faults, records = list(find_faults()), count_records()
    if as_json:
        print_json({"whole": not faults, "records": records, "faults": faults})
    else:
        said = "is whole" if not faults else "is not as it was written"
        typer.echo(f"The ledger {said} (records: {records}).")
        for fault in faults:
            typer.echo(f"  {fault}")
    if faults:
        raise typer.Exit(1)


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(_LONGEST_BYTES).decode(errors="replace")
    except OSError as error:
        raise PrivetError(
            f"The file {file.name} cannot be read.", remedy="Give the path of a receipt."
        ) from error


def _own_key() -> str:
    """The key of the installation on this machine; it is never made here."""
    keys = read_config().keys
    if not (keys / "signing-consent-receipt.key").exists():
        raise NoKeyError(
            "There is no key to check the receipt against.",
            remedy="Give the one that the privacy pages publish: --key KEY.",
        )
    return public_key(KeyRing(keys))["ed25519"]
