"""Fit over clusters of cases: pooled, between the clusters, and within the units."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from qca.errors import MissingDataError, OptionError, ShapeError
from qca.inputs import membership_vector, same_length

Relation = Literal["sufficiency", "necessity"]
# SetMethods adds this to both sides of a ratio, so that a set without members is perfect.
NUDGE = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class ClusterShares:
    """One ratio, of all cases and of each group of them.

    Parameters
    ----------
    pooled : float
        Over all cases, [0, 1].
    between : array (clusters,)
        Of each cluster, [0, 1].
    within : array (units,)
        Of each unit, [0, 1].
    between_distance, within_distance : float
        How far the groups are from being alike: the Euclidean distance of their shares of the
        sum of ratios from 1 / groups; 0 where all are equal. It shrinks as groups become more, so
        that no fixed threshold serves 6 clusters and 20.
    """

    pooled: float
    between: NDArray[np.float64]
    within: NDArray[np.float64]
    between_distance: float
    within_distance: float


@dataclass(frozen=True, slots=True, eq=False)
class ClusterFit:
    """Consistency and coverage of one relation over clusters of cases.

    Parameters
    ----------
    clusters, units : tuple
        Labels in the order in which they are met first.
    cluster_cases, unit_cases : arrays of int
        How many cases each has.
    consistency, coverage : ClusterShares
        sum(min(x, y)) over sum(x) and over sum(y); for necessity the other way round.
    """

    clusters: tuple[Hashable, ...]
    units: tuple[Hashable, ...]
    cluster_cases: NDArray[np.int64]
    unit_cases: NDArray[np.int64]
    consistency: ClusterShares
    coverage: ClusterShares


def cluster_fit(
    condition: ArrayLike,
    outcome: ArrayLike,
    *,
    clusters: Sequence[Hashable],
    units: Sequence[Hashable] | None = None,
    relation: Relation = "sufficiency",
) -> ClusterFit:
    """Fit of a relation pooled over all cases, between clusters and within units.

    Over a set of cells (sum(min(x, y)) + e) / (sum(x) + e), with e = 1e-10. A cell is what a unit
    has in a cluster; the cells of a cluster give its between figure, those of a unit its within
    figure. Not every unit need be in every cluster. Linear in the cases.

    In a survey the persons are the units (the default) and their groups the clusters: between is
    then each group's own consistency. Where several cases share a cell, their memberships are added
    up before the minimum is taken, as R does: over- and undershooting cases cancel, and between and
    within may exceed what any of the cases has.

    Parameters
    ----------
    condition, outcome : array_like of float, shape (cases,), in [0, 1]
    clusters : sequence
        Label of each case's cluster.
    units : sequence, optional
        Label of each case's unit; each case its own by default, numbered from 0.
    relation : {"sufficiency", "necessity"}

    Returns
    -------
    ClusterFit
        Equal to cluster() of R's SetMethods 4.1. A group whose denominator is 0 has the ratio 1.

    Raises
    ------
    OptionError
        The relation is not offered.
    ShapeError
        Condition, outcome and labels differ in length.
    MissingDataError
        A label is missing, or a membership is NaN.
    NotNumericError, NoCasesError, MembershipRangeError

    Examples
    --------
    >>> found = cluster_fit([0.5, 1.0, 0.5, 1.0], [0.5, 0.5, 1.0, 1.0], clusters=list("aabb"))
    >>> found.clusters, found.consistency.between.round(3), round(found.consistency.pooled, 3)
    (('a', 'b'), array([0.667, 1.   ]), 0.833)
    >>> round(found.consistency.between_distance, 3)
    0.141

    Source: García-Castro & Ariño (2016), A general approach to panel data set-theoretic research,
    Journal of Advances in Management Sciences & Information Systems 2; R SetMethods cluster.
    """
    if relation not in get_args(Relation):
        raise OptionError(f"expected one of {get_args(Relation)}, found {relation!r}")
    x = membership_vector(condition, "the condition")
    y = membership_vector(outcome, "the outcome")
    same_length(x, y)
    cluster_names, cluster_of = _labelled(clusters, len(x), "cluster")
    unit_names, unit_of = _labelled(range(len(x)) if units is None else units, len(x), "unit")
    cells, cell_of = np.unique(unit_of * len(cluster_names) + cluster_of, return_inverse=True)
    sums = [np.bincount(cell_of, weights=values).astype(np.float64) for values in (x, y)]
    groups = cells % len(cluster_names), cells // len(cluster_names)
    both = float(np.minimum(x, y).sum())
    of_x, of_y = (_shares(both, np.minimum(*sums), whole, groups) for whole in sums)
    consistency, coverage = (of_x, of_y) if relation == "sufficiency" else (of_y, of_x)
    return ClusterFit(
        clusters=cluster_names,
        units=unit_names,
        cluster_cases=np.bincount(cluster_of),
        unit_cases=np.bincount(unit_of),
        consistency=consistency,
        coverage=coverage,
    )


def _labelled(
    labels: Sequence[Hashable], cases: int, kind: str
) -> tuple[tuple[Hashable, ...], NDArray[np.int64]]:
    """The different labels as they are met first, and which of them each case has."""
    given = list(labels)
    if len(given) != cases:
        raise ShapeError(f"expected a {kind} for each of {cases} cases, found {len(given)}")
    missing = pd.isna(pd.Series(given, dtype=object)).to_numpy()
    if missing.any():
        raise MissingDataError(
            f"expected a {kind} for every case, found none for case {int(missing.argmax()) + 1}"
        )
    place = {label: number for number, label in enumerate(dict.fromkeys(given))}
    return tuple(place), np.array([place[label] for label in given], dtype=np.int64)


def _shares(
    both: float,
    overlap: NDArray[np.float64],
    whole: NDArray[np.float64],
    groups: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> ClusterShares:
    between, within = (
        (np.bincount(group, overlap) + NUDGE) / (np.bincount(group, whole) + NUDGE)
        for group in groups
    )
    total = float(whole.sum())
    pooled = both / total if total else 1.0
    return ClusterShares(pooled, between, within, _distance(between), _distance(within))


def _distance(ratios: NDArray[np.float64]) -> float:
    """Euclidean distance of the shares of the sum from those of equal ratios."""
    return float(np.linalg.norm(ratios / ratios.sum() - 1 / len(ratios)))
