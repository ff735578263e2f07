"""``privet site`` and ``privet key``: which platforms may speak, from where, and by which keys."""

from pathlib import Path
from typing import Annotated

import typer

from privet.cli.installation import open_installation, operator
from privet.cli.printing import AsJson, print_json, print_rows
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing
from privet.kernel.errors import PrivetError

site = typer.Typer(no_args_is_help=True, help="Platforms that send events.")
key = typer.Typer(no_args_is_help=True, help="Keys by which a platform's server is known.")


class NoSuchKeyError(PrivetError):
    """There is no key of that number in force."""


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


@site.command("list")
def list_sites(as_json: AsJson = False) -> None:
    """List all platforms, with the names of the keys under which their tokens are believed."""
    open_installation()
    from privet.accounts.registry import read_sites  # noqa: PLC0415 - it imports tables

    rows = [
        {
            "site": found.slug,
            "name": found.name,
            "origins": ", ".join(sorted(found.origins)),
            "institution": found.institution,
            "keys": ", ".join(sorted(found.identity_keys)),
        }
        for _, found in sorted(read_sites(KeyRing(read_config().keys)).items())
    ]
    print_rows(rows, as_json=as_json, empty="There is no site yet.")


@site.command("origins")
def set_origins(
    slug: Annotated[str, typer.Argument(help="The site's short name.")],
    origins: Annotated[list[str], typer.Argument(metavar="ORIGIN…", help="All of them.")],
    as_json: AsJson = False,
) -> None:
    """Replace the origins whose pages may speak for a platform."""
    open_installation()
    from privet.accounts import registry  # noqa: PLC0415 - it imports tables

    registry.set_origins(site=slug, origins=origins, by=operator())
    if as_json:
        print_json({"site": slug, "origins": origins})
    else:
        typer.echo(f"Only pages of {', '.join(origins)} may speak for {slug} now.")


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


@site.command("distrust")
def distrust(
    slug: Annotated[str, typer.Argument(help="The site's short name.")],
    kid: Annotated[str, typer.Argument(help="The key's name in the tokens' header.")],
    as_json: AsJson = False,
) -> None:
    """Believe no more identity tokens that are signed under a key."""
    open_installation()
    from privet.accounts.registry import retire_identity_key  # noqa: PLC0415 - it imports tables

    retire_identity_key(site=slug, kid=kid, by=operator())
    if as_json:
        print_json({"site": slug, "kid": kid})
    else:
        typer.echo(f"Tokens of {slug} signed under {kid} are believed no more.")


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


@key.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List all API keys by number; the keys themselves are kept nowhere."""
    open_installation()
    from privet.accounts.registry import list_api_keys  # noqa: PLC0415 - it imports tables

    rows = [
        {
            "number": found.number,
            "site": found.site,
            "name": found.name,
            "created": found.created.isoformat(timespec="seconds"),
            "revoked": found.revoked.isoformat(timespec="seconds") if found.revoked else None,
        }
        for found in list_api_keys()
    ]
    print_rows(rows, as_json=as_json, empty="There is no key yet.")


@key.command("revoke")
def revoke_key(
    number: Annotated[int, typer.Argument(help="The key's number, from `privet key list`.")],
    as_json: AsJson = False,
) -> None:
    """Believe an API key no more, at once."""
    open_installation()
    from privet.accounts.registry import revoke_api_key  # noqa: PLC0415 - it imports tables

    if not revoke_api_key(key_id=number, by=operator(), clock=SystemClock()):
        raise NoSuchKeyError(
            f"No key of the number {number} is in force.", remedy="List them: privet key list."
        )
    if as_json:
        print_json({"key": number, "revoked": True})
    else:
        typer.echo(f"The key {number} opens nothing any more.")
