"""Prime implicants of truth table rows, computed on bit masks without listing remainders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qca.errors import AllPositiveError, NoPositiveRowError, OptionError, TooManyConditionsError
from qca.inputs import set_names

MAXIMUM_CONDITIONS = 20
# Flags of one block of rows over the lattice: small enough to stay in the second-level cache.
_BLOCK_FLAGS = 1 << 20
_WORD_BITS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Implicants:
    """Prime implicants and their chart over the positive rows.

    A term requires `row & mask == value`. Conditions are bits, the first condition the most
    significant one. Sorted by number of literals, then by condition, present before absent.

    Attributes
    ----------
    k : number of conditions
    masks, values : int64 arrays of shape (p,), the conditions of a term and the bits required
    rows : int64 array of shape (r,), the positive row codes in ascending order
    chart : bool array of shape (p, r), whether a term covers a row
    """

    k: int
    masks: NDArray[np.int64]
    values: NDArray[np.int64]
    rows: NDArray[np.int64]
    chart: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.masks)

    def keep(self, indices: Sequence[int] | NDArray[np.int64]) -> "Implicants":
        """Return only the terms at the indices, in their order."""
        chosen = np.asarray(indices, dtype=np.int64)
        return Implicants(
            self.k, self.masks[chosen], self.values[chosen], self.rows, self.chart[chosen]
        )

    def texts(self, conditions: Sequence[str]) -> tuple[str, ...]:
        """Write every term, for instance `A*~B`; SetNameError where it would not read back."""
        set_names(conditions)
        terms = zip(self.masks.tolist(), self.values.tolist(), strict=True)
        return tuple(implicant_text(mask, value, conditions) for mask, value in terms)


def implicant_text(mask: int, value: int, conditions: Sequence[str]) -> str:
    """Write a term as its literals joined by `*`, absent ones with `~`; `1` without literals.

    Examples
    --------
    >>> implicant_text(0b101, 0b100, ["A", "B", "C"])
    'A*~C'
    """
    highest = len(conditions) - 1
    literals = [
        name if value >> (highest - place) & 1 else f"~{name}"
        for place, name in enumerate(conditions)
        if mask >> (highest - place) & 1
    ]
    return "*".join(literals) or "1"


def prime_implicants(k: int, positive: ArrayLike, negative: ArrayLike) -> Implicants:
    """Find the prime implicants over positive rows and remainders (parsimonious).

    A term that covers row p is free of negative rows if its mask meets every difference
    `p ^ n`; it is prime if no smaller mask does. So the prime implicants of a row are the minimal
    transversals of its differences to the negative rows, and remainders are never listed.
    Exhaustive by construction, while the default algorithm of R QCA 3.25 (CCubes) stops after two
    consecutive numbers of literals without a new prime implicant and so can miss longer ones.

    Parameters
    ----------
    k : number of conditions, 1 to 20
    positive : row codes to cover, in [0, 2**k)
    negative : row codes that no term may cover, in [0, 2**k), at least one, none positive

    Returns
    -------
    Implicants
        Every prime implicant that covers a positive row.

    Raises
    ------
    TooManyConditionsError, OptionError, NoPositiveRowError, AllPositiveError

    Examples
    --------
    >>> prime_implicants(2, [3], [0]).texts(["A", "B"])
    ('A', 'B')

    References
    ----------
    Eiter & Gottlob (1995), Identifying the minimal transversals of a hypergraph; Dusa (2018),
    Consistency Cubes, The R Journal 10(2).
    """
    rows, forbidden = _codes(k, positive), _codes(k, negative)
    if np.isin(rows, forbidden).any():
        both = np.intersect1d(rows, forbidden).tolist()
        raise OptionError(f"expected each row positive or negative, found both for rows {both}")
    if not len(forbidden):
        raise AllPositiveError(
            "expected at least one negative row, found none, so every condition is minimised away"
        )
    flags = np.zeros(1 << k, dtype=np.bool_)
    flags[forbidden] = True
    return _implicants(k, rows, flags, forbidden, np.arange(1 << k))


def prime_implicants_within(k: int, positive: ArrayLike, allowed: ArrayLike = ()) -> Implicants:
    """Find the prime implicants that cover only positive and allowed rows.

    Without allowed rows these are the terms of the conservative solution, with the easy
    counterfactuals as allowed rows those of an intermediate one.

    Parameters
    ----------
    k : number of conditions, 1 to 20
    positive : row codes to cover, in [0, 2**k)
    allowed : further row codes that a term may cover

    Returns
    -------
    Implicants
        Every prime implicant that covers a positive row.

    Raises
    ------
    TooManyConditionsError, OptionError, NoPositiveRowError, AllPositiveError

    Examples
    --------
    >>> prime_implicants_within(2, [2, 3]).texts(["A", "B"])
    ('A',)

    References
    ----------
    Quine (1952), The problem of simplifying truth functions, American Mathematical Monthly 59;
    McCluskey (1956), Minimization of Boolean functions, Bell System Technical Journal 35.
    """
    rows = _codes(k, positive)
    flags = np.ones(1 << k, dtype=np.bool_)
    flags[rows] = False
    flags[_codes(k, allowed)] = False
    if not flags.any():
        raise AllPositiveError(
            f"expected a row that no term may cover, found all {1 << k} rows positive or allowed"
        )
    return _implicants(k, rows, flags, np.flatnonzero(flags), _possible_freedom(k, flags))


def _codes(k: int, codes: ArrayLike) -> NDArray[np.int64]:
    if not 1 <= k <= MAXIMUM_CONDITIONS:
        raise TooManyConditionsError(f"expected 1 to {MAXIMUM_CONDITIONS} conditions, found {k}")
    given = np.asarray(codes)
    if given.size and given.dtype.kind not in "iu":
        raise OptionError(f"expected whole numbers as row codes, found {given.dtype} values")
    found = np.unique(given.astype(np.int64))
    if len(found) and not (found[0] >= 0 and found[-1] < 1 << k):
        raise OptionError(
            f"expected row codes from 0 to {(1 << k) - 1}, found {found[0]} to {found[-1]}"
        )
    return found


def _possible_freedom(k: int, flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """All sets of conditions, as bits, that some term could leave out.

    A term leaves out a condition only where two permitted rows differ in nothing else; with few
    rows these are few conditions, whatever k is.
    """
    permitted = np.flatnonzero(~flags)
    freedom = np.zeros(1, dtype=np.int64)
    for bit in (1 << place for place in range(k)):
        if not flags[permitted ^ bit].all():
            freedom = np.concatenate([freedom, freedom | bit])
    return freedom


def _implicants(
    k: int,
    rows: NDArray[np.int64],
    flags: NDArray[np.bool_],
    forbidden: NDArray[np.int64],
    freedom: NDArray[np.int64],
) -> Implicants:
    if not len(rows):
        raise NoPositiveRowError("expected at least one positive row, found none")
    found = list(_prime_masks(k, rows, flags, forbidden, freedom))
    masks = np.concatenate([masks for masks, _ in found])
    covered = np.concatenate([positions for _, positions in found])
    keys = masks << k | masks & rows[covered]
    terms, term_of_pair = np.unique(keys, return_inverse=True)
    masks, values = terms >> k, terms & (1 << k) - 1
    order = np.lexsort((-values, -masks, np.bitwise_count(masks)))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    chart = np.zeros((len(terms), len(rows)), dtype=np.bool_)
    chart[rank[term_of_pair], covered] = True
    return Implicants(k, masks[order], values[order], rows, chart)


def _prime_masks(
    k: int,
    rows: NDArray[np.int64],
    flags: NDArray[np.bool_],
    forbidden: NDArray[np.int64],
    freedom: NDArray[np.int64],
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield, block by block of rows, the pairs of a prime mask and the position of its row."""
    dimensions = len(freedom).bit_length() - 1
    block = max(_WORD_BITS, _BLOCK_FLAGS >> dimensions)
    everything = (1 << k) - 1
    for start in range(0, len(rows), block):
        members = rows[start : start + block]
        tainted = _difference_words(members, flags, forbidden, freedom)
        _close_upwards(tainted, dimensions)
        free, columns = _set_bits(_maximal_untainted(tainted, dimensions))
        inside = columns < len(members)
        yield everything ^ freedom[free[inside]], columns[inside] + start


def _difference_words(
    rows: NDArray[np.int64],
    flags: NDArray[np.bool_],
    forbidden: NDArray[np.int64],
    freedom: NDArray[np.int64],
) -> NDArray[np.uint64]:
    """Mark each difference `row ^ forbidden row`: words (sets of freedom, words), a bit a row."""
    width = -(-len(rows) // _WORD_BITS) * _WORD_BITS
    marks = np.zeros((len(freedom), width), dtype=np.bool_)
    if len(forbidden) << 2 < len(freedom) == len(flags):
        marks[forbidden[:, None] ^ rows, np.arange(len(rows))] = True
    else:
        step = max(1, _BLOCK_FLAGS // width)
        for start in range(0, len(freedom), step):
            differences = freedom[start : start + step]
            marks[start : start + step, : len(rows)] = flags[differences[:, None] ^ rows]
    return np.packbits(marks, axis=1, bitorder="little").view(np.uint64)


def _close_upwards(words: NDArray[np.uint64], k: int) -> None:
    """Let every set of free conditions inherit the marks of its subsets, in place."""
    for bit in range(k):
        halves = words.reshape(1 << (k - 1 - bit), 2, 1 << bit, -1)
        halves[:, 1] |= halves[:, 0]


def _maximal_untainted(tainted: NDArray[np.uint64], k: int) -> NDArray[np.uint64]:
    """Keep the unmarked sets of free conditions of which every larger set is marked."""
    maximal = ~tainted
    for bit in range(k):
        shape = (1 << (k - 1 - bit), 2, 1 << bit, tainted.shape[1])
        maximal.reshape(shape)[:, 0] &= tainted.reshape(shape)[:, 1]
    return maximal


def _set_bits(words: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the set bits as pairs (line, column)."""
    octets = words.view(np.uint8)
    lines, places = np.nonzero(octets)
    bits = np.unpackbits(octets[lines, places][:, None], axis=1, bitorder="little")
    entries, offsets = np.nonzero(bits)
    return lines[entries], places[entries] * 8 + offsets
