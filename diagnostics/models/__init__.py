"""Tables of the diagnostics app."""

from diagnostics.models.actions import Action
from diagnostics.models.analyses import Analysis, AnalysisCases, UploadedMatrix
from diagnostics.models.analysis_work import AnalysisCheck, AnalysisFile
from diagnostics.models.assessments import Assessment, Report, UnitAssessment
from diagnostics.models.downloads import Download
from diagnostics.models.leases import TaskLease
from diagnostics.models.long_work import FileWork, LongWork
from diagnostics.models.patterns import (
    CalibrationRule,
    CampaignMethod,
    Pattern,
    PatternCondition,
    PatternSet,
)
from diagnostics.models.scorings import Scoring
from diagnostics.models.studies import ScaleStudy

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
    "FileWork",
    "LongWork",
    "Pattern",
    "PatternCondition",
    "PatternSet",
    "Report",
    "ScaleStudy",
    "Scoring",
    "TaskLease",
    "UnitAssessment",
    "UploadedMatrix",
]
