"""Score one release as a whole: the only door to scoring."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from diagnostics.scoring.anchors import anchors_of
from diagnostics.scoring.company import company_result
from diagnostics.scoring.diagnoses import Lens
from diagnostics.scoring.method import Method
from diagnostics.scoring.pooling import CompanyPooling
from diagnostics.scoring.results import AssessmentResult
from diagnostics.scoring.scales import scales_of
from diagnostics.scoring.sets import ReleasedAnswers
from diagnostics.scoring.standings import with_standings
from diagnostics.scoring.two_processes import WORTH_SHARING, score_units
from diagnostics.scoring.units import UnitScoring
from survey.documents.canonical_json import content_digest
from survey.documents.plain_values import to_document
from survey.instrument.content import Instrument
from survey.release.tables import Plan, ReleasedTables
from survey.release.tree import ROOT


def assess(
    tables: ReleasedTables,
    rows: pd.DataFrame,
    *,
    instrument: Instrument,
    method: Method,
    codes: Mapping[str, str] | None = None,
    worth_sharing: int = WORTH_SHARING,
) -> AssessmentResult:
    """Return the results of every unit and of the company.

    rows: DataFrame[pool, function, <items>]. codes: unit key -> a lasting name for the seeds,
    the key itself where there is none. worth_sharing: units from which a second process helps. The
    same arguments give the same result, bit for bit, whoever scores which unit.
    """
    scales = scales_of(instrument, tables.dropped_items)
    released = ReleasedAnswers(tables, rows, scales, method, codes or {})
    anchors, other_anchors = anchors_of(method, released.personal)
    pooling = CompanyPooling(released)
    lens = Lens(method, anchors, other_anchors, _company_scores(released), pooling.steps)
    scoring = UnitScoring(released, pooling, lens)
    units = with_standings(score_units(scoring, worth_sharing=worth_sharing), method)
    return AssessmentResult(
        method=method,
        anchors=anchors,
        other_anchors=other_anchors,
        company=company_result(released, lens, units),
        units=units,
    )


def result_digest(result: AssessmentResult) -> str:
    """Return the SHA-256 of a whole result in canonical form, as 64 hexadecimal characters."""
    return content_digest(to_document(result))


def _company_scores(released: ReleasedAnswers) -> np.ndarray:
    """float[construct]: the root's general scores, the sensitive ones from its sensitive set."""
    root = released.tables.tree.keys[ROOT]
    scores = np.full(len(released.method.codes), np.nan)
    for plan in (Plan.SENSITIVE, Plan.GENERAL):
        info = released.tables.unit_set(root, plan)
        if info is not None:
            found = released.scores(info)
            scores = np.where(np.isnan(found), scores, found)
    return scores
