"""Minimisation by trying everything, the yardstick for small numbers of conditions."""

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations, product

Term = tuple[int, int]  # mask and value


def all_terms(k: int) -> list[Term]:
    """All 3**k terms of k conditions."""
    found = []
    for signs in product((None, 0, 1), repeat=k):
        mask = sum(1 << place for place, sign in enumerate(signs) if sign is not None)
        found.append((mask, sum(1 << place for place, sign in enumerate(signs) if sign)))
    return found


def rows_of(k: int, term: Term) -> frozenset[int]:
    """Rows that a term covers."""
    return frozenset(row for row in range(1 << k) if row & term[0] == term[1])


def primes(k: int, positive: Collection[int], forbidden: Collection[int]) -> set[Term]:
    """Terms without forbidden rows that no other such term contains, if they cover a positive."""
    rows = {term: rows_of(k, term) for term in all_terms(k)}
    implicants = {term: covered for term, covered in rows.items() if not covered & set(forbidden)}
    return {
        term
        for term, covered in implicants.items()
        if covered & set(positive) and not any(covered < other for other in implicants.values())
    }


def covers_all(cover: Iterable[frozenset[int]], rows: Collection[int]) -> bool:
    """Whether the union holds all rows."""
    return set(rows) <= set().union(*cover)


def smallest_covers(sets: Sequence[frozenset[int]], rows: Collection[int]) -> set[frozenset[int]]:
    """Every choice of the fewest sets (by place) whose union holds all rows."""
    for size in range(1, len(sets) + 1):
        found = {
            frozenset(chosen)
            for chosen in combinations(range(len(sets)), size)
            if covers_all((sets[place] for place in chosen), rows)
        }
        if found:
            return found
    return set()


def irredundant_covers(
    sets: Sequence[frozenset[int]], rows: Collection[int]
) -> set[frozenset[int]]:
    """Every choice of sets whose union holds all rows and of which none can be left out."""
    found: set[frozenset[int]] = set()
    for size in range(1, len(sets) + 1):
        for chosen in combinations(range(len(sets)), size):
            candidate = frozenset(chosen)
            if not any(smaller < candidate for smaller in found) and covers_all(
                (sets[place] for place in chosen), rows
            ):
                found.add(candidate)
    return found
