"""A fingerprint of a release that does not depend on how it is stored."""

from survey.documents.canonical_json import content_digest
from survey.release.tables import ReleasedTables


def release_digest(tables: ReleasedTables) -> str:
    """Return the SHA-256 of all sets and cells in canonical form, as 64 hexadecimal characters.

    Sets in the order of their keys, cells of set and item; a mean by its exact binary value.
    """
    sets = sorted(
        [info.key, info.kind, info.plan, info.unit, info.function, info.n, sorted(info.pools)]
        for info in tables.sets
    )
    cells = sorted(
        [key, item, n, mean.hex(), None if counts is None else list(counts)]
        for key, item, n, mean, counts in tables.cells.to_numpy(dtype=object).tolist()
    )
    content = {"sets": sets, "cells": cells, "dropped_items": sorted(tables.dropped_items)}
    return content_digest(content)
