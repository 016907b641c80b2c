"""What fails in one job of a reference case costs that job alone, and what R left open is said."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.qca.parity.harness import Report, run
from tests.reference import make_cases

OWN = Path(make_cases.__file__).parent
Change = Callable[[dict[str, Any], dict[str, Any]], None]


def changed(folder: Path, name: str, change: Change, data: pd.DataFrame | None = None) -> Report:
    """The report over one of our cases once its spec and results were changed."""
    case = folder / name
    case.mkdir()
    spec, out = (json.loads((OWN / name / file).read_text()) for file in ("spec.json", "out.json"))
    change(spec, out)
    for file in (OWN / name).glob("*.csv"):
        (case / file.name).write_text(file.read_text())
    if data is not None:
        data.to_csv(case / spec["data"])
    for file_name, content in (("spec.json", spec), ("out.json", out)):
        (case / file_name).write_text(json.dumps(content))
    return run([case])


def places(report: Report) -> list[str]:
    return sorted({line.split(" | ")[1] for line in report.mismatches})


def test_one_bad_job_costs_no_other_job(tmp_path: Path) -> None:
    def change(spec: dict[str, Any], out: dict[str, Any]) -> None:
        spec["calibration"][0]["raw"] = "absent.csv"
        spec["calibration"][1]["var"] = "absent"

    whole = run([OWN / "own_calibration"])
    report = changed(tmp_path, "own_calibration", change)
    assert places(report) == ["calibration.0.values", "calibration.1.values"]
    lost = sum(
        len(r["values"])
        for r in json.loads((OWN / "own_calibration" / "out.json").read_text())["calibration"][:2]
    )
    assert report.compared == whole.compared - lost + 2
    assert report.left_out.total() == 0


def test_a_bad_analysis_leaves_the_other_analyses_compared(tmp_path: Path) -> None:
    def change(spec: dict[str, Any], out: dict[str, Any]) -> None:
        spec["analyses"][0]["conditions"] = ["NOWHERE"]

    report = changed(tmp_path, "own_crisp", change)
    assert {place.split(".")[1] for place in places(report)} == {"0"}
    assert report.left_out.total() == 0


def test_unreadable_results_are_a_mismatch_and_the_next_case_is_run(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "spec.json").write_text("{}")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "spec.json").write_text("{}")
    (tmp_path / "b" / "out.json").write_text("{")
    report = run([tmp_path, OWN / "own_calibration"])
    assert [line.split(" | ")[0] for line in report.mismatches] == ["a", "b"]
    assert [line.split("found ")[1].split(":")[0] for line in report.mismatches] == [
        "FileNotFoundError",
        "JSONDecodeError",
    ]
    assert report.cases == 3


def test_where_r_ran_out_of_time_or_memory_nothing_is_compared_and_that_is_said(
    tmp_path: Path,
) -> None:
    messages = ["TIMEOUT", "cannot allocate vector of size 2 Gb", "reached elapsed time limit"]

    def change(spec: dict[str, Any], out: dict[str, Any]) -> None:
        first, second = out["analyses"]
        first["tt"] = {"error": "C stack usage is too close to the limit"}
        for message, kind in zip(messages, second["minimize"], strict=False):
            second["minimize"][kind] = {"error": message}
        for method in second["method_check"]:
            second["method_check"][method] = {"error": messages[0], "n_PI": 0}
        del first["minimize"], first["method_check"]

    report = changed(tmp_path, "own_two_cuts", change)
    assert report.mismatches == []
    assert {line.split(": ")[1] for line in report.left_out} == {"R ran out of time or memory"}


def test_fuzzy_conditions_levels_and_the_warning_of_half_are_compared(tmp_path: Path) -> None:
    def change(spec: dict[str, Any], out: dict[str, Any]) -> None:
        table = out["analyses"][0]["tt"]
        table["fuzzy"][0] = not table["fuzzy"][0]
        table["noflevels"][1] = 3
        del table["warnings"]

    report = changed(tmp_path, "own_two_cuts", change)
    table = "analyses.0.tt"
    assert places(report) == [f"{table}.fuzzy.0", f"{table}.noflevels.1", f"{table}.warnings"]


def test_options_left_out_or_written_as_lists_of_one_mean_the_same(tmp_path: Path) -> None:
    def change(spec: dict[str, Any], out: dict[str, Any]) -> None:
        del spec["data"], spec["conditions"]
        for job in spec["analyses"]:
            job.pop("variants", None)
            job.update(pri_cut=[job["pri_cut"]] if "pri_cut" in job else None)
        for result in out["superset"]:
            result["job"]["incl_cut"] = [result["job"]["incl_cut"]]
            result["job"]["depth"] = result["job"].get("depth")

    whole = run([OWN / "own_sixteenths"])
    report = changed(tmp_path, "own_sixteenths", change)
    assert report.mismatches == []
    assert (report.compared, report.left_out) == (whole.compared, whole.left_out)


def test_what_r_did_not_give_is_not_missed(tmp_path: Path) -> None:
    def change(spec: dict[str, Any], out: dict[str, Any]) -> None:
        for result in out["analyses"]:
            for name in ("removed", "DCC", "observed_rows_incl_removed"):
                del result["tt"][name]
            for solution in result["minimize"].values():
                for name in ("initials", "numbers", "negatives", "complex"):
                    solution.pop(name, None)
        out["superset"] = []

    report = changed(tmp_path, "own_sixteenths", change)
    assert report.mismatches == []
    assert report.compared > 200
    assert report.left_out == {}


@pytest.mark.parametrize("cases", [0, 1])
def test_too_few_cases_differ_figure_by_figure_or_by_a_named_error(
    tmp_path: Path, cases: int
) -> None:
    data = pd.read_csv(OWN / "own_crisp" / "data.csv", index_col=0).head(cases)

    report = changed(tmp_path, "own_crisp", lambda spec, out: None, data)
    assert {place.split(".")[0] for place in places(report)} >= {"fit", "superset"}
    raised = set(re.findall(r"(\w+Error): ", "".join(report.mismatches)))
    assert raised == ({"NoCasesError"} if cases == 0 else set())


def test_other_names_and_another_order_of_columns_change_nothing(tmp_path: Path) -> None:
    data = pd.read_csv(OWN / "own_crisp" / "data.csv", index_col=0)
    renamed = {"A": "X1", "B": "B2B", "C": "C_3", "D": "D10"}

    def rename(spec: dict[str, Any], out: dict[str, Any]) -> None:
        for content in (spec, out):
            written = json.dumps(content)
            for old, new in renamed.items():
                written = re.sub(rf"(?<![A-Za-z_]){old}(?![A-Za-z_])", new, written)
            content.clear()
            content.update(json.loads(written))

    shuffled = data.rename(columns=renamed)[["D10", "Y", "B2B", "X1", "C_3"]]
    again = changed(tmp_path, "own_crisp", rename, shuffled)
    assert again.mismatches == []
    assert again.compared == run([OWN / "own_crisp"]).compared


def test_a_condition_named_like_a_description_is_not_left_out_in_silence(tmp_path: Path) -> None:
    def change(spec: dict[str, Any], out: dict[str, Any]) -> None:
        out["more"] = {"warnings": 1, "id": 2}

    report = changed(tmp_path, "own_crisp", change)
    assert report.left_out == {
        "no comparison claims more.warnings": 1,
        "no comparison claims more.id": 1,
    }


def test_errors_in_place_of_fit_tables_and_analyses_are_read(tmp_path: Path) -> None:
    def change(spec: dict[str, Any], out: dict[str, Any]) -> None:
        out["fit"]["~Y"] = {"error": "fit failed"}
        out["analyses"] = [{"id": out["analyses"][0]["id"], "error": "analysis failed"}]
        del out["superset"][0]["rows"]

    report = changed(tmp_path, "own_crisp", change)
    assert {"analyses.0.error.error", "fit.~Y.error"} <= set(places(report))
    assert {place.split(".")[0] for place in places(report)} == {"analyses", "fit", "superset"}


def test_a_constant_outcome_is_left_out_with_its_reason(tmp_path: Path) -> None:
    data = pd.read_csv(OWN / "own_crisp" / "data.csv", index_col=0)

    def change(spec: dict[str, Any], out: dict[str, Any]) -> None:
        del out["fit"], out["superset"]

    report = changed(tmp_path, "own_crisp", change, data.assign(Y=1))
    assert report.mismatches == []
    assert [line.split(": ")[1] for line in report.left_out] == [
        "ours refuses an outcome that does not vary (ConstantSetError, as checked)"
    ]
