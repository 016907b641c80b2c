"""Everything that lies in the files of a database: pages in use, free pages, logs."""

from collections.abc import Iterator
from pathlib import Path

from django.db import connection

LARGEST = 1_000_000_000  # bytes of one file


def stolen_tables() -> Iterator[bytes]:
    """Yield the files of tables and indexes as they lie on disk, dead rows included.

    SQLite: the database with its journal and log. PostgreSQL: every relation of the product, after
    a checkpoint; reading its files takes a superuser.
    """
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        yield from (path.read_bytes() for path in sorted(name.parent.glob(f"{name.name}*")))
        return
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT pg_relation_filepath(oid) FROM pg_class "
            "WHERE relkind IN ('r', 'i', 't', 'S') AND relfilenode <> 0 AND oid >= 16384"
        )
        for (path,) in cursor.fetchall():
            yield _server_file(path)


def stolen_log() -> Iterator[bytes]:
    """Yield the newest segments of PostgreSQL's write-ahead log; SQLite's is among its files."""
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'pg_wal/' || name FROM pg_ls_waldir() "
            "WHERE modification > now() - interval '10 minutes' ORDER BY name"
        )
        for (path,) in cursor.fetchall():
            yield _server_file(path)


def _server_file(path: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_read_binary_file(%s, 0, %s, true)", [path, LARGEST])
        (content,) = cursor.fetchone()
        return bytes(content or b"")
