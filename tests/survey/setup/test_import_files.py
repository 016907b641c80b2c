"""CSV files of units and people: every encoding and separator, every fault by line and column."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.import_files.people import PersonRow, read_people
from survey.import_files.problems import Problem
from survey.import_files.units import UnitRow, read_units
from survey.models import Function

UNITS = [
    ["code", "name", "parent", "leader_email", "leader_name"],
    ["N1", "Fältteam Ålesund", "N", "Lars@Example.com", "Lars Sørensen"],
    ["N", "Région Nord; côte, île", "", "", ""],
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]


def written(rows: list[list[str]], separator: str = ",", newline: str = "\r\n") -> str:
    quoted = [[f'"{cell}"' if set(cell) & set(";,\t") else cell for cell in row] for row in rows]
    return newline.join(separator.join(row) for row in quoted) + newline


def messages(problems: tuple[Problem, ...]) -> list[str]:
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_separators_and_line_ends_are_read_alike(
    encoding: str, separator: str, newline: str
) -> None:
    data = written(UNITS, separator, newline).encode(encoding)

    found = read_units(data, file="units.csv")

    assert found.problems == ()
    assert found.rows == (
        UnitRow("N", "Région Nord; côte, île", "", "", ""),
        UnitRow("N1", "Fältteam Ålesund", "N", "lars@example.com", "Lars Sørensen"),
    )


def test_people_are_read_with_their_function_in_either_wording() -> None:
    data = (
        b"E-mail,Name,Unit,Function,Language\n"
        b"Ann@Example.com,Ann,N1,Operations,EN\n"
        b"bo@example.com,,N2,service sales,\n"
    )

    found = read_people(data, file="people.csv", units=["n1", "N2"])

    assert found.problems == ()
    assert found.rows == (
        PersonRow("ann@example.com", "Ann", "N1", Function.OPERATIONS, "en"),
        PersonRow("bo@example.com", "", "N2", Function.SALES, ""),
    )


def test_every_fault_of_a_units_file_is_listed_by_line_and_column() -> None:
    data = (
        "code;name;parent;leader_email;leader_name\n"
        "N;North;;not an address;\n"
        ";Nameless;N;;\n"
        "S;;X9;;Sven\n"
        "\n"
        "n;Again;N;;\n"
        f"L;{'x' * 121};N;;\n"
        'B;"two\nlines";N;;\n'
        "A;Circle a;Q;;\n"
        "Q;Circle b;A;;\n"
    ).encode()

    assert messages(read_units(data, file="units.csv").problems) == [
        (
            "units.csv, line 2, column 4 (leader_email): expected an e-mail address, "
            "found 'not an address'."
        ),
        "units.csv, line 3, column 1 (code): expected a code, found nothing.",
        "units.csv, line 4, column 2 (name): expected a name, found nothing.",
        (
            "units.csv, line 4, column 3 (parent): expected the code of a unit in this file, "
            "found 'X9'."
        ),
        (
            "units.csv, line 4, column 4 (leader_email): expected an address for the leader named "
            "beside it, found nothing."
        ),
        (
            "units.csv, line 6, column 1 (code): expected every code once, "
            "found 'n' again, as on line 2."
        ),
        (
            "units.csv, line 7, column 2 (name): expected at most 120 characters, "
            "found 121 characters."
        ),
        (
            "units.csv, line 8, column 2 (name): expected text without line breaks and control "
            "characters, found 'two\\nlines'."
        ),
        (
            "units.csv, line 10, column 3 (parent): expected a parent higher up in the tree, "
            "found 'Q', which lies below this unit itself."
        ),
        (
            "units.csv, line 11, column 3 (parent): expected a parent higher up in the tree, "
            "found 'A', which lies below this unit itself."
        ),
    ]


def test_every_fault_of_a_people_file_is_listed_by_line_and_column() -> None:
    data = (
        b"email\tname\tunit\tfunction\tlanguage\n"
        b"\tNobody\tN1\tsales\t\n"
        b"ann@example.com\tAnn\tN7\tplumbing\txx\n"
        b"ANN@example.com\tAnn\t\tsales\t\tmore\n"
    )

    assert messages(read_people(data, file="people.csv", units=["N1"]).problems) == [
        "people.csv, line 2, column 1 (email): expected an e-mail address, found nothing.",
        (
            "people.csv, line 3, column 3 (unit): expected the code of a unit in the tree, "
            "found 'N7'."
        ),
        (
            "people.csv, line 3, column 4 (function): expected operations or sales, "
            "found 'plumbing'."
        ),
        (
            "people.csv, line 3, column 5 (language): expected a language of the questionnaire "
            "(en), found 'xx'."
        ),
        (
            "people.csv, line 4, column 1 (email): expected every address once, "
            "found 'ann@example.com' again, as on line 3."
        ),
        "people.csv, line 4, column 3 (unit): expected the code of a unit, found nothing.",
        "people.csv, line 4, column 6: expected cells below the 5 headings only, found 'more'.",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "units.csv: expected a heading and at least one row below it, found an empty file."),
        (b" \n", ("units.csv: expected a heading and at least one row below it, "
         "found an empty file.")),
        (b"code,name,parent\n", ("units.csv: expected a heading and at least one row below it, "
         "found no rows.")),
        (b"PK\x03\x04rest", ("units.csv: expected an XLSX workbook, "
         "found a damaged or locked file.")),
        (b"\xd0\xcf\x11\xe0rest", ("units.csv: expected a CSV or XLSX file, "
         "found a workbook of the old kind or with a password.")),
        (b"code,name,parent\nA,\x00\x00B,\nC,D,E\nF,G,H\n", ("units.csv: expected text, "
         "found a binary file.")),
        (b"code,name,parent\nA,\xc5\x81\nB,\x81,\n", ("units.csv, line 3: expected text in UTF-8, "
         "UTF-16 or Windows-1252, found the byte 0x81, which none of them has here.")),
        (b'code,name,parent\nA,"open,\n', ("units.csv, line 2: expected cells with closed quotes, "
         "found a record that cannot be read (unexpected end of data).")),
        (b"code,title,parent,code\nA,B,,A\n", ("units.csv, line 1: expected a column 'name', "
         "found 'code', 'title', 'parent', 'code'.|units.csv, line 1, column 2: expected one of "
         "the headings code, name, parent, leader_email, leader_name, found 'title'.|"
         "units.csv, line 1, column 4 (code): expected every heading once, found 'code' again.")),
        (b"code,name,parent" + b"," * 48 + b"\nA,B,\n", ("units.csv: expected at most 50 columns, "
         "found 51.")),
        (b"x" * (5 * 1024 * 1024 + 1), ("units.csv: expected at most 5242880 bytes, "
         "found 5242881 bytes.")),
        (b"code,name,parent\n" + b"A,B,\n" * 20_001, ("units.csv: expected at most 20000 rows, "
         "found more.")),
    ],
)  # fmt: skip
def test_a_file_without_usable_shape_is_refused_with_the_reason(data: bytes, message: str) -> None:
    found = read_units(data, file="units.csv")

    assert found.rows == ()
    assert "|".join(messages(found.problems)) == message


def test_a_tree_as_deep_as_a_file_may_be_is_read() -> None:
    rows = ["code,name,parent"] + [f"U{n},Unit,{f'U{n + 1}' if n < 19_999 else ''}"
                                   for n in range(20_000)]  # fmt: skip

    found = read_units("\n".join(rows).encode())

    assert found.problems == ()
    assert [found.rows[0].code, found.rows[-1].code] == ["U19999", "U0"]


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_any_bytes_give_rows_or_problems_and_never_another_error(data: bytes) -> None:
    for prefix in (b"", b"code;name;parent\n"):
        found = read_units(prefix + data)
        assert bool(found.rows) != bool(found.problems)


def test_a_heading_too_long_to_be_one_is_refused_in_words() -> None:
    found = read_units(b"code;name;" + b"a" * 140_000)

    assert (found.rows, [problem.line for problem in found.problems]) == ((), [1])
    assert "cannot be read" in found.problems[0].found
