"""Write a release into its tables, once and for ever."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from survey.batches import ROWS_AN_INSERT
from survey.models import Campaign, Pool, Release, ReleaseCell, ReleasedSet
from survey.release.digest import release_digest
from survey.release.tables import ReleasedTables


@transaction.atomic
def freeze_tables(*, campaign: Campaign, tables: ReleasedTables, now: datetime) -> Release:
    """Return the campaign's release with its pools, sets and cells."""
    frozen = Release.objects.create(
        campaign=campaign,
        frozen_at=now,
        digest=release_digest(tables),
        software_version=settings.SOFTWARE_VERSION,
        counts=asdict(tables.counts),
        dropped_items=list(tables.dropped_items),
    )
    pools = _freeze_pools(frozen, tables)
    sets = _freeze_sets(frozen, tables, pools)
    ReleaseCell.objects.bulk_create(
        [
            ReleaseCell(
                released_set=sets[key],
                item=item,
                n=n,
                mean=mean,
                distribution=None if counts is None else list(counts),
            )
            for key, item, n, mean, counts in tables.cells.to_numpy(dtype=object).tolist()
        ],
        batch_size=ROWS_AN_INSERT,
    )
    return frozen


def _freeze_pools(frozen: Release, tables: ReleasedTables) -> dict[str, Pool]:
    pools = {
        pool.key: Pool(
            release=frozen, owner_id=UUID(pool.owner), n=pool.n, merges_units=pool.merges_units
        )
        for pool in tables.pools
    }
    Pool.objects.bulk_create(pools.values(), batch_size=ROWS_AN_INSERT)
    return pools


def _freeze_sets(
    frozen: Release, tables: ReleasedTables, pools: dict[str, Pool]
) -> dict[str, ReleasedSet]:
    sets = {
        info.key: ReleasedSet(
            release=frozen,
            key=info.key,
            kind=info.kind,
            plan=info.plan,
            owner_id=UUID(info.unit),
            function=info.function,
            n=info.n,
        )
        for info in tables.sets
    }
    ReleasedSet.objects.bulk_create(sets.values(), batch_size=ROWS_AN_INSERT)
    through = ReleasedSet.pools.through
    through.objects.bulk_create(
        [
            through(releasedset=sets[info.key], pool=pools[pool])
            for info in tables.sets
            for pool in info.pools
        ],
        batch_size=ROWS_AN_INSERT,
    )
    return sets
