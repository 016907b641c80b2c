"""The R scripts in the exports: their inputs, parameters and expected figures are our own."""

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from diagnostics.analyses.answers import scores_frame
from diagnostics.analyses.computing import analyse
from diagnostics.analyses.defaults import default_recipe
from diagnostics.analyses.sets import sets_of
from diagnostics.exports.figures import FUNCTION_CODES
from diagnostics.exports.r_values import r_value
from diagnostics.exports.recipe_parameters import recipe_parameters
from diagnostics.exports.reproduction import Files, has_exact_scores, point_kind
from qca.calibration.anchors import Anchors
from qca.patterns.judging import judge
from survey.documents.plain_values import to_document
from survey.release.tables import FUNCTIONS
from tests.diagnostics.downloads.conftest import Released


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
        for name in ("consistency", "pri", "coverage", "expected"):
            assert line[name] == pytest.approx(getattr(test, name), abs=0.01)


def test_the_parameters_of_an_analysis_are_those_of_the_recipe(
    released: Released, analyses: Files
) -> None:
    _, rows, result, scales = released
    text = analyses["parameters.R"].decode("ascii")
    for function in FUNCTIONS:
        frame = scores_frame(rows, scales, function)
        cases = len(frame)
        recipe = default_recipe(result.method, result.anchors, cases)
        chosen = recipe_parameters(recipe, to_document(analyse(frame, recipe))["solutions"])
        assert r_value(chosen)[5:-1] in text
    assert '"incl.cut" = c(0.8), "pri.cut" = 0.65' in text
    assert '"expectations" = c("1", "1", "1", "1", "-")' in text
    assert '"anchors" = list(c(2.0, 4.1, 6.0), ' in text


def test_the_expected_verdicts_follow_from_the_exported_scores(
    released: Released, verdicts: Files, bundles: Path
) -> None:
    """The way the script goes, in Python, from the file alone."""
    _, _, result, _ = released
    method = result.method
    scores = pd.read_csv(bundles / "figures" / "scores.csv", encoding="utf-8-sig")
    expected = table(verdicts, "expected-verdicts.csv")
    # What fewer than ten people gave is exported in tenths, from which no verdict follows exactly.
    diagnosed = [unit for unit in result.units if unit.own_diagnosis]
    own = [u for u in diagnosed if u.own_diagnosis and has_exact_scores(u.own_diagnosis)]
    assert 0 < len(own) < len(diagnosed)
    assert expected.loc[expected["function"] == 0, "unit"].tolist() == [u.unit for u in own]
    assert set(expected["function"]) == {0, 1, 2}
    names = {code: name for name, code in FUNCTION_CODES.items()}
    for line in expected.to_dict("records"):
        found = scores[(scores["unit"] == line["unit"]) & (scores["function"] == line["function"])]
        (points,) = found[list(method.elements)].to_numpy()
        patterns = method.pattern_set.qca_patterns(names[line["function"]])
        anchors = [Anchors(*result.anchors[code]) for code in method.elements]
        verdict = judge(
            points, patterns=patterns, elements=method.elements, anchors=anchors,
            never_first=method.never_raised,
        )  # fmt: skip
        assert (point_kind(verdict.kind), verdict.leading) == (line["kind"], line["leading"])
        assert verdict.membership == pytest.approx(line["membership"], abs=1e-6)


@pytest.mark.parametrize("name", ["analyses", "verdicts"])
def test_a_script_comes_with_all_that_it_reads(name: str, analyses: Files, verdicts: Files) -> None:
    files = {"analyses": analyses, "verdicts": verdicts}[name]
    script = files[f"{name}.R"].decode("ascii")
    read = set(re.findall(r'source\("([^"]+)"\)', script))
    assert read | {"README.txt", f"{name}.R"} == {one for one in files if "." in one[-4:]} - {
        one for one in files if one.endswith(".csv")
    }
    source = script + "".join(files[one].decode("ascii") for one in sorted(read))
    assert set(re.findall(r"parameters\$([a-z_]+)", source)) <= set(
        re.findall(r'^    "(\w+)" = ', files["parameters.R"].decode(), re.MULTILINE)
    )
    assert "install.packages" in files["README.txt"].decode("ascii")


def test_values_are_written_as_r_reads_them() -> None:
    value = {
        "a": 'say "yes" \\ Ä',
        "b": (),
        "c": {"x-y": (1, 0.5)},
        "d": False,
        "e": (("A",), ("\U0001d400",)),
    }
    assert r_value(value) == (
        'list("a" = "say \\"yes\\" \\\\ \\u00c4", "b" = character(0), '
        '"c" = list("x-y" = c(1, 0.5)), "d" = FALSE, "e" = list(c("A"), c("\\U0001d400")))'
    )
