"""Which answers each published figure adds up, found again by a slow walk over the tree."""

from collections import defaultdict

import numpy as np
import pandas as pd

from survey.release.tables import FUNCTIONS, ReleasedTables, pool_key
from survey.release.tree import UnitTree


def people_of_pools(tables: ReleasedTables, answers: pd.DataFrame) -> pd.Series:
    """Return the pool of every answer, a leader's own being the company's.

    An answer by somebody added later is in the nearest pool with planned ones of its function.
    """
    root = tables.tree.keys[0]
    units = answers["unit"].where(~answers["leads"], root)
    pools = units.map(tables.pool_of)
    if "planned" not in answers:
        return pools
    planned = answers["planned"]
    known = set(zip(pools[planned], answers["function"][planned], strict=True))
    for person in np.flatnonzero(~planned).tolist():
        way = (pool_key(unit) for unit in tables.tree.path_to_root(units.iloc[person]))
        function = answers["function"].iloc[person]
        pools.iloc[person] = next((pool for pool in way if (pool, function) in known), None)
    return pools


def naive_parts(tree: UnitTree, weights: dict[str, int], floor: int) -> dict[str, str | None]:
    """Return where what each unit brings comes together, by walking the tree once."""
    place: dict[str, str | None] = {}
    carried: dict[str, list[str]] = {key: [key] for key in tree.keys}
    for position in range(len(tree) - 1, -1, -1):
        key = tree.keys[position]
        if sum(weights.get(unit, 0) for unit in carried[key]) >= floor:
            place.update(dict.fromkeys(carried[key], key))
        elif position:
            carried[tree.keys[tree.parents[position]]] += carried[key]
        else:
            place.update(dict.fromkeys(carried[key]))
    return place


def people_behind(
    tables: ReleasedTables, answers: pd.DataFrame, pools: pd.Series, item: str
) -> dict[str, set[int]]:
    """Return the answers that each published figure of an item adds up, found the slow way."""
    valid = (answers[item].notna() & pools.notna()).to_numpy()
    planned = answers.get("planned", pd.Series(True, index=answers.index)).to_numpy()
    places = list(zip(pools.tolist(), answers["function"].tolist(), strict=True))
    people: dict[tuple[str, str], set[int]] = defaultdict(set)
    number: dict[str, int] = defaultdict(int)
    for person in np.flatnonzero(valid & planned).tolist():
        people[places[person]].add(person)
        number[places[person][0]] += 1
    for person in np.flatnonzero(valid & ~planned).tolist():
        if places[person] in people:
            people[places[person]].add(person)
    parts = _parts(tables, number, item)
    behind: dict[str, set[int]] = {}
    for key in tables.cells.loc[tables.cells["item"] == item, "set"]:
        info = tables.set_by_key[key]
        inside = set(info.pools)
        told = {pool for part in parts if part <= inside for pool in part}
        chosen = [info.function] if info.function else FUNCTIONS
        behind[key] = set().union(*(people[pool, function] for pool in told for function in chosen))
    return behind


def _parts(tables: ReleasedTables, number: dict[str, int], item: str) -> list[frozenset[str]]:
    """Return the pools whose answers to an item are told together only."""
    owners = {pool.key: pool.owner for pool in tables.pools}
    place: dict[str, str | None] = {}
    if item.startswith("RB"):
        sizes = {pool.owner: pool.n for pool in tables.pools}
        group = naive_parts(tables.tree, sizes, 10)
        weights: dict[str, int] = defaultdict(int)
        for pool, n in number.items():
            if group[owners[pool]] is not None:
                weights[str(group[owners[pool]])] += n
        whole = naive_parts(tables.tree, weights, 10)
        for pool, owner in owners.items():
            place[pool] = None if group[owner] is None else whole[str(group[owner])]
    else:
        single = naive_parts(tables.tree, {owners[pool]: n for pool, n in number.items()}, 5)
        place = {pool: single[owner] for pool, owner in owners.items()}
    parts: dict[str, set[str]] = defaultdict(set)
    for pool in number:
        if place[pool] is not None:
            parts[str(place[pool])].add(pool)
    return [frozenset(part) for part in parts.values()]
