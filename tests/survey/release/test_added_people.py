"""People who are added after the launch join figures and decide nothing.

Whoever runs a campaign can invent people and answer for them. Attackers here know every added
answer but one, which is a real person's.
"""

from collections.abc import Iterator
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest

from survey.errors import ReleaseError
from survey.release import plan
from survey.release.exclusions import ExclusionRules
from survey.release.sets import ReleasePlan
from survey.release.tables import ReleasedTables
from survey.release.tree import UnitTree
from tests.survey.release.differencing import exposed_group
from tests.survey.release.published_sums import people_behind, people_of_pools
from tests.survey.release.release_scenes import (
    KEEP_ALL_ITEMS,
    TABULATED,
    answers_of,
    random_answers,
    random_tree,
    released,
    tree_of,
)

ORGANISATIONS = 40
TWO_TEAMS = tree_of(-1, 0, 0)


def scene(
    *groups: tuple[str, int, int], added: tuple[tuple[str, int, int], ...] = ()
) -> pd.DataFrame:
    """Return planned answers of (unit, operations, sales), then added ones."""
    random = np.random.default_rng(5)
    planned = answers_of(*groups, random=random).assign(planned=True)
    others = answers_of(*added, random=random).assign(planned=False)
    return pd.concat([planned, others], ignore_index=True)


def organisations() -> Iterator[tuple[UnitTree, pd.DataFrame]]:
    """Yield random organisations in which a part was added later, or most of some units."""
    for seed in range(ORGANISATIONS):
        random = np.random.default_rng(seed)
        tree = random_tree(int(random.integers(5, 31)), random)
        answers = random_answers(tree, random, missing=0.12)
        share = dict(zip(tree.keys, random.choice([0.0, 0.3, 0.9], size=len(tree)), strict=True))
        added = random.random(len(answers)) < answers["unit"].map(share)
        yield tree, answers.assign(planned=~added)


def sizes(tables: ReleasedTables) -> dict[str, int]:
    return {info.key: info.n for info in tables.sets}


def decided(tables: ReleasedTables) -> tuple[object, ...]:
    """Return all that a release says but means and distributions."""
    cells = tables.cells[["set", "item", "n"]].to_records(index=False).tolist()
    return tables.sets, tables.pools, cells, tables.dropped_items


def test_nine_invented_people_lift_nobody_over_the_floor() -> None:
    planned = (("u1", 1, 0), ("u2", 12, 0))
    tables, rows = released(scene(*planned, added=(("u1", 9, 0),)), TWO_TEAMS)
    without, _ = released(scene(*planned), TWO_TEAMS)

    assert sizes(tables) == sizes(without) == {"general/unit/u2": 12, "sensitive/unit/u2": 12}
    assert set(rows["pool"]) == {"pool/u2"}


def test_added_people_change_no_line_of_a_release() -> None:
    for tree, answers in organisations():
        tables, _ = released(answers, tree)
        without, _ = released(answers[answers["planned"]].reset_index(drop=True), tree)
        assert decided(tables) == decided(without)


def test_whoever_knows_all_added_answers_but_one_singles_out_nobody() -> None:
    joined = 0
    for number, (tree, answers) in enumerate(organisations()):
        random = np.random.default_rng(number)
        tables, _ = released(answers, tree)
        pools = people_of_pools(tables, answers)
        added = np.flatnonzero(~answers["planned"])
        real = int(random.choice(added)) if len(added) else -1
        known = set(added.tolist()) - {real}
        for item, floor in (("TF1", 5), ("RB1", 10)):
            behind = people_behind(tables, answers, pools, item)
            joined += any(real in group for group in behind.values())
            sums = {key: group - known for key, group in behind.items()}
            assert exposed_group(sums, len(answers), floor) == 0
            cells = tables.cells[tables.cells["item"] == item].set_index("set")
            spread = {key: sums[key] for key in cells.index[cells["distribution"].notna()]}
            assert exposed_group(spread, len(answers), 10) == 0

    assert joined > ORGANISATIONS  # of twice as many: their answers do count


def test_the_same_attacker_finds_people_where_everybody_counts() -> None:
    exposed = 0
    for tree, answers in organisations():
        everybody = answers.drop(columns="planned")
        tables, _ = released(everybody, tree)
        pools = people_of_pools(tables, everybody)
        known = set(np.flatnonzero(~answers["planned"]).tolist()[1:])
        behind = people_behind(tables, everybody, pools, "TF1")
        sums = {key: group - known for key, group in behind.items()}
        exposed += exposed_group(sums, len(answers), 5) > 0

    assert exposed > ORGANISATIONS / 2


def test_every_figure_is_that_of_planned_and_joined_answers() -> None:
    for tree, answers in organisations():
        tables, _ = released(answers, tree)
        pools = people_of_pools(tables, answers)
        for item in TABULATED:
            behind = people_behind(tables, answers, pools, item)
            for key, cell in tables.cells[tables.cells["item"] == item].set_index("set").iterrows():
                group = answers.iloc[sorted(behind[str(key)])]
                planned = group[item][group["planned"]]
                limited = min(max(float(planned.mean()), 1.5), 6.5)
                total = limited * len(planned) + float(group[item][~group["planned"]].sum())
                assert cell["n"] == len(planned)
                assert cell["mean"] == pytest.approx(min(max(total / len(group), 1.5), 6.5))
                if cell["distribution"] is not None:
                    counts = [int((group[item] == point).sum()) for point in range(1, 8)]
                    assert list(cell["distribution"]) == counts


def test_invented_answers_do_not_lift_the_limit_at_the_end_of_the_scale() -> None:
    answers = scene(("u1", 5, 0), ("u2", 12, 0), added=(("u1", 5, 0),))
    answers.loc[answers["unit"] == "u1", "TF1"] = [1.0] * 5 + [7.0] * 5

    tables, _ = released(answers, TWO_TEAMS)

    told = tables.cells_of("general/unit/u1")["mean"].to_dict()["TF1"]
    assert told == pytest.approx(4.25)
    assert (10 * told - 5 * 7) / 5 == pytest.approx(1.5)  # what is left for who invented them


def test_invented_answers_do_not_open_a_distribution_in_which_all_agree() -> None:
    answers = scene(("u1", 10, 0), ("u2", 12, 0), added=(("u1", 5, 0),))
    answers.loc[answers["unit"] == "u1", "RB1"] = [6.0] * 10 + [1.0, 2.0, 3.0, 4.0, 5.0]

    tables, _ = released(answers, TWO_TEAMS)

    assert tables.cells_of("sensitive/unit/u1").loc["RB1", "distribution"] is None
    assert tables.cells_of("sensitive/unit/u2").loc["RB1", "distribution"] is not None


def test_somebody_added_in_a_function_of_nobody_there_counts_further_up() -> None:
    tree = tree_of(-1, 0, 1, 1)  # a company, a region, two teams
    planned = (("u1", 4, 3), ("u2", 8, 0), ("u3", 6, 0))
    answers = scene(*planned, added=(("u2", 0, 1), ("u2", 1, 0)))

    tables, rows = released(answers, tree)
    without, _ = released(scene(*planned), tree)

    assert sizes(tables) == sizes(without)
    assert rows["pool"].value_counts().to_dict() == {"pool/u2": 9, "pool/u1": 8, "pool/u3": 6}


def test_an_added_answer_to_an_item_that_nobody_planned_gave_is_told_nowhere() -> None:
    answers = scene(("u1", 6, 5), ("u2", 12, 0), added=(("u1", 0, 1),))
    sales = answers["function"] == "sales"
    answers.loc[sales & answers["planned"], "TF2"] = np.nan
    answers.loc[~answers["planned"], ["TF1", "TF2"]] = [7.0, 7.0]

    tables, rows = released(answers, TWO_TEAMS)

    own = answers[(answers["unit"] == "u1") & ~sales]
    cells = tables.cells_of("general/unit/u1")
    assert cells.loc["TF2", "mean"] == pytest.approx(own["TF2"].mean())
    assert rows[rows["pool"] == "pool/u1"]["TF2"].notna().sum() == 6
    assert (rows[rows["pool"] == "pool/u1"]["TF1"] == 7).sum() == 1


def test_items_are_dropped_by_planned_answers_only() -> None:
    answers = scene(("u1", 40, 0), ("u2", 40, 0), added=(("u1", 120, 0),))
    # TF2 is reversed: what planned people answer agrees, what the added ones answer does not.
    answers["TF2"] = (8 - answers["TF1"]).where(answers["planned"], answers["TF1"])
    rules = ExclusionRules(item_total=0.3)

    tables, _ = released(answers, TWO_TEAMS, rules=rules)
    everybody, _ = released(answers.drop(columns="planned"), TWO_TEAMS, rules=rules)

    assert "TF2" not in tables.dropped_items
    assert "TF2" in everybody.dropped_items


def test_leaders_added_later_are_no_leaders_at_the_root() -> None:
    answers = scene(("u1", 12, 0), ("u2", 3, 0), ("u0", 3, 0), added=(("u1", 2, 0),))
    answers.loc[~answers["planned"], "leads"] = True

    tables, _ = released(answers, TWO_TEAMS)

    without, _ = released(answers[answers["planned"]].reset_index(drop=True), TWO_TEAMS)
    assert decided(tables) == decided(without)


@pytest.mark.parametrize("weakened", ["homes", "items"])
def test_a_release_in_which_added_answers_stand_alone_is_refused(weakened: str) -> None:
    answers = scene(("u1", 8, 0), ("u2", 7, 6), added=(("u1", 0, 1), ("u2", 1, 0)))
    answers.loc[(answers["unit"] == "u2") & answers["planned"], "DSO1"] = np.nan
    answers.loc[~answers["planned"], "DSO1"] = 7.0
    released(answers, TWO_TEAMS)

    def everywhere(planned: ReleasePlan) -> np.ndarray:
        return np.repeat(planned.general.holder[:, None], 2, axis=1)

    weak = (
        patch.object(ReleasePlan, "homes", property(everywhere))
        if weakened == "homes"
        else patch.object(plan, "beside_planned", lambda added, _counts: added)
    )
    with weak, pytest.raises(ReleaseError, match="by themselves"):
        released(answers, TWO_TEAMS)


def test_without_a_word_about_it_everybody_was_planned() -> None:
    answers = scene(("u1", 8, 3), ("u2", 6, 6))

    tables, rows = released(answers, TWO_TEAMS, rules=KEEP_ALL_ITEMS)
    unsaid, same = released(answers.drop(columns="planned"), TWO_TEAMS)

    assert replace(tables, cells=unsaid.cells) == unsaid
    assert tables.cells.equals(unsaid.cells)
    assert rows.equals(same)
