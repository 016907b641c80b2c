"""The harness reads every form in which a job of spec.json may state what R was given."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qca import (
    at_crossover,
    calibrate_direct,
    calibrate_indirect,
    calibrate_linear,
    find_thresholds,
    truth_table,
)
from qca.errors import ConstantSetError, NotNumericError
from qca.psychometrics import agreement, alpha, confirmatory_factors
from tests.qca.parity.harness import run
from tests.qca.parity.plug_ins.calibration import anchors_of
from tests.qca.parity.plug_ins.minimisation import expectations_of
from tests.qca.parity.test_parity_guards import OWN, changed


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("A + B*C", "A + B*C"),
        ("1,-,0", ["1", "-", "0"]),
        ("1", ["1"]),
        ([1, 0, 1], ["1", "0", "1"]),
        (["1", "-"], ["1", "-"]),
        (["A", "~B"], "A + ~B"),
    ],
)
def test_directional_expectations_come_in_every_form_of_r(given: Any, read: object) -> None:  # noqa: ANN401
    assert expectations_of(given) == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (4, [4]),
        ([2, 4, 6], [2, 4, 6]),
        ("20, 50, 80", [20, 50, 80]),
        ("e=20, c=50, i=80", [20, 50, 80]),
        ({"i": 80, "c": 50, "e": 20}, [20, 50, 80]),
        (None, []),
    ],
)
def test_thresholds_come_in_every_form_of_r(given: Any, read: list[float]) -> None:  # noqa: ANN401
    assert anchors_of({"thresholds": given}) == read


def test_missing_raw_scores_are_compared_around_and_ours_refuses_them(tmp_path: Path) -> None:
    def change(spec: dict[str, Any], out: dict[str, Any]) -> None:
        jobs = [
            {"id": "a", "raw": "gaps.csv", "var": "X", "type": "fuzzy", "thresholds": [2, 4, 6]},
            {"id": "b", "raw": "gaps.csv", "var": "X", "type": "crisp", "method": "findTh"},
        ]
        known = [1.0, 2.0, 5.0, 7.0]
        values = calibrate_direct(known, [2, 4, 6]).tolist()
        spec["calibration"] = jobs
        out["calibration"] = [
            {"id": "a", "values": [*values[:2], None, *values[2:]]},
            {"id": "b", "values": find_thresholds(known, count=1).tolist()},
        ]
        gaps = pd.DataFrame({"X": [1, 2, np.nan, 5, 7]}, index=pd.Index(list("pqrst"), name="id"))
        gaps.to_csv(tmp_path / "own_calibration" / "gaps.csv")

    report = changed(tmp_path, "own_calibration", change)
    assert (report.mismatches, report.compared, report.left_out.total()) == ([], 6, 0)


def test_an_analysis_without_an_inclusion_cut_uses_the_default_of_r(tmp_path: Path) -> None:
    def change(spec: dict[str, Any], out: dict[str, Any]) -> None:
        for job in spec["analyses"]:
            job["incl_cut"] = job["incl_cut"][0]

    assert changed(tmp_path, "own_crisp", change).mismatches == run([OWN / "own_crisp"]).mismatches


def test_an_indirect_calibration_that_fits_its_groups_gives_their_shares() -> None:
    scores = [1.0, 1.1, 1.2, 9.0, 9.1, 9.2]
    assert calibrate_indirect(scores, [5]).tolist() == [0, 0, 0, 1, 1, 1]


def test_a_cumulative_calibration_needs_no_scores_on_both_sides_of_the_crossover() -> None:
    found = calibrate_linear([1, 5, 5.5, 7], [2, 4, 6], cumulative=True)
    assert found.tolist() == [0, 0.75, 1, 1]
    assert calibrate_linear([3, 3.5, 9], [2, 4, 6], cumulative=True).tolist() == [0.25, 0.5, 1]


def test_a_membership_within_rounding_of_half_is_undecided() -> None:
    half = 0.5 + 1e-16 * 2
    data = pd.DataFrame({"A": [0.9, half, 0.2], "Y": [0.8, 0.7, 0.1]}, index=["p", "q", "r"])
    assert half > 0.5
    table = truth_table(data, outcome="Y", inclusion_cut=0.5)
    assert table.undecided.tolist() == [1]
    assert table.cases_of(1) == ("p",)
    assert table.n.tolist() == [1, 2]
    assert at_crossover(data["A"]) == ("q",)
    moved = truth_table(data, outcome="Y", inclusion_cut=0.5, half="subtract")
    assert (moved.undecided.tolist(), moved.cases_of(0)) == ([1], ("q", "r"))


def test_a_respondent_without_a_group_is_left_out_of_agreement() -> None:
    items = [[1, 2], [2, 2], [4, 5], [5, 5], [3, 3]]
    found = agreement(items, ["a", "a", "b", "b", float("nan")], chance_variance=2)
    assert found.groups == ("a", "b")
    assert found.sizes.tolist() == [2, 2]


def test_constant_and_worded_items_raise_named_errors() -> None:
    rows = pd.DataFrame(np.eye(6, 3), columns=["a", "b", "c"])
    with pytest.raises(ConstantSetError, match=r"expected items that vary, found \['b'\] the same"):
        confirmatory_factors(rows.assign(b=1.0), {"F": ["a", "b", "c"]})
    with pytest.raises(NotNumericError, match="expected numbers for the answers"):
        confirmatory_factors(rows.assign(b="often"), {"F": ["a", "b", "c"]})
    with pytest.raises(NotNumericError, match="expected numbers for the answers"):
        alpha([["x", "y"], ["1", "2"]])
