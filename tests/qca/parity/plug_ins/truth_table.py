"""Compares truth tables: codes, cases, consistency, PRI, deviant cases, rows under the cut."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from qca.errors import ConstantSetError
from qca.truth_tables.truth_table import TruthTable, truth_table
from tests.qca.parity.reference_case import (
    PLUG_IN_FAILURES,
    R_GAVE_UP,
    Case,
    Comparison,
    Failure,
    Quantity,
    attempt,
    failed,
    failure,
    gave_up,
    guarded,
    setting,
)

# R lists all 2**k rows up to this many conditions, else those that reach the frequency cut.
R_COMPLETE = 7
CONSTANT = "ours refuses an outcome that does not vary (ConstantSetError, as checked)"
OBSERVED = "observed_rows_incl_removed"
MISCODED = "rows_miscoded_by_recycling_bug"
HALF_WARNING = "should not have values of 0.5"


def compare(case: Case) -> Iterator[Comparison]:
    """Set the truth table of every analysis against R's."""
    if case.multi_value:
        yield Comparison(("analyses",), reason="multi-value conditions are outside fuzzy-set QCA")
        return
    for job, result, path in analyses(case):
        if constant_outcome(case, job) and not failed(truth_table_of(result)):
            yield Comparison(path, reason=CONSTANT)
        else:
            yield from guarded(path, result, _compare_analysis(case, job, result, path))


def analyses(case: Case) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Quantity]]:
    """Every job of an analysis with its result and the place of that in out.json."""
    results = {
        result.get("id"): (result, ("analyses", place))
        for place, result in enumerate(case.expected.get("analyses") or ())
    }
    for job in case.spec.get("analyses") or ():
        if job["id"] in results:
            yield job, *results[job["id"]]


def solved_analyses(
    case: Case,
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Quantity]]:
    """The analyses of which R has a truth table and ours can have one."""
    for job, result, path in analyses(case):
        if "rows" in truth_table_of(result) and not constant_outcome(case, job):
            yield job, result, path


def truth_table_of(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """R's truth table, or the error of the analysis where R got no further."""
    table: Mapping[str, Any] = result.get("tt", result)
    return table


def constant_outcome(case: Case, job: Mapping[str, Any]) -> bool:
    """Whether ours refuses the job because its outcome does not vary."""
    try:
        build_table(case, job)
    except ConstantSetError:
        return True
    except PLUG_IN_FAILURES:
        return False
    return False


def _compare_analysis(
    case: Case, job: Mapping[str, Any], result: Mapping[str, Any], path: Quantity
) -> Iterator[Comparison]:
    expected = truth_table_of(result)
    at = (*path, "tt") if "tt" in result else (*path, "error")
    if gave_up(expected):
        yield Comparison(at, reason=R_GAVE_UP)
        return
    table = attempt(lambda: build_table(case, job))
    if isinstance(table, Failure) or failed(expected):
        yield Comparison(at, failure(expected), table)
        return
    assert isinstance(table, TruthTable)
    yield from _compare_table((*path, "tt"), expected, table)
    yield from _compare_description((*path, "tt"), expected, table)
    if "tt_OUT" in result.get("esa", {}):
        yield _compare_excluded(case, job, result["esa"], (*path, "esa", "tt_OUT"))


def _compare_excluded(
    case: Case, job: Mapping[str, Any], esa: Mapping[str, Any], path: Quantity
) -> Comparison:
    """Set the coding after exclusion of R's rows against R's.

    Above 7 conditions R leaves an excluded row that is also observed as it was and lists it a
    second time, named by its number and a further 1 (9 becomes 91); ours codes it 0. There the
    other rows are compared.
    """
    excluded = {int(row) for row in esa["exclude"]}
    table = build_table(case, job, [row - 1 for row in excluded])
    expected = dict(esa["tt_OUT"])
    if table.k > R_COMPLETE:
        coded_rows = _coded_rows(build_table(case, job))
        for row in excluded & coded_rows:
            expected[str(row)] = "0"
            if int(f"{row}1") not in excluded | coded_rows:
                expected.pop(f"{row}1", None)
    coded = zip(table.codes + 1, table.output, strict=True)
    found = {str(row): str(out) for row, out in coded if str(row) in expected or out != "?"}
    return Comparison(path, expected, found)


def build_table(
    case: Case, job: Mapping[str, Any], excluded: list[int] | None = None
) -> TruthTable:
    """The truth table that a job of spec.json asks for."""
    return truth_table(
        case.frame(),
        outcome=job["outcome"],
        conditions=case.conditions_of(job),
        inclusion_cut=setting(job, "incl_cut", 1),
        pri_cut=setting(job, "pri_cut", 0),
        frequency_cut=setting(job, "n_cut", 1),
        excluded=excluded or (),
    )


def _compare_table(
    path: Quantity, expected: Mapping[str, Any], table: TruthTable
) -> Iterator[Comparison]:
    corrected = expected.get("OUT_without_the_bug") or {}
    rows = {
        str(row["row"]): {**row, "OUT": corrected.get(str(row["row"]), row["OUT"])}
        for row in expected["rows"]
    }
    shown = table.codes if table.k <= R_COMPLETE else table.codes[table.output != "?"]
    yield Comparison((*path, "rows"), rows, {str(code + 1): _row(table, code) for code in shown})
    if corrected:
        found = {row: str(_at(table.output, table, int(row) - 1)) for row in corrected}
        yield Comparison((*path, "OUT_without_the_bug"), corrected, found)
    under = [code for code in table.observed if _at(table.n, table, code) < table.cuts.frequency]
    deviant = {str(code + 1): list(table.deviant_cases_of(code)) for code in table.observed}
    if table.k > R_COMPLETE:
        deviant = {row: names for row, names in deviant.items() if row in rows}
    differing = [
        row["row"]
        for row in expected["rows"]
        if row["OUT"] != str(_at(table.output, table, row["row"] - 1))
    ]
    given = {
        **expected,
        "removed": {str(row["row"]): row for row in expected.get("removed") or ()},
        **{name: sorted(expected.get(name) or ()) for name in (OBSERVED, MISCODED)},
    }
    ours = {
        "removed": {str(code + 1): _removed(table, code) for code in under},
        OBSERVED: (table.observed + 1).tolist(),
        "DCC": {row: names for row, names in deviant.items() if names},
        MISCODED: differing,
    }
    for name in (name for name in ours if name in expected):
        yield Comparison((*path, name), given[name], ours[name])


def _compare_description(
    path: Quantity, expected: Mapping[str, Any], table: TruthTable
) -> Iterator[Comparison]:
    """What R says of the conditions: which are fuzzy, their levels, its warning of .5."""
    fuzzy = ((table.memberships != 0) & (table.memberships != 1)).any(axis=0)
    if "fuzzy" in expected:
        yield Comparison((*path, "fuzzy"), expected["fuzzy"], fuzzy.tolist())
    if "noflevels" in expected:
        yield Comparison((*path, "noflevels"), expected["noflevels"], [2] * table.k)
    warnings = expected.get("warnings") or []
    said = [text for text in warnings if HALF_WARNING in text]
    if len(said) == len(warnings):
        yield Comparison((*path, "warnings"), bool(said), bool(len(table.undecided)))


def _coded_rows(table: TruthTable) -> set[int]:
    return set((table.codes[table.output != "?"] + 1).tolist())


def _at(values: np.ndarray, table: TruthTable, code: int) -> Any:  # noqa: ANN401
    return values[np.searchsorted(table.codes, code)]


def _row(table: TruthTable, code: int) -> dict[str, Any]:
    return {
        "row": int(code) + 1,
        "config": [int(bit) for bit in format(code, f"0{table.k}b")],
        "OUT": str(_at(table.output, table, code)),
        "n": int(_at(table.n, table, code)),
        "incl": float(_at(table.consistency, table, code)),
        "PRI": float(_at(table.pri, table, code)),
        "cases": list(table.cases_of(code)),
    }


def _removed(table: TruthTable, code: int) -> dict[str, Any]:
    row = _row(table, code)
    del row["config"], row["OUT"]
    return {**row, "OUT_if_kept": str(_at(table.output_if_kept, table, code))}
