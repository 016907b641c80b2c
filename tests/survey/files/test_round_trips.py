"""What the product writes it reads again as it was."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Sequence

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.import_files.people import OPTIONAL, REQUIRED, PersonRow, read_people
from survey.import_files.units import UnitRow, read_units
from survey.import_files.writing import as_csv, as_workbook
from survey.instrument.files import instrument_file, read_content
from survey.models import Function

Write = Callable[[Sequence[str], Sequence[Sequence[str]]], bytes]
# Everything that has been lost on the way once, mixed with letters.
PIECES = [
    "=", "+", "-", "@", "|", "%", "＝", "'", "''", '"', ";", ",", "\t", " ", "\u00a0", "\u202f",
    "0", "00", "12", "1.0", "1e5", "a", "Z", "å", "A\u030a", "e\u0301", "ß", "İ", "日", "_x000D_",
    "_x005F_", "#", "&", "<", "sep=", "\ufeff", "🚢", "TRUE", "1/2",
]  # fmt: skip
NAMES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join)


def as_kept(text: str) -> str:
    """Return a name as the door lets it in, written out here once more."""
    spaced = "".join(" " if unicodedata.category(s) == "Zs" or s == "\t" else s for s in text)
    plain = unicodedata.normalize("NFC", spaced.replace("\ufeff", ""))
    return " ".join(part for part in plain.split(" ") if part)


# Four number signs are what a spreadsheet shows where a column is too narrow.
KEPT = NAMES.map(as_kept).filter(lambda name: bool(name) and "####" not in name)
UNITS_HEADING = ("code", "name", "parent")


@pytest.mark.parametrize("write", [as_csv, as_workbook])
@given(names=st.lists(KEPT, min_size=1, max_size=4), codes=st.lists(KEPT, min_size=4, max_size=4))
@settings(max_examples=50, deadline=None)
def test_units_come_back_as_they_were_written(
    write: Write, names: list[str], codes: list[str]
) -> None:
    keys = {unicodedata.normalize("NFC", code.casefold()): code for code in codes}
    distinct = list(keys.values())
    rows = [
        UnitRow(code, name, distinct[0] if place else "")
        for place, (code, name) in enumerate(zip(distinct, names, strict=False))
    ]

    found = read_units(write(UNITS_HEADING, [(row.code, row.name, row.parent) for row in rows]))

    assert ([str(problem) for problem in found.problems], found.rows) == ([], tuple(rows))


@pytest.mark.parametrize("write", [as_csv, as_workbook])
@given(names=st.lists(KEPT, min_size=1, max_size=4), unit=KEPT)
@settings(max_examples=40, deadline=None)
def test_people_come_back_as_they_were_written(write: Write, names: list[str], unit: str) -> None:
    rows = [
        PersonRow(f"p{place}@example.com", name, unit, Function.SALES, "sv")
        for place, name in enumerate(names)
    ]
    cells = [(row.email, row.name, row.unit, "sales", row.language) for row in rows]

    found = read_people(write((*REQUIRED, *OPTIONAL), cells), units=[unit], languages=["en", "sv"])

    assert ([str(problem) for problem in found.problems], found.rows) == ([], tuple(rows))


@given(st.lists(NAMES, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_cell_that_is_written_begins_as_a_formula(names: list[str]) -> None:
    text = as_csv(("name",), [[name] for name in names]).decode("utf-8-sig")
    sheet = openpyxl.load_workbook(
        io.BytesIO(as_workbook(("name",), [[name] for name in names]))
    ).worksheets[0]

    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@|%＝"))]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_a_name_with_a_line_break_is_written_on_one_line() -> None:
    data = as_csv(UNITS_HEADING, [("A", "two\nlines", "")])

    assert [row.name for row in read_units(data).rows] == ["two lines"]


@pytest.mark.parametrize("kind", ["yaml", "json"])
@given(texts=st.lists(NAMES, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_a_questionnaire_comes_back_as_it_was_written(kind: str, texts: list[str]) -> None:
    content: dict[str, object] = {"code": "own", "version": 1}
    content["title"] = {
        str(place): unicodedata.normalize("NFC", text.replace("\ufeff", "") + "\n 1\u00a0%")
        for place, text in enumerate(texts)
    }

    written = instrument_file(content, kind=kind)

    assert json.dumps(read_content(written, name="own.yaml")) == json.dumps(content)
    assert read_content(b"\xef\xbb\xbf\xef\xbb\xbf" + written, name="own.yaml") == content
