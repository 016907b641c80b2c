"""How often each verdict and each pattern is given."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics.scoring.results import AssessmentResult, UnitResult
from qca.patterns.verdicts import VerdictKind


@dataclass(frozen=True, slots=True)
class VerdictShares:
    """Counts over the lowest units of the tree."""

    kinds: dict[VerdictKind, int]  # those that occur, in the order of the rules
    leading: dict[str, int]  # pattern -> units in which it leads, whatever the verdict
    with_verdict: int
    without_verdict: int  # their patterns are told with others', or not at all


def verdict_shares(result: AssessmentResult) -> VerdictShares:
    """Count the verdicts that units without sub-units have of their own."""
    lowest = _lowest_units(result.units)
    verdicts = [unit.own_diagnosis.verdict for unit in lowest if unit.own_diagnosis]
    kinds = Counter(verdict.kind for verdict in verdicts)
    leading = Counter(verdict.leading for verdict in verdicts if verdict.leading)
    return VerdictShares(
        kinds={kind: kinds[kind] for kind in VerdictKind if kinds[kind]},
        leading=dict(leading.most_common()),
        with_verdict=len(verdicts),
        without_verdict=len(lowest) - len(verdicts),
    )


def _lowest_units(units: Sequence[UnitResult]) -> list[UnitResult]:
    parents = {unit.parent for unit in units}
    return [unit for unit in units if unit.unit not in parents]
