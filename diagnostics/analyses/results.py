"""What an analysis found, as frozen values that go to JSON and back without loss.

None stands where nothing was found, and for what went with the answers: see `forgetting`.
"""

from dataclasses import dataclass

from diagnostics.analyses.recipes import Calibration
from survey.documents.canonical_json import content_digest
from survey.documents.plain_values import to_document


@dataclass(frozen=True, slots=True)
class CalibratedSet:
    """One set after calibration, with the histogram of its column."""

    column: str
    anchors: tuple[float, ...]  # in points of the column, percentiles looked up
    method: Calibration
    is_outcome: bool
    lowest: float | None  # of the column, in its own points
    highest: float | None
    counts: tuple[int, ...]  # of cases in bins of equal width between the two
    mean: float | None  # membership
    share_above_half: float | None
    at_half: int | None  # cases at exactly .5
    is_skewed: bool  # less than 20 % or more than 80 % of the cases above .5


@dataclass(frozen=True, slots=True)
class NecessityRow:
    """Whether a condition, or its absence, is necessary for an outcome."""

    outcome: str
    condition: str
    consistency: float | None
    relevance: float | None
    coverage: float | None
    verdict: str  # "necessary", "trivial" or ""


@dataclass(frozen=True, slots=True)
class TruthRow:
    """One observed or excluded row of the truth table."""

    number: int  # from 1, as R prints it
    bits: str  # one of 0 and 1 a condition
    output: str  # 1, 0, C or ?
    n: int | None
    consistency: float | None
    pri: float | None
    cases: tuple[str, ...]
    deviant: tuple[str, ...]
    reason: str  # why it was excluded; else empty


@dataclass(frozen=True, slots=True)
class TermResult:
    """One term of a model."""

    term: str
    consistency: float | None
    pri: float | None
    coverage: float | None
    unique_coverage: float | None
    rows: tuple[int, ...]  # numbers of the rows coded 1 that it covers


@dataclass(frozen=True, slots=True)
class ModelResult:
    """One model with its terms; the name says which of the tied models it is."""

    name: str
    expression: str
    terms: tuple[TermResult, ...]
    consistency: float | None
    pri: float | None
    coverage: float | None


@dataclass(frozen=True, slots=True)
class SolutionResult:
    """The models of one kind; the first ones in full, all of them counted."""

    kind: str  # conservative, parsimonious, intermediate
    models: tuple[ModelResult, ...]
    model_count: int
    assumptions: tuple[int, ...]  # numbers of the remainders that the first model covers
    limit: str  # what cut the search short; else empty


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """One configuration: what it asks of each condition, in the order of the conditions."""

    name: str
    term: str
    marks: str  # one of ●•⊗× and blank a condition
    consistency: float | None
    pri: float | None
    coverage: float | None
    unique_coverage: float | None


@dataclass(frozen=True, slots=True)
class ChartResult:
    """The configuration chart of the first intermediate model."""

    outcome: str
    conditions: tuple[str, ...]
    columns: tuple[ChartColumn, ...]
    consistency: float | None
    pri: float | None
    coverage: float | None
    source: str


@dataclass(frozen=True, slots=True)
class AnalysisResult:
    """Everything that one recipe finds in one matrix."""

    outcome: str
    conditions: tuple[str, ...]
    cases: int
    left_out: tuple[str, ...] | None  # cases with a missing value
    undecided: tuple[str, ...] | None  # cases at exactly .5 in a condition: they are in no row
    sets: tuple[CalibratedSet, ...]
    necessity: tuple[NecessityRow, ...]
    rows: tuple[TruthRow, ...]
    solutions: tuple[SolutionResult, ...]
    chart: ChartResult | None
    problem: str  # why there is no solution; else empty


def analysis_digest(result: AnalysisResult) -> str:
    """Return the SHA-256 of a whole result in canonical form, as 64 hexadecimal characters."""
    return content_digest(to_document(result))
