"""Light, dark, English, Spanish: asked for, kept until the browser closes, obeyed."""

import re

import pytest
from django.test import Client


@pytest.mark.django_db
def test_who_asks_for_dark_gets_it_on_every_page() -> None:
    client = Client()
    response = client.post("/privacy/theme", {"theme": "dark", "next": "/accounts/login/"})
    assert response["Location"] == "/accounts/login/"
    page = client.get("/accounts/login/").content.decode()
    assert 'data-theme="dark"' in page


@pytest.mark.django_db
def test_the_theme_is_kept_until_the_browser_closes_and_no_script_reads_it() -> None:
    cookie = Client().post("/privacy/theme", {"theme": "light"}).cookies["privet_theme"]
    assert cookie["max-age"] == ""
    assert cookie["httponly"]


@pytest.mark.django_db
def test_the_system_is_followed_again() -> None:
    client = Client()
    client.post("/privacy/theme", {"theme": "dark"})
    client.post("/privacy/theme", {"theme": ""})
    assert "data-theme" not in client.get("/accounts/login/").content.decode()


@pytest.mark.django_db
def test_a_theme_that_does_not_exist_is_none() -> None:
    client = Client()
    client.cookies["privet_theme"] = '"><script>'
    assert "data-theme" not in client.get("/accounts/login/").content.decode()


@pytest.mark.django_db
def test_the_way_back_never_leads_elsewhere() -> None:
    response = Client().post("/privacy/theme", {"theme": "dark", "next": "https://evil.example/"})
    assert response["Location"] == "/privacy/choices"


@pytest.mark.django_db
def test_light_pages_do_not_load_the_dark() -> None:
    client = Client()
    client.cookies["privet_theme"] = "light"
    assert "dark.css" not in client.get("/accounts/login/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("theme", "media"), [("dark", "screen"), ("", "screen and (prefers-color-scheme: dark)")]
)
def test_what_is_dark_on_the_screen_is_printed_light(theme: str, media: str) -> None:
    client = Client()
    client.cookies["privet_theme"] = theme
    page = client.get("/accounts/login/").content.decode()
    assert re.search(r'dark\.[^>]*css[^>]* media="([^"]*)"', page).group(1) == media  # type: ignore[union-attr]


@pytest.mark.django_db
def test_the_language_can_be_changed() -> None:
    client = Client()
    client.post("/privacy/language", {"language": "es", "next": "/accounts/login/"})
    page = client.get("/accounts/login/").content.decode()
    assert '<html lang="es"' in page
    assert "Iniciar sesión" in page


@pytest.mark.django_db
def test_the_browsers_language_is_followed() -> None:
    page = Client().get("/accounts/login/", headers={"Accept-Language": "es-MX"}).content.decode()
    assert '<html lang="es"' in page
