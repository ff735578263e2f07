"""The database's address, as Django is told it."""

from privet.web.database import read_database


def test_a_server_is_asked_with_all_that_its_address_says() -> None:
    url = "postgresql://privet:p%40ss@db.hedge.example:5433/pri%20vet"
    found = read_database(f"{url}?sslmode=verify-full&connect_timeout=5")
    assert found == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "pri vet",
        "USER": "privet",
        "PASSWORD": "p@ss",
        "HOST": "db.hedge.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "verify-full", "connect_timeout": "5"},
    }


def test_an_address_without_more_leaves_all_else_to_the_server() -> None:
    found = read_database("postgresql:///privet")
    assert (found["HOST"], found["USER"], found["OPTIONS"]) == ("", "", {})


def test_a_file_is_written_by_one_at_a_time_and_synced() -> None:
    found = read_database("sqlite:////srv/privet/state%20of.sqlite3")
    assert found["NAME"] == "/srv/privet/state of.sqlite3"
    assert "synchronous=FULL" in str(found["OPTIONS"])
