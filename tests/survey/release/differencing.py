"""An attacker who combines published sums; written apart from the code that it attacks."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

PRIME = 2**31 - 1  # products of two residues fit into 64 bits
Row = dict[int, int]  # dimension of the null space -> residue, never 0


def exposed_group(sums: Mapping[str, set[int]], people: int, floor: int) -> int:
    """Return the size of a group below the floor that some combination is about, else 0.

    A group is exposed if its rows of a basis of the null space are linearly dependent. People who
    are in the same sums form one atom: a combination is about all of an atom or none of it.
    """
    is_in = np.zeros((people, len(sums)), dtype=np.bool_)
    for number, group in enumerate(sums.values()):
        is_in[list(group), number] = True
    alike = Counter(row.tobytes() for row in is_in[is_in.any(axis=1)])
    if not alike:
        return 0
    members = sorted(alike.items(), key=lambda one: one[1])  # light ones become pivots
    weights = [weight for _, weight in members]
    atoms = np.frombuffer(b"".join(row for row, _ in members), dtype=np.bool_)
    rows = [
        {place: int(row[place]) for place in row.nonzero()[0].tolist()}
        for row in null_space(atoms.reshape(len(members), len(sums)).T.astype(np.int64))
    ]
    light = [atom for atom, weight in enumerate(weights) if weight < floor]
    found = (
        size
        for group in _connected(rows, light)
        for size in _dependent_sets([(rows[atom], weights[atom]) for atom in group], floor)
    )
    return next(found, 0)


def null_space(matrix: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return int64[column, dimension], a basis of the null space modulo PRIME."""
    rows, columns = matrix.copy() % PRIME, matrix.shape[1]
    pivots: list[int] = []
    for column in range(columns):
        rank = len(pivots)
        used = rows[:, column].nonzero()[0]
        if not used.size or used[-1] < rank:
            continue
        chosen = used[-1]  # any row below the rank
        leading = rows[chosen] * pow(int(rows[chosen, column]), -1, PRIME) % PRIME
        rows[chosen], rows[rank] = rows[rank], leading
        others = rows[:, column].nonzero()[0]
        others = others[others != rank]
        if others.size:
            rows[others] = (rows[others] - rows[others, column, None] * leading) % PRIME
        pivots.append(column)
    is_free = np.ones(columns, dtype=np.bool_)
    is_free[pivots] = False
    basis = np.zeros((columns, int(is_free.sum())), dtype=np.int64)
    basis[is_free] = np.eye(basis.shape[1], dtype=np.int64)
    basis[pivots] = -rows[: len(pivots), is_free] % PRIME
    return basis


def _connected(rows: Sequence[Row], light: Sequence[int]) -> list[list[int]]:
    """Return the light atoms that can be in a dependent set, in groups that share no dimension.

    A row that alone has some dimension is in no dependent set: nothing else cancels it there.
    """
    users: dict[int, set[int]] = defaultdict(set)
    for atom in light:
        for dimension in rows[atom]:
            users[dimension].add(atom)
    waiting = [dimension for dimension, atoms in users.items() if len(atoms) == 1]
    left = set(light)
    while waiting:
        for atom in users[waiting.pop()] & left:
            left.remove(atom)
            for dimension in rows[atom]:
                users[dimension].remove(atom)
                if len(users[dimension]) == 1:
                    waiting.append(dimension)
    groups = []
    while left:
        group, reached = [], [left.pop()]
        while reached:
            group.append(reached.pop())
            near = set().union(*(users[dimension] for dimension in rows[group[-1]])) & left
            left -= near
            reached += near
        groups.append(sorted(group))
    return groups


def _dependent_sets(group: Sequence[tuple[Row, int]], floor: int) -> Iterator[int]:
    """Yield the sizes of dependent sets of (row, weight); an independent one is tried with more."""
    waiting: list[tuple[int, int, list[Row]]] = [(0, 0, [])]
    while waiting:
        start, size, echelon = waiting.pop()
        for place in range(start, len(group)):
            row, weight = group[place]
            if size + weight >= floor:
                continue
            rest = _reduced(row, echelon)
            if not rest:
                yield size + weight
            else:
                waiting.append((place + 1, size + weight, [*echelon, rest]))


def _reduced(vector: Row, echelon: Sequence[Row]) -> Row:
    """Return what is left of a vector without the leading dimensions of the rows."""
    rest = vector
    for row in echelon:
        pivot = next(iter(row))
        if pivot in rest:
            factor = rest[pivot] * pow(row[pivot], -1, PRIME) % PRIME
            both = {place: rest.get(place, 0) - factor * row.get(place, 0) for place in rest | row}
            rest = {place: left for place, value in both.items() if (left := value % PRIME)}
    return rest
