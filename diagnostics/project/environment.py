"""Read the process environment once and refuse unsafe settings before Django starts."""

import errno
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from diagnostics.project.connections import database_settings, is_sqlite, mail_settings
from survey.errors import InputError
from survey.mail.mailboxes import LOOPBACK, read_address
from survey.proxies import read_proxies

DEVELOPMENT_KEY = "development-only-key-not-for-any-real-campaign-0123456789"

SHORTEST_SECRET = 32  # characters
PAPERS = ("A4", "Letter")
MAIL_SECONDS = 20  # longest wait for an answer of the mail server
LOCK_SECONDS = 30  # longest wait for a lock; then 503 and another try, never a request that hangs

environment = environ.Env()


def secret_key(*, debug: bool) -> str:
    """Return SECRET_KEY; only development may do without one."""
    value = environment.str("SECRET_KEY", "")
    if value:
        return value
    if debug:
        return DEVELOPMENT_KEY
    raise ImproperlyConfigured(
        "SECRET_KEY is missing: expected 50 or more random characters in the environment, "
        "found nothing. Set DEBUG=1 only for development."
    )


def shared_secret(name: str) -> str:
    """Return a secret shared with another program, or nothing; a short one can be guessed."""
    value = environment.str(name, "")
    if value and len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"{name} is too short: expected {SHORTEST_SECRET} characters or more, "
            f"found {len(value)}."
        )
    return value


def site_url(*, debug: bool) -> str:
    """Return SITE_URL without a trailing slash; every link in a mail is built from it."""
    value = environment.str("SITE_URL", "http://localhost:8000" if debug else "").rstrip("/")
    if not value:
        raise ImproperlyConfigured(
            "SITE_URL is missing: expected the public address, such as "
            "https://rutin.example.com, found nothing."
        )
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(
            f"SITE_URL is not an address: expected https://host, found {value!r}."
        )
    if parts.scheme == "http" and not debug and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured(
            f"SITE_URL is not encrypted: expected https:// outside development, found {value!r}."
        )
    return value


def trusted_proxies() -> tuple[str, ...]:
    """Return TRUSTED_PROXIES, the web servers in front whose forwarded headers are believed."""
    if environment.str("BEHIND_PROXY", ""):
        raise ImproperlyConfigured(
            "BEHIND_PROXY is a setting no longer: expected TRUSTED_PROXIES with the addresses of "
            "the web servers in front, such as TRUSTED_PROXIES=127.0.0.1, found BEHIND_PROXY."
        )
    entries = tuple(part.strip() for part in environment.str("TRUSTED_PROXIES", "").split(","))
    if entries == ("",):
        return ()
    try:
        read_proxies(entries)
    except InputError as error:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES: {error}.") from error
    return entries


def report_paper() -> str:
    """Return REPORT_PAPER, the paper that reports are laid out for."""
    value = environment.str("REPORT_PAPER", PAPERS[0])
    if value not in PAPERS:
        raise ImproperlyConfigured(
            f"REPORT_PAPER is not a paper: expected {' or '.join(PAPERS)}, found {value!r}."
        )
    return value


def mail_server(*, debug: bool) -> dict[str, object]:
    """Return the settings that EMAIL_URL stands for."""
    nowhere = "consolemail://" if debug else "smtp://localhost:25"
    return mail_settings(environment.str("EMAIL_URL", "") or nowhere, timeout=MAIL_SECONDS)


def bounce_mailbox() -> str:
    """Return BOUNCE_MAILBOX, where reports of undelivered mail are read, or nothing."""
    address = environment.str("BOUNCE_MAILBOX", "")
    if address:
        try:
            read_address(address)
        except InputError as error:
            raise ImproperlyConfigured(f"BOUNCE_MAILBOX: {error}") from None
    return address


def database(folder: Path) -> dict[str, object]:
    """Return the DATABASES entry: PostgreSQL by DATABASE_URL, else an SQLite file in the folder."""
    file = folder / "rutin.sqlite3"
    address = environment.str("DATABASE_URL", "") or f"sqlite:///{quote(str(file))}"
    if is_sqlite(address):
        settings = database_settings(address, ours=sqlite_options(), of_sqlite=True)
        # SQLite makes its file, but not the folder of a first start.
        Path(str(settings["NAME"])).parent.mkdir(parents=True, exist_ok=True)
        settings["TEST"] = {"NAME": folder / "test.sqlite3"}
        return settings
    ours = {"options": f"-c lock_timeout={LOCK_SECONDS}s"}
    settings = database_settings(address, ours=ours, of_sqlite=False)
    return {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, **settings}


def database_folder(settings: Mapping[str, object]) -> Path | None:
    """Return the folder of an SQLite file; None for a server, or a database in memory."""
    name = str(settings["NAME"])
    if settings["ENGINE"] != "django.db.backends.sqlite3" or name.startswith((":", "file:")):
        return None
    return Path(name).parent


def key_folder(*, debug: bool, folder: Path) -> Path:
    """Return KEY_DIR; only development may do without one, and then keeps keys with the rest."""
    value = environment.str("KEY_DIR", "") or (str(folder / "keys") if debug else "")
    if not value:
        raise ImproperlyConfigured(
            "KEY_DIR is missing: expected the absolute path of a folder for the keys of campaigns, "
            "apart from the database and its backups, found nothing."
        )
    return Path(value)


def require_key_folders(
    folders: Mapping[str, Path | str], *, apart_from: Mapping[str, Path | None], debug: bool
) -> None:
    """Refuse folders for keys that cannot be used or, outside development, lie with other files.

    Whoever copies, backs up or serves such a folder as a whole would have both. Whether a folder
    is there already is not asked: the web process needs none, and the worker makes its own.
    """
    places = {name: Path(folder) for name, folder in folders.items() if str(folder)}
    for name, folder in places.items():
        resolved = _usable_folder(name, folder)
        if debug:
            continue
        if not folder.is_absolute():
            raise ImproperlyConfigured(
                f"{name} is not absolute: expected a path that begins with /, found {folder}."
            )
        for other, place in {**apart_from, **places}.items():
            if other != name and place is not None and _overlap(resolved, place.resolve()):
                raise ImproperlyConfigured(
                    f"{name} is not apart: expected a folder neither in nor around that of "
                    f"{other}, {place}, found {folder}."
                )


def _usable_folder(name: str, folder: Path) -> Path:
    """Return the folder with symbolic links followed, or refuse a path on which there is a file."""
    try:
        resolved = folder.resolve()
        parts = (resolved, *resolved.parents)
        if any(part.is_symlink() for part in parts):  # since Python 3.13 no loop raises by itself
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        blocking = [part for part in parts if part.is_file()]
    except PermissionError:
        return folder.absolute()  # the worker's alone, as it should be
    except (OSError, RuntimeError, ValueError) as error:
        raise ImproperlyConfigured(
            f"{name} is unusable: expected the path of a folder, found {str(folder)!r} ({error})."
        ) from error
    if blocking:
        raise ImproperlyConfigured(
            f"{name} is unusable: expected a folder, found a file at {blocking[0]}."
        )
    return resolved


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def sqlite_options() -> dict[str, object]:
    """Return pragmas that keep acknowledged answers and wipe deleted ones."""
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "DELETE"
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": LOCK_SECONDS,
        "init_command": f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL; "
        "PRAGMA secure_delete=ON;",
    }


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Tell whether SQLite's write-ahead log has the fix without which a reset may lose commits.

    >>> [wal_is_safe(version) for version in ((3, 40, 1), (3, 44, 6), (3, 50, 6), (3, 51, 3))]
    [False, True, False, True]
    """
    return (
        version >= (3, 51, 3)
        or (3, 50, 7) <= version < (3, 51, 0)
        or (3, 44, 6) <= version < (3, 45, 0)
    )
