"""Files of answers as people bring them to `diagnose`."""

from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from diagnostics.answer_files.reading import AnswerTable, read_answer_table, unit_tree
from diagnostics.demonstration.population import Population
from survey.import_files.problems import FileProblemsError
from survey.import_files.units import UnitRow
from survey.import_files.writing import as_csv, as_workbook
from survey.instrument.content import Instrument

TREE = unit_tree([UnitRow("0012", "Väst 1"), UnitRow("Västra", "Väst 2", "0012")], company="Co")
Rows = list[list[str]]
Write = Callable[[Sequence[str], Rows], bytes]


@pytest.fixture(scope="module")
def rows(population: Population) -> Rows:
    """Return a heading and four people's answers, as a file has them."""
    frame = population.answers.head(4).assign(leads="", unit=["0012", "Västra"] * 2)
    cells = frame.astype(object).where(frame.notna(), "").to_numpy().tolist()
    text = [[str(int(c)) if isinstance(c, float) else str(c) for c in row] for row in cells]
    return [list(map(str, frame.columns)), *text]


def read(data: bytes, instrument: Instrument) -> AnswerTable:
    return read_answer_table(data, file="answers.csv", tree=TREE, instrument=instrument)


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_answers_come_back_as_they_were_written_each_person_once(
    rows: Rows, instrument: Instrument, write: Write
) -> None:
    plain = read(as_csv(rows[0], rows[1:]), instrument)
    twice = read(write(rows[0], [*rows[1:], *rows[1:]]), instrument)

    assert (plain.remarks, twice.remarks) == ((), ())
    assert list(plain.frame["unit"]) == ["0012", "Västra"] * 2
    pd.testing.assert_frame_equal(
        twice.frame, pd.concat([plain.frame, plain.frame], ignore_index=True)
    )


def test_answers_are_read_whatever_stands_around_them(rows: Rows, instrument: Instrument) -> None:
    plain = read(as_csv(rows[0], rows[1:]), instrument)
    lines = [";".join(row) for row in rows]
    awkward = [
        *("Answers of spring", ";;;", lines[0].upper() + ";Age"),
        *(line.replace("Västra", "va\u0308stra\u00a0") + ";40" for line in lines[1:]),
    ]

    found = read(("\ufeff\ufeff" + "\r\n".join(awkward)).encode(), instrument)

    pd.testing.assert_frame_equal(found.frame, plain.frame)
    assert [str(remark) for remark in found.remarks] == [
        "answers.csv: line 1 above the headings left out, beginning with 'Answers of spring'.",
        "answers.csv, line 3: columns that are not asked for are left out: 'Age'.",
    ]


def test_a_unit_that_lost_its_zeros_and_an_error_are_told_by_line_and_column(
    rows: Rows, instrument: Instrument
) -> None:
    changed = [list(row) for row in rows]
    changed[1][0], changed[2][3] = "12", "#REF!"

    with pytest.raises(FileProblemsError) as caught:
        read(as_csv(changed[0], changed[1:]), instrument)

    assert [(one.line, one.column, one.found) for one in caught.value.problems] == [
        (2, 1, "'12'; if '0012' is meant, its zeros were lost in a spreadsheet"),
        (3, 4, "the error #REF!"),
    ]
