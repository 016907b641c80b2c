"""The R scripts in the exports: their inputs, parameters and expected figures are our own."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from diagnostics.analyses.answers import scores_frame
from diagnostics.analyses.computing import analyse
from diagnostics.analyses.defaults import default_recipe
from diagnostics.analyses.sets import sets_of
from diagnostics.demonstration.population import Population
from diagnostics.exports.answers import answer_table
from diagnostics.exports.figures import FUNCTION_CODES, figure_tables
from diagnostics.exports.files import csv_file
from diagnostics.exports.r_values import r_value
from diagnostics.exports.reproduction import (
    FOLDER,
    Files,
    analysis_files,
    point_kind,
    recipe_parameters,
    verdict_files,
)
from diagnostics.scoring.assessing import assess
from diagnostics.scoring.definitions import default_method
from diagnostics.scoring.results import AssessmentResult
from diagnostics.scoring.scales import Scales, scales_of
from qca.calibration.anchors import Anchors, calibrate_scores
from qca.patterns.judging import judge
from survey.instrument.content import Instrument
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tables import FUNCTIONS, ReleasedTables

Released = tuple[ReleasedTables, pd.DataFrame, AssessmentResult, Scales]
RSCRIPT = shutil.which("Rscript")
HAS_QCA = '"QCA" %in% rownames(installed.packages())'


@pytest.fixture(scope="module")
def released(population: Population, instrument: Instrument) -> Released:
    """Return the demonstration's release, its rows, its result and its scales."""
    method = default_method(instrument, draws=200)
    tables, rows = release(
        population.answers,
        population.tree(),
        instrument,
        floor=method.floor,
        sensitive_floor=method.sensitive_floor,
        exclusion_rules=ExclusionRules(),
    )
    result = assess(tables, rows, instrument=instrument, method=method)
    return tables, rows, result, scales_of(instrument, tables.dropped_items)


@pytest.fixture(scope="module")
def analyses(released: Released) -> Files:
    """Return the folder of the file of answers."""
    _, rows, result, scales = released
    return analysis_files(result, rows, scales)


@pytest.fixture(scope="module")
def verdicts(released: Released) -> Files:
    """Return the folder of the file of released figures."""
    tables, _, result, scales = released
    return verdict_files(result, scales, {key: key for key in tables.tree.keys})


@pytest.fixture(scope="module")
def bundles(
    tmp_path_factory: pytest.TempPathFactory,
    released: Released,
    instrument: Instrument,
    analyses: Files,
    verdicts: Files,
) -> Path:
    """Return a folder in which both files lie unpacked."""
    tables, rows, result, _ = released
    root = tmp_path_factory.mktemp("bundles")
    codes = {key: key for key in tables.tree.keys}
    figures = figure_tables(result, tables, instrument, codes=codes, language="en")
    exported = {
        "answers": ([answer_table(rows, instrument, language="en")], analyses),
        "figures": (figures, verdicts),
    }
    for name, (contents, script) in exported.items():
        files = {f"{table.name}.csv": csv_file(table) for table in contents}
        files |= {f"{FOLDER}/{part}": content for part, content in script.items()}
        for part, content in files.items():
            path = root / name / part
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return root


def table(files: Files, name: str) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(files[name]), encoding="utf-8-sig", dtype={"configuration": str})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_expected_of_an_analysis_is_what_qca_finds(
    released: Released, analyses: Files, function: str
) -> None:
    _, rows, result, scales = released
    frame = scores_frame(rows, scales, function)
    recipe = default_recipe(result.method, result.anchors, len(frame))
    found = analyse(frame, recipe)
    calibrated = table(analyses, f"expected/{function}-calibrated.csv")
    assert np.allclose(calibrated, sets_of(frame, recipe).memberships, atol=1e-6)
    truth = table(analyses, f"expected/{function}-truth-table.csv")
    assert truth["row"].tolist() == [row.number for row in found.rows]
    assert truth["output"].astype(str).tolist() == [row.output for row in found.rows]
    assert found.undecided is not None
    assert truth["n"].sum() == len(calibrated) - len(found.undecided)
    solutions = table(analyses, f"expected/{function}-solutions.csv")
    assert list(dict.fromkeys(solutions["solution"])) == [one.kind for one in found.solutions]
    assert len(solutions) == sum(one.model_count for one in found.solutions)
    patterns = table(analyses, f"expected/{function}-patterns.csv").to_dict("records")
    told = [test for test in result.company.pattern_tests if test.function == function]
    for line, test in zip(patterns, told, strict=True):
        assert line["pattern"] == test.pattern
        for name in ("consistency", "pri", "coverage"):
            assert line[name] == pytest.approx(getattr(test, name), abs=1e-6)


def test_the_parameters_of_an_analysis_are_those_of_the_recipe(
    released: Released, analyses: Files
) -> None:
    _, rows, result, scales = released
    text = analyses["parameters.R"].decode("ascii")
    for function in FUNCTIONS:
        cases = len(scores_frame(rows, scales, function))
        chosen = recipe_parameters(default_recipe(result.method, result.anchors, cases))
        assert r_value(chosen)[5:-1] in text
    assert '"incl.cut" = c(0.8), "pri.cut" = 0.65' in text
    assert '"expectations" = c("1", "1", "1", "1", "-")' in text
    assert '"DSO" = c(2.0, 4.1, 6.0)' in text


def test_the_expected_verdicts_follow_from_the_exported_item_means(
    released: Released, verdicts: Files, bundles: Path
) -> None:
    """The way the script goes, in Python, from the file alone."""
    _, _, result, scales = released
    method = result.method
    items = pd.read_csv(bundles / "figures" / "items.csv", encoding="utf-8-sig")
    items = items[(items["group"] == 1) & (items["plan"] == 2)]
    expected = table(verdicts, "expected-verdicts.csv")
    own = [unit for unit in result.units if unit.own_diagnosis]
    assert expected.loc[expected["function"] == 0, "unit"].tolist() == [u.unit for u in own]
    assert set(expected["function"]) == {0, 1, 2}
    names = {code: name for name, code in FUNCTION_CODES.items()}
    for line in expected.to_dict("records"):
        chosen = items[(items["unit"] == line["unit"]) & (items["function"] == line["function"])]
        means = dict(zip(chosen["item"], chosen["mean"], strict=True))
        scores = [
            np.mean([scales.turned_mean(i, means[i]) for i in scales.items[code] if i in means])
            for code in method.elements
        ]
        patterns = method.pattern_set.qca_patterns(names[line["function"]])
        anchors = [Anchors(*result.anchors[code]) for code in method.elements]
        verdict = judge(
            scores, patterns=patterns, elements=method.elements, anchors=anchors,
            never_first=method.never_raised,
        )  # fmt: skip
        assert (point_kind(verdict.kind), verdict.leading) == (line["kind"], line["leading"])
        assert verdict.membership == pytest.approx(line["membership"], abs=1e-5)
        assert calibrate_scores(scores, anchors).min() <= line["membership"] + 1e-5


@pytest.mark.parametrize("name", ["analyses", "verdicts"])
def test_the_script_runs_where_r_is_and_is_whole_everywhere(
    name: str, bundles: Path, analyses: Files, verdicts: Files
) -> None:
    """With R and QCA it reproduces everything; with R alone it is at least R."""
    files = {"analyses": analyses, "verdicts": verdicts}[name]
    script = files[f"{name}.R"].decode("ascii")
    source = script + files["common.R"].decode("ascii")
    assert set(re.findall(r"parameters\$([a-z_]+)", source)) <= set(
        re.findall(r'^    "(\w+)" = ', files["parameters.R"].decode(), re.MULTILINE)
    )
    assert set(re.findall(r'source\("([^"]+)"\)', script)) == {"common.R", "parameters.R"}
    assert all(source.count(pair[0]) == source.count(pair[1]) for pair in ("()", "{}", "[]"))
    assert "install.packages" in files["README.txt"].decode("ascii")
    if RSCRIPT is None:
        return
    folder = bundles / {"analyses": "answers", "verdicts": "figures"}[name] / FOLDER
    command = f'for (f in list.files(pattern = "[.]R$")) parse(f); cat({HAS_QCA})'
    parsed = run_r(folder, "-e", command)
    assert parsed.returncode == 0, parsed.stderr
    if parsed.stdout.endswith("TRUE"):
        done = run_r(folder, f"{name}.R")
        assert done.stdout.endswith("Everything is reproduced.\n"), done.stdout + done.stderr


def run_r(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(RSCRIPT), *arguments],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_values_are_written_as_r_reads_them() -> None:
    value = {"a": 'say "yes" \\ Ä', "b": (), "c": {"x-y": (1, 0.5)}, "d": False}
    assert r_value(value) == (
        'list("a" = "say \\"yes\\" \\\\ \\u00c4", "b" = character(0), '
        '"c" = list("x-y" = c(1, 0.5)), "d" = FALSE)'
    )
