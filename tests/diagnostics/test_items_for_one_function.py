"""Items that one function only is asked: scores, exports, scripts and scale properties."""

import io
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from diagnostics.answer_files.reading import read_answers
from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.demonstration.population import Population, generate_population
from diagnostics.exports.answers import answer_table
from diagnostics.exports.figures import FUNCTION_CODES, figure_tables
from diagnostics.exports.files import csv_file
from diagnostics.exports.reproduction import analysis_files, point_kind, verdict_files
from diagnostics.exports.tables import ColumnKind, codebook
from diagnostics.measurement.computing import measure
from diagnostics.reports.appendix import appendix_reading
from diagnostics.scoring.assessing import assess
from diagnostics.scoring.definitions import default_method
from diagnostics.scoring.results import AssessmentResult
from diagnostics.scoring.scales import Scales, scales_of
from qca.calibration.anchors import Anchors
from qca.patterns.judging import judge
from survey.import_files.problems import FileProblemsError
from survey.instrument.content import Instrument, parse_instrument
from survey.release.exclusions import ExclusionRules
from survey.release.plan import release
from survey.release.tables import ReleasedTables
from tests.diagnostics.example_results import SETTING
from tests.survey.release.special_items import content_with

SPECIAL = {"TF6": "sales", "AG5": "operations"}
SCALES = Scales(
    items={"A": ("A1", "A2", "A3", "S1", "S2", "O1")},
    reversed_items=frozenset(),
    points=7,
    functions={"S1": "sales", "S2": "sales", "O1": "operations"},
)


@dataclass(frozen=True)
class Special:
    """The demonstration as if one item had been for sales and one for operations."""

    instrument: Instrument
    tables: ReleasedTables
    rows: pd.DataFrame
    result: AssessmentResult
    scales: Scales


@pytest.fixture(scope="module")
def population() -> Population:
    """Return the demonstration by the questionnaire that the special items are added to."""
    return generate_population(DEFAULT_SEED, parse_instrument(content_with()))


@pytest.fixture(scope="module")
def special(population: Population) -> Special:
    instrument = parse_instrument(content_with(**SPECIAL))
    answers, random = population.answers.copy(), np.random.default_rng(1)
    for code, function in SPECIAL.items():
        near = answers[f"{code[:2]}1"] + random.integers(-1, 2, size=len(answers))
        answers[code] = near.clip(1, 7).where(answers["function"] == function)
    method = default_method(instrument, draws=200)
    tables, rows = release(
        answers,
        population.tree(),
        instrument,
        floor=method.floor,
        sensitive_floor=method.sensitive_floor,
        exclusion_rules=ExclusionRules(),
    )
    result = assess(tables, rows, instrument=instrument, method=method)
    return Special(instrument, tables, rows, result, scales_of(instrument, tables.dropped_items))


def test_a_persons_score_needs_a_share_of_the_items_that_this_person_was_asked() -> None:
    answers = pd.DataFrame(
        [
            [2, 4, np.nan, np.nan, np.nan, 6],  # 3 of 4
            [2, 4, np.nan, np.nan, np.nan, np.nan],  # 2 of 4
            [2, np.nan, np.nan, 4, 6, np.nan],  # 3 of 5
            [2, np.nan, np.nan, 4, np.nan, np.nan],  # 2 of 5
            [2, 4, np.nan, np.nan, np.nan, np.nan],  # 2 of the 3 that both are asked
        ],
        columns=list(SCALES.items["A"]),
    )
    functions = ["operations", "operations", "sales", "sales", ""]

    scores = SCALES.personal_scores(answers, functions)

    assert np.array_equal(scores[:, 0], [4, np.nan, 4, np.nan, 3], equal_nan=True)


def test_a_group_has_a_score_where_the_items_of_one_of_its_functions_suffice() -> None:
    assert SCALES.enough("A", ["A1", "S1", "S2"], function="sales") == 3
    assert SCALES.enough("A", ["A1", "S1", "S2"], function="operations") == 0
    assert SCALES.enough("A", ["A1", "S1", "S2"]) == 3
    assert SCALES.enough("A", ["A1", "A2", "S1"]) == 3
    assert SCALES.enough("A", ["A1", "S1"]) == 0


def test_every_score_is_the_mean_of_the_items_asked_and_told(special: Special) -> None:
    scored: set[tuple[str, str]] = set()
    for unit in special.result.units:
        parts = [("", unit.own_diagnosis), *((f.function, f.diagnosis) for f in unit.functions)]
        for function, diagnosis in parts:
            if diagnosis is None:
                continue
            cells = special.tables.cells_of(diagnosis.source.set_key)
            for score in diagnosis.scores:
                items = special.scales.items[score.construct]
                used = [i for i in items if i in cells.index]
                if not function:
                    used = [i for i in used if i not in SPECIAL or cells["n"][i] >= 10]
                turned = [special.scales.turned_mean(i, float(cells["mean"][i])) for i in used]
                assert score.score == round(float(np.mean(turned)), 2)
                scored |= {(function, item) for item in used if item in SPECIAL}
    assert scored == {("", "TF6"), ("", "AG5"), ("sales", "TF6"), ("operations", "AG5")}


def test_exports_leave_the_cells_of_others_empty_and_say_who_was_asked(special: Special) -> None:
    table = answer_table(special.rows, special.instrument, language="en")
    frame = pd.read_csv(io.BytesIO(csv_file(table)), encoding="utf-8-sig")

    for code, function in SPECIAL.items():
        holding = set(frame.loc[frame[code].notna(), "function"])
        assert holding == {float(FUNCTION_CODES[function])}
    labels = {row[1]: row[2] for row in codebook((table,)).rows}
    assert labels["TF6"] == "Only we are asked this (en). (service sales only)"
    assert labels["AG5"] == "Only we are asked this (en). (service operations only)"
    assert str(labels["AG4"]).endswith("to first use on site in a short time.")
    assert {column.kind for column in table.columns} == {ColumnKind.CODE}


def test_point_verdicts_follow_from_the_exported_scores_by_the_scripts_own_parameters(
    special: Special,
) -> None:
    """The way verdicts.R goes, in Python."""
    method, scales = special.result.method, special.scales
    codes = {key: key for key in special.tables.tree.keys}
    tables = figure_tables(
        special.result, special.tables, special.instrument, codes=codes, language="en"
    )
    scores = pd.read_csv(io.BytesIO(csv_file(tables[0])), encoding="utf-8-sig")
    files = verdict_files(special.result, codes)
    expected = pd.read_csv(io.BytesIO(files["expected-verdicts.csv"]), encoding="utf-8-sig")
    names = {code: name for name, code in FUNCTION_CODES.items()}
    for line in expected.to_dict("records"):
        own = scores[(scores["unit"] == line["unit"]) & (scores["function"] == line["function"])]
        (points,) = own[list(method.elements)].to_numpy()
        verdict = judge(
            points,
            patterns=method.pattern_set.qca_patterns(names[line["function"]]),
            elements=method.elements,
            anchors=[Anchors(*special.result.anchors[code]) for code in method.elements],
            never_first=method.never_raised,
        )
        assert (point_kind(verdict.kind), verdict.leading) == (line["kind"], line["leading"])
        assert verdict.membership == pytest.approx(line["membership"], abs=1e-6)
    assert set(expected["function"]) == {0, 1, 2}
    needed = '"sales" = list("items" = c("TF1", "TF2", "TF3", "TF4", "TF5", "TF6"), "needed" = 4)'
    files = analysis_files(special.result, special.rows, scales)
    assert needed in files["parameters.R"].decode()


def test_scale_properties_of_a_function_are_of_its_items_and_of_all_of_the_common_ones(
    special: Special,
) -> None:
    found = measure(
        special.rows,
        special.scales,
        markers=(),
        dropped=(),
        sensitive=frozenset({"RB"}),
        sensitive_floor=10,
        report=lambda _done, _steps: None,
    )

    items = {
        group.function: {item.code for scale in group.scales for item in scale.items}
        for group in found.groups
    }
    assert items["sales"] - items[""] == {"TF6"}
    assert items["operations"] - items[""] == {"AG5"}
    assert items[""] == items["sales"] & items["operations"]
    assert all(group.problems == () for group in found.groups)
    assert found.invariance_problem == ""
    missing = {one.code: one.value for one in found.missing}
    of_sales = special.rows.loc[special.rows["function"] == "sales", "TF6"]
    assert missing["TF6"] == pytest.approx(of_sales.isna().mean())
    alphas = {scale.construct: scale.alpha for scale in special.result.company.scales}
    assert alphas["TF"] is not None
    assert 0.5 < alphas["TF"] < 1


def test_the_appendix_lists_such_items_with_who_was_asked(special: Special) -> None:
    reading = appendix_reading(
        special.result, special.tables, special.instrument, setting=SETTING, language="en"
    )

    assert reading.items is not None
    wordings = {row[0]: row[1] for row in reading.items.rows}
    assert wordings["TF6"] == "Only we are asked this (en). (service sales only)"


def test_a_file_with_an_answer_that_was_not_asked_for_is_refused_by_line_and_column(
    special: Special,
) -> None:
    codes = [item.code for _, item in special.instrument.items()]
    lines = [["unit", "function", *codes]]
    for function in ("operations", "sales"):
        lines.append(["N", function, *("4" if code != "AG5" else "" for code in codes)])
    data = "\n".join(";".join(line) for line in lines).encode()

    with pytest.raises(FileProblemsError) as refused:
        read_answers(data, file="answers.csv", tree=None, instrument=special.instrument)
    assert [(one.line, one.heading, one.expected) for one in refused.value.problems] == [
        (2, "TF6", "nothing: sales only is asked")
    ]
