"""What leaves the workbench with an analysis: its appendix and its document, checks included."""

import hashlib
from typing import Any, Final

from diagnostics import __version__
from diagnostics.documents import CHECKS
from diagnostics.models import Analysis, AnalysisCheck, AnalysisFile
from diagnostics.wording.page_parts import Setting
from diagnostics.workbench.selectors.analysis_pages import (
    UNTOLD,
    exported,
    outside_result,
    recipe_of,
    result_of,
    told,
)
from diagnostics.workbench.selectors.checks import bootstrap_of, halves_of, robustness_of, told_of
from diagnostics.workbench.selectors.derived_patterns import derive_page
from diagnostics.workbench.wording.appendix import AnalysisAppendix, Checks, analysis_appendix
from diagnostics.workbench.wording.checks import robustness_reading
from survey.documents.plain_values import to_document

KINDS: Final = (AnalysisFile.Kind.APPENDIX, AnalysisFile.Kind.BUNDLE)


def contents_digest(analysis: Analysis) -> str:
    """Return what tells whether a file is of the analysis as it stands, its checks included."""
    checks = [f"{check.kind} {check.digest}" for check in _ready_checks(analysis)]
    return hashlib.sha256(" ".join([__version__, analysis.digest, *checks]).encode()).hexdigest()


def exported_whole(analysis: Analysis) -> dict[str, Any]:
    """Return recipe, result and checks as they may leave the workbench."""
    return {**exported(analysis), "checks": [_check(one) for one in _ready_checks(analysis)]}


def appendix_of(analysis: Analysis, *, language: str) -> AnalysisAppendix:
    """Return the appendix of an analysis in the active language."""
    robustness = robustness_of(analysis)
    return analysis_appendix(
        recipe_of(analysis),
        result_of(analysis),
        outside_result(analysis),
        Checks(
            robustness=robustness_reading(robustness) if robustness else None,
            halves=halves_of(analysis),
            bootstrap=bootstrap_of(analysis),
            matching=derive_page(analysis, language=language).lines,
        ),
        setting=_setting(analysis),
        language=language,
        title=str(analysis),
        in_bands=not analysis.lists_cases,
    )


def _setting(analysis: Analysis) -> Setting:
    campaign, matrix = analysis.campaign, analysis.matrix
    return Setting(
        organisation=analysis.organisation.name,
        campaign=campaign.name if campaign else analysis.source_name,
        created_on=analysis.created_at.date().isoformat(),
        is_demonstration=analysis.organisation.is_demonstration and campaign is not None,
        data_origin=analysis.source_name,
        instrument=str(campaign.instrument) if campaign else "",
        instrument_origin="",
        software_version=analysis.software_version,
        release_digest=matrix.digest if matrix else campaign.release.digest if campaign else "",
        result_digest=analysis.digest,
    )


def _ready_checks(analysis: Analysis) -> list[AnalysisCheck]:
    ready = AnalysisCheck.objects.filter(analysis=analysis, state=AnalysisCheck.State.DONE)
    return list(ready.order_by("kind"))


def _check(check: AnalysisCheck) -> dict[str, Any]:
    """Of a campaign, small numbers of cases are told in words, or none is."""
    result: dict[str, Any] = to_document(told_of(check, CHECKS[check.kind]))
    if check.analysis.campaign_id is not None and "kinds" in result:
        words = told if check.analysis.lists_cases else lambda _: UNTOLD
        kinds = [{**one, "cases": words(one["cases"])} for one in result["kinds"]]
        result = {**result, "kinds": kinds}
    return {"kind": check.kind, "seed": check.seed, "digest": check.digest, "result": result}
