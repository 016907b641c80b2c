"""Do the patterns hold here: worlds in which they do, and worlds in which something else does."""

from collections.abc import Set
from typing import Final

from diagnostics.scoring.results import AssessmentResult
from qca.patterns.support import Finding
from tests.claims.bounds import Bound, Claim
from tests.claims.worlds import Outcome, World

SECTION: Final = "patterns"
FEW_DRAWS: Final = 20  # only the company is looked at
OUTCOME_MEANS: Final = (4.0, 4.4, 4.8, 5.2, 5.4)
UNITS: Final = (24, 60)


def share_of(result: AssessmentResult, findings: Set[Finding]) -> tuple[int, int]:
    """Return how many patterns were found so, of those of functions that anybody answered for."""
    answers = result.company.answers
    found = [test.finding for test in result.company.pattern_tests if answers[test.function]]
    return sum(finding in findings for finding in found), len(found)


def supported(result: AssessmentResult) -> tuple[int, int]:
    """Count patterns that are called supported."""
    return share_of(result, {Finding.SUPPORTED})


def carried(result: AssessmentResult) -> tuple[int, int]:
    """Count patterns of which advice is given as usual."""
    return share_of(result, {Finding.SUPPORTED, Finding.AMONG_PERSONS})


def _empty(world: World, at_most: float) -> Claim:
    bound = Bound("patterns called supported", supported, at_most=at_most)
    return Claim(SECTION, world, (bound,), draws=FEW_DRAWS)


def _planted(world: World, *, least_supported: float) -> Claim:
    bounds = (
        Bound("supported, or among persons", carried, at_least=0.80),
        Bound("patterns called supported", supported, at_least=least_supported),
    )
    return Claim(SECTION, world, bounds, draws=FEW_DRAWS)


INDEPENDENT: Final = tuple(
    _empty(World(f"outcome goes with nothing, mean {mean}", outcome_mean=mean, own=1.0), 0.05)
    for mean in OUTCOME_MEANS
)
SOMETHING_ELSE: Final = tuple(
    _empty(world, 0.10)
    for units in UNITS
    for world in (
        World(f"response style only, {units} units", units=units, habit=0.8, own=0.8, common=0.0),
        World(f"foresight only, {units} units", units=units, outcome=Outcome.FORESIGHT),
        World(f"plain sum, {units} units", units=units, outcome=Outcome.PLAIN_SUM),
        World(
            f"negative between units, {units} units",
            units=units,
            outcome=Outcome.CONTRARY,
            habit=0.8,
        ),
    )
)
PLANTED: Final = (
    _planted(World("three patterns, 24 units", outcome=Outcome.PATTERNS), least_supported=0.30),
    _planted(
        World("three patterns, 60 units of 11", units=60, people=660, outcome=Outcome.PATTERNS),
        least_supported=0.80,
    ),
    # The release puts units of four or five together: about 31 pools are left to tell apart.
    _planted(
        World("three patterns, 60 units of 4 or 5", units=60, outcome=Outcome.PATTERNS),
        least_supported=0.80,
    ),
)
# Units that are alike can show little: what is seen is told, and no bound of support.
HARDER: Final = tuple(
    _planted(world, least_supported=0.0)
    for world in (
        World("three patterns, 24 units, ICC .10", icc=0.10, outcome=Outcome.PATTERNS),
        World("three patterns, 24 units, ICC .05", icc=0.05, outcome=Outcome.PATTERNS),
    )
)
CLICKING: Final = _empty(World("random clicking", clicks=True), 0.0)
CLAIMS: Final = (*INDEPENDENT, *SOMETHING_ELSE, *PLANTED, *HARDER, CLICKING)
