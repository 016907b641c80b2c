"""The kinds of documents that results are stored as, and all kinds there are.

Who changes a field of one of these types adds an upgrade from the version before, and files of
the new version under tests/documents: `python -m tests.documents.make_files`.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from diagnostics.analyses.check_results import (
    BootstrapResult,
    HalvesResult,
    MatchingResult,
    RobustnessResult,
)
from diagnostics.analyses.recipes import Recipe
from diagnostics.analyses.results import AnalysisResult
from diagnostics.measurement.older_results import with_complete_answers
from diagnostics.measurement.results import MeasurementResult
from diagnostics.models import AnalysisCheck
from diagnostics.scoring.method import Method
from diagnostics.scoring.older_results import with_five_questions
from diagnostics.scoring.results import CompanyResult, UnitResult
from survey.documents.kinds import SURVEY_KINDS
from survey.documents.versions import DocumentKind

Anchors = Mapping[str, tuple[float, ...]]  # construct -> full out, crossover, full in

METHOD: Final[DocumentKind[Method]] = DocumentKind("method", _("Method of the results"), Method)
ANCHORS: Final[DocumentKind[Anchors]] = DocumentKind(
    "anchors", _("Anchors of the results"), Anchors
)
COMPANY_RESULT: Final[DocumentKind[CompanyResult]] = DocumentKind(
    "company result", _("Results of the company"), CompanyResult, (with_five_questions,)
)
UNIT_RESULT: Final[DocumentKind[UnitResult]] = DocumentKind(
    "unit result", _("Results of a unit"), UnitResult
)
RECIPE: Final[DocumentKind[Recipe]] = DocumentKind("recipe", _("Recipe of an analysis"), Recipe)
ANALYSIS_RESULT: Final[DocumentKind[AnalysisResult]] = DocumentKind(
    "analysis result", _("Result of an analysis"), AnalysisResult
)
ROBUSTNESS: Final[DocumentKind[RobustnessResult]] = DocumentKind(
    "robustness", _("Robustness"), RobustnessResult
)
HALVES: Final[DocumentKind[HalvesResult]] = DocumentKind(
    "halves", _("Predictive validity"), HalvesResult
)
BOOTSTRAP: Final[DocumentKind[BootstrapResult]] = DocumentKind(
    "bootstrap", _("Bootstrap of the solution"), BootstrapResult
)
MATCHING: Final[DocumentKind[MatchingResult]] = DocumentKind(
    "matching", _("Match with named patterns"), MatchingResult
)
SCALE_STUDY: Final[DocumentKind[MeasurementResult]] = DocumentKind(
    "scale study",
    _("Data quality and scales"),
    MeasurementResult,
    upgrades=(with_complete_answers,),
)

CHECKS: Final[Mapping[str, DocumentKind[Any]]] = {
    AnalysisCheck.Kind.ROBUSTNESS: ROBUSTNESS,
    AnalysisCheck.Kind.HALVES: HALVES,
    AnalysisCheck.Kind.BOOTSTRAP: BOOTSTRAP,
    AnalysisCheck.Kind.MATCHING: MATCHING,
}
DOCUMENT_KINDS: Final[tuple[DocumentKind[Any], ...]] = (
    *SURVEY_KINDS,
    METHOD,
    ANCHORS,
    COMPANY_RESULT,
    UNIT_RESULT,
    RECIPE,
    ANALYSIS_RESULT,
    *CHECKS.values(),
    SCALE_STUDY,
)
