"""What DATABASE_URL and EMAIL_URL say, whole: every option arrives, or is refused in one line.

No message quotes an address: a password may stand in it, whole or in a part that went astray.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from survey.mail.mailboxes import LOOPBACK, OPTION_NAME

Settings = dict[str, Any]

POSTGRESQL: Final = ("postgres", "postgresql", "psql", "pgsql")
MAIL_SERVERS: Final = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
MAIL_ELSEWHERE: Final = ("consolemail", "filemail", "memorymail", "dummymail")
# Options of an address that are settings of their own.
PLACES: Final = {
    "dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT",
}  # fmt: skip
SWITCHES: Final = {"conn_health_checks", "disable_server_side_cursors"}
TRUE: Final = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
OF_DJANGO: Final = {"assume_role"}  # the only option of a connection that libpq does not know
REFUSED_OF_LIBPQ: Final = {"client_encoding", "replication"}  # ours is UTF-8, and no replica
OF_SQLITE: Final = {"timeout", "cached_statements", "init_command", "transaction_mode"}
OF_MAIL: Final = {"timeout": "EMAIL_TIMEOUT", "ssl_certfile": "EMAIL_SSL_CERTFILE",
                  "ssl_keyfile": "EMAIL_SSL_KEYFILE"}  # fmt: skip


def database_settings(address: str, *, ours: Mapping[str, Any], of_sqlite: bool) -> Settings:
    """Return the DATABASES entry of an address, whose options stand beside ours.

    Settings of a session (options, init_command) are joined; where both set the same, an
    administrator's word counts on PostgreSQL, and on SQLite ours, which wipes what was deleted.
    """
    _, said = _split("DATABASE_URL", address, (*POSTGRESQL, "sqlite"))
    settings: Settings = environ.Env.db_url_config(address.partition("?")[0])
    if of_sqlite:
        settings["OPTIONS"] = _of_sqlite(said, ours)
    else:
        settings["OPTIONS"] = _of_postgresql(settings, said, ours)
    return settings


def is_sqlite(address: str) -> bool:
    """Tell whether an address names an SQLite file.

    >>> is_sqlite("sqlite:////var/rutin.sqlite3"), is_sqlite("postgres://localhost/rutin")
    (True, False)
    """
    return address.partition(":")[0] == "sqlite"


def mail_settings(address: str, *, timeout: int) -> Settings:
    """Return the settings of EMAIL_URL; a password goes over an encrypted connection only."""
    parts, said = _split("EMAIL_URL", address, (*MAIL_SERVERS, *MAIL_ELSEWHERE))
    if parts.scheme == "smtp" and parts.password and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured(
            "EMAIL_URL sends a password unencrypted: expected smtp+tls:// or smtp+ssl:// for "
            "another machine, found smtp://."
        )
    known = OF_MAIL if parts.scheme in MAIL_SERVERS else {}
    _refuse_unknown("EMAIL_URL", said, known)
    settings: Settings = environ.Env.email_url_config(address.partition("?")[0])
    settings |= {"EMAIL_TIMEOUT": timeout} | {known[name]: said[name] for name in said}
    settings["EMAIL_TIMEOUT"] = _seconds("EMAIL_URL", settings["EMAIL_TIMEOUT"])
    if "ssl_keyfile" in said and "ssl_certfile" not in said:
        raise _wrong("EMAIL_URL", "ssl_certfile beside ssl_keyfile", "ssl_keyfile alone")
    if "ssl_certfile" in said:
        settings["EMAIL_BACKEND"] = "survey.mail.smtp.CertifiedBackend"
    return settings


def _of_postgresql(settings: Settings, said: dict[str, str], ours: Mapping[str, Any]) -> Settings:
    from psycopg import pq  # only where PostgreSQL is used

    keywords = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    connection = keywords - REFUSED_OF_LIBPQ | OF_DJANGO
    _refuse_unknown("DATABASE_URL", said, {*connection, *SWITCHES, "conn_max_age"})
    for name, place in PLACES.items():
        if name in said:
            if settings[place]:
                raise _wrong("DATABASE_URL", f"one {name}", "two")
            settings[place] = said[name]
    settings |= {name.upper(): _switch(name, said[name]) for name in SWITCHES & set(said)}
    if "conn_max_age" in said:
        settings["CONN_MAX_AGE"] = _seconds("DATABASE_URL", said["conn_max_age"])
    chosen = {k: v for k, v in said.items() if k in connection and k not in PLACES}
    joined = " ".join(filter(None, (ours["options"], said.get("options", ""))))
    return {**ours, **chosen, "options": joined}


def _of_sqlite(said: dict[str, str], ours: Mapping[str, Any]) -> Settings:
    _refuse_unknown("DATABASE_URL", said, OF_SQLITE)
    mode = said.get("transaction_mode", ours["transaction_mode"])
    if mode.upper() != ours["transaction_mode"]:
        raise _wrong("DATABASE_URL", f"transaction_mode={ours['transaction_mode']}", repr(mode))
    numbers: Settings = {
        name: _seconds("DATABASE_URL", said[name])
        for name in ("timeout", "cached_statements")
        if name in said
    }
    theirs = said.get("init_command", "").strip().rstrip(";")
    commands = "; ".join(filter(None, (theirs, ours["init_command"])))
    return {**ours, **numbers, "init_command": commands}


def _split(
    setting: str, address: str, schemes: tuple[str, ...]
) -> tuple[SplitResult, dict[str, str]]:
    """Return the parts of an address and its options."""
    expected = f"{' or '.join(f'{scheme}://' for scheme in schemes)}"
    try:
        parts = urlsplit(address)
        if parts.scheme not in schemes:
            raise _wrong(setting, expected, "another address")
        if parts.scheme != "sqlite" and "," not in parts.netloc:
            parts.port  # noqa: B018 - raises ValueError where it is no number
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:  # its words quote what it could not read
        raise _unreadable(setting) from None
    if parts.fragment:
        raise _unreadable(setting)
    said = dict(pairs)
    if len(said) < len(pairs):
        raise _wrong(setting, "each option once", "one twice")
    return parts, {name.lower(): value for name, value in said.items()}


def _refuse_unknown(
    setting: str, said: Mapping[str, str], known: Mapping[str, str] | set[str]
) -> None:
    unknown = sorted(set(said) - set(known))
    if unknown:
        names = ", ".join(sorted(known)) or "no options"
        quoted = [name if OPTION_NAME.fullmatch(name) else "something else" for name in unknown]
        raise _wrong(setting, names, ", ".join(quoted))


def _seconds(setting: str, value: str | int) -> int:
    try:
        return int(value)
    except ValueError:
        raise _wrong(setting, "a whole number", repr(value)) from None


def _switch(name: str, value: str) -> bool:
    if value.lower() not in TRUE:
        raise _wrong("DATABASE_URL", f"{name}=true or false", repr(value))
    return TRUE[value.lower()]


def _unreadable(setting: str) -> ImproperlyConfigured:
    return _wrong(
        setting,
        "scheme://user:password@host:port/name?option=value, with / ? # @ : and % in the password "
        "percent-encoded",
        "something else (not quoted, it may hold the password)",
    )


def _wrong(setting: str, expected: str, found: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{setting}: expected {expected}, found {found}.")
