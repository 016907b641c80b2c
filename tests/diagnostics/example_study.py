"""A small scale study, made by the real computations from invented answers."""

import numpy as np
import pandas as pd

from diagnostics.measurement.results import MeasurementResult
from diagnostics.measurement.studies import study_scales
from survey.instrument.content import Instrument, parse_instrument
from survey.instrument.files import read_instrument_file

PEOPLE = 120


def example_rows(instrument: Instrument) -> pd.DataFrame:
    """Return DataFrame[pool, function, <items>]: a factor a construct, two functions, six pools."""
    generator = np.random.default_rng(7)
    columns: dict[str, object] = {
        "pool": [f"pool {place % 6}" for place in range(PEOPLE)],
        "function": ["operations", "sales"] * (PEOPLE // 2),
    }
    factors: dict[str, np.ndarray] = {}
    for construct, item in instrument.items():
        factor = factors.setdefault(construct.code, generator.normal(size=PEOPLE))
        answer = np.clip(np.round(4 + factor + generator.normal(size=PEOPLE)), 1, 7)
        columns[item.code] = 8 - answer if item.is_reversed else answer
    return pd.DataFrame(columns)


def example_study() -> MeasurementResult:
    """Return the study of the default questionnaire's invented answers."""
    instrument = parse_instrument(read_instrument_file())
    return study_scales(example_rows(instrument), instrument, dropped=(), sensitive_floor=10)
