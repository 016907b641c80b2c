"""The scripts for R, run by R: they reproduce what is ours, and notice whatever is falsified."""

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from diagnostics.analyses.computing import analyse
from diagnostics.analyses.recipes import Recipe, RowExclusion, SetRule
from diagnostics.exports.analyses import analysis_files
from diagnostics.exports.reproduction import FOLDER
from survey.documents.plain_values import to_document
from tests.diagnostics.downloads.r_runs import DONE, LOCALES, exits, need_r, run_script, summary

Table = list[list[str]]
SCRIPTS = {"answers": "analyses.R", "figures": "verdicts.R"}


def matrix(count: int, cases: int, seed: int, *, names: str = "ABCDEFGH") -> pd.DataFrame:
    """Return memberships of conditions, and of an outcome Y that has something to do with them."""
    values = np.random.default_rng(seed).random((cases, count + 1)).round(2)
    values[:, -1] = (0.7 * np.minimum(values[:, 0], values[:, 1]) + 0.3 * values[:, -1]).round(3)
    return pd.DataFrame(values, columns=[*names[:count], "Y"])


def recipe(frame: pd.DataFrame, expectations: str, **changes: object) -> Recipe:
    *conditions, outcome = frame.columns
    choices: dict[str, object] = {
        "outcome": SetRule(outcome),
        "is_negated": False,
        "conditions": tuple(
            SetRule(name, (), expectation)
            for name, expectation in zip(conditions, expectations, strict=True)
        ),
        "inclusion_cuts": (0.8,),
        "pri_cut": 0.5,
        "frequency_cut": 1,
    }
    return Recipe(**{**choices, **changes})  # type: ignore[arg-type]


def unpacked(root: Path, frame: pd.DataFrame, chosen: Recipe) -> Path:
    """Return the folder of the script of an analysis, with everything around it."""
    document = {"recipe": {}, "result": to_document(analyse(frame, chosen))}
    for name, content in analysis_files(chosen, document, frame).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root / FOLDER


def told(folder: Path, script: str = "analysis.R", locale: str = "C") -> str:
    """Return what a script says that reproduces everything."""
    done = run_script(folder, script, locale)
    assert (done.returncode, done.stdout[-len(DONE) :]) == (0, DONE), done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_demonstration_is_reproduced_in_every_locale(
    name: str, locale: str, bundles: Path
) -> None:
    need_r(locale)
    told(bundles / name / FOLDER, SCRIPTS[name], locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_names_of_any_letters_and_words_of_r_are_reproduced_in_every_locale(
    locale: str, tmp_path: Path
) -> None:
    need_r(locale)
    frame = matrix(4, 40, 3).set_axis(["Ärende", "TRUE", "Ωmega", "\U0001d400", "PRI"], axis=1)
    chosen = recipe(frame, "1-10", joint_expectations=("Ärende*~\U0001d400",), is_negated=True)
    told(unpacked(tmp_path, frame, chosen), locale=locale)


@pytest.mark.parametrize("count", [4, 8])
def test_a_row_with_cases_and_one_without_are_excluded_as_ours_are(
    count: int, tmp_path: Path
) -> None:
    need_r()
    frame = matrix(count, 30, 5)
    rows = analyse(frame, recipe(frame, "1" * count)).rows
    positive = [row.number for row in rows if row.output == "1"]
    without = next(n for n in range(1, 2**count) if n not in {row.number for row in rows})
    excluded = (RowExclusion(positive[0], "not credible"), RowExclusion(without, "impossible"))
    told(unpacked(tmp_path, frame, recipe(frame, "1" * count, excluded=excluded)))


def many_models() -> tuple[pd.DataFrame, Recipe]:
    """Return cases whose outcome has nothing to do with the conditions, so that models tie."""
    frame = matrix(5, 30, 1)
    frame["Y"] = (0.7 + 0.3 * np.random.default_rng(1).random(30)).round(3)
    return frame, recipe(frame, "-----", inclusion_cuts=(0.9,), pri_cut=0.0)


def test_more_than_twenty_models_are_counted_and_the_listed_ones_compared(tmp_path: Path) -> None:
    need_r()
    frame, chosen = many_models()
    assert any(one.model_count > 20 for one in analyse(frame, chosen).solutions)
    assert "and Rutin lists the first 20 of them" in told(unpacked(tmp_path, frame, chosen))


def test_contradictions_beside_rows_of_too_few_cases_are_coded_right_and_it_is_said(
    tmp_path: Path,
) -> None:
    need_r()
    frame = matrix(3, 20, 2)
    chosen = recipe(frame, "111", inclusion_cuts=(0.9, 0.6), frequency_cut=3)
    assert "puts the code C into wrong rows" in told(unpacked(tmp_path, frame, chosen))


def test_joint_expectations_are_all_weighed_and_it_is_said(tmp_path: Path) -> None:
    need_r()
    frame = matrix(4, 25, 7)
    chosen = recipe(frame, "1---", joint_expectations=("B*~C", "C*D"))
    assert "R's QCA 3.25.1 weighs the last one only" in told(unpacked(tmp_path, frame, chosen))


def falsified(rows: Table) -> Iterator[tuple[str, Table]]:
    """Yield a table once with each column falsified, then with a row less and with one more."""
    head, *lines = rows
    for place, column in enumerate(head):
        at = next((n for n, line in enumerate(lines) if line[place]), 0)
        changed = [list(line) for line in lines]
        changed[at][place] = other(changed[at][place])
        yield column, [head, *changed]
    yield "a row less", [head, *lines[:-1]]
    yield "a row more", [head, *lines, lines[-1]]


def other(cell: str) -> str:
    try:
        return str(int(cell) + 1)
    except ValueError:
        pass
    try:
        return str(float(cell) + (0.001 if float(cell) < 0.9 else -0.001))
    except ValueError:
        return f"{cell}x" if cell else "necessary"


def falsifications(folder: Path, root: Path, under: str) -> dict[str, Path]:
    """Return what was falsified -> the folder of a copy that differs in that only."""
    found: dict[str, Path] = {}
    for path in sorted(folder.glob(under)):
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
        for what, table in falsified(rows):
            copy = root / f"{len(found)}"
            shutil.copytree(folder.parent, copy)
            text = io.StringIO()
            csv.writer(text, lineterminator="\r\n").writerows(table)
            target = copy / FOLDER / path.relative_to(folder)
            target.write_text(text.getvalue(), "utf-8-sig", newline="")
            found[f"{path.name}: {what}"] = copy / FOLDER
    return found


def test_a_falsified_figure_of_a_matrix_is_noticed_whichever_it_is(tmp_path: Path) -> None:
    need_r()
    frame = matrix(2, 20, 8)
    frame["Y"] = frame[["A", "B"]].max(axis=1)  # two terms, so that each has coverage of its own
    folder = unpacked(tmp_path / "true", frame, recipe(frame, "1-", inclusion_cuts=(0.8,)))
    found = falsifications(folder, tmp_path, "expected/*.csv")
    codes = exits([folder, *found.values()], "analysis.R")
    assert codes[0] == "0"
    assert dict(zip(found, codes[1:], strict=True)) == dict.fromkeys(found, "1")
    done = run_script(next(iter(found.values())), "analysis.R")
    assert (done.returncode, done.stdout.splitlines()[-1][:15]) == (1, "Not reproduced:")


def test_a_falsified_verdict_or_a_unit_taken_away_is_noticed(bundles: Path, tmp_path: Path) -> None:
    need_r()
    found = falsifications(bundles / "figures" / FOLDER, tmp_path, "expected-verdicts.csv")
    codes = exits(found.values(), "verdicts.R")
    assert dict(zip(found, codes, strict=True)) == dict.fromkeys(found, "1")


def test_a_falsified_test_of_a_pattern_is_noticed_whichever_figure_it_is(
    bundles: Path, tmp_path: Path
) -> None:
    """All at once, for the script takes its time; each figure is named in what it says."""
    need_r()
    shutil.copytree(bundles / "answers", tmp_path / "answers")
    folder = tmp_path / "answers" / FOLDER
    path = folder / "expected" / "sales-patterns.csv"
    head, *lines = csv.reader(io.StringIO(path.read_text("utf-8-sig")))
    changed = [[line[0], *map(other, line[1:])] for line in lines]
    text = "".join(",".join(line) + "\r\n" for line in [head, *changed])
    path.write_text(text, "utf-8-sig", newline="")

    done = run_script(folder, "analyses.R")

    said = {line.split("DIFFERENT ")[1] for line in done.stdout.splitlines() if "DIFFERENT" in line}
    assert done.returncode == 1
    assert said == {f"sales pattern {line[0]}, {column}" for line in lines for column in head[1:]}


def test_the_run_says_whether_the_scripts_were_run() -> None:
    assert summary().startswith(
        (
            "The scripts for R were run by R ",
            "R with QCA is not here: the scripts for R were not run",
        )
    )
