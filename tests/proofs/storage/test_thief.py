"""The thief's tests of chance neither fail for nothing nor miss a leak."""

from itertools import permutations

import numpy as np
import pytest

from tests.proofs.__main__ import Run, together
from tests.proofs.campaigns import Person
from tests.proofs.figures import Figure, Size
from tests.proofs.storage.matches import LUCK, USUAL, Matches, least_detectable, powers
from tests.proofs.storage.thief import linked, rows_with_leak

TESTS_OF_A_RUN = 18  # three orders of people, two of rows, each database and both


@pytest.mark.parametrize("found", range(5))
def test_matches_are_judged_by_the_fixed_points_of_all_permutations(found: int) -> None:
    hits = [
        sum(one == place for place, one in enumerate(order)) for order in permutations(range(4))
    ]
    two_teams = [first + second for first in hits for second in hits]

    p_value = Matches("place", found, teams=2, team=4).p_value

    assert p_value == pytest.approx(sum(both >= found for both in two_teams) / len(two_teams))


def test_a_run_that_leaks_nothing_is_red_less_than_once_in_a_million() -> None:
    assert TESTS_OF_A_RUN * LUCK < 1e-6
    chances = {hits: Matches("place", hits, teams=20, team=100).p_value for hits in range(20, 80)}
    assert chances[48] >= LUCK > chances[49]
    assert [Matches("place", hits, 20, 100).figure.is_met for hits in (20, 48, 49)] == [
        True, True, False,
    ]  # fmt: skip


def test_the_least_leak_that_is_found_is_two_per_cent_on_one_database_and_less_on_two() -> None:
    one, both = powers(20, 100, Size.FULL)[0], powers(40, 100, Size.FULL)[0]

    assert (one.measured, both.measured) == (1.95, 1.325)
    assert [figure.is_met for figure in (one, both)] == [True, True]
    # Half the people in teams of ten, as it was: more than one in twenty stayed hidden.
    assert not powers(200, 10, Size.FULL)[0].is_met
    assert least_detectable(20, 100, USUAL) < least_detectable(20, 100)


def test_people_who_leak_are_linked_and_the_others_by_chance() -> None:
    people = [Person(f"t{place}", "team", (("TF1", place),)) for place in range(50)]
    order = [person.token for person in people]
    leaking = {person.token for person in people[::5]}

    hits = [
        linked(people, order, rows_with_leak(people, leaking, np.random.default_rng(seed)))
        for seed in range(200)
    ]

    assert min(hits) >= len(leaking)
    assert np.mean(hits) == pytest.approx(len(leaking) + 1, abs=0.25)


def test_the_runs_on_two_databases_are_tested_once_more_together() -> None:
    runs = [_run("SQLite", 48), _run("PostgreSQL", 48)]
    assert all(run.is_met for run in runs)

    (both,) = together(runs)

    assert both.database == "SQLite and PostgreSQL"
    assert both.figures[0].what == "opened: p of 96 links of 4,000 by place"
    assert not both.is_met  # each alone might be luck, the two are not
    assert list(together(runs[:1])) == []


def _run(database: str, found: int) -> Run:
    figures: tuple[Figure, ...] = (Matches("place", found, teams=20, team=100).figure,)
    return Run("thief", database, Size.FULL, 1.0, 1.0, figures, "")
