"""One step of the clock's work, standing alone: its failure is logged and never stops the next."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from traceback import format_exception, format_tb

from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django_tasks_db.utils import is_locked_database_exception

logger = logging.getLogger(__name__)


@contextmanager
def standing_alone(step: str, about: object = "") -> Iterator[None]:
    """Log what goes wrong inside, with its reason, and go on; only a lost database ends it all.

    Nothing is noted as done, so whoever calls tries again at the next tick.
    """
    try:
        yield
    except Exception as error:
        # Whatever it is, a full disk, a folder that is a file, a bug: the steps after this one
        # close, open and mail for other people.
        if database_is_lost(error):
            raise
        place = f"{step}, {about}" if about else step
        logger.error("This step failed and is tried again (%s): %s", place, reason_of(error))


def after_commit(callback: Callable[[], object], *, step: str, about: object = "") -> None:
    """Do something after the commit; its failure is logged and stops nothing else.

    In place of Django's `robust=True`, which fails itself at a callback without a name of its
    own, such as a partial.
    """

    def call() -> None:
        with standing_alone(step, about):
            callback()

    transaction.on_commit(call)


def database_is_lost(error: BaseException) -> bool:
    """Tell whether an error means that the database is out of reach, and not one statement's fault.

    A lock that is not granted on PostgreSQL, or a full disk, is the fault of one statement; on
    SQLite a lock closes the whole file.
    """
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    if connection.connection is None or not connection.is_usable():
        return True
    return (
        connection.vendor == "sqlite" and bool(error.args) and is_locked_database_exception(error)
    )


def drop_cut_line() -> None:
    """Let go of a line that the database may have cut while something long was computed.

    Within a transaction there is none to let go of: it would end what was begun.
    """
    if not connection.in_atomic_block:
        close_old_connections()


def reason_of(error: BaseException) -> str:
    """Return what happened and where, in text that every log and every column takes.

    Of a database's error its kind only: it may quote a row.
    """
    if isinstance(error, DatabaseError):
        lines = [f"{type(error).__name__}\n", *format_tb(error.__traceback__)]
    else:
        lines = format_exception(error)
    return "".join(lines).encode(errors="backslashreplace").decode().replace("\0", "\\0")
