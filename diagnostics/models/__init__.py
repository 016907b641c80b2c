"""Tables of the diagnostics app."""

from diagnostics.models.actions import Action
from diagnostics.models.analyses import Analysis, AnalysisCases, UploadedMatrix
from diagnostics.models.assessments import Assessment, Report, UnitAssessment
from diagnostics.models.downloads import Download
from diagnostics.models.leases import TaskLease
from diagnostics.models.long_work import AnalysisCheck, AnalysisFile, ScaleStudy
from diagnostics.models.patterns import (
    CalibrationRule,
    CampaignMethod,
    Pattern,
    PatternCondition,
    PatternSet,
)

__all__ = [
    "Action",
    "Analysis",
    "AnalysisCases",
    "AnalysisCheck",
    "AnalysisFile",
    "Assessment",
    "CalibrationRule",
    "CampaignMethod",
    "Download",
    "Pattern",
    "PatternCondition",
    "PatternSet",
    "Report",
    "ScaleStudy",
    "TaskLease",
    "UnitAssessment",
    "UploadedMatrix",
]
