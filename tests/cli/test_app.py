"""Commands set up, add accounts, sites and keys, and tell errors in words."""

import json
import re
import socket
from pathlib import Path

from privet import __version__
from tests.intake.edx.installation import Installation

MAIL = "bob@hedge.example"


def test_a_new_installation_is_made_and_setting_up_again_changes_nothing(
    installation: Installation,
) -> None:
    first = installation.run("setup")
    assert (first.returncode, first.stdout.endswith(b"Done.\n")) == (0, True)
    assert installation.report("setup") == {"home": str(installation.home), "done": True}
    assert installation.report("migrate")["done"]


def test_accounts_have_roles_and_lose_them(installation: Installation) -> None:
    made = installation.run("account", "create", MAIL, "--password-stdin", "--json",
                            stdin=b"correct horse battery staple\n")  # fmt: skip
    assert made.returncode == 0, made.stderr
    number = json.loads(made.stdout)["account"]
    installation.report("institution", "add", "hedgex", "--name", "Hedge University")
    granted = installation.report("account", "role", MAIL, "analyst", "--at", "hedgex")
    assert granted == {
        "account": number, "role": "analyst", "institution": "hedgex", "granted": True,
    }  # fmt: skip
    taken = installation.report("account", "role", MAIL, "analyst", "--at", "hedgex", "--revoke")
    assert not taken["granted"]
    said = installation.run("account", "role", MAIL, "operator").stdout.decode()
    assert said == f"Account {number} has the role operator.\n"


def test_mistakes_are_told_with_what_to_do(installation: Installation) -> None:
    nobody = installation.run("account", "role", "carol@hedge.example", "analyst")
    assert nobody.returncode == 1
    assert b"No account has this e-mail address." in nobody.stderr
    assert b"privet account create" in nobody.stderr
    assert installation.run("account", "role", MAIL, "emperor").returncode == 2
    nowhere = installation.run("key", "create", "nowhere")
    assert nowhere.returncode == 1
    assert b"Traceback" not in nowhere.stderr + nobody.stderr


def test_a_site_and_its_key_are_made(installation: Installation) -> None:
    added = installation.report(
        "site", "add", "hedgerow", "--origin", "https://learn.hedge.example"
    )
    assert added == {"site": "hedgerow"}
    key = installation.report("key", "create", "hedgerow", "--name", "server")["key"]
    assert len(key) > 30
    assert re.fullmatch(rb"\S{30,}\n", installation.run("key", "create", "hedgerow").stdout)
    again = installation.run("site", "add", "hedgerow")
    assert again.returncode == 1


def test_sites_are_listed_and_their_origins_replaced(installation: Installation) -> None:
    installation.report("site", "add", "verge", "--name", "Verge", "--origin", "https://a.example")
    installation.report("site", "origins", "verge", "https://b.example", "https://c.example")
    (found,) = [one for one in installation.report("site", "list") if one["site"] == "verge"]
    assert found == {
        "site": "verge", "name": "Verge", "origins": "https://b.example, https://c.example",
        "institution": "", "keys": "",
    }  # fmt: skip
    assert installation.run("site", "origins", "verge", "b.example").returncode == 1


def test_a_key_for_tokens_is_believed_until_it_is_not(
    installation: Installation, tmp_path: Path
) -> None:
    installation.report("site", "add", "copse")
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef0123456789abcdef\n")
    installation.report("site", "trust", "copse", "copse-1", "HS256", secret)
    assert _keys_of(installation, "copse") == "copse-1"
    installation.report("site", "distrust", "copse", "copse-1")
    assert _keys_of(installation, "copse") == ""
    again = installation.run("site", "distrust", "copse", "copse-1")
    assert (again.returncode, b"privet site list" in again.stderr) == (1, True)


def _keys_of(installation: Installation, site: str) -> str:
    (found,) = [one for one in installation.report("site", "list") if one["site"] == site]
    return found["keys"]


def test_an_api_key_is_listed_without_itself_and_revoked_once(installation: Installation) -> None:
    installation.report("site", "add", "dell")
    key = installation.report("key", "create", "dell", "--name", "outbox")["key"]
    (found,) = [one for one in installation.report("key", "list") if one["site"] == "dell"]
    assert (found["name"], found["revoked"]) == ("outbox", None)
    assert key not in installation.run("key", "list").stdout.decode()
    revoked = installation.report("key", "revoke", str(found["number"]))
    assert revoked == {"key": found["number"], "revoked": True}
    (after,) = [one for one in installation.report("key", "list") if one["site"] == "dell"]
    assert after["revoked"] is not None
    again = installation.run("key", "revoke", str(found["number"]))
    assert (again.returncode, b"privet key list" in again.stderr) == (1, True)


def test_the_chain_of_acts_is_verified(installation: Installation) -> None:
    assert installation.report("audit", "verify") == {"whole": True, "faults": []}
    assert installation.run("audit", "verify").stdout == b"The chain is whole.\n"


def test_the_version_is_printed(installation: Installation) -> None:
    assert installation.run("--version").stdout.strip() == f"privet {__version__}".encode()


def test_the_catalogue_is_printed(installation: Installation) -> None:
    listed = installation.report("catalogue")
    (found,) = [event for event in listed if event["name"] == "problem_check"]
    assert found["origin"] == "server"
    assert {"retention", "lawful_bases", "data_category", "uses", "says"} <= set(found["fields"][0])
    assert b"problem_check" in installation.run("catalogue").stdout


def test_an_error_that_was_not_foreseen_shows_a_number_and_no_text(
    installation: Installation,
) -> None:
    (installation.home / "broken").mkdir(parents=True)
    broken = Installation(installation.home / "broken")
    (broken.home / "state.sqlite3").write_bytes(b"alice@mail.example is no database " * 50)
    done = broken.run("import", "list")
    assert done.returncode == 1
    told = re.search(rb"\(fault ([0-9a-f]{8})\)", done.stderr)
    assert told
    assert re.search(
        rb"ERROR privet.cli.app Fault %b: DatabaseError at \S+:\d+\n" % told[1], done.stderr
    )
    assert b"alice" not in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_old_database_asks_to_be_set_up(installation: Installation) -> None:
    with_tables = Installation(installation.home / "old")
    with_tables.home.mkdir(parents=True)
    (with_tables.home / "state.sqlite3").write_bytes(b"")
    import sqlite3

    with sqlite3.connect(with_tables.home / "state.sqlite3") as database:
        database.execute("CREATE TABLE other (id INTEGER)")
    database.close()
    done = with_tables.run("import", "list")
    assert done.returncode == 1
    assert b"privet setup" in done.stderr


def test_a_link_key_that_is_gone_is_not_replaced_in_silence(tmp_path: Path) -> None:
    ours = Installation(tmp_path / "ours")
    assert ours.run("site", "list").returncode == 0
    (ours.home / "keys" / "link.key").unlink()
    done = ours.run("site", "list")
    assert done.returncode == 1
    assert b"Put the keys that belong to the database" in done.stderr
    assert not (ours.home / "keys" / "link.key").exists()


def test_a_port_that_is_taken_is_not_shared_in_silence(installation: Installation) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        served = installation.run("serve", "--port", str(other.getsockname()[1]))
    assert served.returncode == 1
    assert b"something listens there already" in served.stderr
    assert b"--port" in served.stderr


def test_an_address_of_another_machine_cannot_be_served_on(installation: Installation) -> None:
    served = installation.run("serve", "--host", "192.0.2.1", "--port", "8000")
    assert served.returncode == 1
    assert b"the system does not allow it" in served.stderr
    assert b"Traceback" not in served.stderr
