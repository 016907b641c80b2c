"""The recipe of an analysis: everything that was chosen, so that it can be run again."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qca.calibration import IDM

MOST_CONDITIONS: Final = 8  # beyond, a page would list hundreds of rows and take seconds


class Calibration(StrEnum):
    """How the numbers of a set's rule are read."""

    DIRECT = "direct"  # full out, crossover, full in; points of the column
    PERCENTILE = "percentile"  # the same three as percentiles of the column
    INDIRECT = "indirect"  # thresholds between groups; points of the column
    CRISP = "crisp"  # the one threshold from which a case is in
    FREQUENCY = "frequency"  # no numbers: totally fuzzy and relative


# How many numbers each takes.
NUMBERS: Final = {
    Calibration.DIRECT: 3,
    Calibration.PERCENTILE: 3,
    Calibration.INDIRECT: 3,
    Calibration.CRISP: 1,
    Calibration.FREQUENCY: 0,
}


@dataclass(frozen=True, slots=True)
class SetRule:
    """How a column becomes a set; direct without anchors, it holds memberships already."""

    column: str
    anchors: tuple[float, ...] = ()
    expectation: str = "-"  # "1" present, "0" absent, "-" none; nothing for the outcome
    method: Calibration = Calibration.DIRECT

    @property
    def is_calibrated(self) -> bool:
        """Whether the column holds something else than memberships."""
        return bool(self.anchors) or self.method is Calibration.FREQUENCY


@dataclass(frozen=True, slots=True)
class RowExclusion:
    """A row of the truth table set to 0, by the number that the table prints, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """All choices of an analysis."""

    outcome: SetRule
    is_negated: bool
    conditions: tuple[SetRule, ...]
    inclusion_cuts: tuple[float, ...]  # one, or two in falling order
    pri_cut: float
    frequency_cut: int
    excluded: tuple[RowExclusion, ...] = ()
    idm: float = IDM
    joint_expectations: tuple[str, ...] = ()  # such as "A*~B": counts only where it holds whole
    every_expectation: bool = True  # else the last joint one only, as R QCA 3.25

    @property
    def sets(self) -> tuple[SetRule, ...]:
        """The conditions, then the outcome."""
        return (*self.conditions, self.outcome)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the conditions."""
        return tuple(rule.column for rule in self.conditions)

    @property
    def outcome_expression(self) -> str:
        """The outcome as it is explained, such as ~Y."""
        return f"~{self.outcome.column}" if self.is_negated else self.outcome.column

    @property
    def expectations(self) -> dict[str, str] | str:
        """Condition -> "1", "0" or "-"; with joint ones an expression such as A + ~B*C."""
        single = {rule.column: rule.expectation for rule in self.conditions}
        if not self.joint_expectations:
            return single
        literals = [
            {"1": "", "0": "~"}[value] + name
            for name, value in single.items()
            if value in {"0", "1"}
        ]
        return " + ".join([*literals, *self.joint_expectations])

    @property
    def excluded_codes(self) -> dict[int, str]:
        """Row code (from 0) -> reason, as `qca.truth_table` takes it."""
        return {entry.row - 1: entry.reason for entry in self.excluded}
