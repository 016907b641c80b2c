"""The file of people: e-mail, name, unit, function, and perhaps a language."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from survey.import_files.cells import NAME_LENGTH, email_problems, text_problems
from survey.import_files.characters import text_key
from survey.import_files.language_names import language_of
from survey.import_files.problems import FileProblemsError, Problem, Remark, again_as_on, quoted
from survey.import_files.records import Reading
from survey.import_files.tables import Line, Table, read_table, without_repeats
from survey.import_files.units import code_key, near_code
from survey.mail.addresses import AddressError, address_as_sent, address_key
from survey.mail.domains import expected_address, is_allowed
from survey.mail.folded_addresses import folded_address
from survey.models import Function

REQUIRED: Final = ("email", "name", "unit", "function")
OPTIONAL: Final = ("language",)
FUNCTION_WORDS: Final = {
    "operations": Function.OPERATIONS,
    "service operations": Function.OPERATIONS,
    "sales": Function.SALES,
    "service sales": Function.SALES,
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person to invite; unit is a unit's code, an empty language the campaign's first."""

    email: str
    name: str
    unit: str
    function: Function
    language: str = ""


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """What a file of people holds, and what is wrong with it."""

    rows: tuple[PersonRow, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Remark, ...] = ()
    reading: Reading = field(default=Reading(""), compare=False)


def read_people(
    data: bytes,
    *,
    file: str = "people.csv",
    units: Collection[str] | None = None,
    languages: Collection[str] = ("en",),
    domains: Collection[str] = (),
    includes_hidden: bool = False,
) -> PeopleFile:
    """Return the people and every problem.

    units: the codes that exist, None checks none; domains: those allowed, none allow every one.
    """
    try:
        table = read_table(
            data, file=file, required=REQUIRED, optional=OPTIONAL, includes_hidden=includes_hidden
        )
    except FileProblemsError as error:
        return PeopleFile((), error.problems, error.remarks)
    table = without_repeats(table)
    problems = table.with_problems(
        [
            *_cell_problems(table, languages),
            *_repeated_addresses(table),
            *_foreign_addresses(table, domains),
            *_unknown_units(table, units),
        ]
    )
    rows = () if problems else tuple(_row(line, languages) for line in table.lines)
    return PeopleFile(rows, tuple(problems), table.remarks, table.reading)


def _row(line: Line, languages: Collection[str]) -> PersonRow:
    cells = line.cells
    return PersonRow(
        email=address_as_sent(cells["email"]),
        name=cells["name"],
        unit=cells["unit"],
        function=FUNCTION_WORDS[text_key(cells["function"])],
        language=language_of(cells.get("language", ""), languages) or "",
    )


def _cell_problems(table: Table, languages: Collection[str]) -> Iterator[Problem]:
    for line in table.lines:
        cells = line.cells
        yield from email_problems(table, line, "email", is_required=True)
        yield from text_problems(table, line, "name", length=NAME_LENGTH)
        if not cells["unit"]:
            yield table.problem(line, "unit", _("the code of a unit"), _("nothing"))
        if text_key(cells["function"]) not in FUNCTION_WORDS:
            found = quoted(cells["function"])
            yield table.problem(line, "function", _("operations or sales"), found)
        language = cells.get("language", "")
        if language and language_of(language, languages) is None:
            expected = _("a language of the questionnaire (%s)") % ", ".join(languages)
            yield table.problem(line, "language", expected, quoted(language))


def _repeated_addresses(table: Table) -> Iterator[Problem]:
    """Compare the mailboxes that addresses reach, however each of them is written."""
    first_seen: dict[str, tuple[int, str]] = {}
    for line in table.lines:
        address = address_key(line.cells["email"])
        if not address:
            continue
        number, first = first_seen.setdefault(folded_address(address), (line.number, address))
        if number == line.number:
            continue
        expected, found = _("every address once"), again_as_on(address, number)
        if first != address:
            expected, found = _("every mailbox once"), _same_mailbox(address, first, number)
        yield table.problem(line, "email", expected, found)


def _same_mailbox(address: str, first: str, line: int) -> str:
    same = _("%(address)s, which reaches the same mailbox as %(first)s on line %(line)d")
    return same % {"address": quoted(address), "first": quoted(first), "line": line}


def _foreign_addresses(table: Table, domains: Collection[str]) -> Iterator[Problem]:
    for line in table.lines:
        try:
            address = address_as_sent(line.cells["email"])
        except AddressError:  # told already
            continue
        if not is_allowed(address, domains):
            yield table.problem(line, "email", expected_address(domains), quoted(address))


def _unknown_units(table: Table, units: Collection[str] | None) -> Iterator[Problem]:
    if units is None:
        return
    known = {code_key(code): code for code in units}
    for line in table.lines:
        unit = line.cells["unit"]
        if unit and code_key(unit) not in known:
            found = near_code(unit, known)
            yield table.problem(line, "unit", _("the code of a unit in the tree"), found)
