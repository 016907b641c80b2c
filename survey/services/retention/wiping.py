"""Make sure that a deleted row is gone from the database's files too."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import is_locked_database_exception

from survey.errors import WipeError
from survey.models import Ballot, Draft, Invitation, Message, UnitReport

LOCK_NOT_AVAILABLE: Final = "55P03"  # of PostgreSQL
EMPTIED: Final = (Ballot, Draft, Message, UnitReport, Invitation, DBTaskResult)
PAUSES: Final = (0.0, 1.0, 3.0)  # seconds before each try; later ones are the tick's
# Whoever needs the table waits behind a rewrite that waits for a reader, so that it never waits
# for longer than nobody notices.
LOCK_MILLISECONDS: Final = 200


def wipe_deleted_rows(tables: Sequence[type[Model]] = EMPTIED) -> None:
    """Rewrite tables, those that opening empties or others; not possible inside a transaction.

    Deleting alone leaves rows in free pages and dead tuples. SQLite rewrites the whole file and
    empties its log; PostgreSQL rewrites these tables, with their indexes.
    """
    with connection.cursor() as cursor, _short_waits(cursor):
        if connection.vendor == "postgresql":
            for model in tables:
                _rewrite(cursor, model._meta.db_table)
        else:
            _rewrite_file(cursor)


def _rewrite(cursor: CursorWrapper, table: str) -> None:
    """Rewrite a table until no dead row is left.

    A transaction begun before the rows were deleted, a backup for example, may still see them,
    and so PostgreSQL would keep them. A plain VACUUM goes first, because a rewrite alone also
    keeps what a transaction in some other database of the same server could have seen.
    """
    found = ""
    for pause in PAUSES:
        time.sleep(pause)
        found = _left_after_rewrite(cursor, table)
        if not found:
            return
    raise WipeError(
        f"Deleted rows of {table}: expected none left after the rewrite, found {found}. "
        "It is tried again."
    )


def _left_after_rewrite(cursor: CursorWrapper, table: str) -> str:
    """Rewrite a table and return why deleted rows may still be in it; nothing if none is."""
    name = connection.ops.quote_name(table)
    try:
        cursor.execute(f"VACUUM {name}")
        with _reports() as details:
            cursor.execute(f"VACUUM (FULL, VERBOSE) {name}")
    except OperationalError as error:
        if not is_lock_refused(error):
            raise
        return "somebody who reads it for longer, a backup for example"
    if any(_dead_rows_left(detail) for detail in details):
        return "some that an older transaction still sees"
    return ""


def is_lock_refused(error: OperationalError) -> bool:
    """Tell whether a statement was refused because it would have waited for somebody too long."""
    return getattr(error.__cause__, "sqlstate", "") == LOCK_NOT_AVAILABLE


@contextmanager
def _short_waits(cursor: CursorWrapper) -> Iterator[None]:
    """Let no statement of the body wait long for a lock; afterwards all is as it was.

    On SQLite a rewrite waits for readers, and everybody who writes waits for it.
    """
    if connection.vendor == "postgresql":
        cursor.execute("SHOW lock_timeout")
        setting = "SET lock_timeout = '{}'"
    else:
        cursor.execute("PRAGMA busy_timeout")
        setting = "PRAGMA busy_timeout = {}"
    before = cursor.fetchone()[0]
    _set(cursor, setting.format(LOCK_MILLISECONDS))
    try:
        yield
    finally:
        if connection.is_usable():  # a new line has the setting of the address
            _set(cursor, setting.format(before))


def _set(cursor: CursorWrapper, statement: str) -> None:
    cursor.execute(statement)
    if connection.vendor == "sqlite":
        cursor.fetchall()  # a statement that is not read to its end keeps the file from a rewrite


@contextmanager
def _reports() -> Iterator[list[str]]:
    """Collect the details of what PostgreSQL reports meanwhile."""
    details: list[str] = []

    def note(diagnostic: Any) -> None:  # noqa: ANN401
        # Read at once: psycopg frees it after the call.
        details.append(diagnostic.message_detail or "")

    session: Any = connection.connection
    session.add_notice_handler(note)
    try:
        yield details
    finally:
        session.remove_notice_handler(note)


def _dead_rows_left(detail: str) -> int:
    """Return how many dead rows a report of VACUUM FULL says it had to keep.

    >>> _dead_rows_left("28 dead row versions cannot be removed yet.")  # or in another language
    28
    """
    number = re.search(r"\d+", detail)
    return int(number.group()) if number else 0


def _rewrite_file(cursor: CursorWrapper) -> None:
    for pause in PAUSES:
        time.sleep(pause)
        try:
            cursor.execute("VACUUM")
            break
        except OperationalError as error:
            if not is_locked_database_exception(error):
                raise
    else:
        raise WipeError(
            "Deleted rows: expected a file that can be rewritten, found one that somebody reads or "
            "writes for longer. It is tried again."
        )
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    is_busy, *_ = cursor.fetchone()
    if is_busy:
        raise WipeError(
            "Deleted rows: expected an empty write-ahead log, found one that somebody still reads. "
            "It is tried again."
        )
