"""What a spreadsheet leaves in its cells beside their content: read as meant, told, or refused."""

import io
import re
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from survey.import_files.people import PeopleFile, read_people
from survey.import_files.units import UnitsFile, read_units
from tests.survey.files.workbook_scenes import workbook

PEOPLE = ("email", "name", "unit", "function")
ANNA = ("anna@example.com", "Anna Berg", "n", "operations")
LEFT = ("left@example.com", "Left Company", "s", "sales")
UNITS = ("code", "name", "parent", "leader_email")
COMPANY = ("co", "Company")


def faults(found: PeopleFile | UnitsFile) -> list[tuple[int, int, str]]:
    assert found.rows == ()
    return [(problem.line, problem.column, problem.found) for problem in found.problems]


def told(found: PeopleFile | UnitsFile) -> list[str]:
    assert found.problems == ()
    return [str(remark) for remark in found.remarks]


def test_a_formula_without_a_stored_result_is_a_problem_by_line_and_column() -> None:
    found = read_units(
        workbook(
            UNITS, COMPANY, ("n", "North", "=A2", '=LOWER("N@example.com")'), ("s", "S", "=A2")
        )
    )

    wanting = "a formula without a stored result"
    assert faults(found) == [(3, 3, wanting), (3, 4, wanting), (4, 3, wanting)]


def test_errors_and_dates_in_columns_of_text_are_problems_by_line_and_column() -> None:
    def change(sheet: Any) -> None:  # noqa: ANN401
        sheet["B3"].data_type = "e"

    day = datetime(2026, 2, 1)  # noqa: DTZ001 - as a spreadsheet stores it
    rows = [UNITS, (*COMPANY, None, "#N/A"), ("n", "#REF!", "co"), (day, "South", "co")]

    assert faults(read_units(workbook(*rows, change=change))) == [
        (2, 4, "the error #N/A"),
        (3, 2, "the error #REF!"),
        (4, 1, "the date or time 2026-02-01"),
    ]


def test_characters_that_a_workbook_had_to_escape_come_back() -> None:
    found = read_people(
        workbook(PEOPLE, ("a@example.com", "Anna Berg_x000D_", "n_x0041_", "sales"))
    )

    assert [(row.name, row.unit) for row in found.rows] == [("Anna Berg", "nA")]


@pytest.mark.parametrize(
    ("value", "number_format", "code"),
    [
        (12, "0000", "0012"), (12.0, "0000", "0012"), (12, "General", "12"), (12.0, "0", "12"),
        (12, '"N-"000', "N-012"), (12, "00-", "12-"), (12, "#,##0", "12"), ("0012", "0000", "0012"),
        (0.5, "General", "0.5"), (True, "General", "TRUE"),
    ],
)  # fmt: skip
def test_a_code_is_read_as_its_cell_shows_it(value: object, number_format: str, code: str) -> None:
    def change(sheet: Any) -> None:  # noqa: ANN401
        sheet["A2"].number_format = number_format

    found = read_units(workbook(("code", "name", "parent"), (value, "Company"), change=change))

    assert [row.code for row in found.rows] == [code]


def test_a_number_whose_last_digits_are_lost_is_no_code() -> None:
    found = read_units(workbook(("code", "name", "parent"), (12345678901234567, "Company")))

    assert [place[:2] for place in faults(found)] == [(2, 1)]


def test_hidden_rows_are_left_out_and_told_or_read_where_that_is_chosen() -> None:
    def change(sheet: Any) -> None:  # noqa: ANN401
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[4].hidden = True  # blank

    data = workbook(PEOPLE, ANNA, LEFT, change=change)
    shown, all_rows = read_people(data), read_people(data, includes_hidden=True)

    assert [row.email for row in shown.rows] == ["anna@example.com"]
    assert told(shown) == ["people.csv: 1 hidden row is left out (line 3)."]
    assert [row.email for row in all_rows.rows] == ["anna@example.com", "left@example.com"]
    assert told(all_rows) == ["people.csv: 1 hidden row is read as well (line 3)."]


def test_hidden_columns_and_other_sheets_are_told() -> None:
    def change(sheet: Any) -> None:  # noqa: ANN401
        sheet.column_dimensions["C"].hidden = True
        sheet.sheet_state = "hidden"
        sheet.parent.create_sheet("Empty")
        second = sheet.parent.create_sheet("Now")
        for row in (PEOPLE, ANNA):
            second.append(row)
        second.column_dimensions["C"].hidden = True
        sheet.parent.active = 2
        sheet.parent.move_sheet("Now", -1)

    found = read_people(workbook(PEOPLE, LEFT, change=change))

    assert [row.email for row in found.rows] == ["anna@example.com"]
    assert told(found) == [
        "people.csv: only the sheet 'Now' is read, not 'Sheet'.",
        (
            "people.csv, line 1, column 3 (unit): the column is hidden in the sheet, and read "
            "all the same."
        ),
    ]


def test_a_cell_merged_downwards_counts_for_each_line_and_one_across_is_refused() -> None:
    def down(sheet: Any) -> None:  # noqa: ANN401
        sheet.merge_cells("C3:C5")
        sheet.merge_cells("A1:D1")

    def across(sheet: Any) -> None:  # noqa: ANN401
        sheet.merge_cells("B3:C3")

    units = [("co", "Company", ""), *((code, code, "co") for code in "nms")]
    rows = [(None,), ("code", "name", "parent"), *units[1:], units[0]]
    found = read_units(workbook(*rows, change=down))
    refused = read_units(workbook(("code", "name", "parent"), *units, change=across))

    assert sorted((row.code, row.parent) for row in found.rows) == [
        ("co", ""), ("m", "co"), ("n", "co"), ("s", "co"),
    ]  # fmt: skip
    assert told(found) == ["units.csv, column 3: the merged cell counts for each of lines 3–5."]
    assert faults(refused) == [(3, 2, "'n' merged across columns")]


def test_a_title_above_the_headings_of_a_sheet_is_left_out() -> None:
    found = read_people(workbook(("Staff list, spring",), (), PEOPLE, ANNA))

    assert [row.email for row in found.rows] == ["anna@example.com"]
    assert told(found) == [
        "people.csv: line 1 above the headings left out, beginning with 'Staff list, spring'."
    ]


def test_tags_with_a_prefix_are_counted_and_marked_like_those_without() -> None:
    def change(sheet: Any) -> None:  # noqa: ANN401
        sheet.row_dimensions[3].hidden = True

    source = zipfile.ZipFile(io.BytesIO(workbook(PEOPLE, ANNA, LEFT, change=change)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sheet1.xml"):
                part = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", part).replace(
                    b"xmlns=", b"xmlns:x="
                )
            archive.writestr(name, part)

    assert openpyxl.load_workbook(target).worksheets[0]["A2"].value == "anna@example.com"
    assert [row.email for row in read_people(target.getvalue()).rows] == ["anna@example.com"]
