"""The figures of a release: exclusions, item plans, bands, leaders and rows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey.errors import InputError
from survey.release.digest import release_digest
from survey.release.exclusions import (
    ExclusionRules,
    exclusion_reasons,
    weak_items,
)
from survey.release.tables import ReleasedTables
from tests.survey.release.release_scenes import (
    CODES,
    INSTRUMENT,
    TABULATED,
    answers_of,
    random_answers,
    random_tree,
    released,
    tree_of,
)

TWO_TEAMS = tree_of(-1, 0, 0)


def scene(*groups: tuple[str, int, int], seed: int = 1) -> pd.DataFrame:
    return answers_of(*groups, random=np.random.default_rng(seed))


def cell(tables: ReleasedTables, key: str, item: str) -> tuple[int, float, object]:
    rows = tables.cells_of(key).reset_index().to_dict("records")
    found = {row["item"]: row for row in rows}
    return found[item]["n"], found[item]["mean"], found[item]["distribution"]


def test_a_leaders_own_answer_is_in_the_company_and_never_in_a_unit() -> None:
    answers = scene(("u1", 7, 0), ("u2", 9, 0))
    answers.loc[[0, 1, 7, 8, 9], "leads"] = True  # two of u1, three of u2

    tables, rows = released(answers, TWO_TEAMS)

    assert {info.key: info.n for info in tables.sets if info.plan == "general"} == {
        "general/unit/u0": 16,
        "general/unit/u1": 5,
        "general/unit/u2": 6,
    }
    own = answers[(answers["unit"] == "u1") & ~answers["leads"]]
    assert cell(tables, "general/unit/u1", "TF1")[:2] == (5, pytest.approx(own["TF1"].mean()))
    assert rows["pool"].value_counts().to_dict() == {"pool/u2": 6, "pool/u0": 5, "pool/u1": 5}


def test_a_small_team_is_not_told_together_with_the_leaders_of_others() -> None:
    tree = tree_of(-1, 0, 0, 0)
    answers = scene(("u1", 14, 0), ("u2", 14, 0), ("u3", 4, 0))
    without, _ = released(answers, tree)
    answers.loc[[0, 1, 2, 14, 15, 16], "leads"] = True  # three of u1, three of u2

    tables, _ = released(answers, tree)

    assert without.verdict_set("u3") is None  # four alone are left over
    assert {info.key: info.n for info in tables.sets if info.kind == "pool"} == {}
    for chosen in (tables.profile_set("u3"), tables.verdict_set("u3")):
        assert chosen is not None
        assert (chosen.info.kind, chosen.info.unit, chosen.info.n) == ("unit", "u0", 32)


def test_in_a_company_of_one_unit_its_leader_counts_in_the_company() -> None:
    answers = scene(("u0", 12, 0))
    answers.loc[0, "leads"] = True

    tables, _ = released(answers, tree_of(-1))

    assert {info.key: info.n for info in tables.sets} == {
        "general/unit/u0": 12,
        "sensitive/unit/u0": 12,
    }


def test_an_item_with_too_few_valid_answers_is_merged_upwards_as_a_whole_pool() -> None:
    tree = tree_of(-1, 0, 1, 1, 0)  # region u1 of u2 and u3; u4
    answers = scene(("u2", 5, 0), ("u3", 9, 0), ("u4", 12, 0))
    answers.loc[0, "TF1"] = np.nan  # four valid answers in u2

    tables, rows = released(answers, tree)

    told = tables.cells[tables.cells["item"] == "TF1"].set_index("set")["n"].to_dict()
    # u2's four are left over: they may be in no set, or the region less u3 would tell them.
    assert told == {
        "general/unit/u0": 21,
        "general/unit/u3": 9,
        "general/unit/u4": 12,
        "sensitive/unit/u0": 12 + 9,
        "sensitive/unit/u4": 12,
    }
    assert tables.cells_of("general/unit/u2").index.tolist() == ["TF2", "DSO1", "DSO2"]
    assert rows.loc[rows["pool"] == "pool/u2", "TF1"].isna().all()
    assert rows.loc[rows["pool"] == "pool/u2", "TF2"].notna().all()


def test_two_short_pools_come_together_in_their_parent() -> None:
    tree = tree_of(-1, 0, 1, 1, 0)
    answers = scene(("u2", 5, 0), ("u3", 5, 0), ("u4", 12, 0))
    answers.loc[[0, 5], "TF1"] = np.nan

    tables, _ = released(answers, tree)

    told = tables.cells[tables.cells["item"] == "TF1"].set_index("set")["n"].to_dict()
    assert {key: n for key, n in told.items() if str(key).startswith("general")} == {
        "general/unit/u0": 20,
        "general/unit/u1": 8,
        "general/unit/u4": 12,
    }


def test_sensitive_items_are_told_in_the_second_plan_only() -> None:
    tables, _ = released(scene(("u1", 9, 0), ("u2", 14, 0)), TWO_TEAMS)

    told = tables.cells.groupby("set")["item"].agg(list).to_dict()
    assert told == {
        "general/unit/u0": ["TF1", "TF2", "DSO1", "DSO2"],
        "general/unit/u1": ["TF1", "TF2", "DSO1", "DSO2"],
        "general/unit/u2": ["TF1", "TF2", "DSO1", "DSO2"],
        "sensitive/unit/u2": TABULATED,
    }


def test_sensitive_items_need_ten_valid_answers() -> None:
    answers = scene(("u1", 12, 0), ("u2", 14, 0))
    answers.loc[:2, "RB1"] = np.nan  # nine valid ones in u1

    tables, rows = released(answers, TWO_TEAMS)

    told = tables.cells[tables.cells["item"] == "RB1"].set_index("set")["n"].to_dict()
    assert told == {"sensitive/unit/u2": 14}
    assert rows.loc[rows["pool"] == "pool/u1", "RB1"].isna().all()


def test_distributions_are_told_in_the_second_plan_only_and_for_ten_answers() -> None:
    answers = scene(("u1", 9, 0), ("u2", 14, 0))
    tables, _ = released(answers, TWO_TEAMS)

    with_distribution = tables.cells[tables.cells["distribution"].notna()]
    assert with_distribution["set"].unique().tolist() == ["sensitive/unit/u2"]
    counts = [int((answers.loc[9:, "TF1"] == point).sum()) for point in range(1, 8)]
    assert cell(tables, "sensitive/unit/u2", "TF1")[2] == tuple(counts)


def test_a_distribution_of_a_homogeneous_group_is_withheld() -> None:
    answers = scene(("u1", 20, 0))
    answers["TF1"] = [4.0] * 19 + [5.0]
    answers["TF2"] = [4.0] * 18 + [5.0] * 2

    tables, _ = released(answers, tree_of(-1, 0))

    assert cell(tables, "sensitive/unit/u1", "TF1")[2] is None
    assert cell(tables, "sensitive/unit/u1", "TF2")[2] == (0, 0, 0, 18, 2, 0, 0)


def test_means_at_the_ends_of_the_scale_are_limited() -> None:
    answers = scene(("u1", 6, 0))
    answers["TF1"], answers["TF2"], answers["DSO1"] = 7.0, 1.0, 6.0

    tables, _ = released(answers, tree_of(-1, 0))

    means = tables.cells_of("general/unit/u1")["mean"]
    assert means[["TF1", "TF2", "DSO1"]].tolist() == [6.5, 1.5, 6.0]


def test_a_failed_attention_check_excludes_and_an_open_one_does_not() -> None:
    answers = scene(("u1", 6, 0))
    answers["CHECK1"] = [3.0, 4.0, np.nan, 3.0, 3.0, 1.0]

    tables, _ = released(answers, tree_of(-1, 0))

    assert tables.counts.answers == {"operations": 4, "sales": 0}
    assert tables.counts.excluded == {
        "attention_check": {"operations": 2, "sales": 0},
        "uniform_share": {"operations": 0, "sales": 0},
    }
    assert tables.sets == ()


def test_ninety_per_cent_of_equal_answers_exclude_and_less_does_not() -> None:
    codes = [code for code in CODES if code != "CHECK1"]  # 7 items: 6 of 7 are 86 %
    answers = scene(("u1", 0, 3))
    answers.loc[0, codes] = 4.0
    answers.loc[1, codes] = [4.0] * 6 + [5.0]
    answers.loc[2, codes] = [4.0] * 6 + [np.nan]

    reasons = exclusion_reasons(answers, INSTRUMENT, ExclusionRules())
    laxer = exclusion_reasons(answers, INSTRUMENT, ExclusionRules(uniform_share=6 / 7))

    assert reasons.tolist() == ["uniform_share", "", ""]
    assert laxer.tolist() == ["uniform_share"] * 3


def test_excluded_answers_are_decided_on_before_pooling() -> None:
    answers = scene(("u1", 6, 0), ("u2", 12, 0))
    answers.loc[[0, 1], "CHECK1"] = 7.0

    tables, rows = released(answers, TWO_TEAMS)

    assert {pool.key: pool.n for pool in tables.pools} == {"pool/u2": 12}
    assert len(rows) == 12


def test_an_item_below_the_item_total_correlation_is_dropped_everywhere() -> None:
    random = np.random.default_rng(5)
    answers = scene(("u1", 60, 0))
    answers["TF1"] = random.integers(1, 8, 60).astype(float)
    answers["TF2"] = 8 - answers["TF1"]  # reverse keyed: agrees once it is turned
    answers["RB1"] = random.integers(1, 8, 60).astype(float)
    answers["RB2"] = 8 - answers["RB1"]  # contradicts: r = -1
    answers["DSO2"] = answers["DSO1"]

    tables, rows = released(answers, tree_of(-1, 0), rules=ExclusionRules())

    assert tables.dropped_items == ("RB1", "RB2")
    assert sorted(tables.cells["item"].unique()) == ["DSO1", "DSO2", "TF1", "TF2"]
    assert rows.columns.tolist() == ["pool", "function", "TF1", "TF2", "DSO1", "DSO2", "MV1"]


def test_item_totals_equal_the_correlation_with_the_rest_of_the_construct() -> None:
    answers = pd.DataFrame({code: np.arange(6.0) % 7 + 1 for code in CODES})
    answers["RB1"], answers["RB2"] = [1.0, 2, 3, 4, 5, 6], [2.0, 1, 4, 3, 1, 5]
    r = float(np.corrcoef(answers["RB1"], answers["RB2"])[0, 1])
    answers["TF2"] = 8 - answers["TF1"]

    def dropped(item_total: float, least: int) -> tuple[str, ...]:
        rules = ExclusionRules(item_total=item_total, item_total_answers=least)
        return weak_items(answers, INSTRUMENT, rules)

    assert dropped(r - 1e-9, 6) == ()
    assert dropped(r + 1e-9, 6) == ("RB1", "RB2")
    assert dropped(r + 1e-9, 7) == ()


def test_no_item_is_judged_from_fewer_than_fifty_answers() -> None:
    answers = pd.DataFrame({code: np.arange(50.0) % 7 + 1 for code in CODES})
    answers["RB2"], answers["TF2"] = 8 - answers["RB1"], 8 - answers["TF1"]

    assert weak_items(answers, INSTRUMENT, ExclusionRules()) == ("RB1", "RB2")
    assert weak_items(answers[:49], INSTRUMENT, ExclusionRules()) == ()


def test_rules_survive_storage_and_unknown_ones_are_refused() -> None:
    rules = ExclusionRules(attention_check=False, uniform_share=0.95, item_total=0.2)

    assert ExclusionRules.from_mapping(rules.as_mapping()) == rules
    assert ExclusionRules.from_mapping({}) == ExclusionRules(True, 0.9, 0.30)
    with pytest.raises(InputError, match="found speed"):
        ExclusionRules.from_mapping({"speed": 1})


def test_rows_hold_pool_function_and_items_and_never_a_unit() -> None:
    answers = scene(("u1", 3, 0), ("u2", 4, 8))

    tables, rows = released(answers, TWO_TEAMS)

    assert tables.pool_owner == {"pool/u2": "u2"}  # the three of u1 are left over
    assert rows.columns.tolist() == ["pool", "function", *TABULATED, "MV1"]
    assert rows["function"].unique().tolist() == [""]
    assert len(rows) == 12


def test_rows_do_not_depend_on_the_order_of_the_answers() -> None:
    answers = scene(("u1", 8, 6), ("u2", 4, 8))

    _, rows = released(answers, TWO_TEAMS)
    _, shuffled = released(answers.sample(frac=1, random_state=7), TWO_TEAMS)

    pd.testing.assert_frame_equal(rows, shuffled)


def test_the_digest_depends_on_the_figures_and_not_on_the_order_of_the_answers() -> None:
    answers = scene(("u1", 8, 6), ("u2", 4, 8))
    tables, _ = released(answers, TWO_TEAMS)
    again, _ = released(answers.sample(frac=1, random_state=7), TWO_TEAMS)
    mirrored = replace(tables, sets=tables.sets[::-1], cells=tables.cells[::-1])
    answers["TF1"] = answers["TF1"] - 1
    other, _ = released(answers, TWO_TEAMS)

    assert release_digest(tables) == release_digest(again) == release_digest(mirrored)
    assert release_digest(tables) != release_digest(other)
    assert len(release_digest(tables)) == 64


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "nowhere"}, "known unit with each, found another"),
        ({"function": "cooking"}, "known function with each, found another"),
        ({"TF1": 9.0}, "1 to 7 or nothing for TF1, found another value"),
        ({"TF1": 2.5}, "1 to 7 or nothing for TF1, found another value"),
    ],
)
def test_answers_that_cannot_be_are_refused(change: dict[str, object], message: str) -> None:
    answers = scene(("u1", 6, 0))
    for column, value in change.items():
        answers[column] = [*answers[column][:5], value]

    with pytest.raises(InputError, match=message):
        released(answers, tree_of(-1, 0))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match="the columns RB2, found none"):
        released(scene(("u1", 6, 0)).drop(columns="RB2"), tree_of(-1, 0))


def test_a_large_random_organisation_passes_the_audit() -> None:
    random = np.random.default_rng(11)
    tree = random_tree(200, random)

    tables, rows = released(random_answers(tree, random, missing=0.05), tree)

    assert len(tables.sets) > 200
    assert len(rows) == sum(pool.n for pool in tables.pools)
