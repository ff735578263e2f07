"""``privet account``, ``institution``, ``site`` and ``key``: who may do what, and who may speak."""

from pathlib import Path
from typing import Annotated

import typer

from privet.cli.installation import open_installation, operator
from privet.cli.printing import AsJson, print_json
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing

account = typer.Typer(no_args_is_help=True, help="People who sign in, and their roles.")
institution = typer.Typer(no_args_is_help=True, help="Member institutions.")
site = typer.Typer(no_args_is_help=True, help="Platforms that send events.")
key = typer.Typer(no_args_is_help=True, help="Keys by which a platform's server is known.")


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


@site.command("add")
def add_site(
    slug: Annotated[str, typer.Argument(help="Its short name.")],
    name: Annotated[str, typer.Option(help="Its full name.")] = "",
    origin: Annotated[
        list[str] | None, typer.Option(help="An origin of its pages; may be given again.")
    ] = None,
    at: Annotated[str, typer.Option(help="Its default institution, by short name.")] = "",
    as_json: AsJson = False,
) -> None:
    """Add a platform whose pages or server may send events."""
    open_installation()
    from privet.accounts.registry import create_site  # noqa: PLC0415 - it imports tables

    create_site(slug=slug, name=name or slug, origins=origin or [], institution=at, by=operator())
    if as_json:
        print_json({"site": slug})
    else:
        typer.echo(f"Added the site {slug}.")


@site.command("trust")
def trust(
    slug: Annotated[str, typer.Argument(help="The site's short name.")],
    kid: Annotated[str, typer.Argument(help="The key's name in the tokens' header.")],
    algorithm: Annotated[str, typer.Argument(help="EdDSA, ES256, RS256 or HS256.")],
    file: Annotated[Path, typer.Argument(exists=True, help="The public key or shared secret.")],
    as_json: AsJson = False,
) -> None:
    """Believe identity tokens that are signed under a key."""
    open_installation()
    from privet.accounts.facts import Algorithm  # noqa: PLC0415 - beside the other
    from privet.accounts.registry import add_identity_key  # noqa: PLC0415 - it imports tables

    if algorithm not in list(Algorithm):
        raise typer.BadParameter(f"Known algorithms are: {', '.join(Algorithm)}.")
    keys = KeyRing(read_config().keys)
    text = file.read_text().strip()
    add_identity_key(
        site=slug, kid=kid, algorithm=Algorithm(algorithm), key=text, keys=keys, by=operator()
    )
    if as_json:
        print_json({"site": slug, "kid": kid})
    else:
        typer.echo(f"Tokens of {slug} signed under {kid} are believed now.")


@key.command("create")
def create_key(
    site_slug: Annotated[str, typer.Argument(metavar="SITE", help="Whose server it is for.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "server",
    as_json: AsJson = False,
) -> None:
    """Make an API key. It is shown this once and can never be seen again."""
    open_installation()
    from privet.accounts.registry import create_api_key  # noqa: PLC0415 - it imports tables

    made = create_api_key(site=site_slug, name=name, by=operator())
    if as_json:
        print_json({"site": site_slug, "key": made})
    else:
        typer.echo(made)


@key.callback()
def about_keys() -> None:
    """Keys by which a platform's server is known."""


@institution.callback()
def about_institutions() -> None:
    """Member institutions."""
