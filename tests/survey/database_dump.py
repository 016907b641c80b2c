"""The whole content of a database, for tests that compare before and after."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def dump(connection: BaseDatabaseWrapper) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, sorted, blobs as bytes."""
    content = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = [
                tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)
                for row in cursor.fetchall()
            ]
            content[table] = sorted(rows, key=repr)
    return content
