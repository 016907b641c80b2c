"""Score the companies of claims, two at once, and add up what their bounds count."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from tests.claims.bounds import Claim, Measured
from tests.claims.catalogue import CLAIMS
from tests.claims.door import scored

AT_ONCE: Final = 10  # companies that a process is given, so that both are done together
Counted = list[tuple[int, int]]  # of each bound


def measured(
    claims: Sequence[Claim], repetitions: int | None, processes: int
) -> Iterator[Measured]:
    """Yield every bound with its share, claim by claim."""
    with ProcessPoolExecutor(processes) as pool:
        begun = [
            (claim, [pool.submit(counted, CLAIMS.index(claim), *part) for part in _parts(number)])
            for claim in claims
            for number in [repetitions or claim.repetitions]
        ]
        for claim, futures in begun:
            yield from added_up(claim, [one for future in futures for one in future.result()])


def counted(place: int, first: int, last: int) -> list[Counted]:
    """Count the bounds of some companies of the claim at a place of the catalogue."""
    claim = CLAIMS[place]
    found = []
    for repetition in range(first, last):
        result = scored(claim.world, claim.seed(repetition), draws=claim.draws)
        found.append([bound.count(result) for bound in claim.bounds])
    return found


def added_up(claim: Claim, companies: Sequence[Counted]) -> Iterator[Measured]:
    """Yield the bounds of one claim with what was counted in all its companies."""
    for place, bound in enumerate(claim.bounds):
        hits = sum(counts[place][0] for counts in companies)
        total = sum(counts[place][1] for counts in companies)
        yield Measured(claim, bound, len(companies), hits, total)


def _parts(repetitions: int) -> list[tuple[int, int]]:
    return [(first, min(first + AT_ONCE, repetitions)) for first in range(0, repetitions, AT_ONCE)]
