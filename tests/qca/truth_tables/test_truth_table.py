"""Truth tables against plain Python, the published table, and laws."""

import tracemalloc
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qca.errors import NoRowError
from qca.truth_tables.printing import sorted_rows, truth_table_text
from qca.truth_tables.row_coding import Cuts, code_rows
from qca.truth_tables.row_sums import row_sums, row_sums_in_order
from qca.truth_tables.truth_table import ExcludedRow, TruthTable, truth_table
from tests.qca import by_hand
from tests.qca.lipset import lipset

CONDITIONS = ["DEVELOPED", "URBAN", "LITERATE", "INDUSTRIAL", "STABLE"]
values = st.integers(0, 20).map(lambda step: step / 20)
tables = st.integers(1, 4).flatmap(
    lambda k: st.lists(
        st.lists(values, min_size=k + 1, max_size=k + 1), min_size=2, max_size=15
    ).filter(lambda rows: len({row[-1] for row in rows}) > 1)
)


def frame_of(rows: list[list[float]]) -> pd.DataFrame:
    names = ["A", "B", "C", "D"][: len(rows[0]) - 1]
    return pd.DataFrame(rows, columns=[*names, "Y"], index=[f"c{i}" for i in range(len(rows))])


def shown(table: TruthTable) -> list[dict[str, object]]:
    return [
        {
            "row": int(code) + 1,
            "config": [int(bit) for bit in format(code, f"0{table.k}b")],
            "OUT": str(table.output[place]),
            "OUT_if_kept": str(table.output_if_kept[place]),
            "n": int(table.n[place]),
            "incl": pytest.approx(table.consistency[place], nan_ok=True, abs=1e-12),
            "PRI": pytest.approx(table.pri[place], nan_ok=True, abs=1e-12),
            "cases": list(table.cases_of(code)),
            "deviant": list(table.deviant_cases_of(code)),
        }
        for place, code in enumerate(table.codes)
    ]


def expected_rows(data: pd.DataFrame, outcome: str, cuts: Cuts) -> list[dict[str, object]]:
    inclusion = cuts.inclusion if isinstance(cuts.inclusion, tuple) else (cuts.inclusion,)
    conditions = [name for name in data.columns if name != outcome.removeprefix("~")]
    cases = {str(case): dict(row) for case, row in data.iterrows()}
    rows = by_hand.truth_table_rows(cases, conditions, outcome, inclusion, cuts.pri, cuts.frequency)
    return [{**row, "incl": _nan(row["incl"]), "PRI": _nan(row["PRI"])} for row in rows]


def _nan(value: object) -> object:
    return float("nan") if value is None else value


@settings(max_examples=60)
@given(
    tables,
    st.sampled_from(["Y", "~Y"]),
    st.sampled_from([(0.8, 0.6), 0.75, 1.0]),
    st.sampled_from([0.0, 0.5]),
    st.integers(0, 2),
)
def test_every_row_is_what_plain_python_finds(
    rows: list[list[float]],
    outcome: str,
    inclusion: float | tuple[float, float],
    pri: float,
    frequency: int,
) -> None:
    data, cuts = frame_of(rows), Cuts(inclusion, pri, frequency)
    expected = expected_rows(data, outcome, cuts)
    near = [row for row in expected if row["OUT_if_kept"] != "?"]
    build = partial(
        truth_table, outcome=outcome, inclusion_cut=inclusion, pri_cut=pri, frequency_cut=frequency
    )
    if max(int(str(row["n"])) for row in near) < frequency:
        with pytest.raises(NoRowError):
            build(data)
        return
    assert shown(build(data)) == expected


@given(tables)
def test_every_decided_case_is_in_one_row_and_no_undecided_case_in_any(
    rows: list[list[float]],
) -> None:
    data = frame_of(rows)
    table = truth_table(data, outcome="Y", frequency_cut=0)
    members = [name for code in table.codes for name in table.cases_of(code)]
    undecided = list(table.names_of(table.undecided))
    assert sorted([*members, *undecided]) == sorted(data.index)
    assert int(table.n.sum()) == len(members)


@given(tables)
def test_consistency_for_y_and_not_y_add_up_to_at_least_one(rows: list[list[float]]) -> None:
    data = frame_of(rows)
    present = truth_table(data, outcome="Y", frequency_cut=0)
    absent = truth_table(data, outcome="~Y", frequency_cut=0)
    np.testing.assert_array_equal(present.codes, absent.codes)
    both = present.consistency + absent.consistency
    assert (both[~np.isnan(both)] >= 1 - 1e-12).all()


@given(tables)
def test_the_order_of_conditions_only_permutes_the_rows(rows: list[list[float]]) -> None:
    data = frame_of(rows)
    names = list(data.columns[:-1])
    straight = truth_table(data, outcome="Y", conditions=names, frequency_cut=0)
    reverse = truth_table(data, outcome="Y", conditions=names[::-1], frequency_cut=0)
    turned = [int(format(code, f"0{len(names)}b")[::-1], 2) for code in straight.codes]
    np.testing.assert_array_equal(straight.n, reverse.n[turned])
    np.testing.assert_allclose(straight.consistency, reverse.consistency[turned], atol=1e-12)


def test_the_inter_war_table_is_the_published_one() -> None:
    """Duşa (2019), QCA with R, ch. 7, on the data of Ragin (2009)."""
    table = truth_table(lipset(), outcome="SURVIVED", conditions=CONDITIONS, inclusion_cut=0.8)
    coded = {
        int(code) + 1: (str(output), int(n), round(float(consistency), 3))
        for code, output, n, consistency in zip(
            table.codes, table.output, table.n, table.consistency, strict=True
        )
        if n
    }
    assert coded == {
        1: ("0", 3, 0.216),
        2: ("0", 2, 0.278),
        5: ("0", 2, 0.521),
        6: ("0", 1, 0.529),
        22: ("1", 2, 0.804),
        23: ("0", 1, 0.378),
        24: ("0", 2, 0.709),
        31: ("0", 1, 0.445),
        32: ("1", 4, 0.904),
    }
    assert table.cases_of(31) == ("Belgium", "Czechoslovakia", "Netherlands", "UK")
    assert (len(table.remainders), table.positive.tolist()) == (23, [21, 31])


def test_only_observed_rows_are_held_beyond_twelve_conditions() -> None:
    generator = np.random.default_rng(7)
    data = pd.DataFrame(generator.random((40, 14)), columns=[*"ABCDEFGHIJKLM", "Y"])
    few = truth_table(data, outcome="Y", inclusion_cut=0.8)
    whole = truth_table(data, outcome="Y", inclusion_cut=0.8, complete=True)
    assert (len(few.codes), len(whole.codes)) == (len(few.observed), 2**13)
    np.testing.assert_array_equal(few.remainders, whole.remainders)
    np.testing.assert_array_equal(whole.consistency[few.codes], few.consistency)


def test_sums_in_blocks_equal_sums_in_order() -> None:
    generator = np.random.default_rng(11)
    x, y = generator.random((20_000, 6)), generator.random(20_000)
    codes = np.array([0, 5, 21, 40, 63])
    blocks, ordered = row_sums(x, y, codes), row_sums_in_order(x, y, codes)
    np.testing.assert_allclose(blocks.consistency, ordered.consistency, rtol=1e-12)
    np.testing.assert_allclose(blocks.pri, ordered.pri, rtol=1e-12)


def test_a_value_just_under_a_single_cut_passes_and_under_the_cut_one_is_contradictory() -> None:
    near, full = np.array([0.8 - 1e-9]), np.array([1 - 1e-9])
    assert code_rows(near, np.ones(1), Cuts(0.8)).tolist() == ["1"]
    assert code_rows(near, np.ones(1), Cuts((0.8, 0.6))).tolist() == ["C"]
    assert code_rows(full, np.ones(1), Cuts()).tolist() == ["C"]


def test_excluded_rows_are_zero_with_their_reason() -> None:
    data = lipset()
    build = partial(truth_table, outcome="SURVIVED", conditions=CONDITIONS, inclusion_cut=0.8)
    by_code = build(data, excluded={21: "untenable"})
    assert by_code.excluded == (ExcludedRow(21, "untenable"),)
    assert (by_code.positive.tolist(), 21 in by_code.negative) == ([31], True)
    by_rule = build(data, excluded="~LITERATE*URBAN")
    assert [row.code for row in by_rule.excluded] == [8, 9, 10, 11, 24, 25, 26, 27]
    assert {row.reason for row in by_rule.excluded} == {"remainder of ~LITERATE*URBAN"}
    assert set(by_rule.output[[8, 9, 24, 27]]) == {"0"}


def test_half_memberships_are_counted_named_and_shifted_on_demand() -> None:
    data = pd.DataFrame({"A": [0.5, 0.9, 0.2], "Y": [0.7, 0.8, 0.1]}, index=["edge", "in", "out"])
    plain = truth_table(data, outcome="Y")
    added = truth_table(data, outcome="Y", half="add")
    subtracted = truth_table(data, outcome="Y", half="subtract")
    assert [table.n.tolist() for table in (plain, added, subtracted)] == [[1, 1], [1, 2], [2, 1]]
    assert [table.names_of(table.undecided) for table in (plain, added)] == [("edge",), ("edge",)]
    assert added.memberships[0, 0] == 0.501
    assert data.loc["edge", "A"] == 0.5


def test_rows_sort_by_columns_with_remainders_last() -> None:
    table = truth_table(lipset(), outcome="SURVIVED", conditions=CONDITIONS, inclusion_cut=0.8)
    assert sorted_rows(table).index.tolist() == [32, 22, 1, 24, 5, 2, 6, 31, 23]
    assert sorted_rows(table, ["n"]).index.tolist()[:3] == [32, 1, 2]
    whole = sorted_rows(table, (), remainders=True)
    assert whole.index.tolist()[:10] == [1, 2, 5, 6, 22, 23, 24, 31, 32, 3]
    assert "Outcome SURVIVED; consistency 0.8, PRI 0, at least 1 case" in truth_table_text(table)


def test_a_million_cases_take_no_more_memory_a_case_than_a_quarter_of_them() -> None:
    generator = np.random.default_rng(3)
    data = pd.DataFrame(generator.random((1_000_000, 6)), columns=[*"ABCDE", "Y"])
    peaks = []
    for cases in (250_000, 1_000_000):
        tracemalloc.start()
        truth_table(data.iloc[:cases], outcome="Y", inclusion_cut=0.8)
        peaks.append(tracemalloc.get_traced_memory()[1] / cases)
        tracemalloc.stop()
    assert peaks[1] <= peaks[0] * 1.1


def test_long_lists_of_cases_are_cut_and_counted() -> None:
    data = pd.DataFrame({"A": [0.9] * 5 + [0.1], "Y": [0.8] * 5 + [0.2]})
    text = truth_table_text(truth_table(data, outcome="Y", inclusion_cut=0.8), most_names=2)
    assert text.splitlines()[2].split() == ["2", "1", "1", "5", "0.891", "0.857", "1,2", "+3"]
