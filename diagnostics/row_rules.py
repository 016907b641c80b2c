"""What becomes of the tables and files of diagnostics when answers are deleted, and why."""

from collections.abc import Mapping
from typing import Final

from survey.row_rules import RowRule, deleted, kept, reduced

RULES: Final[Mapping[str, RowRule]] = {
    "diagnostics.Action": kept("what a unit has agreed to do, in its own words"),
    "diagnostics.Analysis": reduced(
        "solutions, fits, cuts and the truth table stay; lists and order of cases, histograms, "
        "ends of columns and numbers of fewer than five people go"
    ),
    "diagnostics.AnalysisCases": deleted("scores of persons, case by case"),
    "diagnostics.AnalysisCases.scores": deleted("as its table"),
    "diagnostics.AnalysisCheck": reduced(
        "ranges, shares over draws and fits stay; numbers of fewer than five cases go"
    ),
    "diagnostics.AnalysisFile": kept("state and fingerprint of a file; both are emptied with it"),
    "diagnostics.AnalysisFile.file": deleted(
        "of a campaign: histograms and rows of few are in it. Of an uploaded matrix it stays"
    ),
    "diagnostics.Assessment": kept(
        "functions of released figures, and tests over all answers, none of fewer than ten"
    ),
    "diagnostics.CampaignMethod": kept("which patterns and calibration were chosen"),
    "diagnostics.Download": kept("state and fingerprint of a file; both are emptied with it"),
    "diagnostics.Download.file": deleted(
        "the answers, and what an R script expects of each; reports and figures stay, since they "
        "are made of what was released"
    ),
    "diagnostics.Pattern": kept("a name and what it asks"),
    "diagnostics.PatternCondition": kept("what a pattern asks of one element"),
    "diagnostics.PatternSet": kept("configurations; derived ones come from a solution of all"),
    "diagnostics.Report": kept("state and fingerprint of a report"),
    "diagnostics.Report.file": kept("made of released figures, assessment and scale study"),
    "diagnostics.ScaleStudy": kept(
        "statistics of fifty answers or more, and medians over five pools or more"
    ),
    "diagnostics.Scoring": kept("state of the scoring, and in one line why it failed"),
    "diagnostics.UnitAssessment": kept("functions of released figures"),
    "diagnostics.UploadedMatrix": kept(
        "what an analyst brought from elsewhere; nothing ties it to a campaign"
    ),
    "diagnostics.UploadedMatrix.content": kept("as its table"),
}
