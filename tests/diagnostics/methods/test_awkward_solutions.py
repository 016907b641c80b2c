"""Published solutions in files as spreadsheets save them, and those that the product exports."""

import pytest

from diagnostics.exports.files import csv_file
from diagnostics.exports.tables import ColumnKind, ExportColumn, ExportTable
from diagnostics.methods.solution_tables import ReadTable, read_solution
from survey.import_files.problems import FileProblemsError

ELEMENTS = {"TF": "Förutseende teknik", "AD": "Adaptability", "RB": "Rule-bending"}
CHART = ";Steady;Other\nTF;●;•\nAD;⊗;-\nRB;;⊘\n"
READ = [("Steady", {"TF": True, "AD": False}), ("Other", {"TF": True, "RB": False})]


def solution(text: str) -> ReadTable:
    return read_solution(text, elements=ELEMENTS, file="solution.csv")


def patterns(found: ReadTable) -> list[tuple[str, dict[str, bool]]]:
    return [(one.name["en"], dict(one.required)) for one in found.patterns]


@pytest.mark.parametrize(
    "text",
    [
        f"sep=;\n{CHART}",
        f"sep=,\n{CHART.replace(';', ',')}",
        f"\ufeff\ufeff{CHART}",
        f",,,\n;;;\n{CHART}",
        f"Table 5: solutions\n\n{CHART}",
        CHART.replace("\n", ";;\n"),
        CHART.replace("TF", "Fo\u0308rutseende\u00a0 teknik").replace("Steady", "Steady\u00a0"),
        f"{CHART}TF;●;•\n",
    ],
)
def test_a_chart_is_read_as_it_was_meant(text: str) -> None:
    assert patterns(solution(text)) == READ


def test_a_row_that_comes_again_is_told_and_one_that_says_something_else_refused() -> None:
    again = solution(f"{CHART}TF;●;•\n")

    assert [str(remark) for remark in again.remarks] == [
        "solution.csv: counted once, since an earlier line says the same: line 5."
    ]
    with pytest.raises(FileProblemsError) as caught:
        solution(f"{CHART}tf;⊗;•\n#REF!;●;\n")
    assert [(one.line, one.column, one.expected) for one in caught.value.problems] == [
        (5, 1, "every element once"),
        (6, 1, "a value"),
    ]


def test_the_solutions_that_an_analysis_exports_are_read_again() -> None:
    columns = ("solution", "model", "consistency", "pri", "coverage")
    table = ExportTable(
        "solutions",
        "solutions",
        tuple(ExportColumn(name, name, ColumnKind.TEXT) for name in columns),
        (
            ("conservative", "TF*~AD + RB", 0.9, 0.8, 0.7),
            ("parsimonious", "~AD", 0.9, 0.8, 0.7),
        ),
    )

    found = solution(csv_file(table).decode("utf-8"))

    assert patterns(found) == [
        ("conservative", {"TF": True, "AD": False}),
        ("conservative", {"RB": True}),
        ("parsimonious", {"AD": False}),
    ]
