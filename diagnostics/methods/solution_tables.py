"""Reading published solutions: expressions such as A*~B, or a chart with a column a pattern.

A text is parsed here, since its lines may be expressions; a workbook comes in through the door of
all tables, and is a chart if it has more columns than one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.text import slugify
from django.utils.translation import gettext as _

from diagnostics.scoring.method import NamedPattern
from survey.import_files.characters import text_key, tidy
from survey.import_files.headings import heading_key, hidden_columns
from survey.import_files.problems import (
    FileProblemsError,
    Problem,
    Remark,
    again_as_on,
    quoted,
    repeats_remark,
)
from survey.import_files.records import Record, Records, marked_separator, parsed_records
from survey.import_files.tables import cell_fault, read_records
from survey.import_files.text import decode, without_marks
from survey.import_files.workbooks import MAGIC

MOST_PATTERNS: Final = 8
MOST_ROWS: Final = 500  # of a workbook
SEPARATORS: Final = ("\t", ";", ",")
# What published charts put into a cell -> present, core; size is told by the sign.
SIGNS: Final[Mapping[str, tuple[bool, bool]]] = {
    "●": (True, True), "⬤": (True, True), "C": (True, True),
    "•": (True, False), "∙": (True, False), "c": (True, False),
    "⊗": (False, True), "⨂": (False, True), "N": (False, True),
    "⊘": (False, False), "⦻": (False, False), "n": (False, False),
}  # fmt: skip
BLANK: Final = frozenset({"", "-", "–", "—"})
TERM: Final = re.compile(r"^[~!]?[A-Za-z][A-Za-z0-9_]*$")
LINE_END: Final = re.compile("\r\n|\r|\n")
# Columns of the table of solutions that an analysis exports.
EXPORTED: Final = ("solution", "model")
Sign = tuple[bool, bool]  # whether an element is present, and whether it is core


@dataclass(frozen=True, slots=True)
class ReadTable:
    """The patterns of a published solution, with names that a person may still change."""

    patterns: tuple[NamedPattern, ...]
    remarks: tuple[Remark, ...] = ()


def read_solution_file(
    data: bytes, *, elements: Mapping[str, str], file: str, includes_hidden: bool = False
) -> ReadTable:
    """Return the patterns of a text file or a workbook, as read_solution() does."""
    if not data.startswith(MAGIC):
        decoded = decode(data, file=file)
        read = read_solution(decoded.text, elements=elements, file=file)
        return replace(read, remarks=(*decoded.remarks, *read.remarks))
    records = read_records(
        data, file=file, score=lambda rows: (len(rows),), most_rows=MOST_ROWS,
        includes_hidden=includes_hidden,
    )  # fmt: skip
    reader = _Reader(file, elements)
    rows = [_without_blank_end(row) for row in records.rows]
    if any(len(row.cells) > 1 for row in rows):
        found = reader.table(rows)
    else:
        found = reader.expressions(
            [(row.number, row.cells[0]) for row in rows if reader.is_sound(row, 1)]
        )
    remarks = (*records.remarks, *_hidden_columns(records, reader.heading))
    try:
        read = reader.ended(found)
    except FileProblemsError as error:
        raise FileProblemsError(error.problems, remarks) from error
    return replace(read, remarks=(*remarks, *read.remarks))


def read_solution(text: str, *, elements: Mapping[str, str], file: str) -> ReadTable:
    """Return the patterns of a text, or raise FileProblemsError with every fault's place.

    elements: code -> name; a table may use either. Expressions come one or more to a line, with an
    optional name and a colon before; an element in square brackets is core, without any all are.
    """
    text, marked = marked_separator(without_marks(text))
    # A tab at a line's beginning stands for an empty first cell.
    lines = [(number, line.strip(" ")) for number, line in enumerate(LINE_END.split(text), start=1)]
    filled = [(number, line) for number, line in lines if line.strip(";, \t")]
    reader = _Reader(file, elements)
    separator = marked or _separator([line for _number, line in filled])
    if not separator:
        return reader.ended(reader.expressions(filled))
    rows = map(_without_blank_end, parsed_records(text, separator, file))
    return reader.ended(reader.table(list(rows)))


def _separator(lines: Sequence[str]) -> str:
    """Return what parts the columns of a chart, "" where the text holds expressions.

    Lines above the chart may be a title, which has no product in it. A comma may also stand in the
    name of an expression, which ends with a colon.
    """
    for sign in SEPARATORS:
        at = next((place for place, line in enumerate(lines) if sign in line), len(lines))
        is_chart = len(lines) - at > 1 and all(sign in line for line in lines[at:])
        product = ("*", ":") if sign == "," else ("*",)
        if is_chart and not any(mark in line for line in lines[:at] for mark in product):
            return sign
    return ""


class _Reader:
    """Gathers patterns and faults."""

    def __init__(self, file: str, elements: Mapping[str, str]) -> None:
        self.file = file
        self.codes = {
            **{text_key(name): code for code, name in elements.items()},
            **{text_key(code): code for code in elements},
        }
        self.heading: Record | None = None  # of a table
        self.problems: list[Problem] = []
        self.repeats: list[int] = []  # lines of a chart that say what an earlier one says

    def ended(self, found: Sequence[NamedPattern]) -> ReadTable:
        """Return what was found, or raise FileProblemsError with every fault."""
        if not found and not self.problems:
            self.fault(0, 0, _("at least one configuration"), _("nothing"))
        if len(found) > MOST_PATTERNS:
            self.fault(0, 0, _("at most %d configurations") % MOST_PATTERNS, str(len(found)))
        if self.problems:
            raise FileProblemsError(sorted(self.problems))
        remarks = (repeats_remark(self.file, self.repeats),) if self.repeats else ()
        return ReadTable(tuple(found), remarks)

    def fault(self, line: int, column: int, expected: str, found: str) -> None:
        self.problems.append(Problem(self.file, line, column, "", expected, found))

    def is_sound(self, row: Record, place: int) -> bool:
        """Tell whether a cell has content of its own; what a spreadsheet left there is a fault."""
        text = row.cells[place - 1] if place <= len(row.cells) else ""
        fault = cell_fault(text, row.faults.get(place))
        if fault is not None:
            self.fault(row.number, place, fault.expected, fault.found)
        return fault is None

    def table(self, rows: Sequence[Record]) -> list[NamedPattern]:
        """Read a chart, or the table of solutions that an analysis exports."""
        # What stands alone in its row above the first names is a title.
        at = next((place for place, row in enumerate(rows) if len(row.cells) > 1), len(rows))
        if at == len(rows):
            return []
        self.heading = rows[at]
        keys = [heading_key(cell) for cell in rows[at].cells]
        if set(EXPORTED) <= set(keys):
            return self._models(rows[at + 1 :], *(keys.index(key) for key in EXPORTED))
        return self._chart(rows[at], rows[at + 1 :])

    def _models(self, rows: Sequence[Record], named: int, stated: int) -> list[NamedPattern]:
        """Read one model a row, each called after its kind of solution."""
        found: list[NamedPattern] = []
        for row in rows:
            cells = [*row.cells, *[""] * (max(named, stated) + 1 - len(row.cells))]
            sound = [self.is_sound(row, place + 1) for place in (named, stated)]
            if not all(sound):
                continue
            found += self._products(cells[stated], cells[named], row.number, len(found))
        return found

    def _chart(self, heading: Record, rows: Sequence[Record]) -> list[NamedPattern]:
        """Read a heading with the patterns' names, then a row an element."""
        names = heading.cells[1:]
        asked: list[dict[str, Sign]] = [{} for _name in names]
        known: dict[str, Record] = {}
        for row in rows:
            element = self._element(row.cells[0], row.number, 1) if self.is_sound(row, 1) else ""
            if element and known.setdefault(element, row) is not row:
                self._repeat(row, known[element])
                continue
            for place, sign in enumerate(row.cells[1:]):
                found = self._sign(row, place, sign, len(names))
                if found and element:
                    asked[place][element] = found
        for place, (name, conditions) in enumerate(zip(names, asked, strict=True)):
            if self.is_sound(heading, place + 2) and not conditions:
                self.fault(heading.number, place + 2, _("a configuration of one element or more"),
                           quoted(name))  # fmt: skip
        return [_named(name, one, place) for place, (name, one) in enumerate(
            zip(names, asked, strict=True), start=1) if one]  # fmt: skip

    def _sign(self, row: Record, place: int, sign: str, width: int) -> Sign | None:
        """Return what a cell says of its element; whatever else it holds is a fault."""
        if not self.is_sound(row, place + 2) or sign in BLANK:
            return None
        if place >= width:
            self.fault(row.number, place + 2, _("a heading above the cell"), quoted(sign))
        elif sign not in SIGNS:
            expected = _("one of the signs %s or nothing") % " ".join(SIGNS)
            self.fault(row.number, place + 2, expected, quoted(sign))
        else:
            return SIGNS[sign]
        return None

    def _repeat(self, row: Record, first: Record) -> None:
        """Pass over a row that says the same again, refuse one that says something else."""
        if row.cells[1:] == first.cells[1:]:
            self.repeats.append(row.number)
        else:
            found = again_as_on(row.cells[0], first.number)
            self.fault(row.number, 1, _("every element once"), found)

    def expressions(self, lines: Sequence[tuple[int, str]]) -> list[NamedPattern]:
        """Read products, several to a line parted by +, each line with an optional name."""
        found: list[NamedPattern] = []
        for number, line in lines:
            name, _colon, products = line.rpartition(":")
            found += self._products(products, tidy(name), number, len(found))
        return found

    def _products(self, products: str, name: str, line: int, before: int) -> list[NamedPattern]:
        return [
            _named(name, dict(self._conditions(tidy(product), line)), before + place)
            for place, product in enumerate(products.split("+"), start=1)
        ]

    def _conditions(self, product: str, number: int) -> Iterator[tuple[str, Sign]]:
        factors = [factor.strip() for factor in re.split(r"[*·]", product)]
        are_marked = any(factor.startswith("[") for factor in factors)
        for factor in factors:
            bare = factor.strip("[]").strip()
            if not TERM.match(bare):
                self.fault(number, 0, _("a product such as A*~B"), quoted(product))
                return
            element = self._element(bare.lstrip("~!"), number, 0)
            if element:
                is_core = factor.startswith("[") or not are_marked
                yield element, (bare[0] not in "~!", is_core)

    def _element(self, name: str, line: int, column: int) -> str:
        code = self.codes.get(text_key(name), "")
        if not code:
            known = ", ".join(sorted(set(self.codes.values())))
            self.fault(line, column, _("an element (%s)") % known, quoted(name))
        return code


def _without_blank_end(row: Record) -> Record:
    end = len(row.cells)
    while end > 1 and not row.cells[end - 1] and end not in row.faults:
        end -= 1
    return replace(row, cells=row.cells[:end])


def _hidden_columns(records: Records, heading: Record | None) -> Iterator[Remark]:
    if heading is not None:
        named = {name: place for place, name in enumerate(heading.cells, start=1) if name}
        yield from hidden_columns(records, named, heading.number)


def _named(name: str, conditions: Mapping[str, Sign], place: int) -> NamedPattern:
    shown = name or _("Configuration %d") % place
    return NamedPattern(
        code=slugify(shown) or f"configuration-{place}",
        name={"en": shown},
        summary={"en": ""},
        function="",
        required={element: present for element, (present, _core) in conditions.items()},
        core=frozenset(element for element, (_present, core) in conditions.items() if core),
    )
