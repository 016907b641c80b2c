"""The two doors through which diagnostics gets numbers about groups."""

from uuid import UUID

import pandas as pd

from survey.documents.kinds import BACKGROUND_COUNTS, RELEASE_COUNTS
from survey.instrument.content import ConstructRole
from survey.models import Campaign, Release, ReleaseCell, ReleasedSet, Response
from survey.release.cells import cell_frame
from survey.release.exclusions import ITEM_ROLES
from survey.release.rows import sorted_rows
from survey.release.tables import (
    Plan,
    PoolInfo,
    ReleasedTables,
    SetInfo,
    SetKind,
    pool_key,
)
from survey.release.tree import NOWHERE, UnitTree
from survey.selectors.answer_life import refuse_deleted_answers
from survey.selectors.campaigns import questionnaire_of


def campaign_tree(campaign: Campaign) -> UnitTree:
    """Return the units as they were at launch; a unit's key is its snapshot's id."""
    units = list(campaign.units.order_by("position"))
    place = {unit.id: number for number, unit in enumerate(units)}
    return UnitTree(
        keys=tuple(str(unit.id) for unit in units),
        parents=tuple(
            NOWHERE if unit.parent_id is None else place[unit.parent_id] for unit in units
        ),
        names=tuple(unit.name for unit in units),
    )


def pool_ids(frozen: Release) -> dict[str, UUID]:
    """Return the stored id of every pool by the pool's key."""
    stored = frozen.pools.values_list("owner_id", "id")
    return {pool_key(str(owner)): pool for owner, pool in stored}


def released_cells(campaign: Campaign) -> ReleasedTables:
    """Return the frozen release, equal to what was computed when the ballots were opened."""
    frozen = campaign.release
    tree = campaign_tree(campaign)
    sets = _sets(frozen, tree)
    return ReleasedTables(
        tree=tree,
        pools=_pools(frozen),
        sets=sets,
        cells=_cells(campaign, sets),
        counts=RELEASE_COUNTS.read(frozen.counts),
        dropped_items=tuple(frozen.dropped_items),
    )


def background_of(campaign: Campaign) -> dict[str, dict[str, int]]:
    """Return how many gave which background answer: question -> option -> people.

    What is not in it is told of nobody: the rest of each question is others and those who told
    nothing, at least as many as the floor.
    """
    stored = campaign.release.background.values_list("question", "counts")
    return {question: dict(BACKGROUND_COUNTS.read(counts)) for question, counts in stored}


def released_rows(campaign: Campaign) -> pd.DataFrame:
    """Return DataFrame[pool, function, <items>] of the released answers; for the worker only.

    Missing answers are NaN; the order tells nothing and is the same at every call. Raises
    AnswersDeletedError once the deletion of the answers has begun.
    """
    codes = _row_items(campaign)
    pools = {pool: key for key, pool in pool_ids(campaign.release).items()}
    # Asked in the same statement as the rows, so that no moment lies between.
    stored = Response.objects.filter(campaign__release__answers_end_at=None, campaign=campaign)
    rows = list(stored.values_list("pool_id", "function", "answers"))
    if not rows:
        refuse_deleted_answers(campaign)
    keys = pd.DataFrame(
        [(pools[pool], function) for pool, function, _ in rows], columns=["pool", "function"]
    )
    items = pd.DataFrame([answers for _, _, answers in rows], columns=codes, dtype="float64")
    return sorted_rows(pd.concat([keys, items], axis=1))


def _row_items(campaign: Campaign) -> list[str]:
    instrument = questionnaire_of(campaign)
    dropped = set(campaign.release.dropped_items)
    return [
        item.code
        for role in (ITEM_ROLES, (ConstructRole.MARKER,))
        for _, item in instrument.items(*role)
        if item.code not in dropped
    ]


def _pools(frozen: Release) -> tuple[PoolInfo, ...]:
    return tuple(
        PoolInfo(
            key=pool_key(str(pool.owner_id)),
            owner=str(pool.owner_id),
            n=pool.n,
            merges_units=pool.merges_units,
        )
        for pool in frozen.pools.order_by("owner__position")
    )


def _sets(frozen: Release, tree: UnitTree) -> tuple[SetInfo, ...]:
    stored = frozen.sets.prefetch_related("pools")
    return tuple(sorted((_set(one, tree) for one in stored), key=lambda info: _order(info, tree)))


def _set(stored: ReleasedSet, tree: UnitTree) -> SetInfo:
    places = sorted(tree.position[str(pool.owner_id)] for pool in stored.pools.all())
    return SetInfo(
        key=stored.key,
        kind=SetKind(stored.kind),
        plan=Plan(stored.plan),
        unit=str(stored.owner_id),
        function=stored.function,
        n=stored.n,
        pools=tuple(pool_key(tree.keys[place]) for place in places),
    )


def _order(info: SetInfo, tree: UnitTree) -> tuple[int, int, int, str]:
    """Order sets as they were planned: by plan, unit, kind and function."""
    kinds = (SetKind.UNIT, SetKind.POOL)
    return (
        list(Plan).index(info.plan),
        tree.position[info.unit],
        kinds.index(info.kind),
        info.function,
    )


def _cells(campaign: Campaign, sets: tuple[SetInfo, ...]) -> pd.DataFrame:
    place = {info.key: number for number, info in enumerate(sets)}
    items = {code: number for number, code in enumerate(_row_items(campaign))}
    stored = ReleaseCell.objects.filter(released_set__release__campaign=campaign).values_list(
        "released_set__key", "item", "n", "mean", "distribution"
    )
    cells = sorted(stored, key=lambda cell: (place[cell[0]], items[cell[1]]))
    rows = [
        (key, item, n, mean, None if counts is None else tuple(counts))
        for key, item, n, mean, counts in cells
    ]
    return cell_frame(rows)
