"""The database of a scenario, and what can happen to it: cut connections, locks, silence."""

import secrets
import shutil
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.faults.proxy import DatabaseProxy

SQLITE, POSTGRESQL = "sqlite", "postgresql"
PRODUCT_NAME: Final = "rutin-product"  # what the product's connections are called
HOLDING: Final = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


class Database(ABC):
    """A database of one scenario; `address` leads there at once, `product_address` as faults do."""

    kind: str
    address: str
    product_address: str

    @abstractmethod
    def cut(self) -> str:
        """Disturb the product's use of it for a moment; return what was done."""

    @abstractmethod
    def take_away(self, seconds: float, *, silently: bool) -> str:
        """Keep the product from it for some seconds; return what was done."""

    @abstractmethod
    def drop(self) -> None:
        """Remove it."""


class SqliteFile(Database):
    """A file; another process can hold its lock."""

    kind = SQLITE

    def __init__(self, file: Path) -> None:
        self.file = file
        self.address = self.product_address = f"sqlite:///{file}"

    def cut(self) -> str:
        """Hold the write lock for a moment."""
        return self._hold(1.0)

    def take_away(self, seconds: float, *, silently: bool) -> str:
        """Hold the write lock."""
        return self._hold(seconds)

    def drop(self) -> None:
        """Leave the file in the scenario's folder, which goes as a whole."""

    def _hold(self, seconds: float) -> str:
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLDING, str(self.file), str(seconds)], stdout=subprocess.PIPE
        )
        assert holder.stdout is not None
        with holder.stdout:
            holder.stdout.readline()
            holder.wait()
        return f"write lock held for {seconds:g} s"


class PostgresDatabase(Database):
    """A database on a server that others use too: only connections to it are touched."""

    kind = POSTGRESQL

    def __init__(self, server: str, name: str) -> None:
        self._server, self._name = server, name
        parts = urlsplit(server)
        self.address = urlunsplit(parts._replace(path=f"/{name}"))
        self._proxy = DatabaseProxy(parts.hostname or "127.0.0.1", parts.port or 5432)
        user = parts.netloc.rpartition("@")[0]
        netloc = f"{user}@127.0.0.1:{self._proxy.port}"
        self.product_address = urlunsplit(parts._replace(netloc=netloc, path=f"/{name}"))

    def cut(self) -> str:
        """End every connection of the product."""
        with psycopg.connect(self._server, autocommit=True) as connection:
            ended = connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = %s and application_name = %s",
                (self._name, PRODUCT_NAME),
            ).fetchall()
        return f"{len(ended)} connections ended"

    def take_away(self, seconds: float, *, silently: bool) -> str:
        """Cut all connections and refuse new ones, or keep them open and pass nothing on."""
        if silently:
            self._proxy.stall()
        else:
            self._proxy.drop()
        time.sleep(seconds)
        self._proxy.restore()
        return f"database {'silent' if silently else 'gone'} for {seconds:g} s"

    def drop(self) -> None:
        """Drop it, whoever is connected."""
        self._proxy.stop()
        with psycopg.connect(self._server, autocommit=True) as connection:
            name = sql.Identifier(self._name)
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))


@contextmanager
def database_of(kind: str, template: str, folder: Path, server: str) -> Iterator[Database]:
    """Make a scenario's database as a copy of a migrated one."""
    database: Database
    if kind == SQLITE:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "rutin.sqlite3"
        shutil.copyfile(template, file)
        database = SqliteFile(file)
    else:
        name = f"rutin_faults_{secrets.token_hex(4)}"
        make_database(server, name, template=template)
        database = PostgresDatabase(server, name)
    try:
        yield database
    finally:
        database.drop()


def make_database(server: str, name: str, *, template: str = "template0") -> None:
    """Make a database on the server, as a copy of another."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def drop_database(server: str, name: str) -> None:
    """Drop a database of the suite."""
    with psycopg.connect(server, autocommit=True) as connection:
        statement = sql.SQL("drop database if exists {} with (force)")
        connection.execute(statement.format(sql.Identifier(name)))
