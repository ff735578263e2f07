"""``privet audit``: whether the chain of audited acts is whole."""

import typer

from privet.cli.installation import open_installation
from privet.cli.printing import AsJson, print_json
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing

app = typer.Typer(no_args_is_help=True, help="The chain of audited acts.")


@app.callback()
def about() -> None:
    """The chain of audited acts."""


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Look for any change, removal or re-ordering; exit 1 if there is one."""
    open_installation()
    from privet.audit.service import checkpoint_file, verify_chain  # noqa: PLC0415 - tables

    config = read_config()
    faults = verify_chain(keys=KeyRing(config.keys), file=checkpoint_file(config.home))
    if as_json:
        print_json(
            {"whole": not faults, "faults": [{"seq": f.seq, "what": f.what} for f in faults]}
        )
    else:
        typer.echo("The chain is whole." if not faults else "The chain is broken:")
        for fault in faults:
            typer.echo(f"  at act {fault.seq}: {fault.what}")
    if faults:
        raise typer.Exit(1)
