"""How many rows are written in one statement."""

from typing import Final

ROWS_AN_INSERT: Final = 500  # SQLite takes a limited number of values in one statement
