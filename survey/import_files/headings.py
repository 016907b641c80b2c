"""Which row of a file is its heading, and which column is which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _

from survey.import_files.characters import tidy
from survey.import_files.problems import (
    FileProblemsError,
    Problem,
    Remark,
    lines_told,
    quoted,
    refusal,
)
from survey.import_files.records import MOST_ABOVE, Record, Records, is_blank

MAX_COLUMNS: Final = 50
# What lists from elsewhere call our columns, in the languages of the product; as heading_key().
OTHER_NAMES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        key: frozenset(words.split())
        for key, words in {
            "email": "mail email_address mail_address e_mail epost e_post emailadress epostadress "
            "e_postadress sähköposti sähköpostiosoite email_adresse emailadresse mailadresse",
            "name": "full_name namn nimi",
            "unit": "unit_code enhet enhetskod yksikkö yksikkökoodi einheit",
            "function": "funktion toiminto",
            "language": "language_code språk kieli sprache",
            "code": "unit_code kod enhetskod koodi yksikkökoodi",
            "parent": "parent_code parent_unit",
        }.items()
    }
)


@dataclass(frozen=True, slots=True)
class Headings:
    """The heading of a file: known column -> its place, and the rows below it."""

    line: int
    columns: dict[str, int]
    width: int
    passed: frozenset[int]  # places of columns that are left out
    repeated: tuple[tuple[str, int, int], ...]  # heading, its first place, another place
    rows: tuple[Record, ...]
    remarks: tuple[Remark, ...]


def heading_key(heading: str) -> str:
    """Return a heading as columns are looked up.

    >>> heading_key(" Leader e-mail "), heading_key("E-Mail"), heading_key("Code")
    ('leader_email', 'email', 'code')
    """
    key = tidy(heading).casefold().replace("e-mail", "email")
    return "_".join(key.replace("-", " ").replace("_", " ").split())


def known_headings(cells: Sequence[str], known: Sequence[str]) -> int:
    """Return how many of a row's cells are headings that are asked for, each counted once."""
    return len({key for key in _keys(cells, known) if key})


def find_headings(records: Records, *, required: Sequence[str], known: Sequence[str]) -> Headings:
    """Return the heading that names most columns, or raise FileProblemsError."""
    file = records.reading.file
    at = _heading_place(records.rows, known)
    record = records.rows[at] if records.rows else Record(0, [])
    if len(record.cells) > MAX_COLUMNS:
        expected = _("at most %d columns") % MAX_COLUMNS
        raise refusal(file, expected, str(len(record.cells)))
    columns, repeated = _columns(record, required, known, file)
    passed = {
        place: cell
        for place, cell in enumerate(record.cells, start=1)
        if cell and place not in columns.values()
    }
    below = records.rows[at + 1 :]
    again = [row.number for row in below if _is_same(row, record)]
    remarks = [
        *_above(records.rows[:at], file),
        *_named(record, columns, passed, {place for _key, _first, place in repeated}, file),
        *hidden_columns(records, columns, record.number),
    ]
    if again:
        said = _("the headings come again on %s, and are left out") % lines_told(again)
        remarks.append(Remark(file, 0, 0, "", said))
    return Headings(
        record.number,
        columns,
        len(record.cells),
        frozenset(passed),
        tuple(repeated),
        tuple(row for row in below if row.number not in set(again)),
        tuple(remarks),
    )


def _heading_place(rows: Sequence[Record], known: Sequence[str]) -> int:
    """Return the row that names most columns, the first of several.

    Nobody is asked for it by hand: a row without every column that is required can be no heading,
    whoever chooses it; and a preview is shown only where each row below has been read without a
    fault, which a second heading would not have been.
    """
    first = rows[: MOST_ABOVE + 1]
    return max(
        range(len(first)), key=lambda at: (known_headings(first[at].cells, known), -at), default=0
    )


def _keys(cells: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the column that each heading stands for, "" for none; our own words come first."""
    keys = [heading_key(cell) for cell in cells]
    own = {key for key in keys if key in known}
    return [key if key in own else _other(key, known, own) for key in keys]


def _other(key: str, known: Sequence[str], own: set[str]) -> str:
    wanted = [
        ours for ours in known if ours not in own and key in OTHER_NAMES.get(ours, frozenset())
    ]
    return wanted[0] if wanted else ""


def _columns(
    record: Record, required: Sequence[str], known: Sequence[str], file: str
) -> tuple[dict[str, int], list[tuple[str, int, int]]]:
    """Return the place of each column and which come again; raise where one is missing."""
    columns: dict[str, int] = {}
    repeated: list[tuple[str, int, int]] = []
    strange: list[Problem] = []
    for place, (heading, key) in enumerate(
        zip(record.cells, _keys(record.cells, known), strict=True), start=1
    ):
        if key in columns:
            repeated.append((key, columns[key], place))
        elif key:
            columns[key] = place
        elif heading:
            expected = _("one of the headings %s") % ", ".join(known)
            strange.append(Problem(file, record.number, place, "", expected, quoted(heading)))
    missing = [key for key in required if key not in columns]
    if missing:
        found = ", ".join(quoted(cell) for cell in record.cells if cell) or _("nothing")
        problems = [
            Problem(file, record.number, 0, "", _("a column %s") % quoted(key), found)
            for key in missing
        ]
        problems += [
            repeated_heading(file, record.number, key, place, record.cells[place - 1])
            for key, _first, place in repeated
        ]
        raise FileProblemsError(sorted([*problems, *strange]))
    return columns, repeated


def repeated_heading(file: str, line: int, key: str, place: int, heading: str) -> Problem:
    """Return the problem with a heading that another column has as well."""
    return Problem(file, line, place, key, _("every heading once"), _("%s again") % quoted(heading))


def _is_same(row: Record, heading: Record) -> bool:
    return [heading_key(cell) for cell in row.cells] == [
        heading_key(cell) for cell in heading.cells
    ]


def _above(rows: Sequence[Record], file: str) -> Iterator[Remark]:
    texts = [row for row in rows if not is_blank(row.cells)]
    if texts:
        first = next(cell for cell in texts[0].cells if cell)
        said = _("%(lines)s above the headings left out, beginning with %(text)s") % {
            "lines": lines_told(row.number for row in texts),
            "text": quoted(first),
        }
        yield Remark(file, 0, 0, "", said)


def _named(
    record: Record, columns: Mapping[str, int], passed: Mapping[int, str], again: set[int],
    file: str,
) -> Iterator[Remark]:  # fmt: skip
    """Tell of columns that go by another name, and of those that are left out."""
    for key, place in columns.items():
        if heading_key(record.cells[place - 1]) != key:
            said = _("the column %(theirs)s is read as %(ours)s") % {
                "theirs": quoted(record.cells[place - 1]),
                "ours": key,
            }
            yield Remark(file, record.number, place, "", said)
    left_out = [quoted(heading) for place, heading in passed.items() if place not in again]
    if left_out:
        said = _("columns that are not asked for are left out: %s") % ", ".join(left_out)
        yield Remark(file, record.number, 0, "", said)


def hidden_columns(records: Records, columns: Mapping[str, int], line: int) -> Iterator[Remark]:
    """Tell which columns with a heading on a line are hidden in the sheet, by their places."""
    for key, place in columns.items():
        if any(first <= place <= last for first, last in records.hidden_columns):
            said = _("the column is hidden in the sheet, and read all the same")
            yield Remark(records.reading.file, line, place, key, said)
