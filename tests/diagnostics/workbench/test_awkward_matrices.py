"""Matrices as people bring them: read by the rules of every other table, and told what was done."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.analyses.matrices import Matrix, read_matrix
from diagnostics.exports.files import csv_file
from diagnostics.exports.tables import ColumnKind, ExportColumn, ExportTable
from survey.import_files.problems import FileProblemsError
from tests.survey.files.workbook_scenes import workbook

FRAME = pd.DataFrame({"TF": [0.81, 0.99], "AD": [0.12, 0.5], "Y": [1.0, 0.25]}, ["A", "B"])
POINTS = "case;TF;AD;Y\nA;0.81;0.12;1\nB;0.99;.5;0.25\n"
COMMAS = "case;TF;AD;Y\nA;0,81;0,12;1\nB;0,99;,5;0,25\n"
TOLD_COMMAS = "m.csv: decimal commas are read as points: 0,81 as 0.81."


def read(data: bytes | str) -> Matrix:
    return read_matrix(data.encode() if isinstance(data, str) else data, file="m.csv")


def told(matrix: Matrix) -> list[str]:
    return [str(remark) for remark in matrix.remarks]


def faults(data: bytes | str) -> list[tuple[int, int, str, str]]:
    with pytest.raises(FileProblemsError) as caught:
        read(data)
    return [(one.line, one.column, one.expected, one.found) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("data", "remarks"),
    [
        (f"sep=;\n{POINTS}", []),
        (f"sep=,\n{POINTS.replace(';', ',')}", []),
        (b"\xef\xbb\xbf\xef\xbb\xbf" + POINTS.encode(), []),
        (f",,,\r\n{POINTS}", []),
        (POINTS.replace("\n", ";;\n"), []),
        (COMMAS, [TOLD_COMMAS]),
        (COMMAS.replace(";", "\t"), [TOLD_COMMAS]),
        (f"sep=;\n{COMMAS}", [TOLD_COMMAS]),
        (f"Memberships of spring\n\n{POINTS}", ["m.csv: line 1 above the headings left out."]),
        (f"Spring;;;\n{POINTS}", ["m.csv: line 1 above the headings left out."]),
        (
            f"{POINTS}A;0.810;.12;1.0\n",
            ["m.csv: counted once, since an earlier line says the same: line 4."],
        ),
    ],
)
def test_a_matrix_is_read_as_it_was_meant_and_what_was_guessed_is_told(
    data: bytes | str, remarks: list[str]
) -> None:
    found = read(data)

    pd.testing.assert_frame_equal(found.frame, FRAME)
    assert told(found) == remarks


EITHER = "numbers with one decimal sign in the whole file and nothing between thousands"
POINT = "a number with a decimal point, or nothing"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("1,234", "0.5"), EITHER), (("1.234,5", "1"), EITHER), (("1,234.5", "1"), EITHER),
        (("1,234", "5,678"), EITHER), (("1 234,5", "0,5"), EITHER), (("1'234", "1"), EITHER),
        (("1_000", "1"), EITHER), (("1,234,567", "0,5"), EITHER),
        (("0,5,1", "1"), POINT), (("12 %", "1"), POINT), (("٠,٥", "1"), POINT),
        (("1e999", "1"), POINT),
    ],
)  # fmt: skip
def test_numbers_that_may_mean_two_things_are_refused_in_words(
    cells: tuple[str, str], expected: str
) -> None:
    found = faults(f"case;TF;Y\nA;{cells[0]};{cells[1]}\n")

    assert found[0] == (2, 2, expected, repr(cells[0]))


def test_a_typeset_minus_and_three_decimals_beside_other_fractions_are_read() -> None:
    found = read("case;TF;Y\nA;\u22121,250;0,815\n")

    assert found.frame.to_numpy().tolist() == [[-1.25, 0.815]]


def test_one_name_for_two_different_cases_is_refused_decomposed_letters_too() -> None:
    text = "case;TF;Y\nVa\u0308st 1;0.5;1\nVäst\u00a0 1;0.6;1\n"

    assert faults(text) == [(3, 1, "every case once", "'Väst 1' again, first on line 2")]


def test_what_a_spreadsheet_left_in_cells_of_numbers_is_a_problem_but_a_missing_value() -> None:
    def change(sheet: Any) -> None:  # noqa: ANN401
        sheet["B3"].data_type = "e"
        sheet["C3"].data_type = "e"

    data = workbook(("case", "TF", "Y"), ("A", "=B3", 0.5), ("B", "#N/A", "#REF!"), change=change)

    assert [(line, column, what) for line, column, _expected, what in faults(data)] == [
        (2, 2, "a formula without a stored result"),
        (3, 3, "the error #REF!"),
    ]


def test_hidden_cases_are_left_out_and_told_or_read_where_that_is_chosen() -> None:
    def change(sheet: Any) -> None:  # noqa: ANN401
        sheet.row_dimensions[3].hidden = True

    data = workbook(("case", "TF", "Y"), ("A", 0.5, 1), ("B", 0.6, 1), change=change)
    chosen = read_matrix(data, file="m.csv", includes_hidden=True)

    assert list(read(data).frame.index) == ["A"]
    assert told(read(data)) == ["m.csv: 1 hidden row is left out (line 3)."]
    assert list(chosen.frame.index) == ["A", "B"]


def test_a_hidden_column_of_numbers_is_told_and_read_all_the_same() -> None:
    def change(sheet: Any) -> None:  # noqa: ANN401
        sheet.column_dimensions["B"].hidden = True

    named = workbook(("case", "TF", "Y"), ("A", 0.5, 1), change=change)
    unnamed = workbook(("AD", "TF", "Y"), *[(0.25, 0.5, 1)] * 3, change=change)
    said = "m.csv, line 1, column 2 (TF): the column is hidden in the sheet, and read all the same."

    assert told(read(named)) == [said]
    assert read(named).columns == ("TF", "Y")
    assert said in told(read(unnamed))
    assert read(unnamed).columns == ("AD", "TF", "Y")


NAME = st.text(st.sampled_from("=+-@'\";, \tAb1å0_"), min_size=1, max_size=6)


@given(
    st.dictionaries(
        NAME.map(lambda name: " ".join(name.split())).filter(bool),
        st.lists(st.floats(0, 1), min_size=2, max_size=2),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=60, deadline=None)
def test_a_matrix_comes_back_as_it_was_written(cases: dict[str, list[float]]) -> None:
    columns = tuple(
        ExportColumn(name, name, ColumnKind.TEXT if name == "case" else ColumnKind.NUMBER)
        for name in ("case", "TF", "Y")
    )
    table = ExportTable("m", "m", columns, tuple((name, *row) for name, row in cases.items()))

    found = read(csv_file(table))

    expected = pd.DataFrame(list(cases.values()), index=list(cases), columns=["TF", "Y"])
    pd.testing.assert_frame_equal(found.frame, expected, check_exact=True)


def test_the_matrix_that_an_analysis_exports_has_no_case_names_and_is_read_with_numbers() -> None:
    found = read("TF,AD,Y\n0.81,0.12,1.0\n0.99,0.5,0.25\n")

    assert list(found.frame.index) == ["1", "2"]
    np.testing.assert_array_equal(found.frame.to_numpy(), FRAME.to_numpy())
    assert told(found) == [
        "m.csv, line 1: there is no column of case names, so the cases are numbered."
    ]
