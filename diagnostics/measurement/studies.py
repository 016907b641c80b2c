"""The scale study of a questionnaire's released answers."""

from collections.abc import Sequence

import pandas as pd

from diagnostics.measurement.computing import Report, measure
from diagnostics.measurement.results import MeasurementResult
from diagnostics.scoring.method import construct_infos
from diagnostics.scoring.scales import scales_of
from survey.instrument.content import ConstructRole, Instrument


def study_scales(
    rows: pd.DataFrame,
    instrument: Instrument,
    *,
    dropped: Sequence[str],
    sensitive_floor: int,
    report: Report = lambda done, steps: None,
) -> MeasurementResult:
    """Return the study; rows: DataFrame[pool, function, <items>] of released answers."""
    markers = [item.code for _, item in instrument.items(ConstructRole.MARKER)]
    return measure(
        rows,
        scales_of(instrument, tuple(dropped)),
        markers=[code for code in markers if code in rows.columns],
        dropped=dropped,
        sensitive=frozenset(info.code for info in construct_infos(instrument) if info.is_sensitive),
        sensitive_floor=sensitive_floor,
        report=report,
    )
