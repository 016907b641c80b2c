"""Checks of single cells that both files share."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from survey.import_files.problems import Problem, quoted
from survey.import_files.tables import Line, Table
from survey.mail.addresses import AddressError, address_as_sent

CODE_LENGTH: Final = 40  # characters, as in the tables
NAME_LENGTH: Final = 120


def text_problems(
    table: Table, line: Line, heading: str, *, length: int, is_required: bool = False
) -> Iterator[Problem]:
    """Yield what is wrong with a cell of free text."""
    value = line.cells.get(heading, "")
    if is_required and not value:
        yield table.problem(line, heading, _("a %s") % heading, _("nothing"))
    if len(value) > length:
        yield _too_long(table, line, heading, length)
    # A line break in a name could end a mail's header and begin another.
    if any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in value):
        expected = _("text without line breaks and control characters")
        yield table.problem(line, heading, expected, quoted(value))


def email_problems(
    table: Table, line: Line, heading: str, *, is_required: bool = False
) -> Iterator[Problem]:
    """Yield what is wrong with a cell that holds an address."""
    value = line.cells.get(heading, "")
    if not value:
        if is_required:
            yield table.problem(line, heading, _("an e-mail address"), _("nothing"))
        return
    try:
        address_as_sent(value)
    except AddressError as error:
        yield table.problem(line, heading, error.fault.expected, error.fault.found)


def _too_long(table: Table, line: Line, heading: str, length: int) -> Problem:
    found = _("%d characters") % len(line.cells.get(heading, ""))
    return table.problem(line, heading, _("at most %d characters") % length, found)
