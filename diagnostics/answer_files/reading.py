"""A file of answers and a file of units as checked tables, or every problem by line and column."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd

from diagnostics.answer_files.meaning import (
    leader_warnings,
    name_warnings,
    scale_warnings,
    unit_keys,
)
from survey.errors import InputError
from survey.import_files.characters import text_key
from survey.import_files.headings import heading_key
from survey.import_files.people import FUNCTION_WORDS
from survey.import_files.problems import FileProblemsError, Problem, Remark, quoted
from survey.import_files.tables import Line, Table, read_table
from survey.import_files.units import UnitRow, code_key, near_code, read_units
from survey.instrument.content import Instrument
from survey.release.exclusions import ITEM_ROLES
from survey.release.tree import NOWHERE, UnitTree

POINT: Final = re.compile(r"(\d{1,3})(?:[.,]0+)?")  # spreadsheets may write 4 as 4.0
YES: Final = frozenset({"1", "yes", "true", "x"})
NO: Final = frozenset({"", "0", "no", "false"})
ROOT_KEY: Final = "company"
# Of a file on this machine, which nobody uploads: a large company's answers. 36,000 rows in 30
# units take 320 MB and 40 seconds of computing, reports included.
MOST_ROWS: Final = 200_000
MOST_BYTES: Final = 64 * 2**20


@dataclass(frozen=True)
class AnswerFiles:
    """Both files, checked: DataFrame[unit, function, leads, <items>] and the tree of units."""

    answers: pd.DataFrame
    tree: UnitTree
    remarks: tuple[Remark, ...] = ()  # what the readers tell of both files
    warnings: tuple[str, ...] = ()  # what is allowed, but looks wrong


@dataclass(frozen=True)
class AnswerTable:
    """One file of answers, checked: DataFrame[unit, function, leads, <items>]."""

    frame: pd.DataFrame
    remarks: tuple[Remark, ...] = ()
    unit_cells: tuple[str, ...] = ()  # as they stand in the file


def read_answer_files(
    answers: Path, units: Path, *, instrument: Instrument, company: str
) -> AnswerFiles:
    """Return both files' content, or raise InputError with every problem of both."""
    units_file = read_units(_bytes(units), file=units.name)
    tree = None if units_file.problems else unit_tree(units_file.rows, company=company)
    problems = list(units_file.problems)
    try:
        table = read_answer_table(
            _bytes(answers), file=answers.name, tree=tree, instrument=instrument
        )
    except FileProblemsError as error:
        remarks = (*units_file.remarks, *error.remarks)
        raise FileProblemsError([*problems, *error.problems], remarks) from error
    remarks = (*units_file.remarks, *table.remarks)
    if tree is None:
        raise FileProblemsError(problems, remarks)
    warnings = (
        *name_warnings(answers.name, table.unit_cells, tree),
        *scale_warnings(answers.name, table.frame, instrument),
        *leader_warnings(answers.name, table.frame),
    )
    return AnswerFiles(table.frame, tree, remarks, warnings)


def unit_tree(rows: Sequence[UnitRow], *, company: str) -> UnitTree:
    """Return the tree of rows that come parents first; several at the top get a company above."""
    top = [row for row in rows if not row.parent]
    has_root = len(top) == 1
    keys = [row.code for row in rows] if has_root else [_free_key(rows), *(r.code for r in rows)]
    place = {code_key(key): number for number, key in enumerate(keys)}
    parents = [
        NOWHERE if has_root and not row.parent else place.get(code_key(row.parent), 0)
        for row in rows
    ]
    names = [row.name for row in rows]
    if has_root:
        return UnitTree(tuple(keys), tuple(parents), tuple(names))
    return UnitTree(tuple(keys), (NOWHERE, *parents), (company, *names))


def read_answers(
    data: bytes, *, file: str, tree: UnitTree | None, instrument: Instrument
) -> pd.DataFrame:
    """Return DataFrame[unit, function, leads, <items>]; without a tree units are not checked."""
    return read_answer_table(data, file=file, tree=tree, instrument=instrument).frame


def read_answer_table(
    data: bytes, *, file: str, tree: UnitTree | None, instrument: Instrument
) -> AnswerTable:
    """Return a file's answers and what is told of it; without a tree units are not checked."""
    codes = {item.code.lower(): item.code for _, item in instrument.items()}
    needed = [item.code.lower() for _, item in instrument.items(*ITEM_ROLES)]
    extra = [code for code in codes if code not in needed]
    try:
        table = read_table(
            data, file=file, required=("unit", "function", *needed), optional=("leads", *extra),
            most_rows=MOST_ROWS, most_bytes=MOST_BYTES,
        )  # fmt: skip
    except FileProblemsError as error:
        raise FileProblemsError(_with_codes(error.problems, codes), error.remarks) from error
    units = None if tree is None else unit_keys(tree)
    problems = table.with_problems(
        [
            *_cell_problems(table, codes, units, instrument.scale.points),
            *_unasked(table, instrument),
        ]
    )
    if problems:
        raise FileProblemsError(_with_codes(problems, codes), table.remarks)
    frame = pd.DataFrame([_row(line, codes, units or {}) for line in table.lines])
    return AnswerTable(frame, table.remarks, tuple(line.cells["unit"] for line in table.lines))


def _with_codes(problems: Sequence[Problem], codes: Mapping[str, str]) -> list[Problem]:
    """Name columns as the instrument does: headings are looked up in lower case."""
    return [
        replace(
            problem,
            heading=codes.get(problem.heading, problem.heading),
            expected=re.sub(
                r"^a column '(\w+)'$",
                lambda match: f"a column {codes.get(match[1], match[1])!r}",
                problem.expected,
            ),
        )
        for problem in problems
    ]


def _cell_problems(
    table: Table, codes: Mapping[str, str], units: Mapping[str, str] | None, points: int
) -> Iterator[Problem]:
    for line in table.lines:
        cells = line.cells
        if units is not None and code_key(cells["unit"]) not in units:
            expected = "the code of a unit in the file of units"
            yield table.problem(line, "unit", expected, near_code(cells["unit"], units))
        if text_key(cells["function"]) not in FUNCTION_WORDS:
            found = quoted(cells["function"])
            yield table.problem(line, "function", "operations or sales", found)
        if cells.get("leads", "").casefold() not in YES | NO:
            yield table.problem(line, "leads", "yes, no or nothing", quoted(cells["leads"]))
        for heading in codes:
            value = cells.get(heading, "")
            if value and _point(value, points) is None:
                yield table.problem(line, heading, f"1 to {points} or nothing", quoted(value))


def _unasked(table: Table, instrument: Instrument) -> Iterator[Problem]:
    special = [item for _, item in instrument.items() if item.function]
    for line in table.lines:
        function = FUNCTION_WORDS.get(text_key(line.cells["function"]))
        for item in special:
            value = line.cells.get(item.code.lower(), "")
            if value and function is not None and not item.is_asked_of(function):
                expected = f"nothing: {item.function} only is asked"
                yield table.problem(line, item.code.lower(), expected, quoted(value))


def _point(value: str, points: int) -> int | None:
    match = POINT.fullmatch(value)
    return int(match[1]) if match and 1 <= int(match[1]) <= points else None


def _row(line: Line, codes: Mapping[str, str], units: Mapping[str, str]) -> dict[str, object]:
    cells = line.cells
    row: dict[str, object] = {
        "unit": units.get(code_key(cells["unit"]), cells["unit"]),
        "function": str(FUNCTION_WORDS[text_key(cells["function"])]),
        "leads": cells.get("leads", "").casefold() in YES,
    }
    for heading, code in codes.items():
        if heading in cells:
            row[code] = float(cells[heading].replace(",", ".")) if cells[heading] else None
    return row


def _free_key(rows: Sequence[UnitRow]) -> str:
    taken = {heading_key(row.code) for row in rows}
    key = ROOT_KEY
    while key in taken:
        key += "_"
    return key


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: expected a file that can be read, found {error}.") from error
