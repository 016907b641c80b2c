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
    shared: list[list[int]] = [[] for _ in range(people)]
    for number, group in enumerate(sums.values()):
        for person in group:
            shared[person].append(number)
    counted = Counter(tuple(numbers) for numbers in shared if numbers)
    if not counted:
        return 0
    members = dict(sorted(counted.items(), key=lambda one: one[1]))  # light ones become pivots
    matrix = np.zeros((len(sums), len(members)), dtype=np.int64)
    for atom, numbers in enumerate(members):
        matrix[list(numbers), atom] = 1
    rows = [
        {place: int(row[place]) for place in np.flatnonzero(row).tolist()}
        for row in null_space(matrix)
    ]
    weights = list(members.values())
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
        found = np.flatnonzero(rows[rank:, column])
        if not found.size:
            continue
        rows[[rank, rank + found[0]]] = rows[[rank + found[0], rank]]
        rows[rank] = rows[rank] * pow(int(rows[rank, column]), -1, PRIME) % PRIME
        others = np.flatnonzero(rows[:, column])
        others = others[others != rank]
        rows[others] = (rows[others] - np.outer(rows[others, column], rows[rank])) % PRIME
        pivots.append(column)
    free = [column for column in range(columns) if column not in pivots]
    basis = np.zeros((columns, len(free)), dtype=np.int64)
    for number, column in enumerate(free):
        basis[column, number] = 1
        for row, pivot in enumerate(pivots):
            basis[pivot, number] = -rows[row, column] % PRIME
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
