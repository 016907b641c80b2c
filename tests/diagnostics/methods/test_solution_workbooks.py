"""Published solutions in workbooks, by the rules that hold for all tables."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diagnostics.exports.files import xlsx_file
from diagnostics.exports.tables import ColumnKind, ExportColumn, ExportTable
from diagnostics.methods.solution_tables import ReadTable, read_solution_file
from survey.import_files.problems import FileProblemsError
from survey.models import Role
from tests.diagnostics.stored_example import store_example
from tests.survey.files.workbook_scenes import workbook

ELEMENTS = {"TF": "Förutseende teknik", "AD": "Adaptability", "RB": "Rule-bending"}
CHART = (
    (None, "Steady", "Other"),
    ("TF", "●", "•"),
    ("AD", "⊗", "-"),
    ("RB", None, "⊘"),
)
READ = [("Steady", {"TF": True, "AD": False}), ("Other", {"TF": True, "RB": False})]
Change = Callable[[Any], None]


def read(
    *rows: tuple[object, ...], change: Change | None = None, hidden: bool = False
) -> ReadTable:
    return read_solution_file(
        workbook(*rows, change=change), elements=ELEMENTS, file="solution.xlsx",
        includes_hidden=hidden,
    )  # fmt: skip


def patterns(found: ReadTable) -> list[tuple[str, dict[str, bool]]]:
    return [(one.name["en"], dict(one.required)) for one in found.patterns]


def faults(*rows: tuple[object, ...], change: Change | None = None) -> list[str]:
    with pytest.raises(FileProblemsError) as caught:
        read(*rows, change=change)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "rows",
    [
        CHART,
        (("Table 5: solutions",), (None,), *CHART),
        (*CHART, ("TF", "●", "•")),
        (*CHART[:1], ("Fo\u0308rutseende\u00a0 teknik", "●", "•"), *CHART[2:]),
        (*CHART[:1], ("TF_x000D_", "● ", "•"), *CHART[2:]),
    ],
)
def test_a_chart_in_a_workbook_is_read_as_it_was_meant(
    rows: tuple[tuple[object, ...], ...],
) -> None:
    assert patterns(read(*rows)) == READ


def test_expressions_below_each_other_are_read() -> None:
    found = read(("Steady: [TF]*AD*~RB + RB",), ("~AD",))

    assert patterns(found) == [
        ("Steady", {"TF": True, "AD": True, "RB": False}),
        ("Steady", {"RB": True}),
        ("Configuration 3", {"AD": False}),
    ]


def test_the_solutions_that_an_analysis_exports_are_read_again() -> None:
    columns = ("solution", "model", "consistency")
    table = ExportTable(
        "solutions",
        "solutions",
        tuple(ExportColumn(name, name, ColumnKind.TEXT) for name in columns),
        (("conservative", "TF*~AD + RB", 0.9), ("parsimonious", "~AD", 0.9)),
    )
    data = xlsx_file([table], title="Solutions", day=date(2026, 11, 30))

    found = read_solution_file(data, elements=ELEMENTS, file="solutions.xlsx")

    assert patterns(found) == [
        ("conservative", {"TF": True, "AD": False}),
        ("conservative", {"RB": True}),
        ("parsimonious", {"AD": False}),
    ]


def test_what_a_spreadsheet_left_in_a_cell_is_a_problem_there() -> None:
    def unsolved(sheet: Any) -> None:  # noqa: ANN401
        sheet["C4"] = "=B4"

    found = faults(
        (None, "Steady", "#REF!"), ("TF", "#N/A", "•"), ("#NAME?", "●", "•"), ("AD", "●", None),
        change=unsolved,
    )  # fmt: skip

    assert [one.split(": expected")[0] for one in found] == [
        "solution.xlsx, line 1, column 3",
        "solution.xlsx, line 2, column 2",
        "solution.xlsx, line 3, column 1",
        "solution.xlsx, line 4, column 3",
    ]
    assert found[1].endswith("expected a value, found the error #N/A.")
    assert found[3].endswith("found a formula without a stored result.")


def test_an_error_among_expressions_is_a_problem_there() -> None:
    assert faults(("TF*AD",), ("#N/A",)) == [
        "solution.xlsx, line 2, column 1: expected a value, found the error #N/A."
    ]


def test_cells_merged_across_are_refused_and_those_merged_downwards_count_for_each_line() -> None:
    def across(sheet: Any) -> None:  # noqa: ANN401
        sheet.merge_cells("B2:C2")

    def down(sheet: Any) -> None:  # noqa: ANN401
        sheet.merge_cells("B2:B3")

    place = "solution.xlsx, line 2, column 2"
    assert faults(
        (None, "Steady", "Other"), ("TF", "●", None), ("AD", "⊗", "•"), change=across
    ) == [f"{place}: expected a cell of its own, found '●' merged across columns."]
    found = read((None, "Steady"), ("TF", "●"), ("AD", None), change=down)
    assert patterns(found) == [("Steady", {"TF": True, "AD": True})]
    assert [str(one) for one in found.remarks] == [
        "solution.xlsx, column 2: the merged cell counts for each of lines 2–3."
    ]


def test_a_title_merged_across_the_chart_is_passed_over() -> None:
    def title(sheet: Any) -> None:  # noqa: ANN401
        sheet.merge_cells("A1:C1")

    assert patterns(read(("Table 5",), *CHART, change=title)) == READ


def test_hidden_rows_are_told_and_read_where_that_is_chosen() -> None:
    def hide(sheet: Any) -> None:  # noqa: ANN401
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["C"].hidden = True

    column = (
        "solution.xlsx, line 1, column 3 (Other): the column is hidden in the sheet, and read all "
        "the same."
    )
    shown, whole = read(*CHART, change=hide), read(*CHART, change=hide, hidden=True)

    assert patterns(shown) == [READ[0], ("Other", {"TF": True})]
    assert [str(one) for one in shown.remarks] == [
        "solution.xlsx: 1 hidden row is left out (line 4).", column
    ]  # fmt: skip
    assert patterns(whole) == READ
    assert [str(one) for one in whole.remarks] == [
        "solution.xlsx: 1 hidden row is read as well (line 4).", column
    ]  # fmt: skip


def test_what_was_told_of_a_workbook_is_told_of_one_with_faults_too() -> None:
    def hide(sheet: Any) -> None:  # noqa: ANN401
        sheet.row_dimensions[3].hidden = True

    with pytest.raises(FileProblemsError) as caught:
        read((None, "Steady"), ("XX", "●"), ("AD", "●"), change=hide)
    assert [str(one) for one in caught.value.remarks] == [
        "solution.xlsx: 1 hidden row is left out (line 3)."
    ]


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(FileProblemsError, match="expected an XLSX workbook"):
        read_solution_file(b"PK\x03\x04 and no more", elements=ELEMENTS, file="solution.xlsx")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "hidden_is_read"), [({}, False), ({"includes_hidden": "on"}, True)]
)
def test_the_page_takes_a_workbook_and_its_hidden_rows_where_that_is_chosen(
    client: Client, chosen: dict[str, str], hidden_is_read: bool
) -> None:
    def hide(sheet: Any) -> None:  # noqa: ANN401
        sheet.row_dimensions[3].hidden = True

    client.force_login(store_example().person("analyst@example.com", role=Role.ANALYST))
    data = workbook((None, "Steady"), ("TF", "●"), ("AD", "⊗"), change=hide)

    answer = client.post(
        reverse("diagnostics:method-import"),
        {"file": SimpleUploadedFile("solution.xlsx", data), **chosen},
    )

    page = answer.content.decode()
    assert ("1 hidden row is read as well" in page) == hidden_is_read
    assert ("1 hidden row is left out" in page) != hidden_is_read
    assert "Nothing is saved yet" in page
