"""Text files that people really bring: read as they were meant, and what was guessed is told."""

import pytest

from survey.import_files.people import PeopleFile, read_people
from survey.import_files.units import read_units

HEADING = "email;name;unit;function;language"
ROWS = "anna@example.com;Anna Berg;n;operations;\nbo@example.com;Bo Dahl;s;sales;\n"
PLAIN = f"{HEADING}\n{ROWS}"
READ = [("anna@example.com", "Anna Berg", "n", ""), ("bo@example.com", "Bo Dahl", "s", "")]
MARK = b"\xef\xbb\xbf"


def people(data: bytes | str, *units: str) -> PeopleFile:
    content = data.encode() if isinstance(data, str) else data
    codes = units or ("co", "n", "s")
    return read_people(content, file="people.csv", units=codes, languages=["en", "fi", "sv"])


def rows(found: PeopleFile) -> list[tuple[str, str, str, str]]:
    assert found.problems == ()
    return [(row.email, row.name, row.unit, row.language) for row in found.rows]


def told(found: PeopleFile) -> list[str]:
    return [str(remark) for remark in found.remarks]


def faults(found: PeopleFile) -> list[str]:
    assert found.rows == ()
    return [str(problem) for problem in found.problems]


@pytest.mark.parametrize(
    "data",
    [
        f"sep=;\r\n{PLAIN}",
        f"\nSEP=;;;;;\r\n{PLAIN}",
        f'"sep=;"\n{PLAIN}',
        f"sep=|\n{PLAIN}".replace(";", "|"),
        f"sep=\n{PLAIN}",
        f"sep=,\n{PLAIN}".replace(";", ","),
        f",,,,\r\n,,,,\r\n{PLAIN}",
        f";;;;\n  \t \n; ; ;\u00a0;\n\n{PLAIN}",
        f'"","","",""\n{PLAIN}',
        f"\t\t\t\t\n{PLAIN}".replace(";", ","),
        MARK + MARK + PLAIN.encode(),
        MARK + b"sep=;\n" + MARK + PLAIN.encode(),
        MARK + b'"email";name;unit;function;language\n' + MARK + ROWS.encode(),
        b"\xff\xfe" + b"\xff\xfe" + PLAIN.encode("utf-16-le"),
        PLAIN.replace("email", "\u00a0E-mail ").replace(
            "Anna Berg", "\ufeffAnna \u00a0 Berg\u202f"
        ),
    ],
)
def test_separator_lines_blank_rows_and_marks_are_passed_over_without_a_word(
    data: bytes | str,
) -> None:
    found = people(data)

    assert (rows(found), told(found)) == (READ, [])


def test_lines_keep_their_numbers_below_a_separator_line_and_blank_rows() -> None:
    found = people(f"sep=;\r\n,,,\r\n{HEADING}\r\nnobody;Nina;n;sales;\r\n")

    assert faults(found) == [
        "people.csv, line 4, column 1 (email): expected an e-mail address, found 'nobody'."
    ]


def test_an_encoding_that_was_guessed_is_told_by_line_with_words_to_look_at() -> None:
    mixed = f"{HEADING}\nasa@example.com;Åsa Björk;n;sales;\n".encode()
    last = "ulla@example.com;Ulla Nyström;s;sales;\n".encode("cp1252")
    whole = (mixed.decode() + last.decode("cp1252")).encode("cp1252")

    guessed, all_guessed = people(mixed + last), people(whole)

    names = ["Åsa Björk", "Ulla Nyström"]
    assert [row[1] for row in rows(guessed)] == [row[1] for row in rows(all_guessed)] == names
    assert told(guessed) == [
        (
            "people.csv: line 3 read as Windows-1252, the others as UTF-8; please look whether "
            "Nyström is right."
        )
    ]
    assert told(all_guessed) == [
        (
            "people.csv: lines 2–3 read as Windows-1252, since the file is not UTF-8; please look "
            "whether Åsa, Björk, Nyström is right."
        )
    ]
    assert str(guessed.reading).startswith("people.csv: read as UTF-8 and Windows-1252 with ;")
    assert told(people(PLAIN.replace("Anna", "Åsa"))) == []


def test_letters_that_were_spoiled_before_are_told_and_lost_ones_refused() -> None:
    garbled = people(PLAIN.replace("Bo Dahl", "BjÃ¶rk"))
    lost = people(PLAIN.replace("Bo Dahl", "Bj\ufffdrk"))

    assert told(garbled) == [
        "people.csv, line 3: 'BjÃ¶rk' looks like 'Björk', stored in a wrong encoding."
    ]
    assert faults(lost) == [
        (
            "people.csv, line 3, column 2 (name): expected all letters; save the file as UTF-8 "
            "where it was made, found 'Bj\ufffdrk', in which letters were lost."
        )
    ]


def test_a_file_of_an_old_macintosh_is_refused_by_line() -> None:
    data = "email;name;unit;function\rasa@example.com;Åsa Björk;n;sales".encode("mac_roman")

    assert faults(people(data)) == [
        (
            "people.csv, line 2: expected text in UTF-8, UTF-16 or Windows-1252, found the byte "
            "0x81, which none of them has here."
        )
    ]


def test_other_columns_are_left_out_and_other_names_of_columns_read_with_a_word() -> None:
    found = people(
        "Employee ID;Mail;namn;UNIT ;Function;Cost centre\n17;anna@example.com;Anna;n;sales;44\n"
    )

    assert [row.name for row in found.rows] == ["Anna"]
    assert told(found) == [
        "people.csv, line 1, column 2: the column 'Mail' is read as email.",
        "people.csv, line 1, column 3: the column 'namn' is read as name.",
        (
            "people.csv, line 1: columns that are not asked for are left out: 'Employee ID', "
            "'Cost centre'."
        ),
    ]


def test_a_title_above_the_headings_is_left_out_with_a_word() -> None:
    found = people(f"Staff list, spring, 2026\n\nmade by: Ann\n{PLAIN}{PLAIN}")

    assert rows(found) == READ
    assert told(found) == [
        (
            "people.csv: lines 1, 3 above the headings left out, beginning with "
            "'Staff list, spring, 2026'."
        ),
        "people.csv: the headings come again on line 7, and are left out.",
        "people.csv: counted once, since an earlier line says the same: lines 8–9.",
    ]
    assert found.reading.heading_line == 4


def test_a_column_that_comes_twice_is_named_unless_both_say_the_same() -> None:
    same = people("email,name,unit,function,name\na@example.com,Ann,n,sales,Ann\n")
    other = people("email,name,unit,function,name\na@example.com,Ann,n,sales,Anna\n")

    assert [row.name for row in same.rows] == ["Ann"]
    assert faults(other) == [
        "people.csv, line 1, column 5 (name): expected every heading once, found 'name' again."
    ]


def test_decomposed_letters_and_odd_spaces_name_the_same_unit() -> None:
    units = read_units(
        "code;name;parent\nco;Company;\nVästra;Väst\u00a0 1;co\nÖ 1;Ost;Va\u0308stra\n".encode()
    )

    found = people(
        "email;name;unit;function\n"
        "anna@example.com;A\u030asa  Berg;va\u0308stra;Service\u00a0sales\n"
        "bo@example.com;Bo;O\u0308\u00a01;service  OPERATIONS\n",
        *(row.code for row in units.rows),
    )

    assert [(row.code, row.name) for row in units.rows] == [
        ("co", "Company"), ("Västra", "Väst 1"), ("Ö 1", "Ost"),
    ]  # fmt: skip
    assert [row[1:3] for row in rows(found)] == [("Åsa Berg", "västra"), ("Bo", "Ö 1")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("sv-SE", "sv"), ("sv_SE", "sv"), ("SV", "sv"), ("sv_SE.UTF-8", "sv"), ("sv-Latn-FI", "sv"),
        ("Swedish", "sv"), ("svenska", "sv"), ("ruotsi", "sv"), ("Schwedisch", "sv"),
        ("en-GB", "en"), ("ENGLISH", "en"), ("suomi", "fi"), ("Finnish\u00a0", "fi"), ("", ""),
    ],
)  # fmt: skip
def test_languages_are_read_by_tag_and_by_name(written: str, read: str) -> None:
    found = people(f"{HEADING}\na@example.com;Ann;n;sales;{written}\n")

    assert [row[3] for row in rows(found)] == [read]


@pytest.mark.parametrize("written", ["de", "Klingon", "svensk-engelska", "s", "swe den"])
def test_a_language_that_the_questionnaire_lacks_is_refused(written: str) -> None:
    assert faults(people(f"{HEADING}\na@example.com;Ann;n;sales;{written}\n")) == [
        (
            "people.csv, line 2, column 5 (language): expected a language of the questionnaire "
            f"(en, fi, sv), found '{written}'."
        )
    ]


@pytest.mark.parametrize(
    "error", ["#N/A", "#REF!", "#VÄRDEFEL!", "#DIV/0!", "#NV", "Err:502", "####"]
)
def test_an_error_of_a_spreadsheet_is_refused_in_text_files_as_well(error: str) -> None:
    found = read_units(f"code;name;parent\nco;{error};\n#1 in Europe;#Team!x;co\n".encode())

    assert [str(problem) for problem in found.problems] == [
        f"units.csv, line 2, column 2 (name): expected a value, found the error {error}."
    ]


def test_rows_that_say_the_same_count_once_and_others_of_one_mailbox_are_refused() -> None:
    same = people(f"{PLAIN}anna@example.com;Anna \u00a0Berg;n;operations;\n")
    other = people(f"{PLAIN}ANNA@example.com;Anna Berg;s;sales;\n")

    assert rows(same) == READ
    assert told(same) == ["people.csv: counted once, since an earlier line says the same: line 4."]
    assert faults(other) == [
        (
            "people.csv, line 4, column 1 (email): expected every address once, "
            "found 'anna@example.com' again, as on line 2."
        )
    ]


@pytest.mark.parametrize(
    "spelt",
    [
        "anna@example.com\u200b", "anna@exam\u00adple.com", "\u2060anna@example.com",
        "anna@example.com\u202c", "ANNA@Example.COM", '"anna"@example.com', "ａnna@example.com",
        "anna@ｅxample.com", "anna@example.com\ufe0f", "an\u200dna@example.com",
    ],
)  # fmt: skip
def test_no_spelling_of_one_mailbox_is_invited_twice(spelt: str) -> None:
    found = people(f"{PLAIN}{spelt};Another;n;sales;\n".replace('"', '"""'))

    assert (found.rows, {problem.line for problem in found.problems}) == ((), {4})


@pytest.mark.parametrize(
    "spelt", ["bo@bücher.example", "BO@BU\u0308CHER.example", "bo@XN--bcher-kva.example"]
)
def test_no_spelling_of_one_domain_is_invited_twice(spelt: str) -> None:
    found = people(f"{HEADING}\nbo@xn--bcher-kva.example;Bo;n;sales;\n{spelt};Another;n;sales;\n")

    assert [(problem.line, problem.expected) for problem in found.problems] == [
        (3, "every address once")
    ]


def test_a_code_that_lost_its_zeros_is_told_with_the_one_that_was_meant() -> None:
    found = people("email;name;unit;function\na@example.com;Ann;12;sales\n", "0001", "0012")

    assert faults(found) == [
        (
            "people.csv, line 2, column 3 (unit): expected the code of a unit in the tree, "
            "found '12'; if '0012' is meant, its zeros were lost in a spreadsheet."
        )
    ]
