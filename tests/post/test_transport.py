"""How mails leave, as the setting says it."""

import pytest

from privet.kernel.errors import ConfigError
from privet.post.transport import Transport, make_transport

FROM = "privet@example.org"


def test_an_installation_without_the_setting_sends_nothing():
    assert make_transport(url="", sender=FROM) is None


def test_mails_from_nobody_are_not_sent():
    with pytest.raises(ConfigError, match="PRIVET_MAIL_FROM"):
        make_transport(url="smtps://host", sender="")


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtps://mail.example.org", 465, False, True),
        ("smtp://mail.example.org", 587, True, False),
        ("smtp+plain://127.0.0.1", 25, False, False),
        ("smtp://mail.example.org:2525", 2525, True, False),
    ],
)
def test_the_scheme_says_how_it_is_encrypted(url, port, starttls, tls):
    made = make_transport(url=url, sender=FROM)
    assert made is not None
    backend = made.connect()
    assert (backend.host, backend.port) == (url.split("//")[1].split(":")[0], port)
    assert (backend.use_tls, backend.use_ssl) == (starttls, tls)


def test_the_name_and_the_password_may_hold_any_sign():
    backend = Transport(url="smtps://p%40x:a%2Fb%3A@host", sender=FROM).connect()
    assert (backend.username, backend.password) == ("p@x", "a/b:")


def test_mails_can_go_into_a_directory(tmp_path):
    from django.core.mail import EmailMessage

    connection = Transport(url=f"file://{tmp_path}", sender=FROM).connect()
    connection.send_messages([EmailMessage("Hello", "World", FROM, ["alice@example.org"])])
    [file] = tmp_path.iterdir()
    assert "Subject: Hello" in file.read_text()


@pytest.mark.parametrize(
    "url",
    ["ftp://host", "smtps://", "nonsense", "file://", "smtp://host:mail", "smtp://host:99999"],
)
def test_another_address_is_refused_with_what_to_do(url):
    with pytest.raises(ConfigError, match="PRIVET_MAIL_URL"):
        Transport(url=url, sender=FROM).connect()
