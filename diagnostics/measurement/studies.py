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
    markers = [item for _, item in instrument.items(ConstructRole.MARKER) if item.code in rows]
    turned = {
        item.code: instrument.scale.points + 1 - rows[item.code].astype(float)
        for item in markers
        if item.is_reversed
    }
    return measure(
        rows.assign(**turned),
        scales_of(instrument, tuple(dropped)),
        markers=[item.code for item in markers],
        dropped=dropped,
        sensitive=frozenset(info.code for info in construct_infos(instrument) if info.is_sensitive),
        sensitive_floor=sensitive_floor,
        report=report,
    )
