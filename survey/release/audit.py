"""Prove that no combination of published sums tells about a group below the floor.

A combination of sums that involves only a few answers is a vector of the published rows' span
with small support. Respondents who are in the same sums are one atom with their number as weight,
so a group smaller than the floor is exposed if and only if the span holds a nonzero vector whose
support weighs less than the floor; that is the same as linear dependence of the group's rows in a
basis of the null space. Arithmetic is exact modulo a large prime.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

PRIME = 2**61 - 1  # a Mersenne prime; sums of 0/1 vectors stay far below it
Cell = TypeVar("Cell", bound=Hashable)
Row = dict[int, int]  # atom -> coefficient modulo PRIME, never 0


def smallest_atoms(
    sums: Mapping[str, Collection[Cell]], weights: Mapping[Cell, int]
) -> tuple[list[Row], list[int]]:
    """Return published sums as rows over atoms, and the atoms' weights.

    sums: the cells that each published sum adds up; weights: the number of answers in each cell.
    Cells that are in the same sums become one atom.
    """
    members: dict[Cell, list[int]] = defaultdict(list)
    for number, cells in enumerate(sums.values()):
        for cell in cells:
            if weights[cell]:
                members[cell].append(number)
    atoms: dict[tuple[int, ...], int] = defaultdict(int)
    for cell, numbers in members.items():
        atoms[tuple(numbers)] += weights[cell]
    rows: list[set[int]] = [set() for _ in sums]
    for atom, shared in enumerate(atoms):
        for number in shared:
            rows[number].add(atom)
    return [dict.fromkeys(row, 1) for row in differences(rows)], list(atoms.values())


def differences(rows: Iterable[set[int]]) -> list[set[int]]:
    """Return each row less the disjoint shorter rows that it contains; the span stays the same.

    Units contain units, so little is left of most rows and elimination has little to do.

    >>> differences([{1, 2, 3, 4}, {1, 2}, {3}])
    [{3}, {1, 2}, {4}]
    """
    within: dict[int, list[set[int]]] = defaultdict(list)
    found: list[set[int]] = []
    for row in sorted(rows, key=len):
        rest = set(row)
        for atom in row:
            if atom in rest:
                inner = next((part for part in reversed(within[atom]) if part <= rest), None)
                if inner is not None:
                    rest -= inner
        found.append(rest)
        for atom in row:
            within[atom].append(row)
    return found


def exposes(sums: Mapping[str, Collection[Cell]], weights: Mapping[Cell, int], floor: int) -> bool:
    """Tell whether some combination of sums is about fewer answers than the floor.

    >>> weights = {"north": 7, "south": 3}
    >>> exposes({"company": ["north", "south"], "north": ["north"]}, weights, 5)
    True
    >>> exposes({"company": ["north", "south"]}, weights, 5)
    False
    """
    rows, atom_weights = smallest_atoms(sums, weights)
    return _has_light_vector(rows, atom_weights, floor)


def _has_light_vector(rows: Sequence[Row], weights: Sequence[int], budget: int) -> bool:
    """Tell whether the rows' span holds a nonzero vector whose support weighs less than budget."""
    if budget <= 0:
        return False
    for component in _components(_light_rows(rows, weights, budget)[0]):
        if len(component) == 1:
            if sum(weights[atom] for atom in component[0]) < budget:
                return True
            continue
        heaviest = max({a for row in component for a in row}, key=lambda a: (weights[a], a))
        if _uses(component, heaviest, weights, budget):
            return True
        if _has_light_vector(_without(component, heaviest), weights, budget):
            return True
    return False


def _uses(rows: Sequence[Row], atom: int, weights: Sequence[int], budget: int) -> bool:
    """Tell whether a light vector involves an atom: the rest must fit into what is left."""
    rest = [{a: value for a, value in row.items() if a != atom} for row in rows]
    left = budget - weights[atom]
    if left <= 0:
        return False
    _, is_dependent = _light_rows(rest, weights, left)
    return is_dependent or _has_light_vector(rest, weights, left)


def _without(rows: Sequence[Row], atom: int) -> list[Row]:
    """Return a basis of the span's vectors that do not involve an atom."""
    pivot = next(row for row in rows if atom in row)
    return [_reduced(row, pivot, atom) if atom in row else row for row in rows if row is not pivot]


def _light_rows(rows: Sequence[Row], weights: Sequence[int], budget: int) -> tuple[list[Row], bool]:
    """Return a basis of the vectors without atoms as heavy as the budget; are rows dependent?

    Gaussian elimination that takes the heaviest atom of each row as its pivot: a row whose pivot
    is light has no heavy atom, and no combination with the others cancels a heavy pivot.
    """
    place: dict[int, int] = {}
    kept: list[tuple[Row, int]] = []
    is_dependent = False
    for row in rows:
        rest = row
        while met := [place[atom] for atom in rest if atom in place]:
            # A row may hold pivots of later rows but never of earlier ones, so this ends.
            rest = _reduced(rest, *kept[min(met)])
        if rest:
            pivot = max(rest, key=lambda atom: (weights[atom], atom))
            place[pivot] = len(kept)
            kept.append((rest, pivot))
        else:
            is_dependent = True
    return [row for row, pivot in kept if weights[pivot] < budget], is_dependent


def _reduced(row: Row, pivot_row: Row, atom: int) -> Row:
    """Return the row less the multiple of the pivot row that clears an atom."""
    factor = row[atom] * pow(pivot_row[atom], -1, PRIME) % PRIME
    result = dict(row)
    for other, value in pivot_row.items():
        changed = (result.get(other, 0) - factor * value) % PRIME
        if changed:
            result[other] = changed
        else:
            result.pop(other, None)
    return result


def _components(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows in groups that share no atom."""
    leader: dict[int, int] = {}

    def found(atom: int) -> int:
        while leader.setdefault(atom, atom) != atom:
            leader[atom] = leader[leader[atom]]
            atom = leader[atom]
        return atom

    for row in rows:
        first, *others = row
        for atom in others:
            leader[found(atom)] = found(first)
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[found(next(iter(row)))].append(row)
    return list(groups.values())
