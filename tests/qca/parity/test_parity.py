"""The stored reference results are met, and the harness tells mismatches and gaps."""

import json
import shutil
from pathlib import Path

import pytest

from tests.places import SHARED_REFERENCE
from tests.qca.parity.harness import Comparison, Report, equal, main, pairs, run
from tests.reference import make_cases

OWN = Path(make_cases.__file__).parent
SHARED = SHARED_REFERENCE / "open"
CLAIMS = SHARED_REFERENCE / "claims"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the external reference cases are not here")
def test_every_external_reference_result_is_met() -> None:
    report = run([SHARED])
    assert report.mismatches == []
    assert report.cases == len(list(SHARED.rglob("spec.json")))


@pytest.mark.skipif(not CLAIMS.is_dir(), reason="the external reference cases are not here")
@pytest.mark.parametrize(
    ("kind", "cases", "fewest"),
    [("chance", 1, 34), ("cluster", 3, 9000), ("nca", 10, 35000)],
    ids=["chance", "cluster", "nca"],
)
def test_every_external_reference_result_on_claims_is_met(
    kind: str, cases: int, fewest: int
) -> None:
    report = run(sorted(CLAIMS.glob(f"{kind}_*")))
    assert report.mismatches == []
    assert (report.cases, report.compared > fewest) == (cases, True)


def test_every_reference_result_of_the_project_is_met() -> None:
    report = run([OWN])
    assert report.mismatches == []
    assert (report.cases, report.compared > 1500) == (4, True)


def test_the_cases_of_the_project_follow_from_their_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_cases, "HERE", tmp_path)
    make_cases.main()
    written = {path.relative_to(tmp_path): path.read_text() for path in tmp_path.rglob("*.*")}
    kept = {path.relative_to(OWN): path.read_text() for path in OWN.glob("own_*/*")}
    assert written == kept


def test_a_changed_result_is_a_mismatch_with_exit_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(OWN / "own_calibration", tmp_path / "own_calibration")
    content = json.loads((folder / "out.json").read_text())
    content["calibration"][0]["values"][3] += 2e-9
    content["calibration"].append({"id": "j99", "values": [1, 2]})
    (folder / "out.json").write_text(json.dumps(content))
    assert main([str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("own_calibration | calibration.0.values.3 | expected ")
    assert lines[0].endswith(" | difference -2e-09")
    assert lines[1:] == [
        "not compared: no comparison claims calibration.values: 2",
        "1 cases, 280 comparisons, 1 mismatches, 2 results not compared",
    ]


def test_no_case_at_all_is_a_failure(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 1
    assert run([tmp_path]) == Report()


def test_numbers_are_equal_within_a_billionth_and_nan_is_r_s_na() -> None:
    assert equal(0.5, 0.5 + 9e-10)
    assert not equal(0.5, 0.5 + 2e-9)
    assert equal("NaN", float("nan"))
    assert equal(None, float("nan"))
    assert not equal(1, True)
    assert not equal("1", 1)


def test_nested_values_are_compared_leaf_by_leaf() -> None:
    expected = {"a": [1, {"b": 2}], "c": {"x", "y"}}
    found = {"a": [1, {"b": 3}], "d": 4}
    assert list(pairs(expected, found)) == [
        (("a", 0), 1, 1),
        (("a", 1, "b"), 2, 3),
        (("c",), {"x", "y"}, "(absent)"),
        (("d",), "(absent)", 4),
    ]
    assert Comparison(("a",)).reason == ""
