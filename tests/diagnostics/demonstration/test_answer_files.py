"""`manage.py diagnose`: every fault is told by file, line and column, and nothing is written."""

from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from diagnostics.answer_files.pooling import pooling_notes
from diagnostics.answer_files.reading import read_answer_files, unit_tree
from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.demonstration.files import write_files
from diagnostics.demonstration.population import Population
from diagnostics.scoring.results import AssessmentResult
from survey.errors import InputError
from survey.import_files.units import UnitRow, read_units
from survey.instrument.content import Instrument
from survey.models import Organisation, Who
from survey.services.organisations.trees import import_units
from survey.services.setup.imports import NamedFile, check_files
from tests.places import ROOT

UNITS = "code,name,parent\nHQ,Pump Works,\nA,Team Anchor,HQ\nB,Team Buoy,HQ\n"


@pytest.fixture
def files(tmp_path: Path, population: Population) -> tuple[Path, Path]:
    """Return a good file of answers (Team Anchor 14, Team Buoy 3) and one of units."""
    answers = population.answers.head(17).assign(leads="", unit=["A"] * 14 + ["B"] * 3)
    answers.to_csv(tmp_path / "answers.csv", index=False, float_format="%.0f")
    (tmp_path / "units.csv").write_text(UNITS)
    return tmp_path / "answers.csv", tmp_path / "units.csv"


def diagnose(answers: Path, units: Path, out: Path, **options: object) -> str:
    printed = StringIO()
    call_command("diagnose", answers, units=units, out=out, stdout=printed, **options)
    return printed.getvalue()


def refusal(answers: Path, units: Path) -> str:
    """Return the message of a refused run, after checking that it left nothing behind."""
    before = sorted(answers.parent.iterdir())
    with pytest.raises(CommandError) as error:
        diagnose(answers, units, answers.parent / "reports")
    assert error.value.returncode == 1
    assert sorted(answers.parent.iterdir()) == before
    return str(error.value)


def change(path: Path, line: int, column: str, value: str) -> None:
    """Set one cell; lines count from one, the heading being the first."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[line - 2, column] = value
    frame.to_csv(path, index=False)


def test_reports_are_written_for_units_that_may_have_one(files: tuple[Path, Path]) -> None:
    out = files[0].parent / "reports"

    printed = diagnose(*files, out, company="Pump Works", demonstration=True)

    assert sorted(path.name for path in out.iterdir()) == [
        "company-appendix.pdf",
        "company.pdf",
        "unit-A.pdf",
    ]
    pooled = "Units pooled with others, because too few people answered to show them alone"
    assert printed.splitlines() == [
        "Team Buoy (B): too few answers; they count above only where enough come together",
        f"3 reports written to {out}. {pooled}: Team Buoy (B).",
    ]
    text = "\n".join(page.extract_text() for page in PdfReader(out / "unit-A.pdf").pages)
    for words in ("Team Anchor", "10–19", "Demonstration data", "answers.csv"):
        assert words in text


def test_an_unknown_unit_is_told_by_line_and_column(files: tuple[Path, Path]) -> None:
    change(files[0], 4, "unit", "Z9")

    assert refusal(*files) == (
        "answers.csv, line 4, column 1 (unit): expected the code of a unit in the file of units, "
        "found 'Z9'."
    )


def test_a_value_of_nine_is_told_by_line_and_column(files: tuple[Path, Path]) -> None:
    change(files[0], 2, "TF1", "9")
    change(files[0], 9, "DSO5", "4,5")

    lines = refusal(*files).splitlines()

    column = list(pd.read_csv(files[0]).columns).index("DSO5") + 1
    assert lines == [
        "answers.csv, line 2, column 4 (TF1): expected 1 to 7 or nothing, found '9'.",
        f"answers.csv, line 9, column {column} (DSO5): expected 1 to 7 or nothing, found '4,5'.",
    ]


def test_a_missing_column_is_named(files: tuple[Path, Path]) -> None:
    pd.read_csv(files[0]).drop(columns="RB3").to_csv(files[0], index=False)

    assert refusal(*files).startswith("answers.csv, line 1: expected a column 'RB3', found 'unit'")


def test_an_unknown_column_is_named(files: tuple[Path, Path]) -> None:
    pd.read_csv(files[0]).assign(age=40).drop(columns="RB3").to_csv(files[0], index=False)

    assert "expected one of the headings unit, function" in refusal(*files)
    assert "found 'age'" in refusal(*files)


def test_an_unknown_column_beside_all_others_is_left_out_with_a_word(
    files: tuple[Path, Path], instrument: Instrument
) -> None:
    pd.read_csv(files[0]).assign(age=40).to_csv(files[0], index=False)

    found = read_answer_files(*files, instrument=instrument, company="Pump Works")

    assert "age" not in found.answers
    assert [str(remark) for remark in found.remarks] == [
        "answers.csv, line 1: columns that are not asked for are left out: 'age'."
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_refused(files: tuple[Path, Path], content: bytes) -> None:
    files[0].write_bytes(content)

    assert refusal(*files) == (
        "answers.csv: expected a heading and at least one row below it, found an empty file."
    )


def test_a_wrong_encoding_is_told_by_line(files: tuple[Path, Path]) -> None:
    lines = files[0].read_bytes().splitlines()
    lines[2] = b"\x81" + lines[2]
    files[0].write_bytes(b"\n".join(lines))

    assert refusal(*files) == (
        "answers.csv, line 3: expected text in UTF-8, UTF-16 or Windows-1252, found the byte 0x81, "
        "which none of them has here."
    )


def test_faults_of_both_files_are_told_at_once(files: tuple[Path, Path]) -> None:
    files[1].write_text(UNITS + "B,Again,HQ\n")
    change(files[0], 3, "function", "cooking")

    lines = refusal(*files).splitlines()

    again = "expected every code once, found 'B' again, as on line 4."
    assert lines == [
        f"units.csv, line 5, column 1 (code): {again}",
        "answers.csv, line 3, column 2 (function): expected operations or sales, found 'cooking'.",
    ]


def test_a_file_that_is_not_there_is_refused(files: tuple[Path, Path]) -> None:
    assert "expected a file that can be read" in refusal(files[0].with_name("no.csv"), files[1])


def test_a_folder_with_something_in_it_is_refused(files: tuple[Path, Path]) -> None:
    folder = files[0].parent

    with pytest.raises(CommandError) as error:
        diagnose(*files, folder)

    assert str(error.value) == (
        f"{folder}: expected a new or an empty folder, found something in it."
    )


def test_separators_encodings_and_headings_may_differ(
    files: tuple[Path, Path], instrument: Instrument
) -> None:
    expected = read_answer_files(*files, instrument=instrument, company="Pump Works")
    frame = pd.read_csv(files[0], dtype=str, keep_default_na=False)
    frame.columns = [column.upper() for column in frame.columns]
    frame["TF1"] = [f"{value}.0" if value else "" for value in frame["TF1"]]
    frame["FUNCTION"] = ["Service " + value for value in frame["FUNCTION"]]
    frame["UNIT"] = [value.lower() for value in frame["UNIT"]]
    frame.to_csv(files[0], index=False, sep=";", encoding="utf-16")

    found = read_answer_files(*files, instrument=instrument, company="Pump Works")

    pd.testing.assert_frame_equal(found.answers, expected.answers)
    assert found.tree == expected.tree


def test_several_units_at_the_top_get_the_company_above_them() -> None:
    tree = unit_tree(
        (UnitRow("company", "Odd name"), UnitRow("B", "Team Buoy"), UnitRow("C", "Crew", "b")),
        company="Pump Works",
    )

    assert tree.keys == ("company_", "company", "B", "C")
    assert tree.parents == (-1, 0, 0, 2)
    assert tree.names == ("Pump Works", "Odd name", "Team Buoy", "Crew")


def test_the_demonstration_comes_back_from_its_files(
    tmp_path: Path, population: Population, instrument: Instrument
) -> None:
    files = write_files(tmp_path, seed=DEFAULT_SEED, instrument=instrument)

    found = read_answer_files(files.answers, files.units, instrument=instrument, company="")

    pd.testing.assert_frame_equal(
        found.answers, population.answers[found.answers.columns], check_dtype=False
    )
    assert found.tree == population.tree()


@pytest.mark.django_db
@pytest.mark.parametrize("has_tree", [False, True])
def test_the_demonstrations_files_are_taken_by_the_set_up_of_a_campaign(
    tmp_path: Path, population: Population, *, has_tree: bool
) -> None:
    printed = StringIO()
    call_command("demonstration_files", tmp_path, stdout=printed)
    organisation = Organisation.objects.create(name="Northlight Equipment")
    units, people = (
        NamedFile(name, (tmp_path / name).read_bytes()) for name in ("units.csv", "people.csv")
    )
    if has_tree:
        import_units(organisation=organisation, rows=read_units(units.content).rows, by=Who.WORKER)

    plan = check_files(organisation=organisation, units=units, people=people)

    assert printed.getvalue().split() == [
        str(tmp_path / name) for name in ("answers.csv", "units.csv", "people.csv")
    ]
    assert [row.code for row in plan.units or ()] == list(population.tree().keys)
    assert plan.tree is not None
    assert len(plan.tree.unchanged if has_tree else plan.tree.created) == 31
    invited = [(one.email, one.name, one.unit, one.function) for one in population.people]
    assert [(row.email, row.name, row.unit, str(row.function)) for row in plan.people] == invited
    assert all(row.email.endswith(".example") for row in plan.people)


def test_the_readme_names_the_files_that_each_step_takes() -> None:
    readme = (ROOT / "README.md").read_text()
    tour = " ".join(readme.partition("The five-minute tour")[2].split())

    assert "`example/units.csv` is for *Units*, `example/people.csv` for *People*" in tour
    assert "diagnose example/answers.csv --units example/units.csv --out reports" in tour


def test_notes_name_every_pooled_unit_and_no_number_below_a_band(
    demonstration: AssessmentResult,
) -> None:
    company = "Northlight Equipment (50+)"
    patterns = "a profile of its own, patterns pooled from ten answers on: see"
    whole = "too few answers to be told alone, pooled: see"

    notes = {note.unit: note.reason for note in pooling_notes(demonstration)}

    assert notes == {
        "Ice Routes (N4)": f"{patterns} {company}",
        "Wine Valleys (S3)": f"{whole} Small teams in Region South (5-9)",
        "Island Sites (S4)": f"{whole} Small teams in Region South (5-9)",
        "Forest Machines (E3)": f"{patterns} Small teams in Region East (10-19)",
        "Sawmills (E4)": f"{patterns} Small teams in Region East (10-19)",
        "Lighthouses (W4)": f"{whole} {company}",
        "Museums (C4)": f"{whole} {company}",
        "Research Sites (K4)": f"{patterns} {company}",
    }


def test_a_folder_cannot_stand_for_a_file(files: tuple[Path, Path], instrument: Instrument) -> None:
    with pytest.raises(InputError, match="expected a file that can be read"):
        read_answer_files(files[0].parent, files[1], instrument=instrument, company="")
