"""Families of sets as bits: their elements, those that matter, and independent parts."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray


def elements(bits: int) -> Iterator[int]:
    """Yield the places of the set bits, lowest first.

    Examples
    --------
    >>> list(elements(0b1010))
    [1, 3]
    """
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def bit_sets(flags: NDArray[np.bool_]) -> list[int]:
    """Write every line of flags as a set of the places that are set.

    Examples
    --------
    >>> bit_sets(np.array([[False, True, False, True]]))
    [10]
    """
    lines = np.packbits(flags, axis=1, bitorder="little")
    return [int.from_bytes(line, "little") for line in lines]


def bit_flags(sets: Sequence[int], width: int) -> NDArray[np.bool_]:
    """Write sets of places below a width as lines of flags, shape (sets, width).

    Examples
    --------
    >>> bit_flags([0b1010], 4)
    array([[False,  True, False,  True]])
    """
    octets = -(-width // 8)
    packed = b"".join(members.to_bytes(octets, "little") for members in sets)
    lines = np.frombuffer(packed, dtype=np.uint8).reshape(len(sets), octets)
    return np.unpackbits(lines, axis=1, count=width, bitorder="little").astype(np.bool_)


def incidences(sets: Iterable[int]) -> dict[int, int]:
    """For each element the places of the sets that hold it, as bits.

    Examples
    --------
    >>> incidences([0b01, 0b11])
    {0: 3, 1: 2}
    """
    meets: dict[int, int] = {}
    for position, members in enumerate(sets):
        for element in elements(members):
            meets[element] = meets.get(element, 0) | 1 << position
    return meets


def smallest_sets(sets: Iterable[int]) -> list[int]:
    """Drop sets that contain another set: whoever meets the smaller one meets them too.

    Examples
    --------
    >>> smallest_sets([0b011, 0b001, 0b110])
    [1, 6]
    """
    # A smaller set is looked up by one of its elements, which a larger one must hold too.
    kept: list[int] = []
    by_lowest: dict[int, list[int]] = {}
    looked_up = 0
    for candidate in sorted(set(sets), key=int.bit_count):
        if any(
            candidate & smaller == smaller
            for element in elements(candidate & looked_up)
            for smaller in by_lowest[element]
        ):
            continue
        kept.append(candidate)
        lowest = candidate & -candidate
        looked_up |= lowest
        by_lowest.setdefault(lowest.bit_length() - 1, []).append(candidate)
    return kept


def independent_parts(sets: Iterable[int]) -> list[list[int]]:
    """Split sets into parts that share no element.

    Examples
    --------
    >>> independent_parts([0b0011, 0b0110, 0b1000])
    [[6, 3], [8]]
    """
    parts: list[tuple[int, list[int]]] = []
    for new in sets:
        touching = [part for part in parts if part[0] & new]
        parts = [part for part in parts if not part[0] & new]
        union, merged = new, [new]
        for others, together in touching:
            union |= others
            merged += together
        parts.append((union, merged))
    return [part for _, part in parts]
