"""A plain table of a report."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its headings; the first cell of a row heads it."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_wide: bool = False  # its second column holds sentences
