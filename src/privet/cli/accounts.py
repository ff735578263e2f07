"""``privet account`` and ``privet institution``: who signs in and may do what, and the members."""

from typing import Annotated

import typer

from privet.cli.installation import open_installation, operator
from privet.cli.printing import AsJson, print_json

account = typer.Typer(no_args_is_help=True, help="People who sign in, and their roles.")
institution = typer.Typer(no_args_is_help=True, help="Member institutions.")


@account.command("create")
def create_account(
    email: Annotated[str, typer.Argument(help="The address that they sign in with.")],
    name: Annotated[str, typer.Option(help="What they are called.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make an account. A password is asked for, never taken from the command line."""
    open_installation()
    from privet.accounts import service  # noqa: PLC0415 - it imports tables

    password = (
        typer.get_text_stream("stdin").readline().rstrip("\r\n")
        if password_stdin
        else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    made = service.create_account(email=email, password=password, name=name, by=operator())
    if as_json:
        print_json({"account": made.pk})
    else:
        typer.echo(f"Made account {made.pk}.")


@account.command("role")
def grant_role(
    email: Annotated[str, typer.Argument(help="The account's address.")],
    role: Annotated[str, typer.Argument(help="learner, analyst, privacy_officer, …")],
    at: Annotated[str, typer.Option(help="Only at this institution, by its short name.")] = "",
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the role away.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give an account a role, or take it away."""
    open_installation()
    from privet.accounts import service  # noqa: PLC0415 - it imports tables
    from privet.accounts.roles import Role  # noqa: PLC0415 - beside the other

    if role not in list(Role):
        raise typer.BadParameter(f"Known roles are: {', '.join(Role)}.")
    account_id = service.find_account(email=email).pk
    change = service.revoke_role if revoke else service.grant_role
    change(account_id=account_id, role=Role(role), institution=at, by=operator())
    if as_json:
        print_json({"account": account_id, "role": role, "institution": at, "granted": not revoke})
    else:
        typer.echo(f"Account {account_id} {'no longer has' if revoke else 'has'} the role {role}.")


@institution.command("add")
def add_institution(
    slug: Annotated[str, typer.Argument(help="Its short name, as in course ids, in lower case.")],
    name: Annotated[str, typer.Option(help="Its full name.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add a member institution."""
    open_installation()
    from privet.accounts.registry import create_institution  # noqa: PLC0415 - imports tables

    create_institution(slug=slug, name=name or slug, by=operator())
    if as_json:
        print_json({"institution": slug})
    else:
        typer.echo(f"Added the institution {slug}.")


@institution.callback()
def about_institutions() -> None:
    """Member institutions."""
