"""What the addresses in the settings say arrives at the drivers, or is refused in one line."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler

from diagnostics.project import environment
from diagnostics.project.connections import mail_settings
from tests.architecture.test_settings import run_check
from tests.flows.running_site import database_url

OURS = "-c lock_timeout=30s"
VERIFYING = "sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=5&application_name=rutin"


def entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str) -> dict[str, Any]:
    """Return the DATABASES entry of an address."""
    monkeypatch.setenv("DATABASE_URL", address)
    return environment.database(tmp_path)


def parameters(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what Django hands to the driver."""
    return dict(ConnectionHandler({"default": settings})["default"].get_connection_params())


def test_every_option_of_a_postgresql_address_reaches_the_driver(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = (
        f"postgres://rutin:sesame@db.example.com/rutin?{VERIFYING}"
        "&options=-c%20statement_timeout%3D9s&conn_max_age=0&disable_server_side_cursors=true"
    )
    settings = entry(monkeypatch, tmp_path, address)

    given = parameters(settings)
    assert settings["CONN_MAX_AGE"] == 0
    assert (settings["CONN_HEALTH_CHECKS"], settings["DISABLE_SERVER_SIDE_CURSORS"]) == (True, True)
    assert {name: given[name] for name in ("host", "dbname", "user", "password")} == {
        "host": "db.example.com", "dbname": "rutin", "user": "rutin", "password": "sesame",
    }  # fmt: skip
    options = ("sslmode", "sslrootcert", "connect_timeout", "application_name", "options")
    assert [given[name] for name in options] == [
        "verify-full", "/etc/ca.pem", "5", "rutin", f"{OURS} -c statement_timeout=9s",
    ]  # fmt: skip


def test_a_socket_may_be_named_as_an_option(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = entry(monkeypatch, tmp_path, "postgres:///rutin?host=/run/postgresql")

    assert parameters(settings)["host"] == "/run/postgresql"
    assert settings["OPTIONS"] == {"options": OURS}


@pytest.mark.django_db
def test_options_of_an_sqlite_address_stand_beside_our_pragmas(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "my base.sqlite3"
    address = f"sqlite:///{file}?timeout=7&init_command=PRAGMA%20cache_size%3D99%3B"
    handler = ConnectionHandler({"default": entry(monkeypatch, tmp_path, address)})
    database = handler["default"]
    with database.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("cache_size", "secure_delete", "synchronous")
        }
    database.close()

    assert found == {"cache_size": 99, "secure_delete": 1, "synchronous": 2}
    assert database.settings_dict["OPTIONS"]["timeout"] == 7
    assert database.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert database.settings_dict["NAME"] == str(file)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a server's own answers")
def test_a_real_server_is_asked_for_what_the_address_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    separator = "&" if "?" in database_url() else "?"
    address = (
        f"{database_url()}{separator}application_name=wire&options=-c%20statement_timeout%3D9s"
    )
    database = ConnectionHandler({"default": entry(monkeypatch, tmp_path, address)})["default"]
    with database.cursor() as cursor:
        shown = [
            cursor.execute(f"show {name}").fetchone()[0]
            for name in ("application_name", "lock_timeout", "statement_timeout")
        ]
        cursor.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()")
        is_encrypted = cursor.fetchone()[0]
    database.close()
    assert shown == ["wire", "30s", "9s"]

    # Whatever this server can: encrypted or not, the address decides, and not the driver.
    other = "disable" if is_encrypted else "require"
    strict = entry(monkeypatch, tmp_path, f"{database_url()}?sslmode={other}")
    chosen = ConnectionHandler({"default": strict})["default"]
    try:
        with chosen.cursor() as cursor:
            cursor.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()")
            assert cursor.fetchone()[0] is (other == "require")
    except OperationalError as error:
        assert "server does not support SSL" in str(error)  # noqa: PT017 - one of two right ends
        assert other == "require"
    finally:
        chosen.close()


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("postgres://u:sesame@h/n?sslmod=require", "found sslmod."),
        ("postgres://u:sesame@h/n?ssl=true", "found ssl."),
        ("postgres://u:sesame@h/n?isolation_level=3", "found isolation_level."),
        ("postgres://u:sesame@h/n?host=/run", "expected one host, found two."),
        ("postgres://u:sesame@h/n?options=-c%20a%3D1&options=-c%20b%3D2", "found one twice."),
        ("postgres://u:sesame@h/n?conn_max_age=ever", "found 'ever'."),
        ("postgres://u:se/same@h/n", "found something else"),
        ("postgres://u:12#sesame@h/n", "found something else"),
        ("postgres://u:12?sesame@h/n", "found something else"),
        ("postgres://u:12?sesame@h/n=1", "found something else."),
        ("mysql://u:sesame@h/n", "found another address."),
        ("//u:sesame@h/n", "found another address."),
        ("sqlite:///x?transaction_mode=DEFERRED", "found 'DEFERRED'."),
        ("sqlite:///x?factory=os.system", "found factory."),
    ],
)
def test_what_a_database_address_says_wrong_is_refused_and_no_password_quoted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str, message: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        entry(monkeypatch, tmp_path, address)

    text = str(refused.value)
    assert text.startswith("DATABASE_URL: expected ")
    assert message in text
    assert "same" not in text
    assert "\n" not in text


def test_options_of_the_mail_server_become_settings() -> None:
    given = mail_settings(
        "smtp+ssl://rutin:se%20same@mail.example.com:465"
        "?timeout=5&ssl_certfile=/a.pem&ssl_keyfile=/b.pem",
        timeout=20,
    )

    assert given == {
        "EMAIL_BACKEND": "survey.mail.smtp.CertifiedBackend",
        "EMAIL_FILE_PATH": "",
        "EMAIL_HOST": "mail.example.com",
        "EMAIL_PORT": 465,
        "EMAIL_HOST_USER": "rutin",
        "EMAIL_HOST_PASSWORD": "se same",
        "EMAIL_USE_SSL": True,
        "EMAIL_TIMEOUT": 5,
        "EMAIL_SSL_CERTFILE": "/a.pem",
        "EMAIL_SSL_KEYFILE": "/b.pem",
    }
    assert mail_settings("smtp://localhost:25", timeout=20)["EMAIL_TIMEOUT"] == 20


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("smtp+tls://u:sesame@h?verify=no", "found verify."),
        ("smtp://u:sesame@h:587", "expected smtp+tls:// or smtp+ssl:// for another machine"),
        ("smtp+tls://u:se/same@h", "found something else"),
        ("smtp+tls://u:sesame@h?timeout=soon", "found 'soon'."),
        ("imaps://u:sesame@h", "found another address."),
        ("filemail:///mail?timeout=5", "expected no options, found timeout."),
    ],
)
def test_what_a_mail_address_says_wrong_is_refused_and_no_password_quoted(
    address: str, message: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        mail_settings(address, timeout=20)

    assert str(refused.value).startswith("EMAIL_URL")
    assert message in str(refused.value)
    assert "same" not in str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"DATABASE_URL": "postgres://u:se/same@h/n"},
        {"EMAIL_URL": "smtp+tls://u:se/same@h"},
        {"BOUNCE_MAILBOX": "imaps://u:se/same@h"},
    ],
)
def test_no_start_that_fails_writes_a_password(tmp_path: Path, changes: dict[str, str]) -> None:
    result = run_check(tmp_path, **changes)

    (setting,) = changes
    assert result.returncode != 0
    assert f"ImproperlyConfigured: {setting}: " in result.stderr
    assert "same" not in result.stderr + result.stdout
