"""Minimal covers of a prime implicant chart: all of the smallest size, or all irredundant ones."""

from dataclasses import dataclass
from itertools import chain, islice, pairwise, product

import numpy as np
from numpy.typing import NDArray

from qca.errors import OptionError
from qca.minimisation.covers.effort import Effort
from qca.minimisation.covers.families import (
    bit_flags,
    bit_sets,
    elements,
    independent_parts,
    smallest_sets,
)
from qca.minimisation.covers.minimum import Family, joined, smallest_hitting_sets
from qca.minimisation.covers.search import irredundant_hitting_sets

# Above these the search stops and Covers.limit says so. A step of the search for all irredundant
# covers looks at one row not yet covered; a step of the search for the smallest ones weighs 4,096
# pairs of an implicant and a row. 3 million steps take 2 to 6 seconds.
MODEL_LIMIT = 10_000
STEP_LIMIT = 3_000_000
# Up to this many models are written one by one, sooner than arrays are set up.
_FEW = 100


@dataclass(frozen=True, slots=True)
class Covers:
    """Covers of a chart as tuples of implicant indices.

    Attributes
    ----------
    models : the covers listed, the smallest first
    total : number of covers that exist, None if the search was stopped before counting them
    limit : the limit that cut the list, in words; empty if every cover is listed
    """

    models: tuple[tuple[int, ...], ...]
    total: int | None
    limit: str = ""


def minimal_covers(
    chart: NDArray[np.bool_], *, model_limit: int = MODEL_LIMIT, step_limit: int = STEP_LIMIT
) -> Covers:
    """Find every cover with the fewest implicants (the default of R QCA).

    Dispensable rows are dropped, equal implicants solved once, independent parts of the chart
    apart. A large part is searched from the size upwards that the linear relaxation allows: its
    dual prices show which implicants are too dear at any point, and partial covers that leave the
    same rows and implicants are merged, so that more covers can be counted than listed.

    Parameters
    ----------
    chart : bool array of shape (p, r), whether implicant p covers row r
    model_limit : most covers to list, at least 1
    step_limit : most steps of the search in an independent part of the chart

    Returns
    -------
    Covers

    Raises
    ------
    OptionError
        If a row is covered by no implicant or a limit is below 1.

    Examples
    --------
    >>> minimal_covers(np.array([[True, True, False], [False, True, True], [True, False, True]]))
    Covers(models=((0, 1), (0, 2), (1, 2)), total=3, limit='')

    References
    ----------
    McCluskey (1956), Minimization of Boolean functions; Petrick (1956).
    """
    return _covers(chart, model_limit, step_limit, irredundant=False)


def irredundant_covers(
    chart: NDArray[np.bool_], *, model_limit: int = MODEL_LIMIT, step_limit: int = STEP_LIMIT
) -> Covers:
    """Find every cover from which no implicant can be dropped (all.sol = TRUE in R QCA).

    Parameters
    ----------
    chart : bool array of shape (p, r), whether implicant p covers row r
    model_limit : most covers to list, at least 1
    step_limit : most steps of the search in an independent part of the chart

    Returns
    -------
    Covers

    Raises
    ------
    OptionError
        If a row is covered by no implicant or a limit is below 1.

    Examples
    --------
    >>> irredundant_covers(np.array([[True, True], [True, False], [False, True]])).models
    ((0,), (1, 2))

    References
    ----------
    Murakami & Uno (2014), Efficient algorithms for dualizing large-scale hypergraphs.
    """
    return _covers(chart, model_limit, step_limit, irredundant=True)


def essential_implicants(chart: NDArray[np.bool_]) -> tuple[int, ...]:
    """Name the implicants that alone cover some row, so that every cover needs them.

    Parameters
    ----------
    chart : bool array of shape (p, r)

    Returns
    -------
    tuple of int
        Indices in ascending order.

    Examples
    --------
    >>> essential_implicants(np.array([[True, True], [False, True]]))
    (0,)
    """
    alone = chart.sum(axis=0) == 1
    return tuple(np.flatnonzero(chart[:, alone].any(axis=1)).tolist())


def undominated(chart: NDArray[np.bool_]) -> tuple[int, ...]:
    """Name the implicants whose rows are not a proper part of another implicant's rows.

    Parameters
    ----------
    chart : bool array of shape (p, r)

    Returns
    -------
    tuple of int
        Indices in ascending order; implicants that cover the same rows all stay.

    Examples
    --------
    >>> undominated(np.array([[True, True], [False, True], [True, True]]))
    (0, 2)
    """
    groups: dict[int, list[int]] = {}
    for index, rows in enumerate(bit_sets(chart)):
        groups.setdefault(rows, []).append(index)
    largest_first = sorted(groups, key=int.bit_count, reverse=True)
    kept: list[int] = []
    for rows in largest_first:
        if not any(rows & other == rows for other in kept):
            kept.append(rows)
    return tuple(sorted(index for rows in kept for index in groups[rows]))


def _covers(
    chart: NDArray[np.bool_], model_limit: int, step_limit: int, *, irredundant: bool
) -> Covers:
    if model_limit < 1 or step_limit < 1:
        raise OptionError(f"expected limits of 1 or more, found {model_limit} and {step_limit}")
    bare = np.flatnonzero(~chart.any(axis=0)).tolist()
    if bare:
        raise OptionError(f"expected every row to be covered, found no implicant for rows {bare}")
    sets, members = _reduced(chart)
    weights = [len(group) for group in members]
    efforts, families = [], []
    search = irredundant_hitting_sets if irredundant else smallest_hitting_sets
    for part in independent_parts(sets):
        efforts.append(Effort(model_limit, step_limit))
        families.append(search(part, weights, efforts[-1]))
    whole = joined(families, model_limit)
    few = whole.total is not None and whole.total <= _FEW
    models = (_few_models if few else _many_models)(whole.listed, members, model_limit)
    stopped = {effort.stopped for effort in efforts if effort.stopped}
    return Covers(models, whole.total, _limit(whole, stopped, len(models)))


def _reduced(chart: NDArray[np.bool_]) -> tuple[list[int], list[list[int]]]:
    """Drop rows that others cover along, then equal implicants: bit sets of groups, and groups."""
    rows = bit_sets(chart.T)
    places = {members: place for place, members in enumerate(rows)}
    kept = sorted(places[members] for members in smallest_sets(rows))
    groups: dict[int, list[int]] = {}
    for index, covered in enumerate(bit_sets(chart[:, kept])):
        if covered:
            groups.setdefault(covered, []).append(index)
    members = list(groups.values())
    return bit_sets(chart[np.ix_([group[0] for group in members], kept)].T), members


def _few_models(
    covers: list[int], members: list[list[int]], limit: int
) -> tuple[tuple[int, ...], ...]:
    """Let equal implicants stand in for one another, and write at most `limit` models in order."""
    choices = (product(*map(members.__getitem__, elements(cover))) for cover in covers)
    models = islice(map(sorted, chain.from_iterable(choices)), limit)
    return tuple(sorted(map(tuple, models), key=lambda model: (len(model), model)))


def _many_models(
    covers: list[int], members: list[list[int]], limit: int
) -> tuple[tuple[int, ...], ...]:
    """The same on arrays."""
    chosen = bit_flags(covers, len(members))
    sizes = np.array([len(group) for group in members])
    # Counted as floats, since the number of models may be larger than any integer of numpy.
    ways = np.where(chosen, sizes, 1.0).prod(axis=1).clip(max=limit).astype(np.int64)
    ends = np.cumsum(ways)
    turns = np.arange(min(limit, int(ways.sum())))
    cover_of = np.searchsorted(ends, turns, side="right")
    turns -= (ends - ways)[cover_of]
    used = np.flatnonzero(chosen.any(axis=0))
    names = np.array(sorted(implicant for group in used.tolist() for implicant in members[group]))
    flags = np.zeros((len(turns), len(names)), dtype=np.bool_)
    single = used[sizes[used] == 1]
    alone = [members[group][0] for group in single.tolist()]
    flags[:, np.searchsorted(names, alone)] = chosen[:, single][cover_of]
    for group in used[sizes[used] > 1].tolist():
        held = np.flatnonzero(chosen[cover_of, group])
        turns[held], member = np.divmod(turns[held], sizes[group])
        flags[held, np.searchsorted(names, members[group])[member]] = True
    return _in_order(flags, names)


def _in_order(flags: NDArray[np.bool_], names: NDArray[np.int64]) -> tuple[tuple[int, ...], ...]:
    """Names of the columns set in each line, the shortest first, then by the names."""
    sizes = flags.sum(axis=1)
    keys = [line.tobytes() for line in np.packbits(flags, axis=1)]
    order = sorted(range(len(keys)), key=keys.__getitem__, reverse=True)
    order.sort(key=sizes.tolist().__getitem__)
    found = names[np.nonzero(flags[order])[1]].tolist()
    ends = np.cumsum(sizes[order]).tolist()
    return tuple(tuple(found[start:end]) for start, end in pairwise([0, *ends]))


def _limit(whole: Family, stopped: set[str], listed: int) -> str:
    reasons = sorted(stopped)
    if whole.least < whole.size:
        reasons.append(
            f"no proof that {whole.size} terms are the fewest, at least {whole.least} are needed"
        )
    if whole.total is not None and whole.total > listed:
        reasons.append(f"{listed} of {whole.total} models listed")
    return "; ".join(reasons)
