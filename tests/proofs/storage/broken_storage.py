"""A database that restarts and a disk that is full, while a web server goes on."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import psycopg
from django.db import connection, connections
from psycopg import sql

from tests.proofs.web_server import WebServer

LOCKED_SECONDS = 1.0
DISK_FULL = """
CREATE FUNCTION refuse_for_want_of_space() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON survey_ballot
    FOR EACH ROW EXECUTE FUNCTION refuse_for_want_of_space();
"""
DISK_FREE = """
DROP TRIGGER full_disk ON survey_ballot;
DROP FUNCTION refuse_for_want_of_space();
"""


@contextmanager
def restarting_database(server: WebServer) -> Iterator[None]:
    """End every connection and refuse new ones, as a server does that restarts.

    SQLite has no server: there somebody holds the whole file for a second, as a backup may.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN EXCLUSIVE")
            sleep(LOCKED_SECONDS)
            cursor.execute("COMMIT")
        yield
        return
    name = str(connection.settings_dict["NAME"])
    parameters = connection.get_connection_params() | {"dbname": "postgres", "context": None}
    connections.close_all()
    with psycopg.connect(**parameters, autocommit=True) as keeper:
        _allow_connections(keeper, name, allowed=False)
        try:
            keeper.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            yield
        finally:
            _allow_connections(keeper, name, allowed=True)


@contextmanager
def full_disk(server: WebServer) -> Iterator[None]:
    """Let no ballot be written for want of space.

    SQLite: no file of the server's processes may grow past the database's present size, which has
    no free page left. PostgreSQL: inserts fail as on a full disk, with its error 53100; a disk that
    is really full would be that of every database of the machine.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(DISK_FULL)
            yield
            cursor.execute(DISK_FREE)
            return
        cursor.execute("VACUUM")
        size = Path(str(connection.settings_dict["NAME"])).stat().st_size
        with _files_limited(server.everybody(), size):
            yield


@contextmanager
def _files_limited(processes: tuple[int, ...], size: int) -> Iterator[None]:
    before = {process: resource.prlimit(process, resource.RLIMIT_FSIZE) for process in processes}
    for process, (_, most) in before.items():
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size, most))
    yield
    for process, limits in before.items():
        resource.prlimit(process, resource.RLIMIT_FSIZE, limits)


def _allow_connections(keeper: "psycopg.Connection[object]", name: str, *, allowed: bool) -> None:
    word = sql.SQL("true" if allowed else "false")
    keeper.execute(
        sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(sql.Identifier(name), word)
    )
