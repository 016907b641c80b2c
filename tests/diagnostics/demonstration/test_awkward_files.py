"""`manage.py diagnose` on files as people have them: a sentence, a warning or the work done."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from diagnostics.answer_files import folders, reports
from diagnostics.answer_files.folders import NOTE, report_folder
from diagnostics.answer_files.meaning import unit_keys
from diagnostics.answer_files.reading import read_answer_files
from diagnostics.demonstration.population import Population
from diagnostics.management.commands.diagnose import EXIT_CODES, IN_PART, REFUSED, USAGE, Command
from diagnostics.measurement.studies import study_scales
from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.frames import further_seconds
from diagnostics.reports.rendering.letters import RenderedPdf, letter_warning
from diagnostics.scoring.assessing import assess
from diagnostics.scoring.definitions import default_method
from survey.errors import InputError
from survey.instrument.content import Instrument
from survey.policy import RELEASE_FLOOR, SENSITIVE_FLOOR
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tree import UnitTree
from tests.places import ROOT

Change = Callable[[pd.DataFrame], pd.DataFrame]
UNITS = (
    "code,name,parent\nHQ,Pump Works,\nN,North,HQ\nS,South,HQ\nN1,Cranes,N\nS1,Food,S\n"
    "N2,Pumps,N\nS2,Wine,S\n"
)
REPORTS = [
    "company.pdf", "company-functions.pdf", "company-appendix.pdf", "unit-N.pdf", "unit-N1.pdf",
    "unit-N2.pdf", "unit-S1.pdf",
]  # fmt: skip
KEYS = ("unit", "function", "leads")


class Renderers:
    """Renderers that cost nothing; those of some names fail, or break off at a number."""

    def __init__(self, *, failing: str = "", breaks_at: int = -1, error: BaseException) -> None:
        self.failing, self.breaks_at, self.error = failing, breaks_at, error
        self.asked = 0

    def render_each(self, markups: Iterator[str]) -> Iterator[RenderedPdf | RenderError]:
        """Yield a document for each markup."""
        for markup in markups:
            if self.asked == self.breaks_at:
                raise self.error
            self.asked += 1
            if self.failing and f"<h1>{self.failing}" in markup:
                yield RenderError("expected at most 25 seconds of computing")
            else:
                yield RenderedPdf.of(markup.encode(), "港" if "<h1>Food" in markup else "")


@pytest.fixture
def files(tmp_path: Path, population: Population) -> tuple[Path, Path]:
    """Return files of three teams of twelve in two regions, and one team of three."""
    folder = tmp_path / "files"
    folder.mkdir()
    units = ["N1"] * 12 + ["N2"] * 12 + ["S1"] * 12 + ["S2"] * 3
    answers = population.answers.head(len(units)).assign(leads="", unit=units, CHECK1=None)
    answers.to_csv(folder / "answers.csv", index=False, float_format="%.0f")
    (folder / "units.csv").write_text(UNITS)
    return folder / "answers.csv", folder / "units.csv"


@pytest.fixture
def renderers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Renderers]:
    """Return what puts free renderers in place; what they make are the markups themselves."""

    def put(**options: object) -> Renderers:
        made = Renderers(**{"error": KeyboardInterrupt(), **options})  # type: ignore[arg-type]
        monkeypatch.setattr(reports, "shared_pool", lambda: made)
        return made

    return put


def changed(path: Path, change: Change) -> None:
    change(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)


def diagnose(files: tuple[Path, Path], out: Path, **options: object) -> tuple[int, list[str]]:
    """Run the command; return its exit code and the lines that it printed, an error's last."""
    printed = StringIO()
    try:
        call_command("diagnose", files[0], units=files[1], out=out, stdout=printed, **options)
    except CommandError as error:
        return error.returncode, [*printed.getvalue().splitlines(), *str(error).splitlines()]
    return 0, printed.getvalue().splitlines()


def cell(line: int, column: str, value: str) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[line - 2, column] = value
        return frame

    return change


def circle(frame: pd.DataFrame) -> pd.DataFrame:
    return cell(3, "parent", "N1")(frame)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (cell(4, "code", "N"), ["units.csv, line 4, column 1 (code): expected every code once"]),
        (cell(4, "code", "n"), ["units.csv, line 4, column 1 (code): expected every code once"]),
        (circle, ["units.csv, line 3, column 3 (parent): expected a parent higher up in the tree"]),
        (cell(5, "parent", "N1"), ["expected a parent higher up in the tree, found 'N1'"]),
        (cell(5, "parent", "ZZ"), ["expected the code of a unit in this file, found 'ZZ'"]),
        (cell(6, "name", "N" * 140), ["expected at most 120 characters, found 140 characters"]),
        (cell(6, "name", ""), ["line 6, column 2 (name): expected a name, found nothing"]),
        (cell(6, "code", ""), ["line 6, column 1 (code): expected a code, found nothing"]),
        (cell(6, "code", "N" * 41), ["expected at most 40 characters, found 41 characters"]),
    ],
)
def test_a_fault_of_the_units_is_a_sentence_whatever_the_answers_say(
    files: tuple[Path, Path], tmp_path: Path, change: Change, told: list[str]
) -> None:
    changed(files[1], change)

    code, lines = diagnose(files, tmp_path / "out")

    assert code == REFUSED
    assert all(any(part in line for line in lines) for part in told)
    assert not (tmp_path / "out").exists()


def test_of_very_many_faults_the_first_are_told_and_how_many_more_there_are(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    changed(files[0], lambda frame: pd.concat([frame.assign(unit="Nowhere")] * 2))

    code, lines = diagnose(files, tmp_path / "out")

    assert (code, len(lines), lines[-1]) == (REFUSED, 51, "And 28 more.")


def test_columns_may_stand_in_any_order(files: tuple[Path, Path], instrument: Instrument) -> None:
    before = read_answer_files(*files, instrument=instrument, company="")
    for file in files:
        changed(file, lambda frame: frame[list(frame.columns[::-1])])

    after = read_answer_files(*files, instrument=instrument, company="")

    pd.testing.assert_frame_equal(after.answers[before.answers.columns], before.answers)
    assert (after.tree, after.warnings) == (before.tree, ())


def test_units_named_instead_of_their_codes_are_taken_with_a_warning(
    files: tuple[Path, Path], instrument: Instrument
) -> None:
    before = read_answer_files(*files, instrument=instrument, company="")
    names = dict(zip(before.tree.keys, before.tree.names, strict=True))
    changed(files[0], lambda frame: frame.assign(unit=frame["unit"].map(names)))

    after = read_answer_files(*files, instrument=instrument, company="")

    pd.testing.assert_frame_equal(after.answers, before.answers)
    taken = "units are named instead of their codes, and taken by name"
    assert after.warnings == (f"answers.csv: {taken}: Cranes, Pumps, Food, Wine.",)


def test_a_name_that_two_units_have_means_neither_and_a_code_goes_before_a_name() -> None:
    tree = UnitTree(("HQ", "A", "B", "C"), (-1, 0, 0, 0), ("Works", "B", "Crew", "crew"))

    assert unit_keys(tree) == {"works": "HQ", "hq": "HQ", "a": "A", "b": "B", "c": "C"}


def items_of(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if name not in KEYS]


def on_five_points(frame: pd.DataFrame) -> pd.DataFrame:
    for item in items_of(frame):
        frame[item] = frame[item].map(
            lambda value: value and str(max(1, round(int(value) * 5 / 7)))
        )
    return frame


def without_lower_points(frame: pd.DataFrame) -> pd.DataFrame:
    for item in items_of(frame):
        frame[item] = frame[item].map(lambda value: value and str(max(3, int(value))))
    return frame


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (on_five_points, "the highest answer found is 5, and the scale goes to 7"),
        (without_lower_points, "the lowest answer found is 3, and the scale begins at 1"),
        (
            lambda frame: frame.assign(**dict.fromkeys(items_of(frame), "")),
            "no statement is answered on any row",
        ),
        (lambda frame: frame.assign(leads="yes"), "every row says that the person leads the unit"),
        (
            lambda frame: frame.assign(CHECK1="1"),
            "100 % of the answers fail the attention check (CHECK1 = ",
        ),
        (
            lambda frame: frame.assign(
                **dict.fromkeys(set(items_of(frame)[:-1]) - {"CHECK1"}, "4")
            ),
            "100 % of the answers are one and the same point nearly everywhere",
        ),
    ],
)
def test_what_is_allowed_but_looks_wrong_is_a_warning_and_the_work_is_done(
    files: tuple[Path, Path],
    tmp_path: Path,
    renderers: Callable[..., Renderers],
    change: Change,
    told: str,
) -> None:
    renderers()
    changed(files[0], change)

    code, lines = diagnose(files, tmp_path / "out")

    assert code == 0
    assert any(line.startswith(f"Warning: answers.csv: {told}") for line in lines)
    assert (tmp_path / "out" / "company.pdf").exists()


def test_one_unit_alone_is_the_company(
    files: tuple[Path, Path], tmp_path: Path, renderers: Callable[..., Renderers]
) -> None:
    renderers()
    changed(files[0], lambda frame: frame.assign(unit="HQ"))
    changed(files[1], lambda frame: frame[frame["code"] == "HQ"])

    code, lines = diagnose(files, tmp_path / "out")

    assert (code, len(lines)) == (0, 1)
    assert lines[0].startswith("3 reports written to ")
    assert lines[0].endswith(" show them alone: none.")


def random_answers(frame: pd.DataFrame) -> pd.DataFrame:
    generator = np.random.default_rng(3)
    for item in sorted({*items_of(frame)} - {"CHECK1"}):
        drawn = generator.integers(1, 8, len(frame)).astype(str)
        frame[item] = np.where(frame[item] == "", "", drawn)
    return frame


def test_answers_in_which_no_scale_holds_are_reported_with_a_warning(
    files: tuple[Path, Path], tmp_path: Path, renderers: Callable[..., Renderers]
) -> None:
    renderers()
    changed(files[0], lambda frame: random_answers(pd.concat([frame] * 2, ignore_index=True)))

    code, lines = diagnose(files, tmp_path / "out")

    assert code == 0
    assert any(line.startswith("Warning: No scale holds: each statement") for line in lines)


def test_a_release_in_which_no_scale_holds_is_scored_and_studied(
    population: Population, instrument: Instrument
) -> None:
    """Through the web too: the worker calls the same."""
    random = random_answers(population.answers.astype(object).fillna("").astype(str))
    answers = population.answers.copy()
    for item in items_of(answers):
        answers[item] = pd.to_numeric(random[item])
    method = default_method(instrument)
    tables, rows = release(
        answers, population.tree(), instrument, floor=RELEASE_FLOOR,
        sensitive_floor=SENSITIVE_FLOOR, exclusion_rules=ExclusionRules(attention_check=False),
    )  # fmt: skip

    result = assess(tables, rows, instrument=instrument, method=method)
    study = study_scales(
        rows, instrument, dropped=tables.dropped_items, sensitive_floor=SENSITIVE_FLOOR
    )

    assert len(tables.dropped_items) == 31
    assert [unit.own_diagnosis for unit in result.units[1:] if unit.own_diagnosis] == []
    assert study.groups == ()


def test_rows_stand_in_the_order_of_the_tree(
    files: tuple[Path, Path], tmp_path: Path, renderers: Callable[..., Renderers]
) -> None:
    renderers()
    out = tmp_path / "out"

    diagnose(files, out)

    tree = ["North", "Cranes", "Pumps", "South", "Food"]
    table = (out / "company.pdf").read_text().partition('<table class="heat-map">')[2]
    places = [table.index(name) for name in tree]
    assert places == sorted(places)


def test_36_000_rows_are_read(files: tuple[Path, Path], instrument: Instrument) -> None:
    heading, *rows = files[0].read_bytes().splitlines()
    files[0].write_bytes(b"\n".join([heading, *(rows * 1_000)[:36_000]]))

    found = read_answer_files(*files, instrument=instrument, company="")

    assert len(found.answers) == 36_000


def test_a_report_of_very_many_rows_may_take_longer_and_no_text_gains_time_so() -> None:
    assert further_seconds("<tr>" * 3_000) == 75
    assert further_seconds("&lt;tr" * 9_999 + "x " * 1_000_000) == 0


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (KeyboardInterrupt(), "Interrupted"),
        (OSError(28, "No space left on device"),
         "The reports cannot be written (No space left on device)"),
    ],
)  # fmt: skip
def test_what_is_finished_is_kept_and_the_same_command_goes_on(
    files: tuple[Path, Path],
    tmp_path: Path,
    renderers: Callable[..., Renderers],
    error: BaseException,
    sentence: str,
) -> None:
    out = tmp_path / "out"
    renderers(breaks_at=4, error=error)

    first = diagnose(files, out)
    kept = {path.name: path.stat().st_mtime_ns for path in out.glob("*.pdf")}
    second = renderers()
    again = diagnose(files, out)

    assert first == (
        IN_PART,
        [f"{sentence}: 4 of 7 reports are in {out}. The same command goes on from there."],
    )
    assert sorted(kept) == sorted(REPORTS[:4])
    assert (again[0], second.asked) == (0, 3)
    assert {name: (out / name).stat().st_mtime_ns for name in kept} == kept
    assert sorted(path.name for path in out.iterdir()) == sorted(REPORTS)


def test_other_files_or_options_begin_anew_and_replace_what_was_unfinished(
    files: tuple[Path, Path], tmp_path: Path, renderers: Callable[..., Renderers]
) -> None:
    out = tmp_path / "out"
    renderers(breaks_at=5)
    diagnose(files, out)
    changed(files[1], cell(3, "code", "NORD"))
    changed(files[1], lambda frame: frame.assign(parent=frame["parent"].replace("N", "NORD")))
    second = renderers()

    assert diagnose(files, out)[0] == 0
    assert second.asked == 7
    assert not (out / "unit-N.pdf").exists()
    assert (out / "unit-NORD.pdf").exists()


def test_a_report_that_was_damaged_since_is_written_again(
    files: tuple[Path, Path], tmp_path: Path, renderers: Callable[..., Renderers]
) -> None:
    out = tmp_path / "out"
    renderers(breaks_at=3)
    diagnose(files, out)
    (out / "company.pdf").write_bytes(b"half")
    second = renderers()

    assert diagnose(files, out)[0] == 0
    assert second.asked == 5


def test_one_report_that_fails_keeps_no_other_waiting_and_is_tried_again(
    files: tuple[Path, Path], tmp_path: Path, renderers: Callable[..., Renderers]
) -> None:
    out = tmp_path / "out"
    renderers(failing="Food")

    code, lines = diagnose(files, out)
    second = renderers()

    kept = f"These reports could not be made; 6 of 7 reports are in {out}."
    failed = "unit-S1.pdf: expected at most 25 seconds of computing"
    retried = "The same command tries the others again."
    assert (code, lines[-2:]) == (IN_PART, [failed, f"{kept} {retried}"])
    assert (diagnose(files, out)[0], second.asked) == (0, 1)


def test_letters_without_a_font_are_warned_of_with_the_package(
    files: tuple[Path, Path], tmp_path: Path, renderers: Callable[..., Renderers]
) -> None:
    renderers()

    lines = diagnose(files, tmp_path / "out")[1]

    told = [line for line in lines if line.startswith("Warning")]
    assert told == [f"Warning: {letter_warning('港')}"]
    assert "apt-get install fonts-noto-cjk" in told[0]


def test_a_folder_with_something_else_in_it_and_one_that_cannot_be_made_are_usage(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")

    assert diagnose(files, files[0].parent)[0] == USAGE
    assert diagnose(files, taken)[0] == USAGE
    assert diagnose(files, taken / "below")[0] == USAGE


def test_a_note_whose_last_line_is_half_there_is_gone_on_from(tmp_path: Path) -> None:
    with report_folder(tmp_path, run="a", day="2026-11-30") as folder:
        folder.keep("one.pdf", b"one")
    with (tmp_path / NOTE).open("a") as note:
        note.write('{"name": "two.pdf", "dig')

    with report_folder(tmp_path, run="a", day="2026-12-01") as folder:
        folder.keep("two.pdf", b"two")

    lines = [json.loads(line) for line in (tmp_path / NOTE).read_text().splitlines()]
    assert lines[0] == {"run": "a", "day": "2026-11-30"}
    assert [line["name"] for line in lines[1:]] == ["one.pdf", "two.pdf"]


def test_two_runs_at_once_in_one_folder_are_refused(tmp_path: Path) -> None:
    with (
        report_folder(tmp_path, run="a", day="2026-11-30"),
        pytest.raises(InputError, match="found another run at work"),
        report_folder(tmp_path, run="a", day="2026-11-30"),
    ):
        pass


def test_a_full_disk_leaves_no_half_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with report_folder(tmp_path, run="a", day="2026-11-30") as folder:
        folder.keep("one.pdf", b"one")
        real = folders.os.fsync
        calls = iter([real, full])
        monkeypatch.setattr(folders.os, "fsync", lambda number: next(calls)(number))
        with pytest.raises(OSError, match="No space left"):
            folder.keep("two.pdf", b"two")

    assert sorted(path.name for path in tmp_path.iterdir()) == [NOTE, "one.pdf"]


def test_help_and_readme_tell_the_exit_codes() -> None:
    shown = Command().create_parser("manage.py", "diagnose").format_help()
    readme = " ".join((ROOT / "README.md").read_text().split())

    assert EXIT_CODES in shown
    told = {0: "all reports", REFUSED: "refused", USAGE: "usage", IN_PART: "in part"}
    for code, words in told.items():
        assert f"{code} {words}" in readme
