"""Style sheets, scripts and fonts."""

import gzip
import re
from urllib.parse import urljoin

import pytest
from django.templatetags.static import static
from django.test import Client

SHEET = "/static/privet/look/base.css"


@pytest.mark.django_db
def test_a_sheet_is_served_packed_to_who_can_unpack_it() -> None:
    response = Client().get(SHEET, headers={"Accept-Encoding": "gzip, br"})
    assert response["Content-Encoding"] == "gzip"
    assert b".card" in gzip.decompress(response.content)
    assert response["Content-Length"] == str(len(response.content))


@pytest.mark.django_db
def test_a_sheet_is_served_plain_to_others() -> None:
    response = Client().get(SHEET)
    assert "Content-Encoding" not in response
    assert b".card" in response.content


@pytest.mark.django_db
def test_who_has_the_file_is_told_that_it_has_not_changed() -> None:
    tag = Client().get(SHEET)["ETag"]
    response = Client().get(SHEET, headers={"If-None-Match": tag})
    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.django_db
def test_a_question_for_the_head_gets_no_body() -> None:
    response = Client().head(SHEET)
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.django_db
def test_a_file_that_does_not_exist_is_not_found() -> None:
    assert Client().get("/static/privet/look/nothing.css").status_code == 404


def test_an_address_changes_with_its_file() -> None:
    assert static("look/base.css").startswith(f"{SHEET}?v=")
    assert static("look/nothing.css") == "/static/privet/look/nothing.css"


@pytest.mark.django_db
def test_a_font_is_loaded_ahead_from_where_the_style_sheet_has_it() -> None:
    browser = Client()
    page = browser.get("/accounts/login/").content.decode()
    (ahead,) = re.findall(r'rel="preload" href="([^"]+)"', page)
    sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
    named = [
        urljoin(sheet, font)
        for sheet in sheets
        for font in re.findall(r'url\("([^"]+\.woff2)"\)', browser.get(sheet).content.decode())
    ]
    assert ahead in named
