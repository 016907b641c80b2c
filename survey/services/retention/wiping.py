"""Make sure that a deleted row is gone from the database's files too."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django_tasks_db.models import DBTaskResult

from survey.errors import WipeError
from survey.models import Ballot, Draft, Invitation, Message, UnitReport

EMPTIED: Final = (Ballot, Draft, Message, UnitReport, Invitation, DBTaskResult)
PAUSES: Final = (0.0, 1.0, 3.0)  # seconds before each try; later ones are the tick's


def wipe_deleted_rows(tables: Sequence[type[Model]] = EMPTIED) -> None:
    """Rewrite tables, those that opening empties or others; not possible inside a transaction.

    Deleting alone leaves rows in free pages and dead tuples. SQLite rewrites the whole file and
    empties its log; PostgreSQL rewrites these tables, with their indexes.
    """
    with connection.cursor() as cursor:
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
    for pause in PAUSES:
        time.sleep(pause)
        cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")
        with _reports() as details:
            cursor.execute(f"VACUUM (FULL, VERBOSE) {connection.ops.quote_name(table)}")
        if not any(_dead_rows_left(detail) for detail in details):
            return
    raise WipeError(
        f"Deleted rows of {table}: expected none left after the rewrite, found some that an "
        "older transaction still sees. It is tried again."
    )


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
    cursor.execute("VACUUM")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    is_busy, *_ = cursor.fetchone()
    if is_busy:
        raise WipeError(
            "Deleted rows: expected an empty write-ahead log, found one that somebody still reads. "
            "It is tried again."
        )
