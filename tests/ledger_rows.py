"""Taking away what keeps the ledger from being changed, while a test empties its tables."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

TABLE = "survey_ledgerentry"


@contextmanager
def changeable_ledger() -> Iterator[None]:
    """Let entries be changed and deleted inside; afterwards the database refuses it again."""
    if connection.vendor == "postgresql":
        before = [f"ALTER TABLE IF EXISTS {TABLE} DISABLE TRIGGER USER"]
        after = [f"ALTER TABLE IF EXISTS {TABLE} ENABLE TRIGGER USER"]
    else:
        triggers = _triggers()
        before = [f"DROP TRIGGER {name}" for name, _ in triggers]
        after = [statement for _, statement in triggers]
    _execute(before)
    try:
        yield
    finally:
        _execute(after)


def _triggers() -> list[tuple[str, str]]:
    """Return name and making of SQLite's triggers of the ledger."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE]
        )
        return list(cursor.fetchall())


def _execute(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
