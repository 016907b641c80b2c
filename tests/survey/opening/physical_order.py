"""The order in which rows lie in a database, which no query promises."""

from django.db import connection


def physical_place() -> str:
    """Return the hidden column that tells where a row lies."""
    return "ctid" if connection.vendor == "postgresql" else "rowid"
